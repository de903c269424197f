/**
 * Signing the closing record's checkpoint (c2sp.org/tlog-checkpoint) by the platform's Ed25519 key, held by node:crypto.
 * The text form and the verifying half, which run in a browser, are in `checkpoint-verify.ts` and passed on from here.
 */
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { fromBase64url, utf8 } from './bytes.ts'
import { type Checkpoint, checkpointBody, signatureLine } from './checkpoint-verify.ts'

export { type Checkpoint, checkpointOrigin, openCheckpoint, verifierKey } from './checkpoint-verify.ts'

/** The whole note. Ed25519 signs deterministically: the same checkpoint always gives the same text. */
export function signCheckpoint ({ keyName, privateKey, ...checkpoint }: Checkpoint & { keyName: string, privateKey: KeyObject }): string {
  const body = checkpointBody(checkpoint)
  const signature = sign(null, utf8(body), privateKey)
  return `${body}\n${signatureLine({ keyName, publicKey: rawPublicKey(privateKey), signature })}`
}

function rawPublicKey (privateKey: KeyObject): Uint8Array {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return fromBase64url(x ?? '')
}
