/**
 * The seats of committees, and the tenders of one officer in keyset pages, newest first. An index leads from the officer to its
 * seats, so a page costs the same whatever others have drafted.
 */
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { BEHIND_ALL_IDS, type OfficerId, type TenderId } from '../domain/ids.ts'
import type { Committee, CommitteeSeat } from '../domain/notice.ts'
import { prepare, type Db } from './prepare.ts'
import { contributions, reveals, technicalOpenings, technicalResults, tenderSeats, tenders } from './schema.ts'

/** Replaces the seats of a tender by those of this committee. */
export async function putSeats (tx: Db, tenderId: TenderId, { executing, witness, recovery }: Committee): Promise<void> {
  tx.delete(tenderSeats).where(eq(tenderSeats.tenderId, tenderId)).run()
  const seats: Array<[OfficerId, CommitteeSeat]> = [[executing, 'executing'], [witness, 'witness'], ...recovery.map((id): [OfficerId, CommitteeSeat] => [id, 'audit'])]
  tx.insert(tenderSeats).values(seats.map(([officerId, seat]) => ({ tenderId, officerId, seat }))).run()
}

const page = prepare((db) => db
  .select({
    tenderId: tenders.tenderId,
    seat: tenderSeats.seat,
    title: tenders.title,
    method: tenders.method,
    state: tenders.state,
    revision: tenders.revision,
    hasDraft: sql<number>`${tenders.draft} IS NOT NULL`,
    keys: sql<number>`CASE WHEN ${tenders.technicalOpensAt} IS NULL THEN 1 ELSE 2 END`,
    contributed: sql<number>`(SELECT count(*) FROM ${contributions} WHERE ${contributions.tenderId} = ${tenders.tenderId})`,
    ownContributed: sql<number>`(SELECT count(*) FROM ${contributions} WHERE ${contributions.tenderId} = ${tenders.tenderId}
      AND ${contributions.holderId} = ${tenderSeats.officerId})`,
    proposalsOpened: sql<number>`EXISTS (SELECT 1 FROM ${technicalOpenings} WHERE ${technicalOpenings.tenderId} = ${tenders.tenderId})`,
    proposalsEvaluated: sql<number>`EXISTS (SELECT 1 FROM ${technicalResults} WHERE ${technicalResults.tenderId} = ${tenders.tenderId})`,
    revealed: sql<number>`EXISTS (SELECT 1 FROM ${reveals} WHERE ${reveals.tenderId} = ${tenders.tenderId}
      AND ${reveals.holderId} = ${tenderSeats.officerId} AND ${reveals.via} = 'holder' AND ${reveals.envelope} = CASE WHEN ${tenders.technicalOpensAt} IS NULL
      OR EXISTS (SELECT 1 FROM ${technicalOpenings} WHERE ${technicalOpenings.tenderId} = ${tenders.tenderId}) THEN 'price' ELSE 'technical' END)`,
    closesAt: tenders.closesAt,
    technicalOpensAt: tenders.technicalOpensAt,
    opensAt: tenders.opensAt
  })
  .from(tenderSeats)
  .innerJoin(tenders, eq(tenders.tenderId, tenderSeats.tenderId))
  .where(and(eq(tenderSeats.officerId, sql.placeholder('officerId')), lt(tenderSeats.tenderId, sql.placeholder('before'))))
  .orderBy(desc(tenderSeats.tenderId))
  .limit(sql.placeholder('limit'))
  .prepare())

export type OwnTender = ReturnType<ReturnType<typeof page>['all']>[number]

/** At most `limit` of them with a number below `after`. */
export async function listOwnTenders (
  db: Db, { officerId, after, limit }: { officerId: OfficerId, after: TenderId | undefined, limit: number }
): Promise<OwnTender[]> {
  return page(db).all({ officerId, before: after ?? BEHIND_ALL_IDS, limit })
}
