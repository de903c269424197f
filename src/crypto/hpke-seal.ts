/**
 * HPKE (RFC 9180) base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 (0x0020, 0x0001,
 * 0x0003) for every seal in Bongin, and where a notice says so X-Wing (0x647a) in DHKEM's place. The client's side:
 * asynchronous, on panva's `hpke`, and runs in a browser. AEAD and X-Wing are always the noble ones, as WebCrypto does not
 * have them everywhere. `hpke.ts` is the server's side, written apart from this; the tests hold the two against each other.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import {
  type AEADFactory, CipherSuite, DecapError, DeserializeError, EncapError, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256, OpenError, ValidationError
} from 'hpke'
import { BonginError } from '../domain/errors.ts'
import { SUITE_X25519, SUITE_XWING, type Suite } from '../domain/notice.ts'
import { type Bytes, randomBytes } from './bytes.ts'
import { isMlKemPublicKey, ML_KEM_PUBLIC_KEY_BYTES, xWingPublicKey } from './ml-kem.ts'

/** X25519 keys, shared secrets and encapsulated keys (`enc`). */
export const KEY_BYTES = 32
/** The Poly1305 tag at the end of every ciphertext. */
export const TAG_BYTES = 16

/** RFC 8439, id 0x0003. */
const aead: AEADFactory = () => ({
  id: 0x0003,
  type: 'AEAD',
  name: 'ChaCha20Poly1305',
  Nk: 32,
  Nn: 12,
  Nt: TAG_BYTES,
  Seal: async (key, nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),
  Open: async (key, nonce, aad, ciphertext) => chacha20poly1305(key, nonce, aad).decrypt(ciphertext)
})

/** Made when first used; X-Wing is loaded then, as few notices ask for it. */
const suites = new Map<Suite, Promise<CipherSuite>>()

async function cipherSuite (id: Suite): Promise<CipherSuite> {
  const made = suites.get(id) ?? makeSuite(id)
  suites.set(id, made)
  return await made
}

async function makeSuite (id: Suite): Promise<CipherSuite> {
  const kem = id === SUITE_XWING ? (await import('./x-wing-kem.ts')).xWing : KEM_DHKEM_X25519_HKDF_SHA256
  return new CipherSuite(kem, KDF_HKDF_SHA256, aead)
}

/** Bytes of a public key and of `enc` in each suite. */
export const SUITE_BYTES: Readonly<Record<Suite, { publicKey: number, enc: number }>> = {
  [SUITE_X25519]: { publicKey: KEY_BYTES, enc: KEY_BYTES },
  [SUITE_XWING]: { publicKey: 1_216, enc: 1_120 }
}

/** A public key's length tells its suite. */
export function suiteOf (publicKey: Uint8Array): Suite {
  return publicKey.length === SUITE_BYTES[SUITE_XWING].publicKey ? SUITE_XWING : SUITE_X25519
}

export interface SealedBytes { enc: Uint8Array, ciphertext: Uint8Array }

/** A recipient's key pair, raw; of X-Wing the private half is its seed (32 bytes). */
export function makeRecipientKey (suite: Suite = SUITE_X25519): { privateKey: Bytes, publicKey: Bytes } {
  const privateKey = randomBytes(KEY_BYTES)
  const publicKey = suite === SUITE_XWING ? xWingPublicKey(privateKey) : x25519.getPublicKey(privateKey)
  return { privateKey, publicKey: new Uint8Array(publicKey) }
}

/** @throws BonginError `invalid-request` when nothing can be sealed to this public key (length, low order, no ML-KEM key). */
export async function sealBase (job: {
  publicKey: Uint8Array
  info: Uint8Array
  aad: Uint8Array
  plaintext: Uint8Array
}): Promise<SealedBytes> {
  const { info, aad } = job
  try {
    const id = suiteOf(job.publicKey)
    // Noble takes coefficients that FIPS 203 §7.2 refuses.
    if (id === SUITE_XWING && !isMlKemPublicKey(job.publicKey.subarray(0, ML_KEM_PUBLIC_KEY_BYTES))) throw unusableKey()
    const suite = await cipherSuite(id)
    const recipient = await suite.DeserializePublicKey(job.publicKey)
    const sealed = await suite.Seal(recipient, job.plaintext, { info, aad })
    return { enc: sealed.encapsulatedSecret, ciphertext: sealed.ciphertext }
  } catch (error) {
    if (!(error instanceof DeserializeError || error instanceof EncapError || error instanceof ValidationError)) throw error
    throw unusableKey()
  }
}

function unusableKey (): BonginError {
  return new BonginError('invalid-request', {
    field: '/publicKey',
    detail: 'Nothing can be sealed to this public key: it is none, or of low order.',
    detailKo: '이 공개키로는 봉인할 수 없습니다(공개키가 아니거나 위수가 낮은 점입니다).'
  })
}

/**
 * The plaintext, or null for anything that does not open; with a private key as `makeRecipientKey` makes it. Synchronous,
 * in bulk, and with a tender's key: `hpke.ts`.
 */
export async function openSealed (job: {
  suite?: Suite
  privateKey: Uint8Array
  enc: Uint8Array
  info: Uint8Array
  aad: Uint8Array
  ciphertext: Uint8Array
}): Promise<Uint8Array | null> {
  const { info, aad, suite: id = SUITE_X25519 } = job
  const suite = await cipherSuite(id)
  // Both halves are handed over: alone, a private key would have to give up its public one, which not every WebCrypto can.
  const ownPublicKey = id === SUITE_XWING ? xWingPublicKey(job.privateKey) : x25519.getPublicKey(job.privateKey)
  const [privateKey, publicKey] = await Promise.all([
    suite.DeserializePrivateKey(job.privateKey),
    suite.DeserializePublicKey(ownPublicKey)
  ])
  try {
    return await suite.Open({ privateKey, publicKey }, job.enc, job.ciphertext, { info, aad })
  } catch (error) {
    if (error instanceof DecapError || error instanceof OpenError || error instanceof ValidationError) return null
    throw error
  }
}
