/** SHA-256 (FIPS 180-4) of four messages at once, one in each lane. A state is eight words, a vector each. */

const WORDS: usize = memory.data(1024, 16)
export const STATE: usize = 128

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (§4.2.2). */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
])

@inline function rotate (x: v128, bits: i32): v128 { return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits)) }
@inline function swap (x: v128): v128 { return v128.shuffle<u8>(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12) }

/** The initial state (§5.3.3). */
export function begin (state: usize): void {
  v128.store(state, i32x4.splat(0x6a09e667))
  v128.store(state, i32x4.splat(0xbb67ae85), 16)
  v128.store(state, i32x4.splat(0x3c6ef372), 32)
  v128.store(state, i32x4.splat(0xa54ff53a), 48)
  v128.store(state, i32x4.splat(0x510e527f), 64)
  v128.store(state, i32x4.splat(0x9b05688c), 80)
  v128.store(state, i32x4.splat(0x1f83d9ab), 96)
  v128.store(state, i32x4.splat(0x5be0cd19), 112)
}

/** Word `index` of the block to come, a lane for each message. */
@inline export function setWord (index: usize, word: v128): void { v128.store(WORDS + (index << 4), word) }

/** The block to come from bytes in memory; `stride` bytes from one message to the next, 0 where all four are the same. */
export function setBlock (from: usize, stride: usize): void {
  for (let i: usize = 0; i < 16; i++) {
    let word = v128.load32_splat(from + 4 * i)
    if (stride != 0) {
      word = v128.load32_lane(from + stride + 4 * i, word, 1)
      word = v128.load32_lane(from + 2 * stride + 4 * i, word, 2)
      word = v128.load32_lane(from + 3 * stride + 4 * i, word, 3)
    }
    setWord(i, swap(word))
  }
}

/** Mixes the block that was set into the state (§6.2.2). */
export function compress (state: usize): void {
  for (let i: usize = 16; i < 64; i++) {
    const at = WORDS + (i << 4)
    const w15 = v128.load(at - 240), w2 = v128.load(at - 32)
    const s0 = v128.xor(v128.xor(rotate(w15, 7), rotate(w15, 18)), i32x4.shr_u(w15, 3))
    const s1 = v128.xor(v128.xor(rotate(w2, 17), rotate(w2, 19)), i32x4.shr_u(w2, 10))
    v128.store(at, i32x4.add(i32x4.add(v128.load(at - 256), v128.load(at - 112)), i32x4.add(s0, s1)))
  }
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48)
  let e = v128.load(state, 64), f = v128.load(state, 80), g = v128.load(state, 96), h = v128.load(state, 112)
  for (let i: usize = 0; i < 64; i++) {
    const sum1 = v128.xor(v128.xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25))
    const choice = v128.xor(g, v128.and(e, v128.xor(f, g)))
    const t1 = i32x4.add(i32x4.add(i32x4.add(h, v128.load(WORDS + (i << 4))), v128.load32_splat(K + (i << 2))), i32x4.add(sum1, choice))
    const sum0 = v128.xor(v128.xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22))
    const majority = v128.or(v128.and(a, b), v128.and(c, v128.or(a, b)))
    h = g; g = f; f = e; e = i32x4.add(d, t1)
    d = c; c = b; b = a; a = i32x4.add(t1, i32x4.add(sum0, majority))
  }
  v128.store(state, i32x4.add(a, v128.load(state)))
  v128.store(state, i32x4.add(b, v128.load(state, 16)), 16)
  v128.store(state, i32x4.add(c, v128.load(state, 32)), 32)
  v128.store(state, i32x4.add(d, v128.load(state, 48)), 48)
  v128.store(state, i32x4.add(e, v128.load(state, 64)), 64)
  v128.store(state, i32x4.add(f, v128.load(state, 80)), 80)
  v128.store(state, i32x4.add(g, v128.load(state, 96)), 96)
  v128.store(state, i32x4.add(h, v128.load(state, 112)), 112)
}

/** The first `words` words of the digests, as bytes, `stride` bytes from one lane to the next. */
export function storeDigests (state: usize, words: usize, to: usize, stride: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    for (let i: usize = 0; i < words; i++) store<u32>(to + lane * stride + 4 * i, bswap<u32>(load<u32>(state + 16 * i + 4 * lane)))
  }
}
