/** Certification requests (PKCS#10) by a private key in memory. For Node; `signCsr` is for a key that only signs. */
import { createPublicKey } from 'node:crypto'
import { requestInfo, signedRequest, type CsrSubject } from './csr.ts'
import { exportSpki } from './rsa-keys.ts'
import { readRsaPrivateKey, signRsaSha256 } from './rsa-private-keys.ts'

/**
 * @returns PEM, signed with SHA-256.
 * @throws BonginError `invalid-request` for a name that can't be written, `weak-key` for a key that can't be certified.
 */
export function createCsr ({ privateKeyPkcs8, subject }: { privateKeyPkcs8: Uint8Array, subject: CsrSubject }): string {
  const privateKey = readRsaPrivateKey(privateKeyPkcs8)
  const info = requestInfo({ publicKeySpki: exportSpki(createPublicKey(privateKey)), subject })
  return signedRequest(info, signRsaSha256(info, privateKey))
}
