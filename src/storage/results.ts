/** Results of tenders, and who took part in them: written with the opening, read by agency and by supplier in keyset pages. */
import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { AgencyId, SupplierId, TenderId } from '../domain/ids.ts'
import { OPENED_STATES } from '../domain/tender.ts'
import { prepare, type Db } from './prepare.ts'
import { agencies, participations, results, tenders } from './schema.ts'

export type StoredResult = typeof results.$inferSelect
export type Participation = typeof participations.$inferSelect

export async function insertResult (tx: Db, row: StoredResult): Promise<void> {
  tx.insert(results).values(row).run()
}

export async function getResult (db: Db, tenderId: TenderId): Promise<StoredResult | null> {
  return db.select().from(results).where(eq(results.tenderId, tenderId)).get() ?? null
}

type Settled = Pick<StoredResult, 'failed' | 'winnerId' | 'awardAmount' | 'awardRatePpm'>

export async function updateResult (tx: Db, tenderId: TenderId, set: Settled): Promise<void> {
  tx.update(results).set(set).where(eq(results.tenderId, tenderId)).run()
}

/** Tenders that have come to their end and have no result yet, by id. */
export async function listWithoutResult (db: Db, { after, limit }: { after: string, limit: number }): Promise<Array<typeof tenders.$inferSelect>> {
  return db.select().from(tenders).where(and(
    inArray(tenders.state, OPENED_STATES), gt(tenders.tenderId, after as TenderId),
    sql`NOT EXISTS (SELECT 1 FROM results WHERE results.tender_id = ${tenders.tenderId})`
  )).orderBy(asc(tenders.tenderId)).limit(limit).all()
}

const insertOne = prepare((db) => db.insert(participations).values({
  supplierId: sql.placeholder('supplierId'),
  tenderId: sql.placeholder('tenderId'),
  row: sql.placeholder('row'),
  leads: sql.placeholder('leads'),
  rank: sql.placeholder('rank'),
  amount: sql.placeholder('amount'),
  remark: sql.placeholder('remark')
}).prepare())

/** An opening may have a hundred thousand of them. */
export async function insertParticipation (tx: Db, row: Participation): Promise<void> {
  insertOne(tx).run({ ...row })
}

const listed = {
  tenderId: results.tenderId,
  title: tenders.title,
  agencyId: results.agencyId,
  agencyName: agencies.name,
  kind: tenders.kind,
  method: tenders.method,
  state: tenders.state,
  failed: results.failed,
  concludedAt: results.concludedAt,
  bids: results.bids,
  decimals: results.decimals,
  plannedPrice: results.plannedPrice,
  winnerId: results.winnerId,
  awardAmount: results.awardAmount,
  awardRatePpm: results.awardRatePpm
}

const ofAgency = prepare((db) => db.select(listed).from(results)
  .innerJoin(tenders, eq(tenders.tenderId, results.tenderId))
  .innerJoin(agencies, eq(agencies.agencyId, results.agencyId))
  .where(and(eq(results.agencyId, sql.placeholder('agencyId')), lt(results.tenderId, sql.placeholder('before'))))
  .orderBy(desc(results.tenderId)).limit(sql.placeholder('limit')).prepare())

const ofSupplier = prepare((db) => db
  .select({
    ...listed,
    leads: participations.leads,
    rank: participations.rank,
    amount: participations.amount,
    remark: participations.remark,
    row: participations.row
  })
  .from(participations)
  .innerJoin(results, eq(results.tenderId, participations.tenderId))
  .innerJoin(tenders, eq(tenders.tenderId, participations.tenderId))
  .innerJoin(agencies, eq(agencies.agencyId, results.agencyId))
  .where(and(
    eq(participations.supplierId, sql.placeholder('supplierId')),
    sql`(${participations.tenderId}, ${participations.row}) < (${sql.placeholder('before')}, ${sql.placeholder('beforeRow')})`))
  .orderBy(desc(participations.tenderId), desc(participations.row)).limit(sql.placeholder('limit')).prepare())

export type ListedResult = ReturnType<ReturnType<typeof ofAgency>['all']>[number]
export type ListedParticipation = ReturnType<ReturnType<typeof ofSupplier>['all']>[number]

/** Newest tender first, below `before`. */
export async function listResultsOfAgency (db: Db, query: { agencyId: AgencyId, before: string, limit: number }): Promise<ListedResult[]> {
  return ofAgency(db).all(query)
}

export async function listResultsOfSupplier (db: Db, query: {
  supplierId: SupplierId, before: string, beforeRow: number, limit: number
}): Promise<ListedParticipation[]> {
  return ofSupplier(db).all(query)
}
