/** Registered suppliers (조달업체) and their suspensions (부정당업자 제재). */
import { and, desc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { SupplierProfile } from '../domain/holder.ts'
import type { Instant, SupplierId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { suppliers, suspensions } from './schema.ts'

export type Supplier = typeof suppliers.$inferSelect
export type Suspension = typeof suspensions.$inferSelect

const supplierById = prepare((db) => db.select().from(suppliers).where(eq(suppliers.supplierId, sql.placeholder('supplierId'))).prepare())

// Every bid asks: a supplier has few, and to have them sorted costs more than to read them.
const suspensionsAt = prepare((db) => db.select({ untilAt: suspensions.untilAt }).from(suspensions)
  .where(and(
    eq(suspensions.supplierId, sql.placeholder('supplierId')),
    lte(suspensions.fromAt, sql.placeholder('at')),
    gt(suspensions.untilAt, sql.placeholder('at')),
    isNull(suspensions.liftedAt))).prepare())

/** Registers a business, or takes over the new profile of one that registers anew. */
export async function upsertSupplier (tx: Db, row: { supplierId: SupplierId, profile: SupplierProfile, createdAt: Instant }): Promise<void> {
  tx.insert(suppliers).values(row).onConflictDoUpdate({ target: suppliers.supplierId, set: { profile: row.profile } }).run()
}

export async function getSupplier (db: Db, supplierId: SupplierId): Promise<Supplier | null> {
  return supplierById(db).get({ supplierId }) ?? null
}

/** End of the suspension in force at `at`, or null. */
export async function suspendedUntil (db: Db, supplierId: SupplierId, at: Instant): Promise<Instant | null> {
  const ends = suspensionsAt(db).all({ supplierId, at }).map(({ untilAt }) => untilAt)
  return ends.length === 0 ? null : Math.max(...ends)
}

/** The latest first. */
export async function listSuspensions (db: Db, supplierId: SupplierId, limit: number): Promise<Suspension[]> {
  return db.select().from(suspensions).where(eq(suspensions.supplierId, supplierId))
    .orderBy(desc(suspensions.fromAt), desc(suspensions.suspensionId)).limit(limit).all()
}

export async function insertSuspension (tx: Db, row: typeof suspensions.$inferInsert): Promise<number> {
  return tx.insert(suspensions).values(row).returning({ id: suspensions.suspensionId }).get().id
}

/** False when there is no such suspension, or it was lifted before. */
export async function liftSuspension (tx: Db, { supplierId, suspensionId, at, reason }: {
  supplierId: SupplierId, suspensionId: number, at: Instant, reason: string
}): Promise<boolean> {
  return tx.update(suspensions).set({ liftedAt: at, liftReason: reason })
    .where(and(eq(suspensions.suspensionId, suspensionId), eq(suspensions.supplierId, supplierId), isNull(suspensions.liftedAt)))
    .run().changes === 1
}
