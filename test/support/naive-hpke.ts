/**
 * HPKE as RFC 9180 writes it down, line by line, on node:crypto alone: base mode of the suite 0x0020, 0x0001, 0x0003, sealing and opening.
 * Slow and plain on purpose: a third program that shares no code with `crypto/hpke.ts` or panva's library, and that can show what lies
 * between (the RFC's vectors give every step).
 */
import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'

const text = (value: string): Buffer => Buffer.from(value, 'ascii')
const KEM = Buffer.concat([text('KEM'), Buffer.of(0x00, 0x20)])
const SUITE = Buffer.concat([text('HPKE'), Buffer.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03)])
/** DER of an X25519 key up to its 32 bytes (RFC 8410 §4, §7). */
const [SPKI, PKCS8] = [Buffer.from('302a300506032b656e032100', 'hex'), Buffer.from('302e020100300506032b656e04220420', 'hex')]
const TAG_BYTES = 16

const hmac = (key: Uint8Array, message: Uint8Array): Buffer => createHmac('sha256', key).update(message).digest()
const none = Buffer.alloc(0)

/** §4 LabeledExtract. */
function extract (suite: Buffer, salt: Uint8Array, label: string, ikm: Uint8Array): Buffer {
  return hmac(salt, Buffer.concat([text('HPKE-v1'), suite, text(label), ikm]))
}

/** §4 LabeledExpand, for lengths of one block. */
function expand (suite: Buffer, prk: Uint8Array, label: string, info: Uint8Array, length: number): Buffer {
  return hmac(prk, Buffer.concat([Buffer.of(0, length), text('HPKE-v1'), suite, text(label), info, Buffer.of(1)])).subarray(0, length)
}

const privateKeyOf = (raw: Uint8Array) => createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' })
const publicKeyOf = (raw: Uint8Array) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })

export function naivePublicKey (privateKey: Uint8Array): Buffer {
  return createPublicKey(privateKeyOf(privateKey)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length)
}

/** §4.1 Encap and Decap from where they meet, §5.1 KeySchedule. @throws where the shared secret would be all zero. */
export function naiveSchedule ({ own, other, enc, recipient, info }: {
  own: Uint8Array, other: Uint8Array, enc: Uint8Array, recipient: Uint8Array, info: Uint8Array
}) {
  const dh = diffieHellman({ privateKey: privateKeyOf(own), publicKey: publicKeyOf(other) })
  const kemContext = Buffer.concat([enc, recipient])
  const sharedSecret = expand(KEM, extract(KEM, none, 'eae_prk', dh), 'shared_secret', kemContext, 32)
  const context = Buffer.concat([Buffer.of(0), extract(SUITE, none, 'psk_id_hash', none), extract(SUITE, none, 'info_hash', info)])
  const secret = extract(SUITE, sharedSecret, 'secret', none)
  return {
    sharedSecret,
    context,
    secret,
    key: expand(SUITE, secret, 'key', context, 32),
    baseNonce: expand(SUITE, secret, 'base_nonce', context, 12),
    exporterSecret: expand(SUITE, secret, 'exp', context, 32)
  }
}

/** §5.2 ComputeNonce. */
export function naiveNonce (baseNonce: Uint8Array, sequence: number): Buffer {
  const counter = Buffer.alloc(12)
  counter.writeUInt32BE(sequence, 8)
  return counter.map((byte, i) => byte ^ (baseNonce[i] ?? 0)) as Buffer
}

export function naiveAead (key: Uint8Array | KeyObject, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(aad, { plaintextLength: plaintext.length })
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** §6.1 SealBase with the ephemeral key of the caller. */
export function naiveSeal ({ publicKey, ephemeral, info, aad, plaintext }: {
  publicKey: Uint8Array, ephemeral: Uint8Array, info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array
}): { enc: Uint8Array, ciphertext: Uint8Array } {
  const enc = naivePublicKey(ephemeral)
  const { key, baseNonce } = naiveSchedule({ own: ephemeral, other: publicKey, enc, recipient: publicKey, info })
  return { enc: new Uint8Array(enc), ciphertext: new Uint8Array(naiveAead(key, baseNonce, aad, plaintext)) }
}

/** §6.1 OpenBase; null for whatever does not open. */
export function naiveOpen ({ privateKey, enc, info, aad, ciphertext }: {
  privateKey: Uint8Array, enc: Uint8Array, info: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array
}): Uint8Array | null {
  if (enc.length !== 32 || ciphertext.length < TAG_BYTES) return null
  try {
    const { key, baseNonce } = naiveSchedule({ own: privateKey, other: enc, enc, recipient: naivePublicKey(privateKey), info })
    const [body, tag] = [ciphertext.subarray(0, -TAG_BYTES), ciphertext.subarray(-TAG_BYTES)]
    const decipher = createDecipheriv('chacha20-poly1305', key, baseNonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(aad, { plaintextLength: body.length })
    decipher.setAuthTag(tag)
    return new Uint8Array(Buffer.concat([decipher.update(body), decipher.final()]))
  } catch {
    return null
  }
}
