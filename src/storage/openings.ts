/** Opening records, evaluations and awards: each written once. */
import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { awards, evaluations, openingParts, openings } from './schema.ts'
import { touch } from './touched.ts'

export type StoredOpening = typeof openings.$inferSelect
export type StoredPart = typeof openingParts.$inferSelect
export type StoredEvaluation = typeof evaluations.$inferSelect
export type StoredAward = typeof awards.$inferSelect

/** Parts removed by one call of `dropSomeParts`: some 2 MB, which are overwritten. */
const DROPPED_AT_ONCE = 8

export async function insertOpening (tx: Db, row: StoredOpening): Promise<void> {
  tx.insert(openings).values(row).run()
  touch(tx, row.tenderId)
}

/** Before the opening itself: a trigger refuses parts of a record that stands. */
export async function insertPart (tx: Db, row: StoredPart): Promise<void> {
  tx.insert(openingParts).values(row).run()
}

/**
 * Removes parts without an opening, a few at a time; false when none is left. Their bytes are wiped from the database: a tender that
 * is cancelled in the middle of its opening shall not leave amounts in pages that nobody uses. The write-ahead log beside it keeps them
 * until it is written over.
 */
export async function dropSomeParts (tx: Db, tenderId: TenderId): Promise<boolean> {
  const mine = eq(openingParts.tenderId, tenderId)
  const some = tx.select({ firstRow: openingParts.firstRow }).from(openingParts).where(mine).limit(DROPPED_AT_ONCE).all()
  if (some.length === 0) return false
  tx.all(sql`PRAGMA secure_delete = ON`)
  tx.delete(openingParts).where(and(mine, inArray(openingParts.firstRow, some.map(({ firstRow }) => firstRow)))).run()
  tx.all(sql`PRAGMA secure_delete = OFF`)
  return some.length === DROPPED_AT_ONCE
}

export async function getOpening (db: Db, tenderId: TenderId): Promise<StoredOpening | null> {
  return db.select().from(openings).where(eq(openings.tenderId, tenderId)).get() ?? null
}

const partBehind = prepare((db) =>
  db
    .select()
    .from(openingParts)
    .where(and(eq(openingParts.tenderId, sql.placeholder('tenderId')), lte(openingParts.firstRow, sql.placeholder('row'))))
    .orderBy(sql`${openingParts.firstRow} DESC`)
    .limit(1)
    .prepare()
)

/** The part that has this row, or null behind the last one. */
export async function partWithRow (db: Db, { tenderId, row }: { tenderId: TenderId, row: number }): Promise<StoredPart | null> {
  const part = partBehind(db).get({ tenderId, row })
  return part === undefined || row >= part.firstRow + part.rowCount ? null : part
}

export async function insertEvaluation (tx: Db, row: typeof evaluations.$inferInsert): Promise<void> {
  tx.insert(evaluations).values(row).run()
  touch(tx, row.tenderId)
}

export async function listEvaluations (db: Db, tenderId: TenderId): Promise<StoredEvaluation[]> {
  return db.select().from(evaluations).where(eq(evaluations.tenderId, tenderId)).orderBy(asc(evaluations.sequence)).all()
}

export async function insertAward (tx: Db, row: StoredAward): Promise<void> {
  tx.insert(awards).values(row).run()
  touch(tx, row.tenderId)
}

export async function getAward (db: Db, tenderId: TenderId): Promise<StoredAward | null> {
  return db.select().from(awards).where(eq(awards.tenderId, tenderId)).get() ?? null
}
