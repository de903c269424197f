/**
 * Opening ChaCha20-Poly1305 (RFC 8439): four blocks of the key stream side by side, one in each lane of 16 vectors; the
 * tag with limbs of 26 bits. Nothing is written unless the tag fits.
 */

const TAG_BYTES: usize = 16
/** With the block that makes the tag's key, a whole number of four blocks. */
const MAX_CIPHERTEXT_BLOCKS: usize = 775
const KEY_STREAM: usize = memory.data(49664, 16)
const LAST: usize = memory.data(16, 16)
const LIMB: u64 = 0x3ffffff
const HIGH_BIT: u64 = 1 << 24

/** "expand 32-byte k". */
const SIGMA_0: u32 = 0x61707865, SIGMA_1: u32 = 0x3320646e, SIGMA_2: u32 = 0x79622d32, SIGMA_3: u32 = 0x6b206574

@inline function rotate (x: v128, bits: i32): v128 { return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits)) }
@inline function rotate16 (x: v128): v128 { return v128.shuffle<u8>(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13) }
@inline function rotate8 (x: v128): v128 { return v128.shuffle<u8>(x, x, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14) }

/** Blocks `counter` to `counter + 3` of the key stream, 256 bytes. */
function fourBlocks (key: usize, nonce: usize, counter: i32, to: usize): void {
  const counters = i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3))
  let a0 = i32x4.splat(SIGMA_0), a1 = i32x4.splat(SIGMA_1), a2 = i32x4.splat(SIGMA_2), a3 = i32x4.splat(SIGMA_3)
  let b0 = v128.load32_splat(key), b1 = v128.load32_splat(key, 4), b2 = v128.load32_splat(key, 8), b3 = v128.load32_splat(key, 12)
  let c0 = v128.load32_splat(key, 16), c1 = v128.load32_splat(key, 20), c2 = v128.load32_splat(key, 24), c3 = v128.load32_splat(key, 28)
  let d0 = counters, d1 = v128.load32_splat(nonce), d2 = v128.load32_splat(nonce, 4), d3 = v128.load32_splat(nonce, 8)
  for (let round = 0; round < 10; round++) {
    // Columns, all four at each step of the quarter round.
    a0 = i32x4.add(a0, b0); a1 = i32x4.add(a1, b1); a2 = i32x4.add(a2, b2); a3 = i32x4.add(a3, b3)
    d0 = rotate16(v128.xor(d0, a0)); d1 = rotate16(v128.xor(d1, a1)); d2 = rotate16(v128.xor(d2, a2)); d3 = rotate16(v128.xor(d3, a3))
    c0 = i32x4.add(c0, d0); c1 = i32x4.add(c1, d1); c2 = i32x4.add(c2, d2); c3 = i32x4.add(c3, d3)
    b0 = rotate(v128.xor(b0, c0), 12); b1 = rotate(v128.xor(b1, c1), 12); b2 = rotate(v128.xor(b2, c2), 12); b3 = rotate(v128.xor(b3, c3), 12)
    a0 = i32x4.add(a0, b0); a1 = i32x4.add(a1, b1); a2 = i32x4.add(a2, b2); a3 = i32x4.add(a3, b3)
    d0 = rotate8(v128.xor(d0, a0)); d1 = rotate8(v128.xor(d1, a1)); d2 = rotate8(v128.xor(d2, a2)); d3 = rotate8(v128.xor(d3, a3))
    c0 = i32x4.add(c0, d0); c1 = i32x4.add(c1, d1); c2 = i32x4.add(c2, d2); c3 = i32x4.add(c3, d3)
    b0 = rotate(v128.xor(b0, c0), 7); b1 = rotate(v128.xor(b1, c1), 7); b2 = rotate(v128.xor(b2, c2), 7); b3 = rotate(v128.xor(b3, c3), 7)
    // Diagonals.
    a0 = i32x4.add(a0, b1); a1 = i32x4.add(a1, b2); a2 = i32x4.add(a2, b3); a3 = i32x4.add(a3, b0)
    d3 = rotate16(v128.xor(d3, a0)); d0 = rotate16(v128.xor(d0, a1)); d1 = rotate16(v128.xor(d1, a2)); d2 = rotate16(v128.xor(d2, a3))
    c2 = i32x4.add(c2, d3); c3 = i32x4.add(c3, d0); c0 = i32x4.add(c0, d1); c1 = i32x4.add(c1, d2)
    b1 = rotate(v128.xor(b1, c2), 12); b2 = rotate(v128.xor(b2, c3), 12); b3 = rotate(v128.xor(b3, c0), 12); b0 = rotate(v128.xor(b0, c1), 12)
    a0 = i32x4.add(a0, b1); a1 = i32x4.add(a1, b2); a2 = i32x4.add(a2, b3); a3 = i32x4.add(a3, b0)
    d3 = rotate8(v128.xor(d3, a0)); d0 = rotate8(v128.xor(d0, a1)); d1 = rotate8(v128.xor(d1, a2)); d2 = rotate8(v128.xor(d2, a3))
    c2 = i32x4.add(c2, d3); c3 = i32x4.add(c3, d0); c0 = i32x4.add(c0, d1); c1 = i32x4.add(c1, d2)
    b1 = rotate(v128.xor(b1, c2), 7); b2 = rotate(v128.xor(b2, c3), 7); b3 = rotate(v128.xor(b3, c0), 7); b0 = rotate(v128.xor(b0, c1), 7)
  }
  storeWords(to, i32x4.add(a0, i32x4.splat(SIGMA_0)), i32x4.add(a1, i32x4.splat(SIGMA_1)), i32x4.add(a2, i32x4.splat(SIGMA_2)), i32x4.add(a3, i32x4.splat(SIGMA_3)))
  storeWords(to + 16, i32x4.add(b0, v128.load32_splat(key)), i32x4.add(b1, v128.load32_splat(key, 4)), i32x4.add(b2, v128.load32_splat(key, 8)), i32x4.add(b3, v128.load32_splat(key, 12)))
  storeWords(to + 32, i32x4.add(c0, v128.load32_splat(key, 16)), i32x4.add(c1, v128.load32_splat(key, 20)), i32x4.add(c2, v128.load32_splat(key, 24)), i32x4.add(c3, v128.load32_splat(key, 28)))
  storeWords(to + 48, i32x4.add(d0, counters), i32x4.add(d1, v128.load32_splat(nonce)), i32x4.add(d2, v128.load32_splat(nonce, 4)), i32x4.add(d3, v128.load32_splat(nonce, 8)))
}

