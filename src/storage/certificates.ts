/** Issued certificates. A certificate is never deleted: a revoked one still proves what was signed before. */
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { RevocationCode } from '../domain/holder.ts'
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { certificates } from './schema.ts'

export type StoredCertificate = typeof certificates.$inferSelect

const byThumbprint = prepare((db) =>
  db
    .select()
    .from(certificates)
    .where(eq(certificates.thumbprint, sql.placeholder('thumbprint')))
    .prepare()
)

export async function insertCertificate (tx: Db, row: typeof certificates.$inferInsert): Promise<void> {
  tx.insert(certificates).values(row).run()
}

export async function getCertificate (db: Db, thumbprint: Thumbprint): Promise<StoredCertificate | null> {
  return byThumbprint(db).get({ thumbprint }) ?? null
}

const listed = prepare((db) => db.select({ der: certificates.der }).from(certificates)
  .where(sql`${certificates.thumbprint} IN (SELECT value FROM json_each(${sql.placeholder('thumbprints')}))`)
  .orderBy(certificates.thumbprint).prepare())

/** Those there are, sorted by thumbprint. */
export async function listCertificates (db: Db, thumbprints: readonly Thumbprint[]): Promise<Array<Pick<StoredCertificate, 'der'>>> {
  return listed(db).all({ thumbprints: JSON.stringify(thumbprints) })
}

const sizes = prepare((db) => db.select({ bytes: sql<number>`length(${certificates.der})` }).from(certificates)
  .where(sql`${certificates.thumbprint} IN (SELECT value FROM json_each(${sql.placeholder('thumbprints')}))`).prepare())

/** Their lengths in bytes, in no order. */
export async function listCertificateSizes (db: Db, thumbprints: readonly Thumbprint[]): Promise<number[]> {
  return sizes(db).all({ thumbprints: JSON.stringify(thumbprints) }).map(({ bytes }) => bytes)
}

/** The newest certificate of a holder, revoked or not. */
export async function latestCertificate (db: Db, holderId: string): Promise<StoredCertificate | null> {
  return db.select().from(certificates).where(eq(certificates.holderId, holderId)).orderBy(desc(certificates.notAfter)).limit(1).get() ?? null
}

/** The holder that has a certificate on this key, or null. */
export async function keyHolder (db: Db, publicKeySha256: Sha256Hex): Promise<string | null> {
  return db.select().from(certificates).where(eq(certificates.publicKeySha256, publicKeySha256)).get()?.holderId ?? null
}

/** False when unknown or revoked before. */
export async function revokeCertificate (
  tx: Db,
  { thumbprint, at, reason, code }: { thumbprint: Thumbprint; at: Instant; reason: string; code: RevocationCode }
): Promise<boolean> {
  return (
    tx
      .update(certificates)
      .set({ revokedAt: at, revocationReason: reason, revocationCode: code })
      .where(and(eq(certificates.thumbprint, thumbprint), isNull(certificates.revokedAt)))
      .run().changes === 1
  )
}

export interface RevokedCertificate { serialHex: string; revokedAt: Instant; code: RevocationCode }

/** Everything that was revoked, expired or not, by serial number; where there are more than `limit`, those that expire last. */
export async function listRevoked (db: Db, limit: number): Promise<RevokedCertificate[]> {
  const rows = db
    .select({ serialHex: certificates.serialHex, revokedAt: certificates.revokedAt, code: certificates.revocationCode })
    .from(certificates)
    .where(isNotNull(certificates.revokedAt))
    .orderBy(desc(certificates.notAfter), certificates.serialHex)
    .limit(limit)
    .all()
  return rows
    .map(({ serialHex, revokedAt, code }) => ({ serialHex, revokedAt: revokedAt ?? 0, code: code ?? ('unspecified' as const) }))
    .sort((one, other) => (one.serialHex < other.serialHex ? -1 : 1))
}
