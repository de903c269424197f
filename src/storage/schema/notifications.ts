/**
 * Notifications (알림): saved searches, what suppliers were told, where they want to be told, and what is still to be sent. Numbers
 * that suppliers see are their own: a number that ran through all of them would tell how many bid. No secret lies here; they are
 * derived (`crypto/notification-keys.ts`).
 */
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import type { Channel, Language, SearchConditions, Topic } from '../../domain/notification.ts'
import { suppliers } from './holders.ts'

export const savedSearches = sqliteTable('saved_searches', {
  searchId: integer('search_id').primaryKey({ autoIncrement: true }),
  supplierId: text('supplier_id').$type<SupplierId>().notNull().references(() => suppliers.supplierId),
  /** The supplier's own numbering. */
  number: integer().notNull(),
  name: text().notNull(),
  conditions: text({ mode: 'json' }).$type<SearchConditions>().notNull(),
  /** What a notice must have to answer it: the rarest pair of letters of its words, or nothing. */
  anchor: text().notNull(),
  /** Kind, method and agency as one text. */
  facets: text().notNull(),
  createdAt: integer('created_at').notNull(),
  /** Position of the newest event when it was saved: only later ones count. */
  afterPosition: integer('after_position').notNull()
}, (t) => [
  uniqueIndex('saved_searches_by_supplier').on(t.supplierId, t.number),
  index('saved_searches_by_anchor').on(t.anchor, t.facets, t.searchId)
])

/** What a supplier was told; `eventKey` names the cause, and each cause is told once. */
export const notifications = sqliteTable('notifications', {
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  number: integer().notNull(),
  eventKey: text('event_key').notNull(),
  /** Of the event, not of this row. */
  at: integer().notNull(),
  topic: text().$type<Topic>().notNull(),
  tenderId: text('tender_id').$type<TenderId>().notNull(),
  data: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  isRead: integer('is_read', { mode: 'boolean' }).notNull().default(false)
}, (t) => [
  primaryKey({ columns: [t.supplierId, t.number] }),
  uniqueIndex('notifications_by_event').on(t.supplierId, t.eventKey),
  index('notifications_unread').on(t.supplierId, t.number).where(sql`NOT is_read`),
  index('notifications_by_time').on(t.at)
])

/** One e-mail address a supplier. The row stays when the address is taken back: its counts of codes go on. */
export const emailAddresses = sqliteTable('email_addresses', {
  supplierId: text('supplier_id').$type<SupplierId>().primaryKey().references(() => suppliers.supplierId),
  address: text(),
  language: text().$type<Language>().notNull(),
  /** Counts the codes: each generation has its own. */
  generation: integer().notNull(),
  verifiedAt: integer('verified_at'),
  codeExpiresAt: integer('code_expires_at').notNull(),
  /** Wrong codes of this generation. */
  codeFailures: integer('code_failures').notNull(),
  /** Codes since `codesFrom`. */
  codes: integer().notNull(),
  codesFrom: integer('codes_from').notNull()
})

export const webhooks = sqliteTable('webhooks', {
  webhookId: text('webhook_id').primaryKey(),
  supplierId: text('supplier_id').$type<SupplierId>().notNull().references(() => suppliers.supplierId),
  url: text().notNull(),
  host: text().notNull(),
  /** Of the secret; the one before it signs too until `previousUntil`. */
  generation: integer().notNull(),
  previousUntil: integer('previous_until'),
  createdAt: integer('created_at').notNull()
}, (t) => [index('webhooks_by_supplier').on(t.supplierId)])

/** The outbox: what goes to whom, by which channel. `target`: a webhook's id, or `email`. */
export const deliveries = sqliteTable('deliveries', {
  deliveryId: integer('delivery_id').primaryKey({ autoIncrement: true }),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  eventKey: text('event_key').notNull(),
  channel: text().$type<Channel>().notNull(),
  target: text().notNull(),
  /** Where few go at a time. */
  host: text().notNull(),
  state: text().$type<'pending' | 'sent' | 'dead'>().notNull(),
  attempts: integer().notNull(),
  nextAt: integer('next_at').notNull(),
  reason: text(),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at')
}, (t) => [
  uniqueIndex('deliveries_by_event').on(t.supplierId, t.eventKey, t.channel, t.target),
  index('deliveries_due').on(t.host, t.nextAt, t.deliveryId).where(sql`state = 'pending'`),
  index('deliveries_dead').on(t.deliveryId).where(sql`state = 'dead'`),
  index('deliveries_ended').on(t.endedAt)
])