/** Four words of each of four blocks, from lanes to blocks. */
@inline function storeWords (to: usize, w0: v128, w1: v128, w2: v128, w3: v128): void {
  const low01 = v128.shuffle<u32>(w0, w1, 0, 4, 1, 5), low23 = v128.shuffle<u32>(w2, w3, 0, 4, 1, 5)
  const high01 = v128.shuffle<u32>(w0, w1, 2, 6, 3, 7), high23 = v128.shuffle<u32>(w2, w3, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<u64>(low01, low23, 0, 2))
  v128.store(to, v128.shuffle<u64>(low01, low23, 1, 3), 64)
  v128.store(to, v128.shuffle<u64>(high01, high23, 0, 2), 128)
  v128.store(to, v128.shuffle<u64>(high01, high23, 1, 3), 192)
}

let r0: u64 = 0, r1: u64 = 0, r2: u64 = 0, r3: u64 = 0, r4: u64 = 0
let h0: u64 = 0, h1: u64 = 0, h2: u64 = 0, h3: u64 = 0, h4: u64 = 0

/** The first half of the tag's key, clamped (§2.5). */
function beginTag (key: usize): void {
  const low = load<u64>(key) & 0x0ffffffc0fffffff, high = load<u64>(key, 8) & 0x0ffffffc0ffffffc
  r0 = low & LIMB; r1 = (low >> 26) & LIMB; r2 = ((low >> 52) | (high << 12)) & LIMB; r3 = (high >> 14) & LIMB; r4 = high >> 40
  h0 = 0; h1 = 0; h2 = 0; h3 = 0; h4 = 0
}

