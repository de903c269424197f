/**
 * ML-KEM-768 (FIPS 203), the half of X-Wing that a quantum computer does not break. Of a tender's key this half is the
 * platform's alone: its seed follows from the platform's own, so that it is wrapped, revealed, published and checked with
 * it and needs no ceremony of its own. Runs in a browser.
 */
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { shake256 } from '@noble/hashes/sha3.js'
import { ml_kem768 as mlKem768 } from '@noble/post-quantum/ml-kem.js'
import { type Bytes, concat, utf8 } from './bytes.ts'

/** d ‖ z of FIPS 203 §7.1. */
export const ML_KEM_SEED_BYTES = 64
export const ML_KEM_PUBLIC_KEY_BYTES = 1_184
export const ML_KEM_CIPHERTEXT_BYTES = 1_088
const X25519_KEY_BYTES = 32
const SEED_CONTEXT = 'bongin ml-kem v1'

/** From the platform's seed of the key `keyId` (`keyContext` of the tender). */
export function mlKemSeed ({ platformSeed, keyId }: { platformSeed: Uint8Array, keyId: string }): Bytes {
  return hkdf(sha256, platformSeed, new Uint8Array(0), utf8(`${SEED_CONTEXT}\0${keyId}`), ML_KEM_SEED_BYTES)
}

export function mlKemPublicKey (seed: Uint8Array): Bytes {
  return new Uint8Array(mlKem768.keygen(seed).publicKey)
}

/** Of an X-Wing key in its short form, 32 bytes that are expanded (draft-connolly-cfrg-xwing-kem §5.2). */
export function xWingPublicKey (seed: Uint8Array): Bytes {
  const expanded = shake256(seed, { dkLen: ML_KEM_SEED_BYTES + X25519_KEY_BYTES })
  return concat(mlKemPublicKey(expanded.subarray(0, ML_KEM_SEED_BYTES)), x25519.getPublicKey(expanded.subarray(ML_KEM_SEED_BYTES)))
}

/** Noble's decapsulation, for machines whose Node.js has none. */
export function decapsulateByNoble (seed: Uint8Array): (ciphertext: Uint8Array) => Uint8Array {
  const { secretKey } = mlKem768.keygen(seed)
  return (ciphertext) => mlKem768.decapsulate(ciphertext, secretKey)
}

/** Whether the bytes are an encapsulation key (FIPS 203 §7.2): of its length, every coefficient in its one encoding. */
export function isMlKemPublicKey (bytes: Uint8Array): boolean {
  if (bytes.length !== ML_KEM_PUBLIC_KEY_BYTES) return false
  for (let i = 0; i < ML_KEM_PUBLIC_KEY_BYTES - 32; i += 3) {
    const [low = 0, middle = 0, high = 0] = bytes.subarray(i, i + 3)
    if ((low | (middle & 0x0f) << 8) >= 3_329 || (middle >> 4 | high << 4) >= 3_329) return false
  }
  return true
}
