/**
 * Steps through DER (X.690 §10) without building anything, and wraps what is DER already: for lists of tens of thousands of
 * entries. One-byte tags and definite lengths in their shortest form; all else, and a value that ends beyond its outer one, is an error.
 * Runs in a browser.
 */
import { concat } from './bytes.ts'

export interface Tlv {
  tag: number
  /** Where the value begins with its tag, where its contents begin, where it ends. */
  at: number
  from: number
  end: number
}

const LONG_TAG = 0x1f

/** @throws Error unless a whole value stands at `at`, before `limit`. */
export function readTlv (bytes: Uint8Array, at: number, limit: number): Tlv {
  const [tag = 0, first = 0] = [bytes[at], bytes[at + 1]]
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const from = at + 2 + lengthBytes
  if (from > limit || (tag & LONG_TAG) === LONG_TAG || first === 0x80 || lengthBytes > 3) throw new Error('no DER')
  let length = lengthBytes === 0 ? first : 0
  for (let i = at + 2; i < from; i++) length = length * 256 + (bytes[i] ?? 0)
  const shortest = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3
  if (lengthBytes !== shortest || from + length > limit) throw new Error('no DER')
  return { tag, at, from, end: from + length }
}

/** The values inside one, at most `max`. @throws Error for more, for none of that tag, and for bytes left over. */
export function tlvsIn (bytes: Uint8Array, { tag, from, end }: Tlv, { wanted, max }: { wanted: number, max: number }): Tlv[] {
  if (tag !== wanted) throw new Error('another tag')
  const found: Tlv[] = []
  for (let at = from; at < end; at = found.at(-1)?.end ?? end) {
    if (found.length >= max) throw new Error('too many members')
    found.push(readTlv(bytes, at, end))
  }
  return found
}

/** A constructed value around others that are DER already; less than 16 MB. */
export function wrapDer (tag: number, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = [length >> 16, (length >> 8) & 0xff, length & 0xff]
  const long = bytes.slice(bytes.findIndex((byte) => byte !== 0))
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 + long.length, ...long]
  return concat(Uint8Array.from(header), ...parts)
}
