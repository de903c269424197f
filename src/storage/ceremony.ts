/** The joint key's parts: contributions before publication, reveals and recovery shares at the opening. */
import { and, asc, eq } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { contributions, reveals, shareReveals } from './schema.ts'

export type Contribution = typeof contributions.$inferSelect
export type Reveal = typeof reveals.$inferSelect
export type ShareReveal = typeof shareReveals.$inferSelect

/** False when this holder has contributed before, or the point was used for any tender. */
export async function insertContribution (tx: Db, row: Contribution): Promise<boolean> {
  return tx.insert(contributions).values(row).onConflictDoNothing().run().changes === 1
}

/** The executing officer's first, then the witness's. */
export async function listContributions (db: Db, tenderId: TenderId): Promise<Contribution[]> {
  return db.select().from(contributions).where(eq(contributions.tenderId, tenderId)).orderBy(asc(contributions.role)).all()
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

export async function listReveals (db: Db, tenderId: TenderId): Promise<Reveal[]> {
  return db.select().from(reveals).where(eq(reveals.tenderId, tenderId)).orderBy(asc(reveals.holderId)).all()
}

/** Stores a share, in place of the one that its holder revealed before. */
export async function putShareReveal (tx: Db, row: ShareReveal): Promise<void> {
  const { shareWrapped, revealedAt } = row
  tx.insert(shareReveals).values(row).onConflictDoUpdate({
    target: [shareReveals.tenderId, shareReveals.ownerId, shareReveals.recipientId], set: { shareWrapped, revealedAt }
  }).run()
}

export async function listShareReveals (db: Db, { tenderId, ownerId }: { tenderId: TenderId, ownerId: string }): Promise<ShareReveal[]> {
  return db.select().from(shareReveals).where(and(eq(shareReveals.tenderId, tenderId), eq(shareReveals.ownerId, ownerId)))
    .orderBy(asc(shareReveals.recipientId)).all()
}
