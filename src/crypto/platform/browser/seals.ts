/**
 * Opening seals by noble: some thirty times slower than libsodium, and fast enough for one tender. Runs in a browser; the names are
 * those of `node/seals.ts`.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { decapsulateByNoble } from '../../ml-kem.ts'
import type { Primitives } from '../types.ts'

export const fastestPrimitives: Primitives = {
  name: 'noble',
  decapsulateBy: decapsulateByNoble,
  agreeBy (privateKey) {
    const ownKey = Uint8Array.from(privateKey)
    return (publicKey) => {
      try {
        return x25519.getSharedSecret(ownKey, publicKey)
      } catch { // all zero
        return null
      }
    }
  },
  openAead (key, nonce, aad, ciphertext) {
    try {
      return chacha20poly1305(key, nonce, aad).decrypt(ciphertext)
    } catch {
      return null
    }
  }
}
