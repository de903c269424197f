/**
 * Registration, once (조달업체·이용자 등록): a certification request and a profile come in, a platform officer decides.
 * The request's self-signature proves that the applicant holds the key; nobody else ever does.
 * The very first platform officer is let in by a one-time code that lies in the server's data folder, and so is one when none is left.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { sha256, sha256Hex, utf8 } from '../crypto/bytes.ts'
import { readCsr } from '../crypto/csr.ts'
import { checkExternalIdentity } from '../crypto/external-identity.ts'
import { assertBusinessNumber } from '../domain/business-number.ts'
import { BonginError } from '../domain/errors.ts'
import type { ExternalEvidence, ExternalIdentity, OfficerProfile, RegistrationStatus, SupplierProfile } from '../domain/holder.ts'
import type { Sha256Hex, SupplierId } from '../domain/ids.ts'
import { keyHolder, latestCertificate } from '../storage/certificates.ts'
import { getSetting, putSetting } from '../storage/counters.ts'
import { getAgency } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import { insertRegistration, isKeyRegistered } from '../storage/registrations.ts'
import { grantRegistration } from './grant-registration.ts'
import type { Context } from './context.ts'

const FIRST_OFFICER_CODE = 'first-officer-code-sha256'
const USED = 'used'

export type Application =
  { kind: 'supplier'; csr: string; profile: SupplierProfile; external?: ExternalEvidence } | { kind: 'officer'; csr: string; profile: OfficerProfile; enrolmentCode?: string }

/**
 * Stores the application as pending, or approves it at once with the first officer's code.
 * @throws BonginError `csr-*`, `weak-key`, `invalid-business-number`, `registration-exists`, `agency-exists`, `key-reused`, `enrolment-code-invalid`,
 * `external-certificate-refused` and what else `checkExternalIdentity` throws.
 */
export async function applyRegistration (
  context: Context,
  application: Application
): Promise<{ registrationId: string; status: RegistrationStatus }> {
  const csr = readCsr(application.csr)
  if (application.kind === 'supplier') assertBusinessNumber(application.profile.businessNumber, '/profile/businessNumber')
  assertSubject(application, csr.subject)
  const registrationId = randomBytes(16).toString('hex')
  const now = context.clock.now()
  const external = application.kind === 'supplier' ? externalIdentity(context, { evidence: application.external, csrDer: csr.der, now }) : null

  return await context.db.write(async (tx) => {
    await assertFreeKey(tx, csr.publicKeySha256)
    if (application.kind === 'supplier') await assertNotRegistered(tx, application.profile.businessNumber as SupplierId, now)
    else await assertAgencyName(tx, application.profile)
    await insertRegistration(tx, {
      registrationId,
      kind: application.kind,
      profile: application.profile,
      external,
      publicKeySpki: Buffer.from(csr.publicKeySpki),
      publicKeySha256: csr.publicKeySha256,
      status: 'pending',
      createdAt: now
    })
    if (application.kind !== 'officer' || application.enrolmentCode === undefined) return { registrationId, status: 'pending' }
    await takeFirstOfficerCode(tx, application.enrolmentCode, application.profile)
    await grantRegistration(context, tx, { registrationId, decidedBy: 'first-officer-code', now })
    return { registrationId, status: 'approved' }
  })
}

/** Who another authority says that the applicant is, where the applicant showed it. @throws BonginError as `checkExternalIdentity`. */
export function externalIdentity (
  context: Context,
  { evidence, csrDer, now }: { evidence: ExternalEvidence | undefined; csrDer: Uint8Array; now: number }
): ExternalIdentity | null {
  if (evidence === undefined) return null
  return checkExternalIdentity(evidence, { store: context.trustStore(), csrDer, platform: context.platform.name, at: now })
}

/** A new one-time code, in place of one that was not used. */
export async function makeFirstOfficerCode (context: Pick<Context, 'db'>): Promise<string> {
  return await context.db.write(drawFirstOfficerCode)
}

