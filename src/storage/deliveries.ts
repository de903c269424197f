/**
 * The outbox: deliveries that are due, and how each went. A row is looked up by host, so that one host that does not answer keeps no
 * other waiting, and stays pending until its success or its last failure is on disk.
 */
import { and, asc, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Instant, SupplierId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { deliveries } from './schema.ts'

export type Delivery = typeof deliveries.$inferSelect

type NewDelivery = Pick<Delivery, 'supplierId' | 'eventKey' | 'channel' | 'target' | 'host' | 'nextAt' | 'createdAt'>

export async function insertDelivery (tx: Db, row: NewDelivery): Promise<void> {
  tx.insert(deliveries).values({ ...row, state: 'pending', attempts: 0 }).onConflictDoNothing().run()
}

/**
 * Hosts behind `after` with a delivery that is due, by name, among the next `limit` that have one waiting; each costs one look into the index.
 * `next`: behind which to go on, or null at the end.
 */
export async function dueHosts (db: Db, { now, after, limit }: { now: Instant, after: string, limit: number }): Promise<{
  hosts: string[], next: string | null
}> {
  const waiting = db.all<{ host: string, due: number }>(sql`
    WITH RECURSIVE hosts (host) AS (
      SELECT min(host) FROM deliveries WHERE state = 'pending' AND host > ${after}
      UNION ALL
      SELECT (SELECT min(host) FROM deliveries WHERE state = 'pending' AND host > hosts.host) FROM hosts WHERE hosts.host IS NOT NULL
      LIMIT ${limit})
    SELECT host, EXISTS (SELECT 1 FROM deliveries WHERE state = 'pending' AND deliveries.host = hosts.host AND next_at <= ${now}) AS due
    FROM hosts WHERE host IS NOT NULL`)
  return { hosts: waiting.filter(({ due }) => due === 1).map(({ host }) => host), next: waiting.length < limit ? null : waiting.at(-1)?.host ?? null }
}

const due = prepare((db) => db.select().from(deliveries)
  .where(and(sql`state = 'pending'`, eq(deliveries.host, sql.placeholder('host')), lte(deliveries.nextAt, sql.placeholder('now'))))
  .orderBy(asc(deliveries.nextAt), asc(deliveries.deliveryId)).limit(sql.placeholder('limit')).prepare())

/** Those of one host, the longest due first. */
export async function dueDeliveries (db: Db, query: { host: string, now: Instant, limit: number }): Promise<Delivery[]> {
  return due(db).all(query)
}

const pending = (deliveryId: number) => and(eq(deliveries.deliveryId, deliveryId), eq(deliveries.state, 'pending'))

export async function endDelivery (tx: Db, { deliveryId, state, attempts, reason, endedAt }: {
  deliveryId: number, state: 'sent' | 'dead', attempts: number, reason: string | null, endedAt: Instant
}): Promise<void> {
  tx.update(deliveries).set({ state, attempts, reason, endedAt }).where(pending(deliveryId)).run()
}

export async function postponeDelivery (tx: Db, { deliveryId, attempts, reason, nextAt }: {
  deliveryId: number, attempts: number, reason: string, nextAt: Instant
}): Promise<void> {
  tx.update(deliveries).set({ attempts, reason, nextAt }).where(pending(deliveryId)).run()
}

/** What waits for a target that was taken away is not sent. */
export async function dropPending (tx: Db, { supplierId, target }: { supplierId: SupplierId, target: string }): Promise<void> {
  tx.delete(deliveries).where(and(eq(deliveries.supplierId, supplierId), eq(deliveries.target, target), eq(deliveries.state, 'pending'))).run()
}

/** Counts by channel and state. */
export async function countDeliveries (db: Db): Promise<Array<{ channel: string, state: string, n: number }>> {
  return db.select({ channel: deliveries.channel, state: deliveries.state, n: sql<number>`count(*)` }).from(deliveries)
    .groupBy(deliveries.channel, deliveries.state).orderBy(deliveries.channel, deliveries.state).all()
}

export async function listDead (db: Db, { after, limit }: { after: number, limit: number }): Promise<Delivery[]> {
  return db.select().from(deliveries).where(and(sql`state = 'dead'`, gt(deliveries.deliveryId, after)))
    .orderBy(asc(deliveries.deliveryId)).limit(limit).all()
}

/** Dead ones are due again, with all their tries; those named, or all. Returns how many. */
export async function reviveDead (tx: Db, { ids, now }: { ids: readonly number[] | 'all', now: Instant }): Promise<number> {
  const which = ids === 'all' ? undefined : inArray(deliveries.deliveryId, [...ids])
  return tx.update(deliveries).set({ state: 'pending', attempts: 0, nextAt: now, endedAt: null })
    .where(and(sql`state = 'dead'`, which)).run().changes
}

export async function forgetDeliveries (tx: Db, { before, limit }: { before: Instant, limit: number }): Promise<number> {
  const old = tx.select({ id: deliveries.deliveryId }).from(deliveries).where(lt(deliveries.endedAt, before)).limit(limit)
  return tx.delete(deliveries).where(inArray(deliveries.deliveryId, old)).run().changes
}
