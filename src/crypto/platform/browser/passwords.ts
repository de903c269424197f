/**
 * Key files under a passphrase by noble, Triple DES by forge. Runs in a browser; the names are those of `node/passwords.ts`.
 * WebCrypto has most of it, but its answers come later, and it has no Triple DES, which older files need.
 */
import { cbc } from '@noble/ciphers/aes.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { pbkdf2 as derive } from '@noble/hashes/pbkdf2.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import des from 'node-forge/lib/des.js'
import util from 'node-forge/lib/util.js'
import type { CbcCipher, CbcJob, Pbkdf2Job, PasswordDigest } from '../types.ts'
import { fromLatin1, toLatin1 } from './text.ts'

const HASHES = { sha1, sha256, sha384, sha512 } as const
const AES_KEY_BYTES: Readonly<Partial<Record<CbcCipher, number>>> = { 'aes-128-cbc': 16, 'aes-192-cbc': 24, 'aes-256-cbc': 32 }

export function digestOf (digest: PasswordDigest, data: Uint8Array): Uint8Array {
  return HASHES[digest](data)
}

export function hmacOf (digest: PasswordDigest, key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(HASHES[digest], key, data)
}

export function pbkdf2 ({ digest, passphrase, salt, iterations, length }: Pbkdf2Job): Uint8Array {
  return derive(HASHES[digest], passphrase, salt, { c: iterations, dkLen: length })
}

export function encryptCbc (cipher: CbcCipher, { key, iv, input }: CbcJob): Uint8Array {
  if (key.length === AES_KEY_BYTES[cipher]) return cbc(key, iv).encrypt(input)
  throw new Error('nothing is encrypted with this cipher and key')
}

export function decryptCbc (cipher: CbcCipher, { key, iv, input }: CbcJob): Uint8Array {
  if (key.length === AES_KEY_BYTES[cipher]) return cbc(key, iv).decrypt(input)
  if (cipher !== 'des-ede3-cbc' || key.length !== 24) throw new Error('another cipher or key')
  const made = des.createDecryptionCipher(util.createBuffer(toLatin1(key)))
  made.start(toLatin1(iv))
  made.update(util.createBuffer(toLatin1(input)))
  if (!made.finish()) throw new Error('padding')
  return fromLatin1(made.output.getBytes())
}
