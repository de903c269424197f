/**
 * X25519 (RFC 7748) of one private key with many public keys, two at a time, from tables made while only the public keys
 * are known.
 *
 * A public key u is lifted to the twisted Edwards curve -x² + y² = 1 + d x² y² (RFC 8032), y = (u - 1) / (u + 1); its sign
 * does not matter, because u(kP) = u(-kP). With R = 8P of prime order and the scalar 8k, X25519 is u(kR). The comb (Lim,
 * Lee, "More flexible exponentiation with precomputation", 1994) takes k in signed digits: entry e of comb c is tooth_4 ±
 * tooth_3 ± … ± tooth_0, signs by the bits of e, where tooth j is 2^(SPACING (TEETH c + j)) R.
 *
 * Points are X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z (Hisil, Wong, Carter, Dawson 2008); numbers in comments after sums
 * count carried numbers, whose products must stay below the slack of `field-module.ts`. Not in constant time: the key is
 * published at the very opening that uses it.
 */
import { add, carry, fromBytes, multiply, pack, PACKED, SIZE, square, subtract, toBytes, unpack } from './field'

/** Points of a pair, four numbers each. */
const POINT: usize = 4 * SIZE
const X: usize = 0, Y: usize = SIZE, Z: usize = 2 * SIZE, T: usize = 3 * SIZE
/** An entry: y + x, y - x, 2dxy, packed. */
const ENTRY: usize = 3 * PACKED
const COMBS: i32 = 2
const TEETH: i32 = 5
/** COMBS · TEETH · SPACING bits hold a scalar of 253. */
const SPACING: i32 = 26
const COMB_ENTRIES: i32 = 1 << (TEETH - 1)
const ENTRIES: i32 = COMBS * COMB_ENTRIES
const BOTH: i32 = 3
/** Pairs that share one inversion. */
const GROUP: i32 = 32

const ONE: usize = memory.data(192, 16)
const D: usize = memory.data(192, 16)
const D2: usize = memory.data(192, 16)
const SQRT_MINUS_ONE: usize = memory.data(192, 16)
const A: usize = memory.data(192, 16)
const B: usize = memory.data(192, 16)
const C: usize = memory.data(192, 16)
const E: usize = memory.data(192, 16)
const F: usize = memory.data(192, 16)
const G: usize = memory.data(192, 16)
const H: usize = memory.data(192, 16)
const P0: usize = memory.data(192, 16)
const P1: usize = memory.data(192, 16)
const P2: usize = memory.data(192, 16)
const P3: usize = memory.data(192, 16)
const N: usize = memory.data(192, 16)
const M: usize = memory.data(192, 16)
const V: usize = memory.data(192, 16)
const W: usize = memory.data(192, 16)
const Q: usize = memory.data(768, 16)
const BYTES: usize = memory.data(32, 16)
const TOOTH: usize = memory.data(7680, 16)
const TWICE: usize = memory.data(7680, 16)
const SUMS: usize = memory.data(24576, 16)
/** Products of the denominators before each place, one more than there are entries or pairs of a group. */
const BEFORE: usize = memory.data(6336, 16)
const FRACTIONS: usize = memory.data(12288, 16)
const DIGITS: usize = memory.data(64, 16)

/** Where the host puts the digits: for each of SPACING columns, from the highest, one byte a comb: the entry, and 128 where it is subtracted. */
export function digitsAt (): usize { return DIGITS }
export function tableBytes (): usize { return <usize>ENTRIES * ENTRY }

/** d, 2d and a square root of -1 (RFC 8032 §5.1), from `bytes`, 32 each. */
export function setConstants (bytes: usize): void {
  memory.fill(ONE, 0, SIZE)
  v128.store(ONE, f64x2.splat(1))
  readBoth(D, bytes)
  readBoth(D2, bytes + 32)
  readBoth(SQRT_MINUS_ONE, bytes + 64)
}

function readBoth (to: usize, bytes: usize): void {
  fromBytes(to, 0, bytes)
  fromBytes(to, 1, bytes)
  carry(to, to)
}

function copy (to: usize, a: usize): void { memory.copy(to, a, SIZE) }

function squareTimes (to: usize, a: usize, times: i32): void {
  square(to, a)
  for (let i = 1; i < times; i++) square(to, to)
}

/** P1 = z^(2^250 - 1), P0 = z^11; what both exponents below begin with. */
function powerOfMany (z: usize): void {
  square(P0, z)
  squareTimes(P1, P0, 2)
  multiply(P1, z, P1)
  multiply(P0, P0, P1)
  square(P2, P0)
  multiply(P1, P1, P2)
  squareTimes(P2, P1, 5)
  multiply(P1, P2, P1)
  squareTimes(P2, P1, 10)
  multiply(P2, P2, P1)
  squareTimes(P3, P2, 20)
  multiply(P2, P3, P2)
  squareTimes(P2, P2, 10)
  multiply(P1, P2, P1)
  squareTimes(P2, P1, 50)
  multiply(P2, P2, P1)
  squareTimes(P3, P2, 100)
  multiply(P2, P3, P2)
  squareTimes(P2, P2, 50)
  multiply(P1, P2, P1)
}

