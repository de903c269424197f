/** The platform's revocation list, fetched and checked under its issuing authority. Runs in a browser. */
import { isCrlSignedBy, readCrl, type Crl } from '../crypto/crl.ts'
import { readTrust } from '../crypto/certificate.ts'
import type { Api } from './api.ts'
import { ClientError } from './identity.ts'
import type { Platform } from './platform.ts'

/** @throws BonginError `crl-invalid`; ClientError `not-trusted` for a list that the issuing authority did not sign. */
export async function fetchRevocationList (api: Api, platform: Pick<Platform, 'rootDer' | 'issuingDer'>): Promise<{ der: Uint8Array, crl: Crl }> {
  const der = await api.getBytes('/v1/crl')
  const crl = readCrl(der)
  const { issuing } = readTrust(platform)
  if (!isCrlSignedBy(crl, issuing.publicKey)) throw new ClientError('not-trusted', "The revocation list is not signed by the platform's issuing authority.")
  return { der, crl }
}
