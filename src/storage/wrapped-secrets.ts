/**
 * Every wrapped secret in the database, wherever it lies: the platform's seeds of each tender, revealed seeds, revealed
 * shares. Whoever adds a column with a wrapped secret adds it here, or its key can never be replaced.
 */
import { and, gt, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { EnvelopeKind } from '../domain/envelope-kind.ts'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { reveals, shareReveals, tenders } from './schema.ts'

export type WrappedSecret = { row: number, tenderId: TenderId, envelope: EnvelopeKind, wrapped: string } & (
  | { place: 'tender-seeds' | 'technical-seeds' }
  | { place: 'reveals', holderId: string }
  | { place: 'share-reveals', ownerId: string, recipientId: string }
)

export const WRAPPED_PLACES = ['tender-seeds', 'technical-seeds', 'reveals', 'share-reveals'] as const
export type WrappedPlace = typeof WRAPPED_PLACES[number]

const COLUMNS: Readonly<Record<WrappedPlace, { table: SQLiteTable, column: SQLiteColumn }>> = {
  'tender-seeds': { table: tenders, column: tenders.platformSeedWrapped },
  'technical-seeds': { table: tenders, column: tenders.technicalSeedWrapped },
  reveals: { table: reveals, column: reveals.seedWrapped },
  'share-reveals': { table: shareReveals, column: shareReveals.shareWrapped }
}

/** How many secrets begin with each mark of `markChars` characters. Reads every row. */
export async function countWrapped (db: Db, markChars: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const place of WRAPPED_PLACES) {
    const { table, column } = COLUMNS[place]
    const mark = sql<string>`substr(${column}, 1, ${sql.raw(String(markChars))})`
    const rows = db.select({ mark, n: sql<number>`count(*)` }).from(table).where(sql`${column} IS NOT NULL`).groupBy(mark).all()
    for (const { mark: found, n } of rows) counts.set(found, (counts.get(found) ?? 0) + n)
  }
  return counts
}

/** The next secrets of one place after a row, in the order of rows. */
export async function listWrapped (db: Db, { place, after, limit }: { place: WrappedPlace, after: number, limit: number }): Promise<WrappedSecret[]> {
  const { column } = COLUMNS[place]
  const row = sql<number>`rowid`
  const next = (order: SQL): SQL | undefined => and(gt(order, after), sql`${column} IS NOT NULL`)
  const wrapped = sql<string>`${column}`
  if (place === 'reveals') {
    const { tenderId, envelope, holderId } = reveals
    return db.select({ row, tenderId, envelope, holderId, wrapped }).from(reveals).where(next(row)).orderBy(row).limit(limit).all()
      .map((found) => ({ place, ...found }))
  }
  if (place === 'share-reveals') {
    const { tenderId, envelope, ownerId, recipientId } = shareReveals
    return db.select({ row, tenderId, envelope, ownerId, recipientId, wrapped }).from(shareReveals).where(next(row)).orderBy(row).limit(limit).all()
      .map((found) => ({ place, ...found }))
  }
  const envelope = place === 'tender-seeds' ? 'price' : 'technical'
  return db.select({ row, tenderId: tenders.tenderId, wrapped }).from(tenders).where(next(row)).orderBy(row).limit(limit).all()
    .map((found) => ({ place, envelope, ...found }))
}

/** Puts another wrapping of the same secret in its place. False when something else stands there by now. */
export async function replaceWrapped (tx: Db, { place, row, wrapped }: WrappedSecret, rewrapped: string): Promise<boolean> {
  const { table, column } = COLUMNS[place]
  const name = sql.identifier(column.name)
  return tx.run(sql`UPDATE ${table} SET ${name} = ${rewrapped} WHERE rowid = ${row} AND ${name} = ${wrapped}`).changes === 1
}
