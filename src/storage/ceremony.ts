/** The parts of a tender's joint keys: contributions before publication, reveals and recovery shares at the openings. */
import { and, asc, eq } from 'drizzle-orm'
import type { EnvelopeKind } from '../domain/envelope-kind.ts'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { contributions, reveals, shareReveals } from './schema.ts'

export type Contribution = typeof contributions.$inferSelect
export type Reveal = typeof reveals.$inferSelect
export type ShareReveal = typeof shareReveals.$inferSelect

/** False when this holder has contributed to this key before, or the point was used for any key. */
export async function insertContribution (tx: Db, row: Contribution): Promise<boolean> {
  return tx.insert(contributions).values(row).onConflictDoNothing().run().changes === 1
}

/** To all keys, price first; the executing officer's first, then the witness's. */
export async function listContributions (db: Db, tenderId: TenderId): Promise<Contribution[]> {
  return db.select().from(contributions).where(eq(contributions.tenderId, tenderId))
    .orderBy(asc(contributions.envelope), asc(contributions.role)).all()
}

/** Keeps the first reveal of each holder. */
export async function insertReveal (tx: Db, row: Reveal): Promise<boolean> {
  return tx.insert(reveals).values(row).onConflictDoNothing().run().changes === 1
}

/** Forgets every seed and share that was revealed: a cancelled tender is never opened. */
export async function deleteReveals (tx: Db, tenderId: TenderId): Promise<void> {
  tx.delete(reveals).where(eq(reveals.tenderId, tenderId)).run()
  tx.delete(shareReveals).where(eq(shareReveals.tenderId, tenderId)).run()
}

/** Whether any seed or share of this tender's key was revealed: from then on its closing stands. */
export async function hasReveals (db: Db, tenderId: TenderId): Promise<boolean> {
  const seed = db.select({ id: reveals.holderId }).from(reveals).where(eq(reveals.tenderId, tenderId)).limit(1).get()
  const share = db.select({ id: shareReveals.ownerId }).from(shareReveals).where(eq(shareReveals.tenderId, tenderId)).limit(1).get()
  return seed !== undefined || share !== undefined
}

export async function listReveals (db: Db, tenderId: TenderId, envelope: EnvelopeKind): Promise<Reveal[]> {
  return db.select().from(reveals).where(and(eq(reveals.tenderId, tenderId), eq(reveals.envelope, envelope))).orderBy(asc(reveals.holderId)).all()
}

/** Stores a share, in place of the one that its holder revealed before. */
export async function putShareReveal (tx: Db, row: ShareReveal): Promise<void> {
  const { shareWrapped, revealedAt } = row
  tx.insert(shareReveals).values(row).onConflictDoUpdate({
    target: [shareReveals.tenderId, shareReveals.ownerId, shareReveals.recipientId, shareReveals.envelope], set: { shareWrapped, revealedAt }
  }).run()
}

export async function listShareReveals (db: Db, { tenderId, ownerId, envelope }: {
  tenderId: TenderId, ownerId: string, envelope: EnvelopeKind
}): Promise<ShareReveal[]> {
  return db.select().from(shareReveals)
    .where(and(eq(shareReveals.tenderId, tenderId), eq(shareReveals.ownerId, ownerId), eq(shareReveals.envelope, envelope)))
    .orderBy(asc(shareReveals.recipientId)).all()
}
