/** Tenders and their notices; lists of them are `tender-list.ts`. */
import { and, asc, count, desc, eq, gte, inArray, isNotNull, lt, lte, ne, sql } from 'drizzle-orm'
import type { Instant, TenderId } from '../domain/ids.ts'
import type { TenderState } from '../domain/tender.ts'
import { prepare, type Db } from './prepare.ts'
import { notices, tenders } from './schema.ts'
import { touch } from './touched.ts'

export type Tender = typeof tenders.$inferSelect
export type StoredNotice = typeof notices.$inferSelect

const tenderById = prepare((db) =>
  db
    .select()
    .from(tenders)
    .where(eq(tenders.tenderId, sql.placeholder('tenderId')))
    .prepare()
)

/** What a bid that comes in asks of its tender. */
export type BiddenTender = Pick<Tender, 'tenderId' | 'revision' | 'state' | 'closesAt' | 'termsSha256'>

// Every bid asks: the whole row takes twice as long.
const biddenById = prepare((db) =>
  db
    .select({
      tenderId: tenders.tenderId,
      revision: tenders.revision,
      state: tenders.state,
      closesAt: tenders.closesAt,
      termsSha256: tenders.termsSha256
    })
    .from(tenders)
    .where(eq(tenders.tenderId, sql.placeholder('tenderId')))
    .prepare()
)

export async function insertTender (tx: Db, row: typeof tenders.$inferInsert): Promise<void> {
  tx.insert(tenders).values(row).run()
}

export async function getTender (db: Db, tenderId: TenderId): Promise<Tender | null> {
  return tenderById(db).get({ tenderId }) ?? null
}

export async function getBiddenTender (db: Db, tenderId: TenderId): Promise<BiddenTender | null> {
  return biddenById(db).get({ tenderId }) ?? null
}

/** Changes columns of a tender in the state given; false (and nothing changed) when another state stands. */
export async function updateTender (
  tx: Db,
  { tenderId, state }: { tenderId: TenderId; state: TenderState },
  set: Partial<typeof tenders.$inferInsert>
): Promise<boolean> {
  touch(tx, tenderId)
  return (
    tx
      .update(tenders)
      .set(set)
      .where(and(eq(tenders.tenderId, tenderId), eq(tenders.state, state)))
      .run().changes === 1
  )
}

/** An outage moves thousands of tenders in one transaction. */
const takeUp = prepare((db) =>
  db
    .update(tenders)
    .set({
      state: 'published',
      closesAt: sql`${sql.placeholder('closesAt')}`,
      technicalOpensAt: sql`${sql.placeholder('technicalOpensAt')}`,
      opensAt: sql`${sql.placeholder('opensAt')}`,
      closingRoot: null,
      closingSize: null,
      checkpoint: null
    })
    .where(and(eq(tenders.tenderId, sql.placeholder('tenderId')), eq(tenders.state, sql.placeholder('state'))))
    .prepare()
)

/** Gives a tender in the state given other times, and takes it up again where it was closed; false when another state stands. */
export async function takeUpTender (
  tx: Db,
  values: Pick<Tender, 'tenderId' | 'closesAt' | 'technicalOpensAt' | 'opensAt'> & { state: 'published' | 'closed' }
): Promise<boolean> {
  touch(tx, values.tenderId)
  return takeUp(tx).run({ ...values }).changes === 1
}

export async function insertNotice (tx: Db, row: StoredNotice): Promise<void> {
  tx.insert(notices).values(row).run()
  touch(tx, row.tenderId)
}

const noticesOf = prepare((db) =>
  db
    .select()
    .from(notices)
    .where(eq(notices.tenderId, sql.placeholder('tenderId')))
    .orderBy(asc(notices.revision))
    .prepare()
)

export async function listNotices (db: Db, tenderId: TenderId): Promise<StoredNotice[]> {
  return noticesOf(db).all({ tenderId })
}

const newestNoticeOf = prepare((db) =>
  db
    .select({ jws: notices.jws })
    .from(notices)
    .where(eq(notices.tenderId, sql.placeholder('tenderId')))
    .orderBy(desc(notices.revision))
    .limit(1)
    .prepare()
)