/** to = z^(p-2) = 1/z, and 0 for 0. */
function invert (to: usize, z: usize): void {
  powerOfMany(z)
  squareTimes(P1, P1, 5)
  multiply(to, P1, P0)
}

/** to = z^((p-5)/8) = z^(2^252 - 3). */
function powerForRoot (to: usize, z: usize): void {
  powerOfMany(z)
  squareTimes(P1, P1, 2)
  multiply(to, P1, z)
}

function isZero (a: usize, lane: usize): bool {
  toBytes(a, lane, BYTES)
  return (load<u64>(BYTES) | load<u64>(BYTES, 8) | load<u64>(BYTES, 16) | load<u64>(BYTES, 24)) == 0
}

function copyLane (to: usize, a: usize, lane: usize): void {
  for (let i: usize = lane << 3; i < SIZE; i += 16) store<f64>(to + i, load<f64>(a + i))
}

/**
 * to = ±P of u, both lanes. A lane's bit of the result is clear where there is no such point: u on the twist, or -1. With y = N/M, x² = (N² - M²) / (d N² + M²)
 * = V/W, and its root is V W³ (V W⁷)^((p-5)/8), perhaps times a root of -1 (RFC 8032 §5.1.3).
 */
function lift (to: usize, u0: usize, u1: usize): i32 {
  fromBytes(A, 0, u0)
  fromBytes(A, 1, u1)
  subtract(N, A, ONE)
  carry(N, N)
  add(M, A, ONE)
  carry(M, M)
  square(A, N)
  square(B, M)
  subtract(V, A, B)
  carry(V, V)
  multiply(A, A, D)
  add(W, A, B)
  carry(W, W)
  square(C, W)
  multiply(C, C, W)
  multiply(E, C, V)
  square(A, C)
  multiply(A, A, W)
  multiply(A, A, V)
  powerForRoot(F, A)
  multiply(F, F, E)
  square(A, F)
  multiply(A, A, W)
  subtract(B, A, V)
  add(C, A, V)
  copy(G, ONE)
  let found = 0
  for (let lane: usize = 0; lane < 2; lane++) {
    const isRoot = isZero(B, lane), isRootOfMinus = isZero(C, lane)
    if (!isRoot && isRootOfMinus) copyLane(G, SQRT_MINUS_ONE, lane)
    if ((isRoot || isRootOfMinus) && !isZero(M, lane)) found |= 1 << <i32>lane
  }
  multiply(F, F, G)
  multiply(to + X, F, M)
  copy(to + Y, N)
  copy(to + Z, M)
  multiply(to + T, F, N)
  return found
}

/** to = 2p; T is computed where it is wanted, and p's is not needed. */
function double (to: usize, p: usize, withT: bool): void {
  square(A, p + X)
  square(B, p + Y)
  square(C, p + Z)
  add(E, p + X, p + Y)
  square(E, E)
  add(H, B, A) // 2
  subtract(G, B, A) // 2
  subtract(E, E, H) // 3
  add(C, C, C)
  subtract(F, C, G) // 4
  multiply(to + X, E, F)
  multiply(to + Y, H, G)
  multiply(to + Z, G, F)
  if (withT) multiply(to + T, E, H)
}

/** to = p + q, or p - q. */
function addPoints (to: usize, p: usize, q: usize, minus: bool): void {
  subtract(A, p + Y, p + X)
  add(B, p + Y, p + X)
  subtract(E, q + Y, q + X)
  add(F, q + Y, q + X)
  multiply(A, A, minus ? F : E)
  multiply(B, B, minus ? E : F)
  multiply(C, p + T, q + T)
  multiply(C, C, D2)
  multiply(E, p + Z, q + Z)
  add(E, E, E)
  finishSum(to, minus, true)
}

/** q = q ± an entry of a table. T is left out where the next step doubles. */
function addEntry (q: usize, entry: usize, minus: bool, withT: bool): void {
  unpack(F, minus ? entry : entry + PACKED)
  unpack(G, minus ? entry + PACKED : entry)
  unpack(H, entry + 2 * PACKED)
  subtract(A, q + Y, q + X)
  add(B, q + Y, q + X)
  multiply(A, A, F)
  multiply(B, B, G)
  multiply(C, H, q + T)
  add(E, q + Z, q + Z)
  finishSum(q, minus, withT)
}

/** From A = (Y₁-X₁)(Y₂∓X₂), B = (Y₁+X₁)(Y₂±X₂), C = 2dT₁T₂ without its sign, E = 2Z₁Z₂. */
function finishSum (to: usize, minus: bool, withT: bool): void {
  subtract(F, B, A) // 2
  add(H, B, A) // 2
  if (minus) { add(G, E, C); subtract(B, E, C) } else { subtract(G, E, C); add(B, E, C) } // 3
  multiply(to + X, F, G)
  multiply(to + Y, B, H)
  multiply(to + Z, G, B)
  if (withT) multiply(to + T, F, H)
}

