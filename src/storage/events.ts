/** Public events, in the order of their commits: a reader that resumes from a position misses nothing and sees nothing twice. */
import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
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
  event: { at: Instant; type: string; tenderId: TenderId; data: Record<string, unknown> }
): Promise<void> {
  insert(tx).run({ ...event })
  touch(tx, event.tenderId)
}

export async function listEvents (
  db: Db,
  { after, limit, tenderId }: { after: number; limit: number; tenderId?: TenderId | undefined }
): Promise<StoredEvent[]> {
  const mine = tenderId === undefined ? undefined : eq(events.tenderId, tenderId)
  return db
    .select()
    .from(events)
    .where(and(gt(events.position, after), mine))
    .orderBy(asc(events.position))
    .limit(limit)
    .all()
}

export async function lastPosition (db: Db): Promise<number> {
  return db.select({ position: events.position }).from(events).orderBy(desc(events.position)).limit(1).get()?.position ?? 0
}
