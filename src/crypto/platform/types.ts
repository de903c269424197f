/**
 * The seam between the two machines that Bongin's cryptography runs on. `#platform/…` (package.json, `imports`) is `node/…` in
 * Node and `browser/…` in a bundle; both sides export the same names with the types that stand here. Node's side is node:crypto
 * and libsodium themselves, so that a server pays nothing for the seam; the browser's is noble and whole-number arithmetic.
 */

export type DigestName = 'sha256' | 'sha384' | 'sha512'

/** One digest at once, as `hash` of node:crypto gives it; text is hashed as UTF-8. */
export interface Hash {
  (algorithm: DigestName, data: string | Uint8Array, encoding: 'buffer'): Uint8Array
  (algorithm: DigestName, data: string | Uint8Array, encoding: 'hex' | 'base64url'): string
}

/** A public key; in Node a KeyObject. What it is made of only `#platform/keys` asks. */
export interface PublicKey {
  readonly asymmetricKeyType?: string | undefined
}

export interface RsaFacts {
  modulusBits: number
  exponent: bigint
  isOddModulus: boolean
}

/** A certificate (X.509), as far as a chain depends on it; in Node an X509Certificate. */
export interface X509 {
  /** DER. */
  readonly raw: Uint8Array
  /** May certify others: basicConstraints says so, and keyUsage does not forbid it. */
  readonly ca: boolean
  /** Hex. */
  readonly serialNumber: string
  readonly validFromDate: Date
  readonly validToDate: Date
  readonly publicKey: PublicKey
  /** Names and key identifiers fit, and the issuer's key may sign certificates. Says nothing on the signature. */
  checkIssued (issuer: X509): boolean
  verify (publicKey: PublicKey): boolean
}

/** The shared secret with one public key, or null where it is all zero (a low-order public key, RFC 7748 §6.1). */
export type Agree = (publicKey: Uint8Array) => Uint8Array | null

/** What opening a seal needs: X25519 (RFC 7748), ML-KEM-768 (FIPS 203), ChaCha20-Poly1305 (RFC 8439). */
export interface Primitives {
  readonly name: 'sodium' | 'node' | 'noble'
  /** Prepares one private key (32 raw bytes) for many public keys of 32 bytes. */
  agreeBy (privateKey: Uint8Array): Agree
  /** Prepares one ML-KEM-768 seed (64 bytes) for many ciphertexts of 1,088 bytes. */
  decapsulateBy (seed: Uint8Array): (ciphertext: Uint8Array) => Uint8Array
  /** `ciphertext` ends with its tag and is at least that long. */
  openAead (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | null
}

/** Digests of key files, the one of old files too. */
export type PasswordDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** `passphrase` as UTF-8; `length` in bytes. */
export interface Pbkdf2Job { digest: PasswordDigest, passphrase: string, salt: Uint8Array, iterations: number, length: number }

/** The last one is Triple DES, read and never written. */
export type CbcCipher = 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc'

export interface CbcJob { key: Uint8Array, iv: Uint8Array, input: Uint8Array }
