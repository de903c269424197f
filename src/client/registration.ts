/**
 * Registration, renewal, and what platform officers decide. The private key never takes part: a certification request
 * (PKCS#10) made on the holder's side is all that is sent. Runs in a browser.
 */
import { toBase64url } from '../crypto/bytes.ts'
import { signJws } from '../crypto/jws.ts'
import type { ExternalEvidence, OfficerProfile, RevocationCode, SupplierProfile } from '../domain/holder.ts'
import { segment, type Api } from './api.ts'
import { encryptionOf, type Identity } from './identity.ts'
import type { HolderView, PendingRegistration, RegistrationReceipt, RegistrationView } from './types.ts'

/** With `external`: a certificate of another authority and its key's proof, as `external.ts` makes it. */
export async function applySupplier (api: Api, { csr, profile, external }: {
  csr: string, profile: SupplierProfile, external?: ExternalEvidence | undefined
}): Promise<RegistrationReceipt> {
  return await api.post('/v1/registrations', { kind: 'supplier', csr, profile, ...(external === undefined ? {} : { external }) })
}

/** With `enrolmentCode` (the first platform officer's) the server approves at once. */
export async function applyOfficer (api: Api, { csr, profile, enrolmentCode }: {
  csr: string, profile: OfficerProfile, enrolmentCode?: string | undefined
}): Promise<RegistrationReceipt> {
  return await api.post('/v1/registrations', { kind: 'officer', csr, profile, ...(enrolmentCode === undefined ? {} : { enrolmentCode }) })
}

export async function registrationStatus (api: Api, registrationId: string): Promise<RegistrationView> {
  return await api.get(`/v1/registrations/${segment(registrationId)}`)
}

export async function listPending (api: Api): Promise<PendingRegistration[]> {
  return (await api.get<{ items: PendingRegistration[] }>('/v1/registrations', { status: 'pending' })).items
}

export async function approve (api: Api, registrationId: string): Promise<RegistrationReceipt & { holderId: string }> {
  return await api.post(`/v1/registrations/${segment(registrationId)}/approval`, {})
}

export async function reject (api: Api, { registrationId, reason }: { registrationId: string, reason: string }): Promise<RegistrationReceipt> {
  return await api.post(`/v1/registrations/${segment(registrationId)}/rejection`, { reason })
}

/** Same holder, new validity; the key in the request may be a new one. */
export async function renewCertificate (session: Api, csr: string, external?: ExternalEvidence): Promise<{ certificate: string, chain: string[] }> {
  return await session.post('/v1/me/certificates', { csr, ...(external === undefined ? {} : { external }) })
}

export async function me (session: Api): Promise<HolderView> {
  return await session.get('/v1/me')
}

/** Lets seeds and recovery shares be sealed to this officer. Once published it cannot be replaced. */
export async function publishEncryptionKey (session: Api, identity: Identity): Promise<void> {
  const { publicKey } = encryptionOf(identity)
  const payload = { v: 1, type: 'bongin-encryption-key', officerId: identity.holderId, publicKey: toBase64url(publicKey) }
  await session.put('/v1/me/encryption-key', { jws: await signJws(identity.signer, 'bongin-encryption-key', payload) })
}

/** 부정당업자 제재: from ≤ t < until the supplier can't bid. */
export async function suspendSupplier (session: Api, { supplierId, from, until, reason }: {
  supplierId: string, from: string, until: string, reason: string
}): Promise<{ suspensionId: number | string }> {
  return await session.post(`/v1/suppliers/${segment(supplierId)}/suspensions`, { from, until, reason })
}

export async function liftSuspension (session: Api, { supplierId, suspensionId, reason }: {
  supplierId: string, suspensionId: string, reason: string
}): Promise<void> {
  await session.post(`/v1/suppliers/${segment(supplierId)}/suspensions/${segment(suspensionId)}/lift`, { reason })
}

export async function revokeCertificate (session: Api, { thumbprint, reason, code = 'unspecified' }: {
  thumbprint: string, reason: string, code?: RevocationCode
}): Promise<void> {
  await session.post(`/v1/certificates/${segment(thumbprint)}/revocation`, { reason, code })
}
