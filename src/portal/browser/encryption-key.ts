/**
 * An officer's X25519 key, to which seeds and recovery shares are sealed. The client opens seals by arithmetic of its own and so
 * needs the key's bytes: they are kept as ciphertext under an AES key that cannot be exported, and are in the clear only in the
 * memory of a page of the desk. The bytes lie in no storage, but a script that runs in a page of this origin can have them.
 */
import type { EncryptionKey } from '../../client/identity.ts'

const AES = { name: 'AES-GCM', length: 256 } as const
const IV_BYTES = 12

/** As IndexedDB has it. */
export interface KeptEncryption {
  /** Not extractable. */
  wrappingKey: CryptoKey
  iv: Uint8Array<ArrayBuffer>
  ciphertext: ArrayBuffer
  publicKey: Uint8Array<ArrayBuffer>
}

export async function keptEncryption ({ privateKey, publicKey }: EncryptionKey): Promise<KeptEncryption> {
  const wrappingKey = await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const ciphertext = await crypto.subtle.encrypt({ name: AES.name, iv }, wrappingKey, new Uint8Array(privateKey))
  return { wrappingKey, iv, ciphertext, publicKey: new Uint8Array(publicKey) }
}

export async function openEncryption ({ wrappingKey, iv, ciphertext, publicKey }: KeptEncryption): Promise<EncryptionKey> {
  return { privateKey: new Uint8Array(await crypto.subtle.decrypt({ name: AES.name, iv }, wrappingKey, ciphertext)), publicKey }
}
