/** Lines that cosigners added to checkpoints: written once, by note and cosigner. */
import { asc, eq } from 'drizzle-orm'
import type { Sha256Hex } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { cosignatures } from './schema.ts'
import { touch } from './touched.ts'

export type StoredCosignature = typeof cosignatures.$inferSelect

/** A second line of the same cosigner under the same note changes nothing. */
export async function insertCosignature (tx: Db, row: StoredCosignature): Promise<void> {
  tx.insert(cosignatures).values(row).onConflictDoNothing().run()
  touch(tx, row.tenderId)
}

/** By verifier key. */
export async function listCosignatures (db: Db, noteSha256: Sha256Hex): Promise<StoredCosignature[]> {
  return db.select().from(cosignatures).where(eq(cosignatures.noteSha256, noteSha256)).orderBy(asc(cosignatures.cosigner)).all()
}
