/**
 * Opening HPKE seals (RFC 9180, base mode, HKDF-SHA256, ChaCha20-Poly1305) synchronously and in bulk, for the server and
 * for `bongin verify`. The private key tells the suite: 32 bytes for DHKEM(X25519), 96 for X-Wing (`kem.ts`). What does not
 * open gives null, never an exception: a wrong length, a low-order `enc` (§7.1.4), a wrong tag. Everything that hangs on the
 * key and `info` alone is computed once per tender. Runs in a browser.
 */
import { fastestPrimitives } from '#platform/seals'
import type { Suite } from '../domain/notice.ts'
import { Hmac } from './hpke-kdf.ts'
import { NONCE_BYTES, scheduleMessages } from './hpke-messages.ts'
import { TAG_BYTES } from './hpke-seal.ts'
import { kemOf } from './kem.ts'
import type { Primitives } from './platform/types.ts'

export interface Opener {
  /** The plaintext, or null. */
  open (enc: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | null
}

/** Opens one seal. For many seals to one key and `info`, make one opener. */
export function openBase (job: {
  privateKey: Uint8Array
  enc: Uint8Array
  info: Uint8Array
  aad: Uint8Array
  ciphertext: Uint8Array
}): Uint8Array | null {
  return createOpener({ privateKey: job.privateKey, info: job.info }).open(job.enc, job.aad, job.ciphertext)
}

/** `primitives` is for tests and benchmarks; the default is the fastest at hand. */
export function createOpener ({ privateKey, info, primitives = fastestPrimitives }: {
  privateKey: Uint8Array
  info: Uint8Array
  primitives?: Primitives
}): Opener {
  const kem = kemOf(privateKey, primitives)
  const schedule = createKeySchedule(kem.suite, info)
  return {
    open (enc, aad, ciphertext) {
      if (enc.length !== kem.encBytes || ciphertext.length < TAG_BYTES) return null
      const sharedSecret = kem.decapsulate(enc)
      if (sharedSecret === null) return null
      const { key, nonce } = schedule(sharedSecret)
      return primitives.openAead(key, nonce, aad, ciphertext)
    }
  }
}

/**
 * RFC 9180 §5.1 KeySchedule as three HMACs over messages whose fixed parts are laid out here once. The bytes returned are
 * overwritten by the next call.
 */
function createKeySchedule (suite: Suite, info: Uint8Array): (sharedSecret: Uint8Array) => { key: Uint8Array, nonce: Uint8Array } {
  const messages = scheduleMessages(suite, info)
  const extractSecret = new Hmac(messages.secret)
  const expandKey = new Hmac(messages.key)
  const expandNonce = new Hmac(messages.nonce)
  const nonce = expandNonce.digest.subarray(0, NONCE_BYTES)
  return (sharedSecret) => {
    extractSecret.run(sharedSecret)
    expandKey.run(extractSecret.digest)
    expandNonce.run(extractSecret.digest)
    return { key: expandKey.digest, nonce }
  }
}
