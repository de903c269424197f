/**
 * RSA private keys in memory, held by node:crypto: the platform's, and those of whoever keeps a key in a file. For Node; in a
 * browser WebCrypto holds a key that never leaves it (`rsaSignerFromKey` of `jws.ts`).
 */
import { createPrivateKey, generateKeyPair, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Bytes } from './bytes.ts'
import { exportSpki } from './rsa-keys.ts'

const generate = promisify(generateKeyPair)

export interface RsaKeyPair { privateKeyPkcs8: Bytes, publicKeySpki: Bytes }

/** A new key with exponent 65537, made in the thread pool. */
export async function generateRsaKeyPair (bits: 2048 | 3072): Promise<RsaKeyPair> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: bits, publicExponent: 65_537 })
  return { privateKeyPkcs8: exportPkcs8(privateKey), publicKeySpki: exportSpki(publicKey) }
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

/** PKCS#1 v1.5 with SHA-256 (RFC 8017 §8.2.1). */
export function signRsaSha256 (message: Uint8Array, privateKey: KeyObject): Bytes {
  return new Uint8Array(sign('sha256', message, privateKey))
}
