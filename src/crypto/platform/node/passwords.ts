/**
 * What key files under a passphrase are made of, by node:crypto: digests, HMAC, PBKDF2 (RFC 8018 §5.2), and block ciphers in CBC
 * mode with PKCS#7 padding. For Node; the names are those of `browser/passwords.ts`.
 */
import { createCipheriv, createDecipheriv, createHmac, hash, pbkdf2Sync } from 'node:crypto'
import type { CbcCipher, CbcJob, Pbkdf2Job, PasswordDigest } from '../types.ts'

export function digestOf (digest: PasswordDigest, data: Uint8Array): Uint8Array {
  return hash(digest, data, 'buffer')
}

export function hmacOf (digest: PasswordDigest, key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac(digest, key).update(data).digest()
}

export function pbkdf2 ({ digest, passphrase, salt, iterations, length }: Pbkdf2Job): Uint8Array {
  return pbkdf2Sync(passphrase, salt, iterations, length, digest)
}

export function encryptCbc (cipher: CbcCipher, { key, iv, input }: CbcJob): Uint8Array {
  const made = createCipheriv(cipher, key, iv)
  return Buffer.concat([made.update(input), made.final()])
}

/** @throws Error where the padding is wrong, as after another key. */
export function decryptCbc (cipher: CbcCipher, { key, iv, input }: CbcJob): Uint8Array {
  const made = createDecipheriv(cipher, key, iv)
  return Buffer.concat([made.update(input), made.final()])
}
