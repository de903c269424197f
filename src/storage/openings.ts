/** Opening records, evaluations and awards: each written once. */
import { asc, eq } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { awards, evaluations, openings } from './schema.ts'

export type StoredOpening = typeof openings.$inferSelect
export type StoredEvaluation = typeof evaluations.$inferSelect
export type StoredAward = typeof awards.$inferSelect

export async function insertOpening (tx: Db, row: StoredOpening): Promise<void> {
  tx.insert(openings).values(row).run()
}

export async function getOpening (db: Db, tenderId: TenderId): Promise<StoredOpening | null> {
  return db.select().from(openings).where(eq(openings.tenderId, tenderId)).get() ?? null
}

export async function insertEvaluation (tx: Db, row: typeof evaluations.$inferInsert): Promise<void> {
  tx.insert(evaluations).values(row).run()
}

export async function listEvaluations (db: Db, tenderId: TenderId): Promise<StoredEvaluation[]> {
  return db.select().from(evaluations).where(eq(evaluations.tenderId, tenderId)).orderBy(asc(evaluations.sequence)).all()
}

export async function insertAward (tx: Db, row: StoredAward): Promise<void> {
  tx.insert(awards).values(row).run()
}

export async function getAward (db: Db, tenderId: TenderId): Promise<StoredAward | null> {
  return db.select().from(awards).where(eq(awards.tenderId, tenderId)).get() ?? null
}
