/**
 * Lots (분류) of one notice. Each is a tender of its own, with its own key, draw, opening and award, as KONEPS opens every
 * 입찰분류 by itself; they are tied by the tender of lot 1, whose agency, executing officer and number of lots all share.
 * A lot that failed or was cancelled leaves its number free, so that a re-notice can take it up.
 */
import type { TenderDraft } from '../domain/draft.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import type { AgencyId, TenderId } from '../domain/ids.ts'
import type { Lot } from '../domain/notice.ts'
import { listLots, livingLot, type LotRow } from '../storage/lots.ts'
import type { Db } from '../storage/prepare.ts'
import { getTender, type Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { currentNotice } from './notice-text.ts'
import { committeeOf, requirePublished } from './tender-access.ts'

export function lotColumns ({ lot }: Pick<TenderDraft, 'lot'>): Pick<Tender, 'lotNoticeId' | 'lotNumber'> {
  return { lotNoticeId: lot?.noticeId ?? null, lotNumber: lot?.number ?? null }
}

export interface LotToCheck {
  tenderId: TenderId
  agencyId: AgencyId
  draft: TenderDraft
  /** Lot 1 is published before the others: they name it. */
  publishing?: boolean
}

/** @throws BonginError `lot-invalid` with the field at fault. */
export async function checkLot (db: Db, { tenderId, agencyId, draft, publishing = false }: LotToCheck): Promise<void> {
  const { lot } = draft
  if (lot === null) return
  const { noticeId, number, count } = lot
  invariant(noticeId !== null, 'lot 1 has its id by now, and a later lot names it')
  if (number === 1) {
    demand(noticeId === tenderId, '/lot/noticeId', 'Lot 1 carries its own number: leave it out.', '첫 분류의 공고번호는 자기 번호이므로 비워 두십시오.')
    return
  }
  const first = await getTender(db, noticeId)
  const firstLot = first === null ? null : await standingLot(db, first)
  demand(first !== null && firstLot?.number === 1, '/lot/noticeId', `${noticeId} is not lot 1 of a notice.`, `${noticeId}은(는) 첫 분류의 공고가 아닙니다.`)
  demand(first.state !== 'cancelled', '/lot/noticeId', `${noticeId} was cancelled.`, `${noticeId}은(는) 취소된 공고입니다.`)
  demand(first.agencyId === agencyId, '/lot/noticeId', 'Lot 1 is another agency\'s.', '첫 분류의 수요기관이 다릅니다.')
  const { executing } = await committeeOf(db, first)
  demand(executing === draft.committee.executing, '/committee/executing', 'All lots have one executing officer.', '모든 분류의 입찰집행관은 같아야 합니다.')
  demand(firstLot.count === count, '/lot/count', `Lot 1 says that there are ${firstLot.count} lots.`, `첫 분류에는 분류가 ${firstLot.count}개로 되어 있습니다.`)
  const taken = await livingLot(db, { noticeId, number, except: tenderId })
  demand(taken === null, '/lot/number', `${taken ?? ''} is lot ${number} of this notice.`, `${taken ?? ''}이(가) 이미 ${number}번 분류입니다.`)
  demand(!publishing || first.revision !== null, '/lot/noticeId', 'Publish lot 1 first: the others name it.', '첫 분류를 먼저 게시하십시오.')
}

/** As the draft has it, or the notice in force. */
async function standingLot (db: Db, tender: Tender): Promise<Lot | null> {
  if (tender.revision === null) return tender.draft?.lot ?? null
  return (await currentNotice(db, tender.tenderId)).terms.lot
}

export interface NoticeLots { noticeId: TenderId, count: number, lots: LotRow[] }

/** All published lots of the notice that this tender is a lot of. @throws BonginError `tender-not-found`, `not-found`. */
export async function readLots (context: Context, tenderId: TenderId): Promise<NoticeLots> {
  const db = context.db.read
  await requirePublished(db, tenderId)
  const { lot } = (await currentNotice(db, tenderId)).terms
  if (lot === null || lot.noticeId === null) {
    throw new BonginError('not-found', { field: '/tenderId', detail: 'This tender is no lot of a notice.', detailKo: '분류가 있는 공고가 아닙니다.' })
  }
  return { noticeId: lot.noticeId, count: lot.count, lots: await listLots(db, lot.noticeId) }
}

function demand (holds: boolean, field: string, detail: string, detailKo: string): asserts holds {
  if (!holds) throw new BonginError('lot-invalid', { field, detail, detailKo })
}
