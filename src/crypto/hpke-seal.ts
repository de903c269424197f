/**
 * HPKE (RFC 9180) base mode, single shot, the suite of every seal in Bongin: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * ChaCha20-Poly1305 (0x0020, 0x0001, 0x0003). The client's side: asynchronous, on panva's `hpke`, and runs in a
 * browser. The AEAD is always the noble one, as WebCrypto has no ChaCha20-Poly1305 everywhere. `hpke.ts` is the
 * server's side, written apart from this; the tests hold the two against each other.
 */
import { x25519 } from '@noble/curves/ed25519.js'
import { AEAD_ChaCha20Poly1305 as chacha20Poly1305 } from '@panva/hpke-noble'
import {
  CipherSuite, DecapError, DeserializeError, EncapError, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256, OpenError, ValidationError
} from 'hpke'
import { BonginError } from '../domain/errors.ts'
import { type Bytes, randomBytes } from './bytes.ts'

/** X25519 keys, shared secrets and encapsulated keys (`enc`). */
export const KEY_BYTES = 32
/** The Poly1305 tag at the end of every ciphertext. */
export const TAG_BYTES = 16

const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, chacha20Poly1305)

export interface SealedBytes { enc: Uint8Array, ciphertext: Uint8Array }

/** A recipient's key pair, both halves raw (32 bytes). */
export function makeRecipientKey (): { privateKey: Bytes, publicKey: Bytes } {
  const privateKey = randomBytes(KEY_BYTES)
  return { privateKey, publicKey: new Uint8Array(x25519.getPublicKey(privateKey)) }
}

/** @throws BonginError `invalid-request` when nothing can be sealed to this public key (length, low order). */
export async function sealBase (job: {
  publicKey: Uint8Array
  info: Uint8Array
  aad: Uint8Array
  plaintext: Uint8Array
}): Promise<SealedBytes> {
  const { info, aad } = job
  try {
    const recipient = await suite.DeserializePublicKey(job.publicKey)
    const sealed = await suite.Seal(recipient, job.plaintext, { info, aad })
    return { enc: sealed.encapsulatedSecret, ciphertext: sealed.ciphertext }
  } catch (error) {
    if (!(error instanceof DeserializeError || error instanceof EncapError || error instanceof ValidationError)) throw error
    throw new BonginError('invalid-request', {
      field: '/publicKey',
      detail: 'Nothing can be sealed to this public key: it is not 32 bytes long or of low order.',
      detailKo: '이 공개키로는 봉인할 수 없습니다(길이가 32바이트가 아니거나 위수가 낮은 점입니다).'
    })
  }
}

/** The plaintext, or null for anything that does not open. Synchronous and in bulk: `hpke.ts`. */
export async function openSealed (job: {
  privateKey: Uint8Array
  enc: Uint8Array
  info: Uint8Array
  aad: Uint8Array
  ciphertext: Uint8Array
}): Promise<Uint8Array | null> {
  const { info, aad } = job
  // Both halves are handed over: alone, a private key would have to give up its public one, which not every WebCrypto can.
  const [privateKey, publicKey] = await Promise.all([
    suite.DeserializePrivateKey(job.privateKey),
    suite.DeserializePublicKey(x25519.getPublicKey(job.privateKey))
  ])
  try {
    return await suite.Open({ privateKey, publicKey }, job.enc, job.ciphertext, { info, aad })
  } catch (error) {
    if (error instanceof DecapError || error instanceof OpenError || error instanceof ValidationError) return null
    throw error
  }
}