/** Replaces numbers, `stride` bytes apart, by their inverses, with a single inversion (Montgomery's trick). None of them may be 0. */
function invertAll (numbers: usize, stride: usize, count: i32): void {
  copy(BEFORE, ONE)
  for (let i: usize = 0; i < <usize>count; i++) multiply(BEFORE + (i + 1) * SIZE, BEFORE + i * SIZE, numbers + i * stride)
  invert(G, BEFORE + <usize>count * SIZE)
  for (let i: usize = <usize>count; i-- > 0;) {
    const number = numbers + i * stride
    multiply(A, G, BEFORE + i * SIZE)
    multiply(G, G, number)
    copy(number, A)
  }
}

/**
 * The table of two public keys of 32 bytes. A lane's bit of the result is clear where that key has none: it is on the twist or of low order, and is to be
 * multiplied another way. Then nothing is written, and the other key is to be given another partner.
 */
export function makeTable (u0: usize, u1: usize, table: usize): i32 {
  let usable = lift(Q, u0, u1)
  if (usable != BOTH) return usable
  for (let i = 0; i < 3; i++) double(Q, Q, true)
  for (let lane: usize = 0; lane < 2; lane++) if (isZero(Q, lane)) usable &= ~(1 << <i32>lane)
  if (usable != BOTH) return usable
  makeTeeth()
  for (let comb = 0; comb < COMBS; comb++) makeSums(comb)
  invertAll(SUMS + Z, POINT, ENTRIES)
  for (let i: usize = 0; i < <usize>ENTRIES; i++) packEntry(table + i * ENTRY, SUMS + i * POINT)
  return usable
}

/** Teeth and their doubles, from R in Q. */
function makeTeeth (): void {
  const teeth: usize = COMBS * TEETH
  for (let j: usize = 0; j < teeth; j++) {
    memory.copy(TOOTH + j * POINT, Q, POINT)
    double(Q, Q, true)
    memory.copy(TWICE + j * POINT, Q, POINT)
    if (j + 1 < teeth) for (let i = 1; i < SPACING; i++) double(Q, Q, i == SPACING - 1)
  }
}

/** Entry 0 has all signs but the last tooth's negative; setting bit j of an entry adds tooth j twice. */
function makeSums (comb: i32): void {
  const sums = SUMS + <usize>(comb * COMB_ENTRIES) * POINT
  const first = <usize>(comb * TEETH)
  memory.copy(sums, TOOTH + (first + TEETH - 1) * POINT, POINT)
  for (let j: usize = 0; j < <usize>(TEETH - 1); j++) addPoints(sums, sums, TOOTH + (first + j) * POINT, true)
  for (let j: usize = 0; j < <usize>(TEETH - 1); j++) {
    const bit: usize = 1 << j
    for (let i: usize = 0; i < bit; i++) addPoints(sums + (bit | i) * POINT, sums + i * POINT, TWICE + (first + j) * POINT, false)
  }
}

/** With 1/Z in the place of Z. */
function packEntry (to: usize, point: usize): void {
  multiply(E, point + X, point + Z)
  multiply(F, point + Y, point + Z)
  add(A, F, E)
  carry(A, A)
  pack(to, A)
  subtract(A, F, E)
  carry(A, A)
  pack(to + PACKED, A)
  multiply(A, E, F)
  multiply(A, A, D2)
  pack(to + 2 * PACKED, A)
}

/** X25519 of as many pairs, by their tables one after another and the digits; 32 bytes each to `shared`. */
export function agree (tables: usize, pairs: i32, shared: usize): void {
  for (let from = 0; from < pairs; from += GROUP) {
    const group = min(GROUP, pairs - from)
    for (let i = 0; i < group; i++) {
      walkComb(tables + <usize>(from + i) * <usize>ENTRIES * ENTRY)
      const fraction = FRACTIONS + <usize>i * (2 * SIZE)
      add(fraction, Q + Z, Q + Y) // u = (Z + Y) / (Z - Y)
      subtract(fraction + SIZE, Q + Z, Q + Y)
    }
    invertAll(FRACTIONS + SIZE, 2 * SIZE, group)
    for (let i = 0; i < group; i++) {
      const fraction = FRACTIONS + <usize>i * (2 * SIZE)
      multiply(A, fraction, fraction + SIZE)
      const to = shared + <usize>(from + i) * 64
      toBytes(A, 0, to)
      toBytes(A, 1, to + 32)
    }
  }
}

function walkComb (table: usize): void {
  memory.fill(Q, 0, POINT)
  copy(Q + Y, ONE)
  copy(Q + Z, ONE)
  let digit = DIGITS
  for (let column = 0; column < SPACING; column++) {
    if (column > 0) double(Q, Q, true)
    for (let comb = 0; comb < COMBS; comb++) {
      const entry = <i32>load<u8>(digit++)
      addEntry(Q, table + <usize>(comb * COMB_ENTRIES + (entry & 127)) * ENTRY, (entry & 128) != 0, comb != COMBS - 1)
    }
  }
}
