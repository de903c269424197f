/** Agencies (수요기관) and their officers. */
import { eq, inArray } from 'drizzle-orm'
import type { AgencyId, Instant, OfficerId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { agencies, officers } from './schema.ts'

export type Officer = typeof officers.$inferSelect
export type Agency = typeof agencies.$inferSelect

export async function getAgency (db: Db, agencyId: AgencyId): Promise<Agency | null> {
  return db.select().from(agencies).where(eq(agencies.agencyId, agencyId)).get() ?? null
}

export async function insertAgency (tx: Db, row: { agencyId: AgencyId, name: string, createdAt: Instant }): Promise<void> {
  tx.insert(agencies).values(row).onConflictDoNothing().run()
}

export async function insertOfficer (tx: Db, row: typeof officers.$inferInsert): Promise<void> {
  tx.insert(officers).values(row).run()
}

export async function getOfficer (db: Db, officerId: OfficerId): Promise<Officer | null> {
  return db.select().from(officers).where(eq(officers.officerId, officerId)).get() ?? null
}

/** In the order asked for; unknown ids are left out. */
export async function getOfficers (db: Db, officerIds: readonly OfficerId[]): Promise<Officer[]> {
  const rows = db.select().from(officers).where(inArray(officers.officerId, [...officerIds])).all()
  return officerIds.flatMap((id) => rows.filter((row) => row.officerId === id))
}

export async function setEncryptionKey (tx: Db, officerId: OfficerId, jws: string): Promise<void> {
  tx.update(officers).set({ encryptionKeyJws: jws }).where(eq(officers.officerId, officerId)).run()
}
