/** Passkeys of holders, what waits for an authenticator's answer (used once), and resets by officers. */
import { and, asc, count, desc, eq, gt, lt, lte, notInArray } from 'drizzle-orm'
import type { Instant, Sha256Hex } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { passkeyCeremonies, passkeyResets, passkeys } from './schema.ts'

export type StoredPasskey = typeof passkeys.$inferSelect
export type Ceremony = typeof passkeyCeremonies.$inferSelect
export type PasskeyReset = typeof passkeyResets.$inferSelect

/** The oldest first. */
export async function listPasskeys (db: Db, holderId: string): Promise<StoredPasskey[]> {
  return db.select().from(passkeys).where(eq(passkeys.holderId, holderId)).orderBy(asc(passkeys.createdAt), asc(passkeys.credentialId)).all()
}

export async function countPasskeys (db: Db, holderId: string): Promise<number> {
  return db.select({ n: count() }).from(passkeys).where(eq(passkeys.holderId, holderId)).get()?.n ?? 0
}

/** null also for another holder's. */
export async function getPasskey (db: Db, { holderId, credentialId }: { holderId: string, credentialId: string }): Promise<StoredPasskey | null> {
  return db.select().from(passkeys).where(and(eq(passkeys.credentialId, credentialId), eq(passkeys.holderId, holderId))).get() ?? null
}

/** False when this credential is somebody's already. */
export async function insertPasskey (tx: Db, row: StoredPasskey): Promise<boolean> {
  return tx.insert(passkeys).values(row).onConflictDoNothing().run().changes === 1
}

/** False when the counter does not go forward; an authenticator without one always says 0. */
export async function advancePasskey (
  tx: Db, { credentialId, counter, backedUp, at }: { credentialId: string, counter: number, backedUp: boolean, at: Instant }
): Promise<boolean> {
  const goesForward = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter)
  return tx.update(passkeys).set({ counter, backedUp, lastUsedAt: at })
    .where(and(eq(passkeys.credentialId, credentialId), goesForward)).run().changes === 1
}

export async function deletePasskey (tx: Db, { holderId, credentialId }: { holderId: string, credentialId: string }): Promise<boolean> {
  return tx.delete(passkeys).where(and(eq(passkeys.credentialId, credentialId), eq(passkeys.holderId, holderId))).run().changes === 1
}

/** How many there were; nothing of the holder's waits for an authenticator any more. */
export async function deletePasskeysOf (tx: Db, holderId: string): Promise<number> {
  tx.delete(passkeyCeremonies).where(eq(passkeyCeremonies.holderId, holderId)).run()
  return tx.delete(passkeys).where(eq(passkeys.holderId, holderId)).run().changes
}

/** Takes away what is over, and of this holder's all but the newest `keep - 1`. */
export async function insertCeremony (tx: Db, row: Ceremony, { now, keep }: { now: Instant, keep: number }): Promise<void> {
  tx.delete(passkeyCeremonies).where(lte(passkeyCeremonies.expiresAt, now)).run()
  const own = eq(passkeyCeremonies.holderId, row.holderId)
  const newest = tx.select({ id: passkeyCeremonies.ceremonySha256 }).from(passkeyCeremonies).where(own)
    .orderBy(desc(passkeyCeremonies.expiresAt), desc(passkeyCeremonies.ceremonySha256)).limit(keep - 1)
  tx.delete(passkeyCeremonies).where(and(own, notInArray(passkeyCeremonies.ceremonySha256, newest))).run()
  tx.insert(passkeyCeremonies).values(row).run()
}

/** Takes it away, whoever asks; null when unknown, used or expired. */
export async function takeCeremony (tx: Db, { ceremonySha256, now }: { ceremonySha256: Sha256Hex, now: Instant }): Promise<Ceremony | null> {
  const [row] = tx.delete(passkeyCeremonies).where(eq(passkeyCeremonies.ceremonySha256, ceremonySha256)).returning().all()
  return row === undefined || row.expiresAt <= now ? null : row
}

export async function insertReset (tx: Db, row: PasskeyReset): Promise<void> {
  tx.insert(passkeyResets).values(row).run()
}

export async function getReset (db: Db, sha256: Sha256Hex): Promise<PasskeyReset | null> {
  return db.select().from(passkeyResets).where(eq(passkeyResets.sha256, sha256)).get() ?? null
}

/** The latest first, after `since`. */
export async function listResets (db: Db, { holderId, since, limit }: { holderId: string, since: Instant, limit: number }): Promise<PasskeyReset[]> {
  return db.select().from(passkeyResets).where(and(eq(passkeyResets.holderId, holderId), gt(passkeyResets.resetAt, since)))
    .orderBy(desc(passkeyResets.resetAt)).limit(limit).all()
}
