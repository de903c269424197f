/**
 * What the public may read, without login. Before the opening it is what the notice says and the state, nothing that
 * depends on bids: no names, no number, no sizes. From the closing on the checkpoint and the hash chain, with bid entries
 * hidden; from the opening on everything.
 */
import { parseJws } from '../crypto/jws.ts'
import type { LedgerEntry } from '../crypto/record.ts'
import { BonginError } from '../domain/errors.ts'
import type { EventType } from '../domain/events.ts'
import type { TenderId } from '../domain/ids.ts'
import type { Notice } from '../domain/notice.ts'
import { isOpened, OPENED_STATES } from '../domain/tender.ts'
import { formatKst } from '../domain/time.ts'
import { listContributions } from '../storage/ceremony.ts'
import { lastPosition, listEvents, type StoredEvent } from '../storage/events.ts'
import { listLedger } from '../storage/ledger.ts'
import { listExtensions, type StoredExtension, type StoredOutage } from '../storage/outages.ts'
import { getAward, listEvaluations, type StoredEvaluation } from '../storage/openings.ts'
import { findAgencies, type Agency } from '../storage/officers.ts'
import { listTenders, type TenderFilter, type TenderOrder, type TenderPage, type TenderPlace } from '../storage/tender-list.ts'
import { listNotices, successorOf, type Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { cosignedNote } from './cosign-checkpoint.ts'
import { noticeOfJws } from './notice-text.ts'
import { readShownOpening, type ShownOpening } from './opening-records.ts'
import { certificatesOf } from './signer-certificates.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'

export type { TenderFilter } from '../storage/tender-list.ts'

export const MAX_TENDERS_PAGE = 100
export const MAX_EVENTS_PAGE = 500
/** Public events of one tender: a bound, not a page; without questions, which have a list of their own, a tender has few. */
const MAX_HISTORY = 500
const NOT_HISTORY = ['tender.asked', 'tender.answered'] as const satisfies readonly EventType[]

export interface TenderView {
  tender: Tender
  notice: Notice
  /** Every revision, oldest first; the last is the one in force. */
  notices: Notice[]
  noticeJws: string[]
  /** With the lines of cosigners; null before the closing. */
  checkpoint: string | null
  opening: ShownOpening | null
  evaluations: StoredEvaluation[]
  awardJws: string | null
  nextTenderId: TenderId | null
  /** The committee's, as signed. */
  contributions: string[]
  /** What outages made of its times, in order. */
  extensions: Array<{ extension: StoredExtension; outage: StoredOutage }>
  /** PEM, of everybody who signed a notice, a contribution or an outage. */
  certificates: string[]
  /** Without questions and answers. */
  history: StoredEvent[]
}

/** @throws BonginError `tender-not-found`. */
export async function readTender (context: Context, tenderId: TenderId): Promise<TenderView> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const noticeJws = (await listNotices(db, tenderId)).map(({ jws }) => jws)
  const contributions = (await listContributions(db, tenderId)).map(({ jws }) => jws)
  const extensions = await listExtensions(db, tenderId)
  const signers = [
    ...extensions.map(({ outage }) => parseJws(outage.jws, 'bongin-outage').thumbprint),
    ...noticeJws.map((jws) => parseJws(jws, 'bongin-notice').thumbprint),
    ...contributions.map((jws) => parseJws(jws, 'bongin-contribution').thumbprint)
  ]
  return {
    tender,
    noticeJws,
    notice: noticeOfJws(noticeJws.at(-1) ?? ''),
    notices: noticeJws.map(noticeOfJws),
    checkpoint: tender.checkpoint === null ? null : await cosignedNote(db, tender.checkpoint),
    opening: await readShownOpening(db, tenderId),
    evaluations: await listEvaluations(db, tenderId),
    awardJws: (await getAward(db, tenderId))?.jws ?? null,
    nextTenderId: await successorOf(db, tenderId),
    contributions,
    extensions,
    certificates: await certificatesOf(context, new Set(signers.filter((signer) => signer !== null))),
    history: await listEvents(db, { after: 0, limit: MAX_HISTORY, tenderIds: [tenderId], without: NOT_HISTORY })
  }
}

