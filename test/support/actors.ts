/**
 * People at a real server, registered and logged in through the client alone: a platform officer, the committee, suppliers.
 */
import { DRAFT_DEFAULTS } from '../../src/domain/draft.ts'
import { Api } from '../../src/client/api.ts'
import type { Identity } from '../../src/client/identity.ts'
import { fetchPlatform, type Platform } from '../../src/client/platform.ts'
import { applyOfficer, applySupplier, approve, publishEncryptionKey, registrationStatus } from '../../src/client/registration.ts'
import { openSession } from '../../src/client/sessions.ts'
import { fromPem, readCertificate } from '../../src/crypto/certificate.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { rsaSigner } from '../../src/crypto/jws.ts'
import { makeEncryptionKey } from '../../src/crypto/shares.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { OfficerRole } from '../../src/domain/holder.ts'
import type { AgencyId, OfficerId } from '../../src/domain/ids.ts'
import type { TestApp } from './build-app.ts'
import { testKeyPair } from './kept-keys.ts'

export interface Actor { identity: Identity, api: Api }

export interface Cast {
  publicApi: Api
  platform: Platform
  chief: Actor
  executing: Actor
  witness: Actor
  audit: Actor
  suppliers: Actor[]
  /** One officer more. */
  enrol: (name: string, role: OfficerRole) => Promise<Actor>
  /** Logs in again, e.g. after the clock has moved past the session's end. */
  login: (actor: Actor) => Promise<Actor>
  /** The signing key (PKCS#8), for whoever goes on in another program. */
  keyOf: (actor: Actor) => Uint8Array
}

/** Business numbers with right check digits. */
export const BUSINESS_NUMBERS = ['1018116406', '2208162517', '1248100998', '1208147521'] as const
const CONTACT = { name: '담당자', phone: '02-000-0000', email: 'a@example.kr' }

interface Keys { privateKeyPkcs8: Uint8Array, csr: string }

async function makeKeys (subject: { commonName: string, organization: string, serialNumber?: string }): Promise<Keys> {
  const { privateKeyPkcs8 } = await testKeyPair()
  return { privateKeyPkcs8, csr: createCsr({ privateKeyPkcs8, subject }) }
}

async function certified (api: Api, registrationId: string, { privateKeyPkcs8 }: Keys): Promise<Identity> {
  const { certificate } = await registrationStatus(api, registrationId)
  const certificateDer = fromPem(certificate ?? '')
  const { holderId, kind, thumbprint, commonName } = readCertificate(certificateDer)
  const signer = await rsaSigner({ privateKeyPkcs8, thumbprint })
  const identity: Identity = { holderId, kind, name: commonName, signer, thumbprint, certificateDer }
  return kind === 'officer' ? { ...identity, encryption: makeEncryptionKey() } : identity
}

async function login (publicApi: Api, platform: Platform, identity: Identity): Promise<Actor> {
  return { identity, api: (await openSession(publicApi, identity, platform.name)).api }
}

/** Everybody that a tender needs; `suppliers` at most four. */
export async function makeCast (app: Pick<TestApp, 'baseUrl' | 'firstOfficerCode'>, { suppliers = 3 } = {}): Promise<Cast> {
  const publicApi = new Api({ baseUrl: app.baseUrl })
  const platform = await fetchPlatform(publicApi)
  const agency = { agencyId: '1230000' as AgencyId, name: '조달청' }
  const privateKeys = new Map<string, Uint8Array>()
  const enter = async (registrationId: string, keys: Keys): Promise<Actor> => {
    const actor = await login(publicApi, platform, await certified(publicApi, registrationId, keys))
    privateKeys.set(actor.identity.holderId, keys.privateKeyPkcs8)
    return actor
  }
  const officer = async (name: string, role: OfficerRole, approver: Actor | null): Promise<Actor> => {
    const keys = await makeKeys({ commonName: name, organization: agency.name })
    const profile = { name, agency, roles: [role], contact: CONTACT }
    const enrolmentCode = approver === null ? app.firstOfficerCode : undefined
    const { registrationId } = await applyOfficer(publicApi, { csr: keys.csr, profile, enrolmentCode })
    if (approver !== null) await approve(approver.api, registrationId)
    const actor = await enter(registrationId, keys)
    await publishEncryptionKey(actor.api, actor.identity)
    return actor
  }
  const chief = await officer('김플랫폼', 'platform', null)
  const supplier = async (businessNumber: string, index: number): Promise<Actor> => {
    const [representative, companyName] = [`대표${index}`, `주식회사 ${index}호`]
    const keys = await makeKeys({ commonName: representative, organization: companyName, serialNumber: businessNumber })
    const profile = { companyName, businessNumber, representative, address: '서울', contact: CONTACT, linesOfBusiness: ['0001'], region: '서울특별시' }
    const { registrationId } = await applySupplier(publicApi, { csr: keys.csr, profile })
    await approve(chief.api, registrationId)
    return await enter(registrationId, keys)
  }
  const [executing, witness, audit, ...others] = await Promise.all([
    officer('이집행', 'executing', chief), officer('박입회', 'witness', chief), officer('최감사', 'audit', chief),
    ...BUSINESS_NUMBERS.slice(0, suppliers).map(supplier)
  ])
  const loginAgain = async ({ identity }: Actor): Promise<Actor> => await login(publicApi, platform, identity)
  const enrol = async (name: string, role: OfficerRole): Promise<Actor> => await officer(name, role, await loginAgain(chief))
  const keyOf = ({ identity }: Actor): Uint8Array => privateKeys.get(identity.holderId) ?? new Uint8Array(0)
  return { publicApi, platform, chief, executing, witness, audit, suppliers: others, enrol, login: loginAgain, keyOf }
}

/** A draft that the rules allow; closes at 10:00 on the day of the test clock, opens at 11:00. */
export function draftFor (cast: Pick<Cast, 'executing' | 'witness' | 'audit'>, change: Partial<TenderDraft> = {}): TenderDraft {
  const { executing, witness, audit } = cast
  const id = ({ identity }: Actor): OfficerId => identity.holderId as OfficerId
  return {
    title: '청사 보수공사',
    referenceNo: '',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: 26_980_000,
    price: {
      method: 'multiple-derived', decimals: 0, baseAmountWon: 29_678_000, rangePpm: 30_000, slotPlan: 'upper-7', priceUnitWon: 100, plannedPriceRounding: 'up-1'
    },
    ...DRAFT_DEFAULTS,
    unitPrices: [],
    floorRatePpm: 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: CONTACT,
    attachments: [],
    committee: { executing: id(executing), witness: id(witness), recovery: [id(audit)], threshold: 2 },
    schedule: {
      questionsFrom: '2026-11-24T09:00:00+09:00',
      questionsUntil: '2026-11-24T09:30:00+09:00',
      closesAt: '2026-11-24T10:00:00+09:00',
      technicalOpensAt: null,
      opensAt: '2026-11-24T11:00:00+09:00'
    },
    previousTenderId: null,
    changeReason: '',
    ...change
  }
}
