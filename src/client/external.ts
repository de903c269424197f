/**
 * Another authority's key file at a registration: what it proves about the applicant's request. The file is only read, and
 * nothing of its key is kept or sent. For Node.
 */
import { thumbprintOf, toPem } from '../crypto/certificate.ts'
import { readCsr } from '../crypto/csr.ts'
import { proveExternalIdentity } from '../crypto/external-identity.ts'
import { rsaSigner } from '../crypto/jws.ts'
import { readPkcs12 } from '../crypto/pkcs12.ts'
import { MAX_CHAIN_CERTIFICATES, type ExternalEvidence } from '../domain/holder.ts'
import { ClientError } from './identity.ts'

/**
 * Evidence about the request `csr` for the platform of that name.
 * @throws BonginError `certificate-malformed` (passphrase, file), ClientError `file` for a file without a certificate.
 */
export async function externalEvidence ({ p12, passphrase, csr, platform }: {
  p12: Uint8Array, passphrase: string, csr: string, platform: string
}): Promise<ExternalEvidence> {
  const { privateKeyPkcs8, chain } = readPkcs12(p12, passphrase)
  const [own] = chain
  if (own === undefined) throw new ClientError('file', 'The key file of the other authority holds no certificate.')
  const signer = await rsaSigner({ privateKeyPkcs8, thumbprint: thumbprintOf(own) })
  const proof = await proveExternalIdentity(signer, { csrDer: readCsr(csr).der, platform })
  return { chain: chain.slice(0, MAX_CHAIN_CERTIFICATES).map((der) => toPem(der)), proof }
}
