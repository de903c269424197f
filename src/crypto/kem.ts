/**
 * The receiving half of the two KEMs of Bongin's suites, synchronous, for many encapsulations to one key:
 * DHKEM(X25519, HKDF-SHA256) of RFC 9180 §4.1, and X-Wing (draft-connolly-cfrg-xwing-kem, HPKE's MLKEM768-X25519), which
 * stays sealed as long as either of X25519 and ML-KEM-768 holds. An encapsulation that is none gives null: a wrong length,
 * an X25519 result of all zeros. ML-KEM itself refuses nothing (FIPS 203 §6.3): a wrong ciphertext gives another secret,
 * and the tag of the seal tells. Runs in a browser.
 */
import { fastestPrimitives } from '#platform/seals'
import { sha3Of256 } from '#platform/sha3'
import { SUITE_X25519, SUITE_XWING, type Suite } from '../domain/notice.ts'
import { invariant } from '../domain/errors.ts'
import { concat, utf8 } from './bytes.ts'
import { Hmac, NO_SALT } from './hpke-kdf.ts'
import { kemMessages } from './hpke-messages.ts'
import { KEY_BYTES } from './hpke-seal.ts'
import { ML_KEM_CIPHERTEXT_BYTES, ML_KEM_SEED_BYTES } from './ml-kem.ts'
import type { Primitives } from './platform/types.ts'

export interface Kem {
  suite: Suite
  encBytes: number
  /** The shared secret of 32 bytes, overwritten by the next call; or null. */
  decapsulate (enc: Uint8Array): Uint8Array | null
}

/** u of the Montgomery curve's base point. */
export const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(KEY_BYTES - 1))
/** An X-Wing private key as it is expanded from its seed: the seed of ML-KEM (d ‖ z), then the X25519 key. */
export const XWING_KEY_BYTES = ML_KEM_SEED_BYTES + KEY_BYTES
export const XWING_ENC_BYTES = ML_KEM_CIPHERTEXT_BYTES + KEY_BYTES
const XWING_LABEL = utf8('\\.//^\\')

/** By the private key's length: 32 bytes for X25519, 96 for X-Wing. */
export function kemOf (privateKey: Uint8Array, primitives: Primitives): Kem {
  if (privateKey.length === XWING_KEY_BYTES) return xWing(privateKey, primitives)
  invariant(privateKey.length === KEY_BYTES, 'an X25519 private key is 32 bytes long')
  return dhKem(privateKey, primitives)
}

/** ExtractAndExpand (RFC 9180 §4.1) as two HMACs over the result of X25519. */
function dhKem (privateKey: Uint8Array, primitives: Primitives): Kem {
  const agree = primitives.agreeBy(privateKey)
  const messages = kemMessages(publicOf(agree))
  const { dhAt, encAt } = messages
  const extract = new Hmac(messages.extract)
  const expand = new Hmac(messages.expand)
  return {
    suite: SUITE_X25519,
    encBytes: KEY_BYTES,
    decapsulate (enc) {
      const dh = agree(enc)
      if (dh === null) return null
      extract.message.set(dh, dhAt)
      extract.run(NO_SALT)
      expand.message.set(enc, encAt)
      expand.run(extract.digest)
      return expand.digest
    }
  }
}

/** SHA3-256(ML-KEM secret ‖ X25519 secret ‖ X25519 ciphertext ‖ X25519 public key ‖ label), §5.3 of the draft. */
function xWing (privateKey: Uint8Array, primitives: Primitives): Kem {
  const decapsulate = primitives.decapsulateBy(privateKey.slice(0, ML_KEM_SEED_BYTES))
  const agree = primitives.agreeBy(privateKey.slice(ML_KEM_SEED_BYTES))
  const publicKey = publicOf(agree)
  return {
    suite: SUITE_XWING,
    encBytes: XWING_ENC_BYTES,
    decapsulate (enc) {
      const theirKey = enc.slice(ML_KEM_CIPHERTEXT_BYTES)
      const dh = agree(theirKey)
      if (dh === null) return null
      const secret = decapsulate(enc.subarray(0, ML_KEM_CIPHERTEXT_BYTES))
      return sha3Of256(concat(secret, dh, theirKey, publicKey, XWING_LABEL))
    }
  }
}

/** Of an X25519 private key. */
export function publicKeyOf (privateKey: Uint8Array): Uint8Array {
  return publicOf(fastestPrimitives.agreeBy(privateKey))
}

function publicOf (agree: (publicKey: Uint8Array) => Uint8Array | null): Uint8Array {
  const publicKey = agree(BASE_POINT)
  invariant(publicKey !== null, 'the base point is not of low order')
  return publicKey
}
