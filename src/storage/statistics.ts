/** The cells of the statistics: added to in the transaction of an opening or an award, read as sums over months. */
import { and, eq, gte, lte, sql } from 'drizzle-orm'
import type { Cell, Counts, Dimension } from '../domain/statistics.ts'
import { prepare, type Db } from './prepare.ts'
import { statistics } from './schema.ts'

export type ReadCounts = Counts & { value: string }

const NUMBERS = ['tenders', 'failed', 'awarded', 'competed', 'bids', 'rated', 'ratePpmSum'] as const

const added = Object.fromEntries(NUMBERS.map((name) => [name, sql`${statistics[name]} + excluded.${sql.identifier(statistics[name].name)}`]))

const add = prepare((db) => db.insert(statistics)
  .values({
    dimension: sql.placeholder('dimension'),
    month: sql.placeholder('month'),
    value: sql.placeholder('value'),
    tenders: sql.placeholder('tenders'),
    failed: sql.placeholder('failed'),
    awarded: sql.placeholder('awarded'),
    competed: sql.placeholder('competed'),
    bids: sql.placeholder('bids'),
    rated: sql.placeholder('rated'),
    ratePpmSum: sql.placeholder('ratePpmSum')
  })
  .onConflictDoUpdate({ target: [statistics.dimension, statistics.month, statistics.value], set: added }).prepare())

export async function addToCell (tx: Db, cell: Cell & { month: string } & Counts): Promise<void> {
  add(tx).run({ ...cell })
}

const sums = {
  tenders: sql<number>`sum(${statistics.tenders})`,
  failed: sql<number>`sum(${statistics.failed})`,
  awarded: sql<number>`sum(${statistics.awarded})`,
  competed: sql<number>`sum(${statistics.competed})`,
  bids: sql<number>`sum(${statistics.bids})`,
  rated: sql<number>`sum(${statistics.rated})`,
  ratePpmSum: sql<number>`sum(${statistics.ratePpmSum})`
}
const within = and(
  eq(statistics.dimension, sql.placeholder('dimension')), gte(statistics.month, sql.placeholder('from')), lte(statistics.month, sql.placeholder('until')))

const byValue = prepare((db) => db.select({ value: statistics.value, ...sums }).from(statistics).where(within)
  .groupBy(statistics.value).orderBy(sql`sum(${statistics.tenders}) DESC`, statistics.value).limit(sql.placeholder('limit')).prepare())

const byMonth = prepare((db) => db.select({ value: statistics.month, ...sums }).from(statistics).where(within)
  .groupBy(statistics.month).orderBy(statistics.month).limit(sql.placeholder('limit')).prepare())

interface Range { from: string, until: string, limit: number }

/** Months `2026-11` from … until, both included; the values with most tenders first. */
export async function sumByValue (db: Db, query: Range & { dimension: Dimension }): Promise<ReadCounts[]> {
  return byValue(db).all({ ...query })
}

export async function sumByMonth (db: Db, query: Range): Promise<ReadCounts[]> {
  return byMonth(db).all({ ...query, dimension: 'all' })
}

/** One agency's sums over all time; its cells are looked up month by month of those that it has. */
const ofAgency = prepare((db) => db.select({ value: statistics.value, ...sums }).from(statistics)
  .where(and(within, eq(statistics.value, sql.placeholder('value')))).groupBy(statistics.value).prepare())

export async function sumOfAgency (db: Db, query: Omit<Range, 'limit'> & { value: string }): Promise<ReadCounts | null> {
  return ofAgency(db).get({ ...query, dimension: 'agency' }) ?? null
}
