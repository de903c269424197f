/**
 * Opening HPKE seals (RFC 9180, base mode, suite 0x0020-0x0001-0x0003) synchronously and in bulk, for the server and
 * for `bongin verify`. What does not open gives null, never an exception: a wrong length, a low-order `enc` (§7.1.4),
 * a wrong tag. Everything that hangs on the key and `info` alone is computed once per tender.
 */
import { hash } from 'node:crypto'
import { invariant } from '../domain/errors.ts'
import { KEY_BYTES, TAG_BYTES } from './hpke-seal.ts'
import { fastestPrimitives, type Primitives } from './hpke-primitives.ts'

export interface Opener {
  /** The plaintext, or null. */
  open (enc: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array | null
}

const HASH_BYTES = 32
const BLOCK_BYTES = 64
const NONCE_BYTES = 12
const NOTHING = Buffer.alloc(0)
/** SHA-256's empty salt (RFC 5869 §2.2). */
const NO_SALT = Buffer.alloc(HASH_BYTES)
/** u of the Montgomery curve's base point. */
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(KEY_BYTES - 1))

const VERSION = Buffer.from('HPKE-v1')
const KEM_SUITE = Buffer.concat([Buffer.from('KEM'), Buffer.of(0x00, 0x20)])
const HPKE_SUITE = Buffer.concat([Buffer.from('HPKE'), Buffer.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03)])
const MODE_BASE = Buffer.of(0)

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
  invariant(privateKey.length === KEY_BYTES, 'an X25519 private key is 32 bytes long')
  const agree = primitives.agreeBy(privateKey)
  const publicKey = agree(BASE_POINT)
  invariant(publicKey !== null, 'the base point is not of low order')
  const schedule = createKeySchedule({ publicKey, info })
  return {
    open (enc, aad, ciphertext) {
      if (enc.length !== KEY_BYTES || ciphertext.length < TAG_BYTES) return null
      const dh = agree(enc)
      if (dh === null) return null
      const { key, nonce } = schedule(dh, enc)
      return primitives.openAead(key, nonce, aad, ciphertext)
    }
  }
}

/**
 * RFC 9180 §4.1 ExtractAndExpand and §5.1 KeySchedule as five HMACs over messages whose fixed parts are laid out here
 * once. The bytes returned are overwritten by the next call.
 */
function createKeySchedule ({ publicKey, info }: { publicKey: Uint8Array, info: Uint8Array }):
(dh: Uint8Array, enc: Uint8Array) => { key: Uint8Array, nonce: Uint8Array } {
  const context = Buffer.concat([
    MODE_BASE,
    hmacOnce(NO_SALT, labeled(HPKE_SUITE, 'psk_id_hash', NOTHING)),
    hmacOnce(NO_SALT, labeled(HPKE_SUITE, 'info_hash', info))
  ])
  const space = Buffer.alloc(KEY_BYTES)
  const extractDh = new Hmac(labeled(KEM_SUITE, 'eae_prk', space))
  const expandShared = new Hmac(expandMessage(KEM_SUITE, 'shared_secret', Buffer.concat([space, publicKey]), KEY_BYTES))
  const extractSecret = new Hmac(labeled(HPKE_SUITE, 'secret', NOTHING))
  const expandKey = new Hmac(expandMessage(HPKE_SUITE, 'key', context, KEY_BYTES))
  const expandNonce = new Hmac(expandMessage(HPKE_SUITE, 'base_nonce', context, NONCE_BYTES))
  const dhAt = extractDh.message.length - KEY_BYTES
  // enc and the public key stand before the expansion's counter byte.
  const encAt = expandShared.message.length - 1 - 2 * KEY_BYTES
  const nonce = expandNonce.digest.subarray(0, NONCE_BYTES)
  return (dh, enc) => {
    extractDh.message.set(dh, dhAt)
    extractDh.run(NO_SALT)
    expandShared.message.set(enc, encAt)
    expandShared.run(extractDh.digest)
    extractSecret.run(expandShared.digest)
    expandKey.run(extractSecret.digest)
    expandNonce.run(extractSecret.digest)
    return { key: expandKey.digest, nonce }
  }
}

/** LabeledExtract's message (§4). */
function labeled (suite: Buffer, label: string, ikm: Uint8Array): Buffer {
  return Buffer.concat([VERSION, suite, Buffer.from(label), ikm])
}

/** LabeledExpand's message for one block of HKDF (§4), its counter byte included. */
function expandMessage (suite: Buffer, label: string, info: Uint8Array, length: number): Buffer {
  return Buffer.concat([Buffer.of(0, length), VERSION, suite, Buffer.from(label), info, Buffer.of(1)])
}

/**
 * HMAC-SHA256 (RFC 2104) of a message of fixed length under a new key each time, in place: two one-shot hashes are
 * five times as fast as `createHmac`, and a digest that comes back as a binary string costs a third of a Buffer.
 */
class Hmac {
  readonly message: Buffer
  readonly digest: Buffer
  readonly #inner: Buffer
  readonly #outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0x5c)

  constructor (message: Uint8Array) {
    this.#inner = Buffer.concat([Buffer.alloc(BLOCK_BYTES, 0x36), message])
    this.message = this.#inner.subarray(BLOCK_BYTES)
    this.digest = Buffer.alloc(HASH_BYTES)
  }

  /** `key` is 32 bytes long; the rest of its block keeps the padding. */
  run (key: Uint8Array): void {
    for (let i = 0; i < HASH_BYTES; i++) {
      const byte = key[i] ?? 0
      this.#inner[i] = byte ^ 0x36
      this.#outer[i] = byte ^ 0x5c
    }
    this.#outer.write(hash('sha256', this.#inner, 'binary'), BLOCK_BYTES, 'binary')
    this.digest.write(hash('sha256', this.#outer, 'binary'), 'binary')
  }
}

function hmacOnce (key: Uint8Array, message: Uint8Array): Buffer {
  const hmac = new Hmac(message)
  hmac.run(key)
  return hmac.digest
}
