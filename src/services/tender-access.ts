/** Finding a tender, and who of its committee is asking. */
import { BonginError } from '../domain/errors.ts'
import type { OfficerId, TenderId } from '../domain/ids.ts'
import type { Committee, CommitteeSeat } from '../domain/notice.ts'
import type { TenderState } from '../domain/tender.ts'
import type { TenderDraft } from '../domain/draft.ts'
import type { Db } from '../storage/prepare.ts'
import { type BiddenTender, getBiddenTender, getTender, listNotices, type Tender } from '../storage/tenders.ts'
import { noticeOfJws } from './notice-text.ts'
import type { Caller } from './context.ts'

/** @throws BonginError `tender-not-found`. */
export async function requireTender (db: Db, tenderId: TenderId): Promise<Tender> {
  const tender = await getTender(db, tenderId)
  if (tender === null) throw noSuchTender()
  return tender
}

/** What a bid asks of a published tender. @throws BonginError `tender-not-found`. */
export async function requireBiddenTender (db: Db, tenderId: TenderId): Promise<BiddenTender> {
  const tender = await getBiddenTender(db, tenderId)
  if (tender === null || tender.revision === null) throw noSuchTender()
  return tender
}

function noSuchTender (): BonginError {
  return new BonginError('tender-not-found', {
    field: '/tenderId',
    detail: 'There is no such tender.',
    detailKo: '해당 입찰공고가 없습니다.'
  })
}

/** @throws BonginError `tender-not-found` also for a tender that is not published: drafts are not public. */
export async function requirePublished (db: Db, tenderId: TenderId): Promise<Tender> {
  const tender = await requireTender(db, tenderId)
  if (tender.revision === null) throw noSuchTender()
  return tender
}

/** @throws BonginError `tender-state`. */
export function requireState (tender: Tender, ...states: TenderState[]): void {
  if (states.includes(tender.state)) return
  throw new BonginError('tender-state', {
    detail: `This needs a tender that is ${states.join(' or ')}; it is ${tender.state}.`,
    detailKo: `${states.join(' 또는 ')} 상태의 공고에서만 할 수 있습니다. 현재 상태: ${tender.state}`,
    extra: { state: tender.state }
  })
}

/** The committee of the notice in force, or of the draft before the first notice. */
export async function committeeOf (db: Db, tender: Tender): Promise<Committee> {
  if (tender.revision === null) return (tender.draft as TenderDraft).committee
  const notices = await listNotices(db, tender.tenderId)
  const newest = notices.at(-1)
  return newest === undefined ? (tender.draft as TenderDraft).committee : noticeOfJws(newest.jws).terms.committee
}

/** The caller's seat on the committee. @throws BonginError `not-committee-member` unless it is one of `seats`. */
export async function requireSeat (db: Db, tender: Tender, caller: Caller, ...seats: CommitteeSeat[]): Promise<CommitteeSeat> {
  const seat = caller.kind === 'officer' ? seatOf(await committeeOf(db, tender), caller.holderId) : null
  if (seat !== null && seats.includes(seat)) return seat
  throw new BonginError('not-committee-member', {
    detail: `Only the tender's ${seats.join(' or ')} officer may do this.`,
    detailKo: `이 공고의 담당자(${seats.join(', ')})만 할 수 있습니다.`
  })
}

function seatOf (committee: Committee, officerId: OfficerId): CommitteeSeat | null {
  if (officerId === committee.executing) return 'executing'
  if (officerId === committee.witness) return 'witness'
  return committee.recovery.includes(officerId) ? 'audit' : null
}

export function notYetOpen (): BonginError {
  return new BonginError('not-yet-open', {
    detail: 'This tender has not been opened.',
    detailKo: '아직 개찰되지 않은 공고입니다.'
  })
}
