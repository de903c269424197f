/**
 * Reading tenders, and believing what is read: every notice is checked as it will be at the verification of the opening,
 * its signature included, before anybody seals or signs on its strength. Runs in a browser.
 */
import { parseContribution } from '../crypto/contribution.ts'
import { parseJws, signJws } from '../crypto/jws.ts'
import { parseOutageAct, type OutageAct } from '../crypto/outage-act.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { checkContribution } from '../crypto/verify-committee.ts'
import { readNotices, type ReadNotice } from '../crypto/verify-notice.ts'
import { envelopeKinds } from '../domain/envelope-kind.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import type { Outage } from '../domain/outage.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import { tenderPath, type Api } from './api.ts'
import { ClientError, type Identity } from './identity.ts'
import type { Trust } from './trust.ts'
import { getOfficer } from './officers.ts'
import type { LotsView, TenderListItem, TenderPage, TenderView } from './types.ts'

/** Times in RFC 3339; a list within closing times comes by closing time, everything else newest first unless `sort` says otherwise. */
export interface TenderQuery {
  state?: string
  kind?: string
  method?: string
  agencyId?: string
  closesFrom?: string
  closesUntil?: string
  /** Won, both included. */
  estimatedFrom?: number
  estimatedUntil?: number
  /** Of a bidder, one of `REGIONS`. */
  region?: string
  q?: string
  sort?: 'newest' | 'closing'
  cursor?: string
  limit?: number
}

export async function listTenders (api: Api, query: TenderQuery = {}): Promise<TenderPage> {
  return await api.get('/v1/tenders', { ...query })
}

/** Every page, up to `max` tenders. */
export async function * eachTender (api: Api, query: TenderQuery, max: number): AsyncGenerator<TenderListItem> {
  let cursor = query.cursor
  for (let count = 0; ;) {
    const page = await listTenders(api, cursor === undefined ? query : { ...query, cursor })
    for (const item of page.items) {
      if (count++ >= max) return
      yield item
    }
    if (page.nextCursor === null) return
    cursor = page.nextCursor
  }
}

/** The published lots of the notice that this tender is one of. */
export async function listLots (api: Api, tenderId: string): Promise<LotsView> {
  return await api.get(tenderPath(tenderId, '/lots'))
}

/** As the server tells it, unchecked. */
export async function getTender (api: Api, tenderId: string): Promise<TenderView> {
  return await api.getTimed(tenderPath(tenderId))
}

/** The whole opening record, unchecked; `getTender` has its first rows alone. */
export async function getOpening (api: Api, tenderId: string): Promise<OpeningRecord> {
  return await api.get(tenderPath(tenderId, '/opening'))
}

/** A tender whose notices were checked and are signed by its executing officer. */
export interface CheckedTender {
  view: TenderView
  first: ReadNotice
  /** The notice in force, with the times in force. */
  last: ReadNotice
  /** By the server's clock, when it answered. */
  serverTime: Instant
}

/** @throws ClientError `not-trusted`, RecordFault or BonginError naming what does not hold. */
export async function getCheckedTender (api: Api, trust: Trust, tenderId: string): Promise<CheckedTender> {
  const view = await getTender(api, tenderId)
  const acts = outageActs(view)
  const notices = readShownNotices(view)
  const [first] = notices
  const last = notices.at(-1) ?? first
  const { terms } = last.notice
  expectEqual({ what: 'The tender\'s id', expected: tenderId, actual: terms.tenderId })
  expectEqual({ what: 'The notice shown, against the one that was signed', expected: last.notice, actual: view.notice })
  const certificates = await signerCertificates(api, view, terms.committee.executing)
  for (const { jws, notice, publishedAt } of notices) {
    const holderId = notice.terms.committee.executing
    verifyByAny(trust, jws, certificates, { holderId, at: publishedAt })
  }
  for (const { jws, payload, outage } of acts) verifyByAny(trust, jws, certificates, { holderId: payload.officerId, at: outage.announcedAt })
  expectEqual({
    what: 'The times shown, against those that were signed',
    expected: { closesAt: formatKst(last.closesAt), opensAt: formatKst(last.opensAt) },
    actual: { closesAt: view.closesAt, opensAt: view.opensAt }
  })
  await checkShownContributions(api, trust, view, first)
  return { view, first, last, serverTime: parseInstant(view.serverTime) }
}

