/**
 * Public keys, signatures under them and certificates, by node:crypto (OpenSSL). For Node; the names are those of
 * `browser/keys.ts`. Every `PublicKey` here is a KeyObject and every `X509` an X509Certificate.
 */
import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import type { PublicKey, RsaFacts, X509 } from '../types.ts'

/** null unless `spki` is the DER of a public key. It need not be its one spelling: `exportSpki` gives that. */
export function readSpki (spki: Uint8Array): PublicKey | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

export function exportSpki (key: PublicKey): Uint8Array<ArrayBuffer> {
  return new Uint8Array((key as KeyObject).export({ type: 'spki', format: 'der' }))
}

/** null for a key of another kind. */
export function rsaFacts (key: PublicKey): RsaFacts | null {
  if (key.asymmetricKeyType !== 'rsa') return null
  const { asymmetricKeyDetails: { modulusLength = 0, publicExponent = 0n } = {} } = key as KeyObject
  const modulus = Buffer.from((key as KeyObject).export({ format: 'jwk' }).n ?? '', 'base64url')
  return { modulusBits: modulusLength, exponent: publicExponent, isOddModulus: ((modulus.at(-1) ?? 0) & 1) === 1 }
}

/** Asking a key for its type costs a fifth of a verification, and the same keys come again and again. */
const keyTypes = new WeakMap<PublicKey, string | undefined>()

function keyTypeOf (key: PublicKey): string | undefined {
  let type = keyTypes.get(key)
  if (type === undefined) keyTypes.set(key, type = key.asymmetricKeyType)
  return type
}

/**
 * PKCS#1 v1.5 (RFC 8017 §8.2.2), which is what node:crypto takes for an RSA key unless it is told otherwise; being told costs
 * half as much again as the check. False for a key of another kind.
 */
export function verifyRsa (digest: 'sha256' | 'sha384' | 'sha512', { message, signature, publicKey }: {
  message: Uint8Array, signature: Uint8Array, publicKey: PublicKey
}): boolean {
  return keyTypeOf(publicKey) === 'rsa' && verify(digest, message, publicKey as KeyObject, signature)
}

/** Ed25519 (RFC 8032); false for a key of another kind. */
export function verifyEd25519 ({ message, signature, publicKey }: { message: Uint8Array, signature: Uint8Array, publicKey: PublicKey }): boolean {
  return keyTypeOf(publicKey) === 'ed25519' && verify(null, message, publicKey as KeyObject, signature)
}

/** @throws Error unless a certificate stands at the start of these bytes. */
export function readX509 (der: Uint8Array): X509 {
  return new X509Certificate(der)
}