/** The JWS of the notice in force, or null before the first. */
export async function newestNotice (db: Db, tenderId: TenderId): Promise<string | null> {
  return newestNoticeOf(db).get({ tenderId })?.jws ?? null
}

/**
 * Tenders whose time has come: published ones past `closesAt`, or closed ones past `opensAt`; earliest first, behind the one
 * given.
 */
export async function listDue (
  db: Db,
  { state, now, limit, after }: { state: 'published' | 'closed'; now: Instant; limit: number; after?: Tender | undefined }
): Promise<Tender[]> {
  const time = state === 'published' ? tenders.closesAt : tenders.opensAt
  const last = state === 'published' ? after?.closesAt : after?.opensAt
  const behind = after === undefined || last === undefined ? undefined : sql`(${time}, ${tenders.tenderId}) > (${last}, ${after.tenderId})`
  return db
    .select()
    .from(tenders)
    .where(and(eq(tenders.state, state), lte(time, now), behind))
    .orderBy(asc(time), asc(tenders.tenderId))
    .limit(limit)
    .all()
}

/** Closed tenders whose technical envelopes may be opened and have not been; earliest first. */
export async function listTechnicalDue (db: Db, { now, limit }: { now: Instant; limit: number }): Promise<Tender[]> {
  return db
    .select()
    .from(tenders)
    .where(and(
      eq(tenders.state, 'closed'),
      lte(tenders.technicalOpensAt, now),
      sql`NOT EXISTS (SELECT 1 FROM technical_openings WHERE technical_openings.tender_id = ${tenders.tenderId})`
    ))
    .orderBy(asc(tenders.technicalOpensAt), asc(tenders.tenderId))
    .limit(limit)
    .all()
}

/** Published tenders of these states whose deadline lies from … until, both included; earliest first. */
export async function listClosingBetween (
  db: Db,
  { states, from, until, limit }: { states: readonly TenderState[]; from: Instant; until: Instant; limit: number }
): Promise<Tender[]> {
  return db
    .select()
    .from(tenders)
    .where(and(inArray(tenders.state, [...states]), gte(tenders.closesAt, from), lte(tenders.closesAt, until), isNotNull(tenders.revision)))
    .orderBy(asc(tenders.closesAt), asc(tenders.tenderId))
    .limit(limit)
    .all()
}

/** How many published tenders close in from ≤ t < until. */
export async function countClosings (db: Db, { from, until }: { from: Instant; until: Instant }): Promise<number> {
  const within = and(eq(tenders.state, 'published'), gte(tenders.closesAt, from), lt(tenders.closesAt, until))
  return db.select({ closings: count() }).from(tenders).where(within).get()?.closings ?? 0
}

/** Hours (whole hours since 1970) from `from` on in which at least so many published tenders close. */
export async function fullClosingHours (db: Db, { from, atLeast }: { from: Instant; atLeast: number }): Promise<Set<number>> {
  const hour = sql<number>`${tenders.closesAt} / 3600000`
  const rows = db
    .select({ hour })
    .from(tenders)
    .where(and(eq(tenders.state, 'published'), gte(tenders.closesAt, from)))
    .groupBy(hour)
    .having(sql`count(*) >= ${atLeast}`)
    .all()
  return new Set(rows.map((row) => row.hour))
}

/** When the next tender in this state falls due, or null. */
export async function nextDue (db: Db, state: 'published' | 'closed', after: Instant): Promise<Instant | null> {
  const time = state === 'published' ? tenders.closesAt : tenders.opensAt
  return (
    db
      .select({ at: time })
      .from(tenders)
      .where(and(eq(tenders.state, state), sql`${time} > ${after}`))
      .orderBy(asc(time))
      .limit(1)
      .get()?.at ?? null
  )
}

/** The tender that takes this one up again, or null. */
export async function successorOf (db: Db, tenderId: TenderId): Promise<TenderId | null> {
  return (
    db
      .select({ id: tenders.tenderId })
      .from(tenders)
      .where(and(eq(tenders.previousTenderId, tenderId), ne(tenders.state, 'draft'), sql`${tenders.revision} IS NOT NULL`))
      .get()?.id ?? null
  )
}
