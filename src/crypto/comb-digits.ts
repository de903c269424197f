/**
 * A private key as the comb of `wasm/assembly/curve.ts` walks it. X25519 clamps its scalar to 8k; for points of prime
 * order L, u(kR) = u((L - k)R), so k may be taken odd, and an odd number below 2^260 has one spelling with 260 digits of 1
 * and -1: digit i is 2b_i - 1, where b = (k + 2^260 - 1) / 2.
 */
import { invariant } from '../domain/errors.ts'

const COMBS = 2
const TEETH = 5
const SPACING = 26
const DIGITS = COMBS * TEETH * SPACING
/** Set where the entry is subtracted. */
const MINUS = 128
/** Order of the curve's large subgroup (RFC 8032 §5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/** @param privateKey 32 bytes, clamped here (RFC 7748 §5). @returns for each column, from the highest, an entry for each comb. */
export function combDigits (privateKey: Uint8Array): Uint8Array {
  const factor = (littleEndian(clamped(privateKey)) >> 3n) % L
  invariant(factor !== 0n, 'a clamped scalar is no multiple of the order')
  const odd = factor % 2n === 1n ? factor : L - factor
  const bits = (odd + (1n << BigInt(DIGITS)) - 1n) >> 1n
  const isPlus = (index: number): boolean => (bits >> BigInt(index)) % 2n === 1n
  const walk: number[] = []
  for (let column = SPACING - 1; column >= 0; column--) {
    for (let comb = 0; comb < COMBS; comb++) {
      const signs = Array.from({ length: TEETH }, (_, tooth) => isPlus(column + SPACING * (tooth + TEETH * comb)))
      const last = signs[TEETH - 1] === true
      const entry = signs.slice(0, -1).reduce((bitsSet, sign, tooth) => sign === last ? bitsSet | (1 << tooth) : bitsSet, 0)
      walk.push(last ? entry : entry | MINUS)
    }
  }
  return Uint8Array.from(walk)
}

function clamped (privateKey: Uint8Array): Uint8Array {
  const scalar = Uint8Array.from(privateKey)
  scalar[0] = (scalar[0] ?? 0) & 248
  scalar[31] = (scalar[31] ?? 0) & 127 | 64
  return scalar
}

function littleEndian (bytes: Uint8Array): bigint {
  return BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'))
}
