/**
 * Who is acting: a certified holder with the means to sign, and for officers the long-term X25519 key to which seeds
 * and recovery shares are sealed. Secret keys stay inside; nothing here is ever sent. Runs in a browser.
 */
import type { Signer } from '../crypto/jws.ts'
import type { HolderKind } from '../domain/holder.ts'
import type { Thumbprint } from '../domain/ids.ts'

export interface EncryptionKey { privateKey: Uint8Array, publicKey: Uint8Array }

export interface Identity {
  holderId: string
  kind: HolderKind
  name: string
  signer: Signer
  thumbprint: Thumbprint
  certificateDer: Uint8Array
  /** Officers only. */
  encryption?: EncryptionKey
}

/** Something on our own side stands in the way: a missing key, a refused server statement. Never the server's refusal. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: 'key-missing' | 'not-trusted' | 'too-early' | 'mismatch' | 'file'
  constructor (code: ClientError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** @throws ClientError `key-missing` for a holder without an encryption key. */
export function encryptionOf (identity: Identity): EncryptionKey {
  if (identity.encryption !== undefined) return identity.encryption
  throw new ClientError('key-missing', 'This key folder has no encryption key (encryption.jwe). Only officers have one.')
}