/** h = (h + block) · r mod 2^130 - 5, for whole blocks. */
function absorb (at: usize, blocks: usize): void {
  let a0 = h0, a1 = h1, a2 = h2, a3 = h3, a4 = h4
  const m0 = r0, m1 = r1, m2 = r2, m3 = r3, m4 = r4
  const n1 = 5 * r1, n2 = 5 * r2, n3 = 5 * r3, n4 = 5 * r4
  for (; blocks > 0; blocks--, at += 16) {
    const low = load<u64>(at), high = load<u64>(at, 8)
    a0 += low & LIMB; a1 += (low >> 26) & LIMB; a2 += ((low >> 52) | (high << 12)) & LIMB; a3 += (high >> 14) & LIMB; a4 += (high >> 40) | HIGH_BIT
    const p0 = a0 * m0 + a1 * n4 + a2 * n3 + a3 * n2 + a4 * n1
    let p1 = a0 * m1 + a1 * m0 + a2 * n4 + a3 * n3 + a4 * n2
    let p2 = a0 * m2 + a1 * m1 + a2 * m0 + a3 * n4 + a4 * n3
    let p3 = a0 * m3 + a1 * m2 + a2 * m1 + a3 * m0 + a4 * n4
    let p4 = a0 * m4 + a1 * m3 + a2 * m2 + a3 * m1 + a4 * m0
    p1 += p0 >> 26; a0 = p0 & LIMB
    p2 += p1 >> 26; a1 = p1 & LIMB
    p3 += p2 >> 26; a2 = p2 & LIMB
    p4 += p3 >> 26; a3 = p3 & LIMB
    a0 += (p4 >> 26) * 5; a4 = p4 & LIMB
    a1 += a0 >> 26; a0 &= LIMB
  }
  h0 = a0; h1 = a1; h2 = a2; h3 = a3; h4 = a4
}

/** Any number of bytes, filled up with zeros. */
function absorbPadded (at: usize, length: usize): void {
  absorb(at, length >> 4)
  const rest = length & 15
  if (rest == 0) return
  v128.store(LAST, i64x2.splat(0))
  memory.copy(LAST, at + length - rest, rest)
  absorb(LAST, 1)
}

/** Whether h mod 2^130 - 5 plus the key's second half (mod 2^128) is the tag. */
function tagFits (key: usize, tag: usize): bool {
  for (let i = 0; i < 2; i++) {
    h2 += h1 >> 26; h1 &= LIMB
    h3 += h2 >> 26; h2 &= LIMB
    h4 += h3 >> 26; h3 &= LIMB
    h0 += (h4 >> 26) * 5; h4 &= LIMB
    h1 += h0 >> 26; h0 &= LIMB
  }
  // h + 5 passes 2^130 just where h is p or more.
  const s0 = h0 + 5, s1 = h1 + (s0 >> 26), s2 = h2 + (s1 >> 26), s3 = h3 + (s2 >> 26), s4 = h4 + (s3 >> 26)
  if (s4 >> 26) { h0 = s0 & LIMB; h1 = s1 & LIMB; h2 = s2 & LIMB; h3 = s3 & LIMB; h4 = s4 & LIMB }
  let low = h0 | (h1 << 26) | (h2 << 52), high = (h2 >> 12) | (h3 << 14) | (h4 << 40)
  const added = load<u64>(key, 16)
  low += added
  high += load<u64>(key, 24) + (low < added ? 1 : 0)
  return ((low ^ load<u64>(tag)) | (high ^ load<u64>(tag, 8))) == 0
}

/** `length` counts the tag at the end of the ciphertext. False, and nothing written, where it does not open or is too long. */
export function openSeal (key: usize, nonce: usize, aad: usize, aadLength: usize, ciphertext: usize, length: usize, plaintext: usize): bool {
  if (length < TAG_BYTES) return false
  const size = length - TAG_BYTES
  const blocks = (size + 63) >> 6
  if (blocks > MAX_CIPHERTEXT_BLOCKS) return false
  for (let block: usize = 0; block <= blocks; block += 4) fourBlocks(key, nonce, <i32>block, KEY_STREAM + (block << 6))
  beginTag(KEY_STREAM)
  absorbPadded(aad, aadLength)
  absorbPadded(ciphertext, size)
  store<u64>(LAST, aadLength)
  store<u64>(LAST, size, 8)
  absorb(LAST, 1)
  if (!tagFits(KEY_STREAM, ciphertext + size)) return false
  const stream = KEY_STREAM + 64
  let i: usize = 0
  for (; i + 16 <= size; i += 16) v128.store(plaintext + i, v128.xor(v128.load(ciphertext + i), v128.load(stream + i)))
  for (; i < size; i++) store<u8>(plaintext + i, load<u8>(ciphertext + i) ^ load<u8>(stream + i))
  return true
}
