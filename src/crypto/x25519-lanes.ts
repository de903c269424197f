/**
 * X25519 of one private key with many public keys, eight at a time: the native module that `native/build.js` compiles, where
 * it was compiled and this processor has AVX-512 IFMA. In constant time. Nothing depends on it: `open-seals.ts` has
 * node:crypto check it at every opening and does without it elsewhere. `BONGIN_NATIVE=off` does without it too.
 */
import { createRequire } from 'node:module'

/** Any number of public keys behind each other, 32 bytes each, and as many results; all zeros where there is no secret (RFC 7748 §6.1). */
export type AgreeLanes = (privateKey: Uint8Array, publicKeys: Uint8Array, shared: Uint8Array) => void

/** null where it is missing or not wanted. */
export function loadLanes (): AgreeLanes | null {
  if (process.env['BONGIN_NATIVE'] === 'off') return null
  try {
    return createRequire(import.meta.url)('../../native/build/x25519.node') as AgreeLanes | null
  } catch {
    return null
  }
}
