/**
 * The bids of one supplier, in keyset pages: its newest bid for each tender, by tender number downwards. An index leads from
 * the supplier to its rows, so a page costs the same whatever others have bid.
 */
import { and, desc, eq, lt, max, sql } from 'drizzle-orm'
import { BEHIND_ALL_IDS, type SupplierId, type TenderId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { agencies, bids, tenders } from './schema.ts'

const page = prepare((db) => {
  const newest = db
    .select({ bidNo: max(bids.bidNo).as('newest_no') })
    .from(bids)
    .where(and(eq(bids.supplierId, sql.placeholder('supplierId')), lt(bids.tenderId, sql.placeholder('before'))))
    .groupBy(bids.tenderId)
    .orderBy(desc(bids.tenderId))
    .limit(sql.placeholder('limit'))
    .as('newest')
  return db
    .select({
      tenderId: bids.tenderId,
      title: tenders.title,
      agencyName: agencies.name,
      state: tenders.state,
      closesAt: tenders.closesAt,
      opensAt: tenders.opensAt,
      envelopeSha256: bids.envelopeSha256,
      acceptedAt: bids.acceptedAt,
      status: bids.state
    })
    .from(newest)
    .innerJoin(bids, eq(bids.bidNo, newest.bidNo))
    .innerJoin(tenders, eq(tenders.tenderId, bids.tenderId))
    .innerJoin(agencies, eq(agencies.agencyId, tenders.agencyId))
    .orderBy(desc(bids.tenderId))
    .prepare()
})

export type OwnBid = ReturnType<ReturnType<typeof page>['all']>[number]

/** At most `limit` of them with a number below `after`. */
export async function listOwnBids (
  db: Db, { supplierId, after, limit }: { supplierId: SupplierId, after: TenderId | undefined, limit: number }
): Promise<OwnBid[]> {
  return page(db).all({ supplierId, before: after ?? BEHIND_ALL_IDS, limit })
}
