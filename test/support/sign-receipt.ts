/** A platform's signature under whatever payload, as a hostile one might give it: by node:crypto, and by nothing of the server's. */
import { sign, type KeyObject } from 'node:crypto'
import { jwsSigningInput } from '../../src/crypto/jws.ts'

export function signReceiptJws ({ privateKey, kid }: { privateKey: KeyObject, kid: string }, payload: object): string {
  const input = jwsSigningInput({ type: 'bongin-receipt', signer: kid, payload })
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
}
