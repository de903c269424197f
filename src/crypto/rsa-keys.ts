/**
 * RSA keys: the only keys that are certified. Size and exponent are checked wherever a public key comes in
 * (NIST SP 800-131A: 2048 bits or more; FIPS 186-5 §A.1.1: an odd exponent over 2^16 and below 2^256).
 */
import { createPrivateKey, createPublicKey, generateKeyPair, hash } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { equalBytes } from './bytes.ts'
import type { Bytes } from './bytes.ts'

export const MIN_RSA_BITS = 2048
/** Past it, checking a signature costs more than it protects. */
export const MAX_RSA_BITS = 4096
const MIN_EXPONENT = 65_537n
const MAX_EXPONENT = 1n << 256n

const generate = promisify(generateKeyPair)

export interface RsaKeyPair { privateKeyPkcs8: Bytes, publicKeySpki: Bytes }

/** A new key with exponent 65537, made in the thread pool. */
export async function generateRsaKeyPair (bits: 2048 | 3072): Promise<RsaKeyPair> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: bits, publicExponent: 65_537 })
  return { privateKeyPkcs8: exportPkcs8(privateKey), publicKeySpki: exportSpki(publicKey) }
}

export function exportSpki (key: KeyObject): Bytes {
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }))
}

export function exportPkcs8 (key: KeyObject): Bytes {
  return new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }))
}

/** @throws Error unless `pkcs8` is the DER of an unencrypted RSA private key. */
export function readRsaPrivateKey (pkcs8: Uint8Array): KeyObject {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key')
  return key
}

/**
 * Reads a public key that may be certified: RSA in its one DER spelling, so that a key has one digest.
 * @throws BonginError `weak-key` for everything else.
 */
export function readRsaPublicKey (spki: Uint8Array, field?: string): KeyObject {
  const key = parsePublicKey(spki)
  const { modulusLength = 0, publicExponent = 0n } = key?.asymmetricKeyDetails ?? {}
  const strong = modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS &&
    publicExponent >= MIN_EXPONENT && publicExponent < MAX_EXPONENT && publicExponent % 2n === 1n
  if (key?.asymmetricKeyType === 'rsa' && strong && isOddModulus(key) && equalBytes(exportSpki(key), spki)) return key
  throw new BonginError('weak-key', {
    detail: `The public key must be RSA of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits with an odd exponent of 65537 or more.`,
    detailKo: `공개키는 ${MIN_RSA_BITS}~${MAX_RSA_BITS}비트 RSA 키여야 하며, 공개 지수는 65537 이상의 홀수여야 합니다.`,
    ...(field === undefined ? {} : { field })
  })
}

/** A product of two odd primes is odd; anything else was made to be factored. */
function isOddModulus (key: KeyObject): boolean {
  const modulus = Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url')
  return ((modulus.at(-1) ?? 0) & 1) === 1
}

function parsePublicKey (spki: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

/** SHA-256 of the SubjectPublicKeyInfo: how a key is recognised when it comes again. */
export function publicKeySha256 (spki: Uint8Array): Sha256Hex {
  return hash('sha256', spki, 'hex') as Sha256Hex
}
