/** An officer's X25519 key as its file has it: both halves, encrypted under a passphrase. Runs in a browser. */
import { equalBytes } from '../crypto/bytes.ts'
import { decryptBytes, encryptBytes } from '../crypto/encrypted-file.ts'
import { ClientError, type EncryptionKey } from './identity.ts'

const HALF_BYTES = 32

/** Opened again before it is handed out: nothing is relied on that does not give back the key. */
export async function encryptionFile ({ privateKey, publicKey }: EncryptionKey, passphrase: string): Promise<string> {
  const secret = new Uint8Array([...privateKey, ...publicKey])
  const sealed = await encryptBytes(secret, passphrase)
  if (!equalBytes(await decryptBytes(sealed, passphrase), secret)) throw new ClientError('file', 'The file of the encryption key does not open.')
  secret.fill(0)
  return sealed
}

/** @throws ClientError `file` where it holds no such key, or what `decryptBytes` throws. */
export async function readEncryptionFile (sealed: string, passphrase: string): Promise<EncryptionKey> {
  const secret = await decryptBytes(sealed, passphrase)
  if (secret.length !== 2 * HALF_BYTES) throw new ClientError('file', 'The file holds no encryption key.')
  return { privateKey: secret.slice(0, HALF_BYTES), publicKey: secret.slice(HALF_BYTES) }
}
