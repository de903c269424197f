/** Outages and the extensions that came of them: written once, in the transaction that moves the tenders. */
import { and, asc, count, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Instant, Sha256Hex, TenderId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { extensions, outages } from './schema.ts'

export type StoredOutage = typeof outages.$inferSelect
export type StoredExtension = typeof extensions.$inferSelect
export type ListedOutage = StoredOutage & { tenders: number }

/** Returns its position. */
export async function insertOutage (tx: Db, row: typeof outages.$inferInsert): Promise<number> {
  const [stored] = tx.insert(outages).values(row).returning({ position: outages.position }).all()
  return stored?.position ?? 0
}

export async function getOutage (db: Db, sha256: Sha256Hex): Promise<StoredOutage | null> {
  return db.select().from(outages).where(eq(outages.sha256, sha256)).get() ?? null
}

/** An outage that shares more than an instant with this period, or null. */
export async function overlappingOutage (db: Db, { fromAt, recoveredAt }: { fromAt: Instant, recoveredAt: Instant }): Promise<StoredOutage | null> {
  return db.select().from(outages).where(and(gt(outages.recoveredAt, fromAt), lt(outages.fromAt, recoveredAt))).limit(1).get() ?? null
}

/** Newest first, from below `before`, each with the number of tenders that it moved. */
export async function listOutages (db: Db, { before, limit }: { before: number, limit: number }): Promise<ListedOutage[]> {
  return db.select().from(outages).where(lt(outages.position, before)).orderBy(desc(outages.position)).limit(limit).all().map((outage) => {
    const moved = db.select({ tenders: count() }).from(extensions).where(eq(extensions.outagePosition, outage.position)).get()
    return { ...outage, tenders: moved?.tenders ?? 0 }
  })
}

/** An outage moves thousands of tenders in one transaction. */
const insert = prepare((db) => db.insert(extensions).values({
  tenderId: sql.placeholder('tenderId'),
  outagePosition: sql.placeholder('outagePosition'),
  revision: sql.placeholder('revision'),
  rule: sql.placeholder('rule'),
  nextWorkingDay: sql.placeholder('nextWorkingDay'),
  previousClosesAt: sql.placeholder('previousClosesAt'),
  previousTechnicalOpensAt: sql.placeholder('previousTechnicalOpensAt'),
  previousOpensAt: sql.placeholder('previousOpensAt'),
  closesAt: sql.placeholder('closesAt'),
  technicalOpensAt: sql.placeholder('technicalOpensAt'),
  opensAt: sql.placeholder('opensAt'),
  earlierCheckpoint: sql.placeholder('earlierCheckpoint')
}).prepare())

export async function insertExtension (tx: Db, row: StoredExtension): Promise<void> {
  insert(tx).run({ ...row })
}

/** What an outage moved. */
export async function extensionsByOutage (db: Db, outagePosition: number): Promise<StoredExtension[]> {
  return db.select().from(extensions).where(eq(extensions.outagePosition, outagePosition)).orderBy(asc(extensions.tenderId)).all()
}

/** A tender's extensions in the order in which they came, each with its outage. */
export async function listExtensions (db: Db, tenderId: TenderId): Promise<Array<{ extension: StoredExtension, outage: StoredOutage }>> {
  return db.select({ extension: extensions, outage: outages }).from(extensions)
    .innerJoin(outages, eq(outages.position, extensions.outagePosition))
    .where(eq(extensions.tenderId, tenderId)).orderBy(asc(extensions.outagePosition)).all()
}
