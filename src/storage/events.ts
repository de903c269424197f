/** Public events, in the order of their commits: a reader that resumes from a position misses nothing and sees nothing twice. */
import { and, asc, desc, eq, gt, inArray, notInArray, sql } from 'drizzle-orm'
import type { EventType } from '../domain/events.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { events } from './schema.ts'
import { touch } from './touched.ts'

export type StoredEvent = typeof events.$inferSelect

const insert = prepare((db) =>
  db
    .insert(events)
    .values({ at: sql.placeholder('at'), type: sql.placeholder('type'), tenderId: sql.placeholder('tenderId'), data: sql.placeholder('data') })
    .prepare()
)

export async function appendEvent (
  tx: Db,
  event: { at: Instant; type: EventType; tenderId: TenderId; data: Record<string, unknown> }
): Promise<void> {
  insert(tx).run({ ...event })
  touch(tx, event.tenderId)
}

export async function listEvents (
  db: Db,
  { after, limit, tenderIds, without }: { after: number; limit: number; tenderIds?: readonly TenderId[] | undefined; without?: readonly EventType[] }
): Promise<StoredEvent[]> {
  const mine = tenderIds === undefined ? undefined : inArray(events.tenderId, [...tenderIds])
  const others = without === undefined ? undefined : notInArray(events.type, [...without])
  return db
    .select()
    .from(events)
    .where(and(gt(events.position, after), mine, others))
    .orderBy(asc(events.position))
    .limit(limit)
    .all()
}

/** The tender's newest event of this type. */
export async function lastEvent (db: Db, { tenderId, type }: { tenderId: TenderId, type: EventType }): Promise<StoredEvent | null> {
  const mine = and(eq(events.tenderId, tenderId), eq(events.type, type))
  return db.select().from(events).where(mine).orderBy(desc(events.position)).limit(1).get() ?? null
}

export async function lastPosition (db: Db): Promise<number> {
  return db.select({ position: events.position }).from(events).orderBy(desc(events.position)).limit(1).get()?.position ?? 0
}