/** The same, as a part of something larger. */
export async function drawFirstOfficerCode (tx: Db): Promise<string> {
  const code = randomBytes(20).toString('base64url')
  await putSetting(tx, FIRST_OFFICER_CODE, sha256Hex(utf8(code)))
  return code
}

export async function isFirstOfficerEnrolled (context: Pick<Context, 'db'>): Promise<boolean> {
  return (await getSetting(context.db.read, FIRST_OFFICER_CODE)) === USED
}

async function takeFirstOfficerCode (tx: Db, code: string, profile: OfficerProfile): Promise<void> {
  const expected = await getSetting(tx, FIRST_OFFICER_CODE)
  const given = Buffer.from(sha256(utf8(code)))
  const platformOnly = profile.roles.length === 1 && profile.roles[0] === 'platform'
  const matches = expected !== null && expected !== USED && timingSafeEqual(given, Buffer.from(expected, 'hex'))
  if (!matches || !platformOnly) {
    throw new BonginError('enrolment-code-invalid', {
      field: matches ? '/profile/roles' : '/enrolmentCode',
      detail: 'The first officer\'s code is wrong or used, or asks for other roles than "platform".',
      detailKo: '최초 담당관 등록 코드가 틀렸거나 이미 사용되었거나, "platform" 외의 역할을 요청했습니다.'
    })
  }
  await putSetting(tx, FIRST_OFFICER_CODE, USED)
}

function assertSubject (application: Application, subject: ReturnType<typeof readCsr>['subject']): void {
  const expected =
    application.kind === 'supplier'
      ? {
          commonName: application.profile.representative,
          organization: application.profile.companyName,
          serialNumber: application.profile.businessNumber
        }
      : { commonName: application.profile.name, organization: application.profile.agency.name, serialNumber: subject.serialNumber }
  for (const name of ['commonName', 'organization', 'serialNumber'] as const) {
    if (subject[name] === expected[name]) continue
    throw new BonginError('csr-subject-mismatch', {
      field: '/csr',
      detail: `The request's subject (${name}) does not say what the profile says.`,
      detailKo: `인증서 신청서의 주체(${name})가 등록 정보와 다릅니다.`
    })
  }
}

/** @throws BonginError `key-reused` */
export async function assertFreeKey (tx: Db, publicKeySha256: Sha256Hex): Promise<void> {
  if (!(await isKeyRegistered(tx, publicKeySha256)) && (await keyHolder(tx, publicKeySha256)) === null) return
  throw new BonginError('key-reused', {
    field: '/csr',
    detail: 'This key is in use or applied for already. Make a new key pair.',
    detailKo: '이미 사용 중이거나 신청된 키입니다. 새 키 쌍을 만드십시오.'
  })
}

/** A supplier whose certificates are all expired or revoked may register anew, e.g. after losing its key. */
async function assertNotRegistered (tx: Db, supplierId: SupplierId, now: number): Promise<void> {
  const certificate = await latestCertificate(tx, supplierId)
  if (certificate === null || certificate.revokedAt !== null || certificate.notAfter < now) return
  throw new BonginError('registration-exists', {
    field: '/profile/businessNumber',
    detail: 'This business is registered and its certificate is valid. Renew the certificate instead.',
    detailKo: '이미 등록되어 유효한 인증서가 있는 사업자입니다. 인증서를 갱신하십시오.'
  })
}

async function assertAgencyName (tx: Db, profile: OfficerProfile): Promise<void> {
  const agency = await getAgency(tx, profile.agency.agencyId)
  if (agency === null || agency.name === profile.agency.name) return
  throw new BonginError('agency-exists', {
    field: '/profile/agency/name',
    detail: 'This agency code is enrolled under another name.',
    detailKo: '이 기관 코드는 다른 이름으로 등록되어 있습니다.'
  })
}
