/**
 * An authenticator in software (WebAuthn §6): keys on P-256, real COSE keys, attestation objects and signatures, and a browser's
 * client data around them. It can be told to be at another address, for another domain, without its owner, or counted back.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { AssertionWire, AttestationWire } from '../../src/domain/passkey.ts'
import { encodeCbor } from './cbor.ts'

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const
const AAGUID = Buffer.alloc(16)

export interface Deviation {
  origin?: string
  rpId?: string
  /** User verification was not made. */
  unverified?: boolean
  /** In place of the next one. */
  counter?: number
  challenge?: string
  type?: string
  tampered?: boolean
}

interface Options { challenge: string, rp?: { id?: string }, rpId?: string }

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest()

export class Authenticator {
  readonly credentialId = randomBytes(32)
  readonly origin: string
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  counter: number
  /** `counter` null: an authenticator that has none, as those of synced passkeys. */
  readonly #counts: boolean

  constructor ({ origin, counter = 0 }: { origin: string, counter?: number | null }) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.origin = origin
    this.#privateKey = privateKey
    this.#publicKey = publicKey
    this.counter = counter ?? 0
    this.#counts = counter !== null
  }

  get id (): string { return this.credentialId.toString('base64url') }

  create (options: object, deviation: Deviation = {}): AttestationWire {
    const { challenge, rp } = options as Options
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.credentialId.length)
    const authData = Buffer.concat([
      this.#authenticatorData(rp?.id ?? '', deviation, FLAGS.attested), AAGUID, length, this.credentialId, encodeCbor(this.#coseKey())
    ])
    return {
      id: this.id,
      clientDataJSON: this.#clientData(challenge, 'webauthn.create', deviation).toString('base64url'),
      attestationObject: encodeCbor(new Map<string, string | Uint8Array | Map<string, string>>([['fmt', 'none'], ['attStmt', new Map()], ['authData', authData]])).toString('base64url'),
      transports: ['internal']
    }
  }

  get (options: object, deviation: Deviation = {}): AssertionWire {
    const { challenge, rpId = '' } = options as Options
    const authenticatorData = this.#authenticatorData(rpId, deviation)
    const clientData = this.#clientData(challenge, 'webauthn.get', deviation)
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), this.#privateKey)
    if (deviation.tampered === true) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
    return {
      id: this.id,
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url')
    }
  }

  #authenticatorData (rpId: string, { rpId: otherRpId, unverified = false, counter }: Deviation, flags = 0): Buffer {
    if (this.#counts) this.counter = counter ?? this.counter + 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(this.#counts ? this.counter : 0)
    return Buffer.concat([sha256(otherRpId ?? rpId), Buffer.from([FLAGS.present | (unverified ? 0 : FLAGS.verified) | flags]), count])
  }

  #clientData (challenge: string, type: string, deviation: Deviation): Buffer {
    const { origin = this.origin } = deviation
    return Buffer.from(JSON.stringify({ type: deviation.type ?? type, challenge: deviation.challenge ?? challenge, origin, crossOrigin: false }))
  }

  /** EC2, ES256, P-256 (RFC 9053 §7.1.1). */
  #coseKey (): Map<number, number | Uint8Array> {
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' })
    return new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]])
  }
}
