/**
 * The primitives that opening a seal needs, X25519 (RFC 7748), ML-KEM-768 (FIPS 203) and ChaCha20-Poly1305 (RFC 8439),
 * behind one small interface: libsodium where the addon loads, else node:crypto, which is also what libsodium is tested
 * against. ML-KEM is node:crypto's, noble's where Node.js has none. What is nothing to open gives null; tags are compared
 * in constant time by the libraries. For Node; a browser's are in `platform/browser/seals.ts`.
 */
import * as nodeCrypto from 'node:crypto'
import { createDecipheriv, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { KEY_BYTES, TAG_BYTES } from './hpke-seal.ts'
import { decapsulateByNoble } from './ml-kem.ts'
import type { Primitives } from './platform/types.ts'
import { loadSodium, type Sodium } from './sodium.ts'

/** DER of an X25519 private key up to its 32 bytes (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** DER of an ML-KEM-768 private key as a seed, up to its 64 bytes (RFC 9935). */
const ML_KEM_PKCS8_PREFIX = Buffer.from('3054020100300b060960864801650304040204428040', 'hex')

/** Whether this Node.js has ML-KEM (24.7 and later). */
export const hasNodeMlKem = typeof (nodeCrypto as { decapsulate?: unknown }).decapsulate === 'function'

function decapsulateByNode (seed: Uint8Array): (ciphertext: Uint8Array) => Uint8Array {
  const key = createPrivateKey({ key: Buffer.concat([ML_KEM_PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  return (ciphertext) => nodeCrypto.decapsulate(key, ciphertext)
}

const decapsulateBy = hasNodeMlKem ? decapsulateByNode : decapsulateByNoble

export const nodePrimitives: Primitives = {
  name: 'node',
  decapsulateBy,
  agreeBy (privateKey) {
    const ownKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, privateKey]), format: 'der', type: 'pkcs8' })
    return (publicKey) => {
      // By JWK, which imports four times faster than SPKI.
      const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(publicKey).toString('base64url') }
      const theirKey = createPublicKey({ key: jwk, format: 'jwk' })
      try {
        return diffieHellman({ privateKey: ownKey, publicKey: theirKey })
      } catch {
        return null
      }
    }
  },
  openAead (key, nonce, aad, ciphertext) {
    const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
    const tagAt = ciphertext.length - TAG_BYTES
    decipher.setAAD(aad, { plaintextLength: tagAt })
    decipher.setAuthTag(ciphertext.subarray(tagAt))
    const plaintext = decipher.update(ciphertext.subarray(0, tagAt))
    try {
      decipher.final()
    } catch {
      return null
    }
    return plaintext
  }
}

function sodiumPrimitivesOf (sodium: Sodium): Primitives {
  return {
    name: 'sodium',
    decapsulateBy,
    agreeBy (privateKey) {
      const ownKey = Uint8Array.from(privateKey)
      return (publicKey) => {
        const sharedSecret = new Uint8Array(KEY_BYTES)
        try {
          sodium.crypto_scalarmult(sharedSecret, ownKey, publicKey)
        } catch {
          return null
        }
        return sharedSecret
      }
    },
    openAead (key, nonce, aad, ciphertext) {
      const plaintext = new Uint8Array(ciphertext.length - TAG_BYTES)
      try {
        sodium.crypto_aead_chacha20poly1305_ietf_decrypt(plaintext, null, ciphertext, aad, nonce, key)
      } catch {
        return null
      }
      return plaintext
    }
  }
}

const sodium = loadSodium()

/** null where the addon does not load. */
export const sodiumPrimitives: Primitives | null = sodium === null ? null : sodiumPrimitivesOf(sodium)

export const fastestPrimitives: Primitives = sodiumPrimitives ?? nodePrimitives
