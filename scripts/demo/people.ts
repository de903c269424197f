/** Agency, officers and suppliers of the demo: each makes its keys, applies over HTTP, is approved, and logs in. */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { Api } from '../../src/client/api.ts'
import type { Identity } from '../../src/client/identity.ts'
import { fetchPlatform, type Platform } from '../../src/client/platform.ts'
import { applyOfficer, applySupplier, approve, publishEncryptionKey, registrationStatus } from '../../src/client/registration.ts'
import { openSession } from '../../src/client/sessions.ts'
import { fromPem, readCertificate } from '../../src/crypto/certificate.ts'
import { rsaSigner } from '../../src/crypto/jws.ts'
import { makeEncryptionKey } from '../../src/crypto/shares.ts'
import { makeBusinessNumber } from '../../src/domain/business-number.ts'
import type { OfficerRole } from '../../src/domain/holder.ts'
import type { AgencyId } from '../../src/domain/ids.ts'
import type { KeyTask, MadeKeys } from './make-keys.ts'

export interface Person { identity: Identity, api: Api, token: string, privateKeyPkcs8: Uint8Array }
export interface Officers { platform: Person, executing: Person, witness: Person, audit: Person }

const AGENCY = { agencyId: '1230000' as AgencyId, name: '조달청 (시연)' }
const CONTACT = { name: '담당자', phone: '070-0000-0000', email: 'demo@example.kr' }

/** A crowd of new connections at one moment would be refused by a loaded machine. */
const REGISTERING_AT_ONCE = 16

export class Town {
  /** Of this process, by subject: the same people come to all its servers, and a key takes longer than the rest of a registration. */
  static readonly #made = new Map<string, Promise<MadeKeys>>()
  readonly #makers = new Piscina<KeyTask, MadeKeys>({ filename: new URL('make-keys.ts', import.meta.url).href, maxThreads: availableParallelism() })
  readonly publicApi: Api
  readonly trust: Platform
  #registered = 0

  private constructor (publicApi: Api, trust: Platform) {
    this.publicApi = publicApi
    this.trust = trust
  }

  static async visit (baseUrl: string): Promise<Town> {
    const publicApi = new Api({ baseUrl })
    return new Town(publicApi, await fetchPlatform(publicApi))
  }

  async enrolOfficers (firstOfficerCode: string): Promise<Officers> {
    const platform = await this.#officer('플랫폼 담당관', 'platform', { code: firstOfficerCode })
    const by = { approver: platform }
    const [executing, witness, audit] = await Promise.all([
      this.#officer('입찰집행관', 'executing', by), this.#officer('입회관', 'witness', by), this.#officer('감사관', 'audit', by)
    ])
    return { platform, executing, witness, audit }
  }

  async #officer (name: string, role: OfficerRole, by: { code: string } | { approver: Person }): Promise<Person> {
    const keys = await this.#keysOf({ commonName: name, organization: AGENCY.name })
    const profile = { name, agency: AGENCY, roles: [role], contact: CONTACT }
    const enrolmentCode = 'code' in by ? by.code : undefined
    const { registrationId } = await applyOfficer(this.publicApi, { csr: keys.csr, profile, enrolmentCode })
    if ('approver' in by) await approve(by.approver.api, registrationId)
    const person = await this.#login(registrationId, keys, { encrypts: true })
    await publishEncryptionKey(person.api, person.identity)
    return person
  }

  /** `count` new suppliers; `onOne` after each. */
  async registerSuppliers (approver: Person, count: number, onOne: (done: number) => void): Promise<Person[]> {
    const suppliers: Person[] = []
    let started = 0
    const lane = async (): Promise<void> => {
      while (started < count) {
        started += 1
        suppliers.push(await this.#supplier(approver, ++this.#registered))
        onOne(suppliers.length)
      }
    }
    await Promise.all(Array.from({ length: REGISTERING_AT_ONCE }, lane))
    return suppliers
  }

  async #supplier (approver: Person, number: number): Promise<Person> {
    const businessNumber = makeBusinessNumber(String(100_000_000 + number * 7919))
    const [companyName, representative] = [`주식회사 시연 ${number}호`, `대표 ${number}`]
    const keys = await this.#keysOf({ commonName: representative, organization: companyName, serialNumber: businessNumber })
    const profile = { companyName, businessNumber, representative, address: '서울특별시', contact: CONTACT, linesOfBusiness: ['0001'], region: '서울특별시' }
    const { registrationId } = await applySupplier(this.publicApi, { csr: keys.csr, profile })
    await approve(approver.api, registrationId)
    return await this.#login(registrationId, keys, { encrypts: false })
  }

  async #login (registrationId: string, { privateKeyPkcs8 }: MadeKeys, { encrypts }: { encrypts: boolean }): Promise<Person> {
    const { certificate } = await registrationStatus(this.publicApi, registrationId)
    const certificateDer = fromPem(certificate ?? '')
    const { holderId, kind, thumbprint, commonName } = readCertificate(certificateDer)
    const signer = await rsaSigner({ privateKeyPkcs8, thumbprint })
    const identity: Identity = {
      holderId, kind, name: commonName, signer, thumbprint, certificateDer, ...(encrypts ? { encryption: makeEncryptionKey() } : {})
    }
    const { api, token } = await openSession(this.publicApi, identity, this.trust.name)
    return { identity, api, token, privateKeyPkcs8 }
  }

  async #keysOf (subject: KeyTask): Promise<MadeKeys> {
    const name = JSON.stringify(subject)
    const keys = Town.#made.get(name) ?? this.#makers.run(subject)
    Town.#made.set(name, keys)
    return await keys
  }

  async close (): Promise<void> {
    await this.#makers.destroy()
  }
}
