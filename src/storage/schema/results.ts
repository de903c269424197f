/**
 * What came out of tenders, for lists and statistics: rows appear with the opening (or the failure) and never before, so that
 * nothing that is read here can tell of bids that are still sealed. All of it follows from opening records and awards.
 */
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { AgencyId, SupplierId, TenderId } from '../../domain/ids.ts'
import type { RemarkCode } from '../../domain/bid.ts'
import { tenders } from './tenders.ts'

/** One row a tender that was opened, or failed at its time. */
export const results = sqliteTable('results', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  agencyId: text('agency_id').$type<AgencyId>().notNull(),
  concludedAt: integer('concluded_at').notNull(),
  /** Rows of the opening record; null where prices were never opened. */
  bids: integer(),
  /** In units of 10^-decimals won, as the award. */
  plannedPrice: integer('planned_price'),
  decimals: integer().$type<0 | 2>().notNull(),
  failed: integer({ mode: 'boolean' }).notNull(),
  winnerId: text('winner_id').$type<SupplierId>(),
  awardAmount: integer('award_amount'),
  /** award ÷ planned price, parts per million, truncated. */
  awardRatePpm: integer('award_rate_ppm'),
  /** The cells of the statistics that count it. */
  regions: text({ mode: 'json' }).$type<string[]>().notNull()
}, (t) => [index('results_by_agency').on(t.agencyId, t.tenderId)])

/** Rows of opening records by supplier; of a consortium's bid one for each member. */
export const participations = sqliteTable('participations', {
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => results.tenderId),
  /** Row of the record, from 0. */
  row: integer().notNull(),
  /** Leads the consortium, or bids alone. */
  leads: integer({ mode: 'boolean' }).notNull(),
  rank: integer(),
  amount: integer(),
  remark: text().$type<RemarkCode>().notNull()
}, (t) => [
  primaryKey({ columns: [t.supplierId, t.tenderId, t.row] }),
  index('participations_of_members').on(t.tenderId, t.supplierId).where(sql`NOT leads`)
])

/** Sums by month (KST) and one dimension at a time, counted up in the transaction of the opening or the award. */
export const statistics = sqliteTable('statistics', {
  dimension: text().notNull(),
  /** `2026-11`, the month of the opening. */
  month: text().notNull(),
  value: text().notNull(),
  tenders: integer().notNull(),
  failed: integer().notNull(),
  awarded: integer().notNull(),
  /** Tenders whose number of bids is known, and those bids. */
  competed: integer().notNull(),
  bids: integer().notNull(),
  /** Awards that have a rate, and the sum of the rates. */
  rated: integer().notNull(),
  ratePpmSum: integer('rate_ppm_sum').notNull()
}, (t) => [primaryKey({ columns: [t.dimension, t.month, t.value] })])
