/** The lots (분류) of a notice: tenders of their own that name the tender of lot 1. */
import { and, asc, eq, ne, notInArray, sql } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { tenders } from './schema.ts'
import type { Tender } from './tenders.ts'

export type LotRow = Pick<Tender,
'tenderId' | 'revision' | 'title' | 'state' | 'estimatedPriceWon' | 'publishedAt' | 'closesAt' | 'opensAt' | 'lotNumber'>

/** Another tender that has this number in the notice and neither failed nor was cancelled, or null. */
export async function livingLot (db: Db, { noticeId, number, except }: {
  noticeId: TenderId, number: number, except: TenderId
}): Promise<TenderId | null> {
  return db.select({ id: tenders.tenderId }).from(tenders)
    .where(and(
      eq(tenders.lotNoticeId, noticeId),
      eq(tenders.lotNumber, number),
      ne(tenders.tenderId, except),
      notInArray(tenders.state, ['failed', 'cancelled'])))
    .get()?.id ?? null
}

/** Published lots by number; where a lot failed and was taken up again, both, the earlier first. */
export async function listLots (db: Db, noticeId: TenderId): Promise<LotRow[]> {
  const { tenderId, revision, title, state, estimatedPriceWon, publishedAt, closesAt, opensAt, lotNumber } = tenders
  return db.select({ tenderId, revision, title, state, estimatedPriceWon, publishedAt, closesAt, opensAt, lotNumber }).from(tenders)
    .where(and(eq(tenders.lotNoticeId, noticeId), sql`${tenders.revision} IS NOT NULL`))
    .orderBy(asc(tenders.lotNumber), asc(tenders.tenderId))
    .all()
}
