/**
 * What suppliers were told. Rows are written a page of recipients at a time, each with its deliveries in the same statement's
 * transaction; a cause that a supplier was told of already is passed over, so that a page may be written again.
 */
import { and, asc, desc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import type { Instant, Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import type { Topic } from '../domain/notification.ts'
import { prepare, type Db } from './prepare.ts'
import { bids, notifications, participations, tenders } from './schema.ts'

export type StoredNotification = typeof notifications.$inferSelect

/** Where all mail goes, as far as the limits of a host are concerned. */
export const MAIL_HOST = 'mail'
export const EMAIL_TARGET = 'email'

export interface Told { supplierId: SupplierId, data: Record<string, unknown> }
interface Cause { eventKey: string, at: Instant, topic: Topic, tenderId: TenderId }

/** Returns how many had not been told. */
export async function tellSuppliers (tx: Db, { cause, told, now }: { cause: Cause, told: readonly Told[], now: Instant }): Promise<number> {
  const { eventKey, at, topic, tenderId } = cause
  const list = JSON.stringify(told.map(({ supplierId, data }) => ({ id: supplierId, data: JSON.stringify(data) })))
  const { changes } = tx.run(sql`
    INSERT INTO notifications (supplier_id, number, event_key, at, topic, tender_id, data)
    SELECT value ->> 'id', coalesce((SELECT max(number) FROM notifications WHERE supplier_id = value ->> 'id'), 0) + 1,
      ${eventKey}, ${at}, ${topic}, ${tenderId}, value ->> 'data'
    FROM json_each(${list}) WHERE true
    ON CONFLICT (supplier_id, event_key) DO NOTHING`)
  if (changes === 0) return 0
  const ids = sql`SELECT value ->> 'id' FROM json_each(${list})`
  tx.run(sql`
    INSERT INTO deliveries (supplier_id, event_key, channel, target, host, state, attempts, next_at, created_at)
    SELECT supplier_id, ${eventKey}, 'email', ${EMAIL_TARGET}, ${MAIL_HOST}, 'pending', 0, ${now}, ${now}
    FROM email_addresses WHERE supplier_id IN (${ids}) AND verified_at IS NOT NULL
    ON CONFLICT DO NOTHING`)
  tx.run(sql`
    INSERT INTO deliveries (supplier_id, event_key, channel, target, host, state, attempts, next_at, created_at)
    SELECT supplier_id, ${eventKey}, 'webhook', webhook_id, host, 'pending', 0, ${now}, ${now}
    FROM webhooks WHERE supplier_id IN (${ids})
    ON CONFLICT DO NOTHING`)
  return changes
}

const page = prepare((db) => db
  .select({
    number: notifications.number,
    at: notifications.at,
    topic: notifications.topic,
    tenderId: notifications.tenderId,
    title: tenders.title,
    data: notifications.data,
    isRead: notifications.isRead
  })
  .from(notifications).innerJoin(tenders, eq(tenders.tenderId, notifications.tenderId))
  .where(and(eq(notifications.supplierId, sql.placeholder('supplierId')), lt(notifications.number, sql.placeholder('before'))))
  .orderBy(desc(notifications.number)).limit(sql.placeholder('limit')).prepare())

export type ListedNotification = ReturnType<ReturnType<typeof page>['all']>[number]

/** Newest first, from below `before`. */
export async function listNotifications (db: Db, query: { supplierId: SupplierId, before: number, limit: number }): Promise<ListedNotification[]> {
  return page(db).all(query)
}

/** At most `limit`. */
export async function countUnread (db: Db, { supplierId, limit }: { supplierId: SupplierId, limit: number }): Promise<number> {
  return db.get<{ n: number }>(sql`
    SELECT count(*) AS n FROM (SELECT 1 FROM notifications WHERE supplier_id = ${supplierId} AND NOT is_read LIMIT ${limit})`).n
}

/** Marks up to and with a number; returns how many. */
export async function markRead (tx: Db, { supplierId, upTo }: { supplierId: SupplierId, upTo: number }): Promise<number> {
  return tx.update(notifications).set({ isRead: true })
    .where(and(eq(notifications.supplierId, supplierId), lte(notifications.number, upTo), sql`NOT is_read`)).run().changes
}

const byEvent = prepare((db) => db.select().from(notifications)
  .where(and(eq(notifications.supplierId, sql.placeholder('supplierId')), eq(notifications.eventKey, sql.placeholder('eventKey')))).prepare())

export async function getNotification (db: Db, { supplierId, eventKey }: {
  supplierId: SupplierId, eventKey: string
}): Promise<StoredNotification | null> {
  return byEvent(db).get({ supplierId, eventKey }) ?? null
}

/**
 * Suppliers with a bid that they did not withdraw, by id: a superseded one as well, since its owner has to know. `stands`: one is
 * sealed to the terms in force.
 */
export async function listBidders (db: Db, { tenderId, termsSha256, after, limit }: {
  tenderId: TenderId, termsSha256: Sha256Hex | null, after: string, limit: number
}): Promise<Array<{ supplierId: SupplierId, stands: boolean }>> {
  return db.select({ supplierId: bids.supplierId, stands: sql<number>`max(${bids.termsSha256} = ${termsSha256})` }).from(bids)
    .where(and(eq(bids.tenderId, tenderId), gt(bids.supplierId, after as SupplierId), sql`${bids.state} <> 'withdrawn'`))
    .groupBy(bids.supplierId).orderBy(asc(bids.supplierId)).limit(limit).all().map(({ supplierId, stands }) => ({ supplierId, stands: stands === 1 }))
}

/** Members of joint bids besides their leaders, by id; nobody before the opening. */
export async function listMembers (db: Db, { tenderId, after, limit }: {
  tenderId: TenderId, after: string, limit: number
}): Promise<Array<{ supplierId: SupplierId }>> {
  return db.selectDistinct({ supplierId: participations.supplierId }).from(participations)
    .where(and(eq(participations.tenderId, tenderId), gt(participations.supplierId, after as SupplierId), sql`NOT leads`))
    .orderBy(asc(participations.supplierId)).limit(limit).all()
}

const ownRow = prepare((db) => db.select().from(participations)
  .where(and(eq(participations.supplierId, sql.placeholder('supplierId')), eq(participations.tenderId, sql.placeholder('tenderId'))))
  .orderBy(participations.row).limit(1).prepare())

/** Its row of the opening record; null before the opening. */
export async function ownResult (db: Db, key: { supplierId: SupplierId, tenderId: TenderId }): Promise<typeof participations.$inferSelect | null> {
  return ownRow(db).get(key) ?? null
}

/** Told before `before`; each supplier keeps its newest, from which its numbers go on. Returns how many went. */
export async function forgetNotifications (tx: Db, { before, limit }: { before: Instant, limit: number }): Promise<number> {
  return tx.run(sql`
    DELETE FROM notifications WHERE (supplier_id, number) IN (
      SELECT supplier_id, number FROM notifications AS old WHERE at < ${before}
        AND number < (SELECT max(number) FROM notifications WHERE supplier_id = old.supplier_id) LIMIT ${limit})`).changes
}
