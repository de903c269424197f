/** Agencies (수요기관) and their officers. */
import { and, asc, eq, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import type { OfficerRole } from '../domain/holder.ts'
import type { AgencyId, Instant, OfficerId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { agencies, certificates, officers } from './schema.ts'

export type Officer = typeof officers.$inferSelect
export type Agency = typeof agencies.$inferSelect

/** Whose name has this text in it, the whole name first; by name. */
export async function findAgencies (db: Db, text: string, limit: number): Promise<Agency[]> {
  return db.select().from(agencies).where(sql`instr(${agencies.name}, ${text}) > 0`)
    .orderBy(sql`${agencies.name} <> ${text}`, asc(agencies.name)).limit(limit).all()
}

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

export type ListedOfficer = Pick<Officer, 'officerId' | 'agencyId' | 'profile' | 'roles'> & { agencyName: string, hasEncryptionKey: number }

const hasRole = (role: OfficerRole): SQL => sql`EXISTS (SELECT 1 FROM json_each(${officers.roles}) WHERE value = ${role})`

/** Officers with this role and a certificate that is valid now. */
export async function countCertifiedOfficers (db: Db, { role, now }: { role: OfficerRole, now: Instant }): Promise<number> {
  return db.select({ n: sql<number>`count(DISTINCT ${officers.officerId})` }).from(officers)
    .innerJoin(certificates, eq(certificates.holderId, officers.officerId))
    .where(and(hasRole(role), isNull(certificates.revokedAt), gt(certificates.notAfter, now))).get()?.n ?? 0
}

/** Officers with this role, by number upwards, behind the one given; officers are few beside suppliers and tenders. */
export async function listOfficers (
  db: Db, { role, after, limit }: { role: OfficerRole, after: OfficerId | undefined, limit: number }
): Promise<ListedOfficer[]> {
  return db
    .select({
      officerId: officers.officerId,
      agencyId: officers.agencyId,
      agencyName: agencies.name,
      profile: officers.profile,
      roles: officers.roles,
      hasEncryptionKey: sql<number>`${officers.encryptionKeyJws} IS NOT NULL`
    })
    .from(officers)
    .innerJoin(agencies, eq(agencies.agencyId, officers.agencyId))
    .where(and(hasRole(role), after === undefined ? undefined : gt(officers.officerId, after)))
    .orderBy(asc(officers.officerId))
    .limit(limit)
    .all()
}
