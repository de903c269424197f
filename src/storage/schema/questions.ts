/** Questions on notices (질의) and the officers' signed answers (답변). Who asked is kept for limits and disputes, and never shown. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Sha256Hex, SupplierId, TenderId } from '../../domain/ids.ts'
import { tenders } from './tenders.ts'

export const questions = sqliteTable('questions', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  /** From 1, in the order in which they came. */
  number: integer().notNull(),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  text: text().notNull(),
  /** Of the canonical question (docs/protocol.md): what the answer and the ledger name. */
  sha256: text().$type<Sha256Hex>().notNull(),
  askedAt: integer('asked_at').notNull()
}, (t) => [
  primaryKey({ columns: [t.tenderId, t.number] }),
  index('questions_by_supplier').on(t.tenderId, t.supplierId)
])

export const answers = sqliteTable('answers', {
  tenderId: text('tender_id').$type<TenderId>().notNull(),
  number: integer().notNull(),
  text: text().notNull(),
  jws: text().notNull(),
  answeredAt: integer('answered_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.number] })])
