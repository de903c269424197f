/**
 * RSA public keys: the only keys that are certified; private ones are in `rsa-private-keys.ts`. Runs in a browser. Size and
 * exponent are checked wherever a public key comes in (NIST SP 800-131A: 2048 bits or more; FIPS 186-5 §A.1.1: an odd exponent
 * over 2^16 and below 2^256).
 */
import { hash } from '#platform/digests'
import { exportSpki, readSpki, rsaFacts } from '#platform/keys'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { equalBytes } from './bytes.ts'
import type { PublicKey, RsaFacts } from './platform/types.ts'

export { exportSpki } from '#platform/keys'

export const MIN_RSA_BITS = 2048
/** Past it, checking a signature costs more than it protects. */
export const MAX_RSA_BITS = 4096
const MIN_EXPONENT = 65_537n
const MAX_EXPONENT = 1n << 256n

/**
 * Reads a public key that may be certified: RSA in its one DER spelling, so that a key has one digest.
 * @throws BonginError `weak-key` for everything else.
 */
export function readRsaPublicKey (spki: Uint8Array, field?: string): PublicKey {
  const key = readSpki(spki)
  const facts = key === null ? null : rsaFacts(key)
  if (key !== null && facts !== null && isStrong(facts) && equalBytes(exportSpki(key), spki)) return key
  throw new BonginError('weak-key', {
    detail: `The public key must be RSA of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits with an odd exponent of 65537 or more.`,
    detailKo: `공개키는 ${MIN_RSA_BITS}~${MAX_RSA_BITS}비트 RSA 키여야 하며, 공개 지수는 65537 이상의 홀수여야 합니다.`,
    ...(field === undefined ? {} : { field })
  })
}

/** A product of two odd primes is odd; anything else was made to be factored. */
function isStrong ({ modulusBits, exponent, isOddModulus }: RsaFacts): boolean {
  return modulusBits >= MIN_RSA_BITS && modulusBits <= MAX_RSA_BITS && exponent >= MIN_EXPONENT && exponent < MAX_EXPONENT &&
    exponent % 2n === 1n && isOddModulus
}

/** SHA-256 of the SubjectPublicKeyInfo: how a key is recognised when it comes again. */
export function publicKeySha256 (spki: Uint8Array): Sha256Hex {
  return hash('sha256', spki, 'hex') as Sha256Hex
}