/** Entries that name suppliers or evaluators, and so stay hidden until the opening (for ever when it never comes). */
const HIDDEN_ENTRIES = new Set(['bid', 'superseded', 'withdrawn', 'technical-marked'])

/** The chain, from the closing on. @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readLedger (context: Context, tenderId: TenderId): Promise<LedgerEntry[]> {
  const tender = await requirePublished(context.db.read, tenderId)
  if (tender.checkpoint === null) throw notYetOpen()
  const all = isOpened(tender.state)
  return (await listLedger(context.db.read, tenderId)).map((entry) => {
    const hidden = !all && HIDDEN_ENTRIES.has(entry.type)
    return {
      ...entry,
      at: formatKst(entry.at),
      payload: hidden ? null : (JSON.parse(entry.payload) as Record<string, unknown>)
    }
  })
}

/**
 * Of all tenders by newest, or by closing time where that is asked for or a range of closing times is given; a search goes by newest
 * alone. A page may be short of `limit` and still have a `next`.
 * @throws BonginError `invalid-request` for an order that the conditions do not go with.
 */
export async function searchTenders (context: Context, query: TenderFilter & {
  order?: TenderOrder | undefined, after?: TenderPlace | undefined, limit: number
}): Promise<TenderPage> {
  const isText = query.query !== undefined
  const isRange = query.closesFrom !== undefined || query.closesUntil !== undefined
  const { order = isRange && !isText ? 'closing' : 'newest' } = query
  if (isText ? order === 'closing' : isRange && order === 'newest') {
    throw new BonginError('invalid-request', {
      field: '/sort',
      detail: 'A search is sorted by newest, a list within closing times by closing time.',
      detailKo: '검색 결과는 최신순으로만, 마감일시 범위의 목록은 마감순으로만 정렬합니다.'
    })
  }
  return await listTenders(context.db.read, { ...query, order, limit: Math.min(query.limit, MAX_TENDERS_PAGE) })
}

/** To choose from, where a name fits several. */
const MAX_AGENCIES = 20

/** Agencies with this text in their names, the one whose whole name it is first. */
export async function agenciesNamed (context: Context, text: string): Promise<Agency[]> {
  return await findAgencies(context.db.read, text, MAX_AGENCIES)
}

/** Newest first, of several states: their lists merged. A page may be short, as one of `searchTenders`. */
export async function searchConcluded (context: Context, query: Omit<TenderFilter, 'state'> & {
  after?: TenderPlace | undefined, limit: number
}): Promise<TenderPage> {
  const limit = Math.min(query.limit, MAX_TENDERS_PAGE)
  const pages = await Promise.all(OPENED_STATES.map(async (state) => await listTenders(context.db.read, { ...query, state, order: 'newest', limit })))
  // Behind the newest place where some list goes on, nothing is known to be complete.
  const frontier = pages.map(({ next }) => next).filter((next) => next !== null).sort((a, b) => a.tenderId < b.tenderId ? 1 : -1)[0] ?? null
  const merged = pages.flatMap(({ items }) => items).filter(({ tenderId }) => frontier === null || tenderId >= frontier.tenderId)
    .sort((a, b) => a.tenderId < b.tenderId ? 1 : -1)
  const items = merged.slice(0, limit)
  const last = items.at(-1)
  return { items, next: merged.length > limit && last !== undefined ? { tenderId: last.tenderId, closesAt: last.closesAt } : frontier }
}

export async function readEvents (
  context: Context,
  query: { after: number; limit: number; tenderIds?: readonly TenderId[] | undefined }
): Promise<StoredEvent[]> {
  return await listEvents(context.db.read, { ...query, limit: Math.min(query.limit, MAX_EVENTS_PAGE) })
}

export async function newestPosition (context: Context): Promise<number> {
  return await lastPosition(context.db.read)
}
