/**
 * Secrets at rest: the platform's seed of each tender, wrapped by the key-encryption key from the configuration.
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the context (whose secret, for which tender) is authenticated,
 * so that a wrapped secret copied to another row does not open there. One key wraps far fewer than the 2^32 secrets that
 * random nonces allow. Wrapped form, base64url: version (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, concat, fromBase64url, toBase64url, utf8 } from './bytes.ts'

const CIPHER = 'aes-256-gcm'
const KEK_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 1
const CONTEXT_PREFIX = 'bongin secret v1'
const MAX_WRAPPED_CHARS = 4_096

interface WrapKey {
  kek: Uint8Array
  /** Names the secret, e.g. `platform-seed/R26BK00000001`; the same on both sides. */
  context: string
}

export function wrapSecret ({ kek, secret, context }: WrapKey & { secret: Uint8Array }): string {
  invariant(kek.length === KEK_BYTES, 'a key-encryption key has 32 bytes')
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, kek, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associatedData(context))
  const ciphertext = concat(cipher.update(secret), cipher.final())
  return toBase64url(concat(Uint8Array.of(VERSION), nonce, ciphertext, cipher.getAuthTag()))
}

/** @throws BonginError `verification-failed` for another key, another context or a damaged value: the three look alike. */
export function unwrapSecret ({ kek, wrapped, context }: WrapKey & { wrapped: string }): Bytes {
  invariant(kek.length === KEK_BYTES, 'a key-encryption key has 32 bytes')
  if (wrapped.length > MAX_WRAPPED_CHARS) throw unopened()
  const bytes = decode(wrapped)
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION) throw unopened()
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
  const ciphertext = bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, kek, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(context))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const secret = decipher.update(ciphertext)
  try {
    return concat(secret, decipher.final())
  } catch {
    throw unopened()
  }
}

function associatedData (context: string): Bytes {
  return utf8(`${CONTEXT_PREFIX}\0${context}`)
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
