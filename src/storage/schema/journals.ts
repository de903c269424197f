/** What is kept of everything: ledgers, outages, public events, the audit trail; the installation's counters and settings. */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { OfficerId, Sha256Hex, TenderId } from '../../domain/ids.ts'
import type { OutageRule } from '../../domain/outage.ts'
import { tenders } from './tenders.ts'

/** Next numbers of things that are counted (officers, tenders of a year). */
export const counters = sqliteTable('counters', {
  name: text().primaryKey(),
  value: integer().notNull()
})

/** Facts about this installation, e.g. the hash of the first officer's enrolment code. */
export const settings = sqliteTable('settings', {
  name: text().primaryKey(),
  value: text().notNull()
})

export const ledger = sqliteTable('ledger', {
  tenderId: text('tender_id').$type<TenderId>().notNull(),
  sequence: integer().notNull(),
  at: integer().notNull(),
  actor: text().notNull(),
  type: text().notNull(),
  payload: text().notNull(),
  payloadSha256: text('payload_sha256').$type<Sha256Hex>().notNull(),
  previousHash: text('previous_hash').$type<Sha256Hex>().notNull(),
  hash: text().$type<Sha256Hex>().notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.sequence] })])

/** Outages (장애) as platform officers signed them, in the order in which they were applied. */
export const outages = sqliteTable('outages', {
  position: integer().primaryKey({ autoIncrement: true }),
  sha256: text().$type<Sha256Hex>().notNull(),
  jws: text().notNull(),
  fromAt: integer('from_at').notNull(),
  recoveredAt: integer('recovered_at').notNull(),
  announcedAt: integer('announced_at').notNull(),
  reason: text().notNull(),
  appliedBy: text('applied_by').$type<OfficerId>().notNull(),
  appliedAt: integer('applied_at').notNull(),
  /** Tenders whose deadline lay in it, and that had come too far to be moved. */
  passedOver: text('passed_over', { mode: 'json' }).$type<TenderId[]>().notNull()
}, (t) => [
  uniqueIndex('outages_by_digest').on(t.sha256),
  index('outages_by_recovery').on(t.recoveredAt)
])

/** What each outage made of each tender's times. */
export const extensions = sqliteTable('extensions', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  outagePosition: integer('outage_position').notNull().references(() => outages.position),
  /** Revision of the notice in force. */
  revision: integer().notNull(),
  rule: text().$type<OutageRule>().notNull(),
  nextWorkingDay: integer('next_working_day', { mode: 'boolean' }).notNull(),
  previousClosesAt: integer('previous_closes_at').notNull(),
  previousTechnicalOpensAt: integer('previous_technical_opens_at'),
  previousOpensAt: integer('previous_opens_at').notNull(),
  closesAt: integer('closes_at').notNull(),
  technicalOpensAt: integer('technical_opens_at'),
  opensAt: integer('opens_at').notNull(),
  /** Checkpoint of the closing that it undid, or null where the tender had not been closed. */
  earlierCheckpoint: text('earlier_checkpoint')
}, (t) => [primaryKey({ columns: [t.tenderId, t.outagePosition] })])

/** Public events; `position` grows in commit order because there is one writer. */
export const events = sqliteTable('events', {
  position: integer().primaryKey({ autoIncrement: true }),
  at: integer().notNull(),
  type: text().notNull(),
  tenderId: text('tender_id').$type<TenderId>().notNull(),
  data: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull()
}, (t) => [index('events_by_tender').on(t.tenderId, t.position)])

/** Refusals and decisions, for platform officers; never holds a secret or a bid's content. */
export const audit = sqliteTable('audit', {
  position: integer().primaryKey({ autoIncrement: true }),
  at: integer().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  code: text().notNull(),
  field: text(),
  tenderId: text('tender_id'),
  detail: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull()
}, (t) => [index('audit_by_tender').on(t.tenderId, t.position)])
