/**
 * RSA public keys, PKCS#1 v1.5 signatures under them (RFC 8017) and certificates. Runs in a browser; the names are those of
 * `node/keys.ts`. Everything here is public, so big-integer arithmetic without constant time gives nothing away. RSA is the only
 * kind of key that is certified: all others are none here. What WebCrypto has is of no use, as its answers come later.
 */
import { encodeDer, integerFromHex, members, nothing, oid, parseDer, readBits, readPositiveInteger, bits, sequence } from '../../asn1.ts'
import { equalBytes, toHex } from '../../bytes.ts'
import type { PublicKey, RsaFacts, X509 } from '../types.ts'
import { hash } from './digests.ts'
import { readCertificateParts, signsCertificates } from './x509.ts'

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
/** A key of more bits costs more than it protects (`rsa-keys.ts`); larger ones are not even read. */
const MAX_KEY_BYTES = 2048

/** DER of DigestInfo up to the digest (RFC 8017 §9.2, note 1). */
const DIGEST_INFO = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440'
} as const

class RsaPublicKey implements PublicKey {
  readonly asymmetricKeyType = 'rsa'
  readonly modulus: bigint
  readonly exponent: bigint
  readonly modulusBits: number

  constructor (modulus: bigint, exponent: bigint) {
    this.modulus = modulus
    this.exponent = exponent
    this.modulusBits = modulus.toString(2).length
  }
}

/** SubjectPublicKeyInfo ::= SEQUENCE { algorithm, BIT STRING { SEQUENCE { modulus, exponent } } }; null for anything but an RSA key. */
export function readSpki (spki: Uint8Array): PublicKey | null {
  try {
    if (spki.length > MAX_KEY_BYTES) return null
    const [algorithm, key] = members(parseDer(spki), 'sequence', { min: 2 })
    if (algorithm === undefined || !equalBytes(encodeDer(algorithm), encodeDer(rsaAlgorithm()))) return null
    const [modulus, exponent] = members(parseDer(readBits(key)), 'sequence', { min: 2 })
    return new RsaPublicKey(readPositiveInteger(modulus), readPositiveInteger(exponent))
  } catch {
    return null
  }
}

const rsaAlgorithm = (): ReturnType<typeof sequence> => sequence(oid(RSA_ENCRYPTION), nothing())

export function exportSpki (key: PublicKey): Uint8Array<ArrayBuffer> {
  const { modulus, exponent } = asRsa(key)
  const pair = sequence(integerFromHex(modulus.toString(16)), integerFromHex(exponent.toString(16)))
  return encodeDer(sequence(rsaAlgorithm(), bits(encodeDer(pair))))
}

function asRsa (key: PublicKey): RsaPublicKey {
  if (key instanceof RsaPublicKey) return key
  throw new Error('not an RSA key')
}

export function rsaFacts (key: PublicKey): RsaFacts | null {
  if (!(key instanceof RsaPublicKey)) return null
  const { modulus, modulusBits, exponent } = key
  return { modulusBits, exponent, isOddModulus: (modulus & 1n) === 1n }
}

/** The one encoding that is right is made and compared; nothing of a signature is parsed. */
export function verifyRsa (digest: keyof typeof DIGEST_INFO, { message, signature, publicKey }: {
  message: Uint8Array, signature: Uint8Array, publicKey: PublicKey
}): boolean {
  if (!(publicKey instanceof RsaPublicKey)) return false
  const { modulus, exponent, modulusBits } = publicKey
  const length = Math.ceil(modulusBits / 8)
  const value = numberOf(signature)
  if (signature.length !== length || value >= modulus) return false
  const info = DIGEST_INFO[digest] + hash(digest, message, 'hex')
  const padding = length - 3 - info.length / 2
  return padding >= 8 && power(value, exponent, modulus) === BigInt(`0x0001${'ff'.repeat(padding)}00${info}`)
}

function numberOf (bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

/** `base` ^ `exponent` mod `modulus`, from the exponent's highest bit down. */
function power (base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = result * result % modulus
    if (bit === '1') result = result * base % modulus
  }
  return result
}

/** A browser meets Ed25519 keys as raw bytes alone, and noble checks them: none is a `PublicKey`. */
export function verifyEd25519 (_job: { message: Uint8Array, signature: Uint8Array, publicKey: PublicKey }): boolean {
  return false
}

/** @throws Error unless these bytes are one X.509 v3 certificate in DER with an RSA key. */
export function readX509 (der: Uint8Array): X509 {
  const parts = readCertificateParts(der)
  const publicKey = readSpki(parts.spki)
  if (publicKey === null) throw new Error('no RSA key')
  const { digest, tbs, signature, ...shown } = parts
  return {
    ...shown,
    publicKey,
    checkIssued: (issuer) => signsCertificates(parts, issuer.raw),
    verify: (key) => digest !== 'weak' && digest !== 'unknown' && verifyRsa(digest, { message: tbs, signature, publicKey: key })
  }
}
