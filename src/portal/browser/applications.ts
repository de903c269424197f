/** Applications made in this browser: how each stands, and the certificate once there is one. */
import { registrationStatus } from '../../client/registration.ts'
import { equalBytes } from '../../crypto/bytes.ts'
import { fromPem, verifyCertificate } from '../../crypto/certificate.ts'
import { BonginError } from '../../domain/errors.ts'
import { parseInstant } from '../../domain/time.ts'
import { keepKey, type KeptKey } from './kept.ts'
import { supplierEn } from '../texts/en/supplier.ts'
import { supplierKo } from '../texts/ko/supplier.ts'
import { platformOf, publicApi } from './session.ts'

/** Asks the server, and keeps what it says. A certificate is kept once it is seen to be of the trusted root and of this key. */
export async function askAgain (key: KeptKey): Promise<KeptKey> {
  if (key.registrationId === null || key.certificateDer !== null) return key
  const { status, reason, certificate } = await registrationStatus(publicApi, key.registrationId)
  const known = { ...key, status, reason: reason ?? '', ...(certificate === null ? {} : await certified(key, certificate)) }
  await keepKey(known)
  return known
}

async function certified (key: KeptKey, certificate: string): Promise<Pick<KeptKey, 'holderId' | 'certificateDer'>> {
  const { rootDer, issuingDer, serverTime } = await platformOf(key)
  const certificateDer = fromPem(certificate)
  const { holderId, publicKeySpki } = verifyCertificate({ certificate: certificateDer, issuingDer, rootDer, at: parseInstant(serverTime) })
  if (equalBytes(publicKeySpki, key.publicKeySpki)) return { holderId, certificateDer }
  throw new BonginError('certificate-untrusted', { detail: supplierEn.certificateOtherKey, detailKo: supplierKo.certificateOtherKey })
}
