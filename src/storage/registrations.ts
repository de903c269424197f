/** Applications for a certificate: pending → approved | rejected, decided once. */
import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { RegistrationStatus } from '../domain/holder.ts'
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { registrations } from './schema.ts'

export type Registration = typeof registrations.$inferSelect

export async function insertRegistration (tx: Db, row: typeof registrations.$inferInsert): Promise<void> {
  tx.insert(registrations).values(row).run()
}

export async function getRegistration (db: Db, registrationId: string): Promise<Registration | null> {
  return db.select().from(registrations).where(eq(registrations.registrationId, registrationId)).get() ?? null
}

/** Whether an undecided or approved application already stands on this key. */
export async function isKeyRegistered (db: Db, publicKeySha256: Sha256Hex): Promise<boolean> {
  return (
    db
      .select({ id: registrations.registrationId })
      .from(registrations)
      .where(and(eq(registrations.publicKeySha256, publicKeySha256), inArray(registrations.status, ['pending', 'approved'])))
      .get() !== undefined
  )
}

/** Oldest first; `after` is the creation time of the last one seen. */
export async function listRegistrations (
  db: Db,
  { status, after, limit }: { status: RegistrationStatus; after: Instant; limit: number }
): Promise<Registration[]> {
  return db
    .select()
    .from(registrations)
    .where(and(eq(registrations.status, status), gt(registrations.createdAt, after)))
    .orderBy(asc(registrations.createdAt))
    .limit(limit)
    .all()
}

export interface RegistrationDecision {
  status: 'approved' | 'rejected'
  reason: string
  holderId: string | null
  thumbprint: Thumbprint | null
  decidedBy: string
  decidedAt: Instant
}

/** False when it had been decided before: the first decision stands. */
export async function decideRegistration (tx: Db, registrationId: string, decision: RegistrationDecision): Promise<boolean> {
  return (
    tx
      .update(registrations)
      .set(decision)
      .where(and(eq(registrations.registrationId, registrationId), eq(registrations.status, 'pending')))
      .run().changes === 1
  )
}
