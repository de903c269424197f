/** What follows a closing: technical evaluation, opening records, evaluation and award. */
import { integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { OfficerId, Sha256Hex, SupplierId, TenderId } from '../../domain/ids.ts'
import type { TechnicalScore } from '../../domain/technical.ts'
import { tenders } from './tenders.ts'

export const openings = sqliteTable('openings', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  /** Canonical JSON of the opening record with no rows in it; they stand in `opening_parts`. */
  frame: text().notNull(),
  /** Of the whole record in UTF-8: what the ledger commits to and `verify` reproduces. */
  sha256: text().$type<Sha256Hex>().notNull(),
  sizeBytes: integer('size_bytes').notNull(),
  rowCount: integer('row_count').notNull(),
  openedAt: integer('opened_at').notNull()
})

/**
 * Rows of opening records as they stand there, some to a part. They come before their opening and count from it on: until then
 * they are remains of an opening under way or cut off, which nobody reads and the next one removes.
 */
export const openingParts = sqliteTable('opening_parts', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  firstRow: integer('first_row').notNull(),
  rowCount: integer('row_count').notNull(),
  text: text().notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.firstRow] })])

/** Cosigners' lines under checkpoints; the note is known by the digest of its text as the platform signed it. */
export const cosignatures = sqliteTable('cosignatures', {
  noteSha256: text('note_sha256').$type<Sha256Hex>().notNull(),
  /** Verifier key (vkey). */
  cosigner: text().notNull(),
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  line: text().notNull(),
  cosignedAt: integer('cosigned_at').notNull()
}, (t) => [primaryKey({ columns: [t.noteSha256, t.cosigner] })])

/** Technical openings: digests of proposals, never the proposals. */
export const technicalOpenings = sqliteTable('technical_openings', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  /** Canonical JSON, byte for byte what its hash, the marks and `verify` are about. */
  record: text().notNull(),
  sha256: text().$type<Sha256Hex>().notNull(),
  openedAt: integer('opened_at').notNull()
})

/** Appointments of evaluators as the executing officer signed them; the last one counts. */
export const evaluatorAppointments = sqliteTable('evaluator_appointments', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  sequence: integer().notNull(),
  jws: text().notNull(),
  evaluators: text({ mode: 'json' }).$type<OfficerId[]>().notNull(),
  appointedAt: integer('appointed_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.sequence] })])

export const technicalMarks = sqliteTable('technical_marks', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  evaluatorId: text('evaluator_id').$type<OfficerId>().notNull(),
  /** In the order in which evaluators marked. */
  sequence: integer().notNull(),
  jws: text().notNull(),
  markedAt: integer('marked_at').notNull()
}, (t) => [
  primaryKey({ columns: [t.tenderId, t.evaluatorId] }),
  uniqueIndex('technical_marks_in_order').on(t.tenderId, t.sequence)
])

export const technicalResults = sqliteTable('technical_results', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  jws: text().notNull(),
  scores: text({ mode: 'json' }).$type<TechnicalScore[]>().notNull(),
  decidedAt: integer('decided_at').notNull()
})

export const evaluations = sqliteTable('evaluations', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  sequence: integer().notNull(),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  jws: text().notNull(),
  result: text({ mode: 'json' }).$type<unknown>().notNull(),
  evaluatedAt: integer('evaluated_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.sequence] })])

export const awards = sqliteTable('awards', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  jws: text().notNull(),
  decision: text().$type<'awarded' | 'failed'>().notNull(),
  awardedAt: integer('awarded_at').notNull()
})
