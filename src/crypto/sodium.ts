/**
 * The native libsodium addon where the platform has it, typed by the little that Bongin calls. Without it everything
 * works on node:crypto, only slower; `hpke-primitives.ts` and `receipt-signing.ts` call it.
 */
import { createRequire } from 'node:module'

/** Output comes first. Both calls throw where libsodium returns an error. */
export interface Sodium {
  /** X25519 (RFC 7748); throws for an all-zero result. */
  crypto_scalarmult (sharedSecret: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array): void
  /** Ed25519 (RFC 8032); the secret key is the seed and behind it the public key. */
  crypto_sign_detached (signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
  /** ChaCha20-Poly1305 (RFC 8439); `ciphertext` carries its tag; throws when it does not authenticate. */
  crypto_aead_chacha20poly1305_ietf_decrypt (
    plaintext: Uint8Array, reserved: null, ciphertext: Uint8Array, aad: Uint8Array, nonce: Uint8Array, key: Uint8Array
  ): number
}

/** null where the addon is not installed or has no build for this machine. */
export function loadSodium (): Sodium | null {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium
  } catch {
    return null
  }
}
