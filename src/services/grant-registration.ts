/** What approval means: the holder and, with it, its certificate come into being in one transaction. */
import { X509Certificate } from 'node:crypto'
import { BonginError, invariant } from '../domain/errors.ts'
import type { HolderKind, OfficerProfile, SupplierProfile } from '../domain/holder.ts'
import type { Instant, OfficerId, Sha256Hex, SupplierId, Thumbprint } from '../domain/ids.ts'
import { insertCertificate } from '../storage/certificates.ts'
import { nextNumber } from '../storage/counters.ts'
import { insertAgency, insertOfficer } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import { decideRegistration, getRegistration } from '../storage/registrations.ts'
import { upsertSupplier } from '../storage/suppliers.ts'
import type { Context } from './context.ts'

/** Certificates start a little early, so that a holder whose clock is slow can use a new one at once. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** @throws BonginError `not-found`, `registration-decided`. */
export async function grantRegistration (
  context: Context,
  tx: Db,
  {
    registrationId,
    decidedBy,
    now
  }: {
    registrationId: string
    decidedBy: string
    now: Instant
  }
): Promise<{ holderId: string; thumbprint: Thumbprint }> {
  const registration = await getRegistration(tx, registrationId)
  if (registration === null) throw new BonginError('not-found', { field: '/registrationId' })
  if (registration.status !== 'pending') throw registrationDecided()

  const holder =
    registration.kind === 'supplier'
      ? await enrolSupplier(tx, registration.profile as SupplierProfile, now)
      : await enrolOfficer(tx, registration.profile as OfficerProfile, now)
  const thumbprint = await issueCertificate(context, tx, {
    ...holder,
    kind: registration.kind,
    publicKeySpki: registration.publicKeySpki,
    publicKeySha256: registration.publicKeySha256,
    now
  })
  const first = await decideRegistration(tx, registrationId, {
    status: 'approved',
    reason: '',
    holderId: holder.holderId,
    thumbprint,
    decidedBy,
    decidedAt: now
  })
  invariant(first, 'a pending registration is decided once')
  return { holderId: holder.holderId, thumbprint }
}

export function registrationDecided (): BonginError {
  return new BonginError('registration-decided', {
    detail: 'This application was approved or rejected before.',
    detailKo: '이미 승인되었거나 거부된 신청입니다.'
  })
}

interface Names {
  holderId: string
  commonName: string
  organization: string
}

async function enrolSupplier (tx: Db, profile: SupplierProfile, now: Instant): Promise<Names> {
  const supplierId = profile.businessNumber as SupplierId
  await upsertSupplier(tx, { supplierId, profile, createdAt: now })
  return { holderId: supplierId, commonName: profile.representative, organization: profile.companyName }
}

async function enrolOfficer (tx: Db, profile: OfficerProfile, now: Instant): Promise<Names> {
  const { agencyId, name } = profile.agency
  await insertAgency(tx, { agencyId, name, createdAt: now })
  const officerId = `O${String(await nextNumber(tx, 'officer')).padStart(8, '0')}` as OfficerId
  await insertOfficer(tx, { officerId, agencyId, profile, roles: profile.roles, createdAt: now })
  return { holderId: officerId, commonName: profile.name, organization: name }
}

/** Issues and stores; the thumbprint names the certificate from then on. */
export async function issueCertificate (
  context: Context,
  tx: Db,
  subject: Names & {
    kind: HolderKind
    publicKeySpki: Uint8Array
    publicKeySha256: Sha256Hex
    now: Instant
  }
): Promise<Thumbprint> {
  const issued = context.authority.issue({
    holderId: subject.holderId,
    kind: subject.kind,
    commonName: subject.commonName,
    organization: subject.organization,
    publicKeySpki: subject.publicKeySpki,
    notBefore: subject.now - CLOCK_TOLERANCE_MS,
    notAfter: subject.now + context.policy.certificateMs
  })
  const stated = new X509Certificate(issued.der)
  await insertCertificate(tx, {
    thumbprint: issued.thumbprint,
    kind: subject.kind,
    holderId: subject.holderId,
    serialHex: issued.serialHex,
    der: Buffer.from(issued.der),
    publicKeySha256: subject.publicKeySha256,
    // X.509 times have whole seconds: what the certificate states is what counts.
    notBefore: stated.validFromDate.getTime(),
    notAfter: stated.validToDate.getTime()
  })
  return issued.thumbprint
}
