/**
 * Bytes and their spellings: UTF-8, lower-case hex, unpadded base64url (RFC 4648 §5), SHA-256. Runs in a browser.
 * Decoding is strict: one byte string has one spelling, so that a text can be hashed or compared instead of its bytes.
 */
import { hash } from '#platform/digests'
import { readBase64url } from '#platform/text'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'

export { toBase64url } from '#platform/text'

/** What every function here returns: bytes in a buffer of their own, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>

/** WebCrypto's own limit per call. */
const MAX_RANDOM_BYTES = 65_536

const encoder = new TextEncoder()

export function utf8 (text: string): Bytes {
  return encoder.encode(text)
}

export function concat (...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Compares in time that depends on the lengths alone. */
export function equalBytes (a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  // Both indexes are in range; the fallbacks only satisfy the type checker.
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

export function sha256 (bytes: Uint8Array): Bytes {
  return Uint8Array.from(hash('sha256', bytes, 'buffer'))
}

export function sha256Hex (bytes: Uint8Array): Sha256Hex {
  return hash('sha256', bytes, 'hex') as Sha256Hex
}

/** From the system's generator, by WebCrypto; at most 65,536 bytes. */
export function randomBytes (length: number): Bytes {
  if (length > MAX_RANDOM_BYTES) throw new RangeError(`randomBytes: at most ${MAX_RANDOM_BYTES} bytes`)
  return crypto.getRandomValues(new Uint8Array(length))
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex (bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte] ?? ''
  return text
}

/**
 * Reads lower-case hex of any even length.
 * @throws BonginError `invalid-request` for anything else, upper case included.
 */
export function fromHex (text: string, field?: string): Bytes {
  const bytes = new Uint8Array(text.length >> 1)
  let faults = text.length % 2 === 0 ? 0 : -1
  for (let i = 0; i < bytes.length; i++) {
    const pair = (nibbleAt(text, 2 * i) << 4) | nibbleAt(text, 2 * i + 1)
    faults |= pair
    bytes[i] = pair
  }
  if (faults >= 0) return bytes
  throw new BonginError('invalid-request', {
    detail: 'The value must be lower-case hex with two digits a byte.',
    detailKo: '값은 바이트당 두 자리의 소문자 16진수여야 합니다.',
    ...(field === undefined ? {} : { field })
  })
}

/** Four bits by character code; −1, which sets every higher bit, for a character that is no digit. */
const NIBBLES = new Int8Array(128).fill(-1)
utf8('0123456789abcdef').forEach((code, value) => { NIBBLES[code] = value })

function nibbleAt (text: string, index: number): number {
  return NIBBLES[text.charCodeAt(index)] ?? -1
}

/**
 * Reads unpadded base64url. Padding, white space, other characters, an impossible length and set bits after the last
 * byte are all refused.
 * @throws BonginError `invalid-base64url`.
 */
export function fromBase64url (text: string, field?: string): Bytes {
  const bytes = readBase64url(text)
  if (bytes === null) throw invalidBase64url(field)
  return bytes
}

function invalidBase64url (field: string | undefined): BonginError {
  return new BonginError('invalid-base64url', {
    detail: 'The value must be unpadded base64url (RFC 4648 section 5) without stray bits at its end.',
    detailKo: '값은 패딩 없는 base64url(RFC 4648 5절)이어야 하며, 끝에 남는 비트가 없어야 합니다.',
    ...(field === undefined ? {} : { field })
  })
}
