/**
 * Saved searches (맞춤공고 알림), kept so that a notice finds those that it may answer without a look at the others: under kind,
 * method and agency as one key, and under the pair of letters of their words that the fewest tenders have.
 */
import { and, asc, count, eq, gt, max, sql } from 'drizzle-orm'
import type { SupplierId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { savedSearches } from './schema.ts'

export type SavedSearch = typeof savedSearches.$inferSelect

/** Stores it under the supplier's next number, which it returns. */
export async function insertSavedSearch (tx: Db, row: Omit<SavedSearch, 'searchId' | 'number'>): Promise<number> {
  const mine = eq(savedSearches.supplierId, row.supplierId)
  const last = tx.select({ number: max(savedSearches.number) }).from(savedSearches).where(mine).get()?.number ?? 0
  tx.insert(savedSearches).values({ ...row, number: last + 1 }).run()
  return last + 1
}

export async function listSavedSearches (db: Db, supplierId: SupplierId): Promise<SavedSearch[]> {
  return db.select().from(savedSearches).where(eq(savedSearches.supplierId, supplierId)).orderBy(asc(savedSearches.number)).all()
}

export async function countSavedSearches (db: Db, supplierId: SupplierId): Promise<number> {
  return db.select({ n: count() }).from(savedSearches).where(eq(savedSearches.supplierId, supplierId)).get()?.n ?? 0
}

/** False where there is none of that number. */
export async function deleteSavedSearch (tx: Db, { supplierId, number }: Pick<SavedSearch, 'supplierId' | 'number'>): Promise<boolean> {
  return tx.delete(savedSearches).where(and(eq(savedSearches.supplierId, supplierId), eq(savedSearches.number, number))).run().changes === 1
}

const underKey = prepare((db) => db
  .select({
    searchId: savedSearches.searchId,
    supplierId: savedSearches.supplierId,
    name: savedSearches.name,
    conditions: savedSearches.conditions,
    afterPosition: savedSearches.afterPosition
  })
  .from(savedSearches)
  .where(and(
    eq(savedSearches.anchor, sql.placeholder('anchor')), eq(savedSearches.facets, sql.placeholder('facets')),
    gt(savedSearches.searchId, sql.placeholder('after'))
  ))
  .orderBy(asc(savedSearches.searchId)).limit(sql.placeholder('limit')).prepare())

export type FoundSearch = ReturnType<ReturnType<typeof underKey>['all']>[number]

/** Searches under one key, by id. */
export async function searchesUnderKey (db: Db, query: { anchor: string, facets: string, after: number, limit: number }): Promise<FoundSearch[]> {
  return underKey(db).all(query)
}

/** Of the terms the one that the fewest tenders have; the first of several. */
export async function rarestTerm (db: Db, terms: readonly string[]): Promise<string | null> {
  let rarest: { term: string, tenders: number } | null = null
  for (const term of terms) {
    const tenders = db.get<{ doc: number } | undefined>(sql`SELECT doc FROM tender_terms WHERE term = ${term}`)?.doc ?? 0
    if (rarest === null || tenders < rarest.tenders) rarest = { term, tenders }
  }
  return rarest?.term ?? null
}