function outageActs (view: TenderView): OutageAct[] {
  return view.extensions.map(({ outage }) => parseOutageAct(outage))
}

/** The notices with what outages made of their times; no signature is looked at. */
export function readShownNotices (view: TenderView): [ReadNotice, ...ReadNotice[]] {
  const acts = outageActs(view)
  const during = (revision: number): Outage[] =>
    acts.filter((_, i) => Number(view.extensions[i]?.revision) === revision).map(({ outage }) => outage)
  return readNotices(view.notices, view.notices.map((_, revision) => during(revision)))
}

/** The certificates that come with the tender, or else the executing officer's present one. */
async function signerCertificates (api: Api, view: TenderView, officerId: string): Promise<string[]> {
  return view.certificates ?? [(await getOfficer(api, officerId)).certificate]
}

export function verifyByAny (trust: Trust, jws: ReadNotice['jws'], certificates: readonly string[], signer: { holderId: string, at: Instant }): void {
  let fault: unknown = new Error('no certificate')
  for (const certificate of certificates) {
    try {
      trust.verifySigned(jws, { certificate, kind: 'officer', ...signer })
      return
    } catch (error) {
      fault = error
    }
  }
  const reason = fault instanceof Error ? fault.message : String(fault)
  throw new ClientError('not-trusted', `A document of ${signer.holderId} cannot be verified: ${reason}`, { cause: fault })
}

/** Where the server shows the committee's contributions, nobody but the members themselves can have made their points. */
async function checkShownContributions (api: Api, trust: Trust, view: TenderView, first: ReadNotice): Promise<void> {
  if (view.contributions === undefined) return
  const { terms } = first.notice
  const members = terms.key.holders.filter(({ role }) => role !== 'platform')
  const contributions = view.contributions.map((text) => parseContribution(text))
  for (const [kind, { holderId }] of envelopeKinds(terms).flatMap((kind) => members.map((member) => [kind, member] as const))) {
    const own = contributions.filter(({ payload }) => payload.holderId === holderId && payload.envelope === kind)
    const [contribution] = own
    expect(contribution !== undefined && own.length === 1, `${holderId} must have contributed to the ${kind} key once.`)
    checkContribution(contribution, first.notice)
    const certificates = await signerCertificates(api, view, holderId)
    verifyByAny(trust, contribution.jws, certificates, { holderId, at: first.publishedAt })
  }
}

/** The officer's encryption key, proven to be its own by its signature. @throws ClientError `key-missing`, `not-trusted`. */
export function checkEncryptionKey (trust: Trust, { officerId, certificate, encryptionKey }: {
  officerId: string, certificate: string, encryptionKey: string | null
}, at: Instant): string {
  if (encryptionKey === null) throw new ClientError('key-missing', `Officer ${officerId} has not published an encryption key.`)
  const jws = parseJws(encryptionKey, 'bongin-encryption-key')
  const { officerId: named, publicKey } = jws.payload as { officerId?: unknown, publicKey?: unknown }
  expectEqual({ what: `The owner of the encryption key of ${officerId}`, expected: officerId, actual: named })
  verifyByAny(trust, jws, [certificate], { holderId: officerId, at })
  if (typeof publicKey !== 'string') throw new ClientError('not-trusted', `The encryption key of ${officerId} is malformed.`)
  return publicKey
}

/** Cancels for good: the tender's key is never released, no bid is ever opened. */
export async function cancelTender (session: Api, identity: Identity, { tenderId, reason }: { tenderId: TenderId, reason: string }): Promise<void> {
  const payload = { v: 1, type: 'bongin-cancellation', tenderId, reason }
  await session.post(tenderPath(tenderId, '/cancellation'), { jws: await signJws(identity.signer, 'bongin-cancellation', payload) })
}
