/** What is known of stored attachments; their bytes lie on disk under their hash. */
import { eq, inArray } from 'drizzle-orm'
import type { Sha256Hex } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { attachments } from './schema.ts'

export type StoredAttachment = typeof attachments.$inferSelect

export async function insertAttachment (tx: Db, row: Omit<StoredAttachment, 'public'>): Promise<void> {
  tx.insert(attachments).values(row).onConflictDoNothing().run()
}

export async function getAttachment (db: Db, sha256: Sha256Hex): Promise<StoredAttachment | null> {
  return db.select().from(attachments).where(eq(attachments.sha256, sha256)).get() ?? null
}

export async function publishAttachments (tx: Db, hashes: readonly Sha256Hex[]): Promise<void> {
  if (hashes.length > 0) tx.update(attachments).set({ public: true }).where(inArray(attachments.sha256, [...hashes])).run()
}
