/** The audit trail: refused requests and decisions on registrations, for platform officers. */
import { desc, lt } from 'drizzle-orm'
import type { Db } from './prepare.ts'
import { audit } from './schema.ts'

export type AuditEntry = typeof audit.$inferSelect

export async function appendAudit (tx: Db, entry: Omit<AuditEntry, 'position'>): Promise<void> {
  tx.insert(audit).values(entry).run()
}

/** Newest first, from below `before`. */
export async function listAudit (db: Db, { before, limit }: { before: number, limit: number }): Promise<AuditEntry[]> {
  return db.select().from(audit).where(lt(audit.position, before)).orderBy(desc(audit.position)).limit(limit).all()
}
