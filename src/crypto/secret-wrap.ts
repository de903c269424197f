/**
 * Secrets at rest: the platform's seeds and what was revealed, wrapped by the key-encryption key. Each wrapped value names
 * its key, so that values of an old and of a new key can lie side by side while a key is replaced.
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the context (whose secret, for which tender) is authenticated,
 * so that a wrapped secret copied to another row does not open there. One key wraps far fewer than the 2^32 secrets that
 * random nonces allow. Wrapped form, base64url: version (1 byte) ‖ key id (8) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, concat, fromBase64url, fromHex, sha256, toBase64url, toHex, utf8 } from './bytes.ts'

const CIPHER = 'aes-256-gcm'
export const KEK_BYTES = 32
const KEY_ID_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 2
const HEADER_BYTES = 1 + KEY_ID_BYTES
const CONTEXT_PREFIX = 'bongin secret v2'
const KEY_ID_PREFIX = 'bongin kek id v1'
const MAX_WRAPPED_CHARS = 4_096

/** Version and key id fill whole characters of base64url: this many at the start of a wrapped value tell its key. */
export const KEY_MARK_CHARS = HEADER_BYTES * 4 / 3

export interface Kek {
  /** 16 hex digits that follow from the key and tell nothing of it. */
  id: string
  key: Uint8Array
}

/** The first key wraps; all of them unwrap. */
export interface KeyRing { current: Kek, older: readonly Kek[] }

interface WrapKey {
  kek: KeyRing
  /** Names the secret, e.g. `platform-seed/R26BK00000001`; the same on both sides. */
  context: string
}

export function makeKek (key: Uint8Array): Kek {
  invariant(key.length === KEK_BYTES, 'a key-encryption key has 32 bytes')
  return { id: toHex(sha256(concat(utf8(`${KEY_ID_PREFIX}\0`), key)).subarray(0, KEY_ID_BYTES)), key }
}

/** A key that occurs again counts once. */
export function keyRing (current: Kek, older: readonly Kek[] = []): KeyRing {
  return { current, older: older.filter(({ id }, i) => id !== current.id && older.findIndex((other) => other.id === id) === i) }
}

/** How every value begins that this key wrapped. */
export function keyMark ({ id }: Pick<Kek, 'id'>): string {
  return toBase64url(header(id))
}

/** The id of the key behind a value that begins so, or null where no version known to this program begins so. */
export function keyIdOf (mark: string): string | null {
  if (!/^[\w-]+$/.test(mark) || mark.length < KEY_MARK_CHARS) return null
  const bytes = fromBase64url(mark.slice(0, KEY_MARK_CHARS))
  return bytes[0] === VERSION ? toHex(bytes.subarray(1)) : null
}

export function wrapSecret ({ kek, secret, context }: WrapKey & { secret: Uint8Array }): string {
  const { id, key } = kek.current
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associatedData(id, context))
  const ciphertext = concat(cipher.update(secret), cipher.final())
  return toBase64url(concat(header(id), nonce, ciphertext, cipher.getAuthTag()))
}

/** @throws BonginError `verification-failed` for a key that is not there, another context or a damaged value. */
export function unwrapSecret ({ kek, wrapped, context }: WrapKey & { wrapped: string }): Bytes {
  if (wrapped.length > MAX_WRAPPED_CHARS) throw unopened()
  const id = keyIdOf(wrapped)
  const used = [kek.current, ...kek.older].find((one) => one.id === id)
  const bytes = decode(wrapped)
  if (used === undefined || bytes.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES) throw unopened()
  const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES)
  const ciphertext = bytes.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, used.key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(used.id, context))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const secret = decipher.update(ciphertext)
  try {
    return concat(secret, decipher.final())
  } catch {
    throw unopened()
  }
}

function header (id: string): Bytes {
  return concat(Uint8Array.of(VERSION), fromHex(id))
}

function associatedData (id: string, context: string): Bytes {
  return utf8(`${CONTEXT_PREFIX}\0${id}\0${context}`)
}

function decode (wrapped: string): Bytes {
  try {
    return fromBase64url(wrapped)
  } catch {
    throw unopened()
  }
}

function unopened (): BonginError {
  return new BonginError('verification-failed', {
    detail: 'The wrapped secret does not open: another key-encryption key, another context, or a damaged value.',
    detailKo: '보호된 비밀 값을 열 수 없습니다. 키 암호화 키나 용도가 다르거나 값이 손상되었습니다.'
  })
}
