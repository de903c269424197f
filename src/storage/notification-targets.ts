/** Where suppliers want to be told: an e-mail address and webhooks. */
import { and, asc, count, eq } from 'drizzle-orm'
import type { Instant, SupplierId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { emailAddresses, webhooks } from './schema.ts'

export type EmailAddress = typeof emailAddresses.$inferSelect
export type Webhook = typeof webhooks.$inferSelect

export async function getEmail (db: Db, supplierId: SupplierId): Promise<EmailAddress | null> {
  return db.select().from(emailAddresses).where(eq(emailAddresses.supplierId, supplierId)).get() ?? null
}

export async function putEmail (tx: Db, row: EmailAddress): Promise<void> {
  tx.insert(emailAddresses).values(row).onConflictDoUpdate({ target: emailAddresses.supplierId, set: row }).run()
}

export async function listWebhooks (db: Db, supplierId: SupplierId): Promise<Webhook[]> {
  return db.select().from(webhooks).where(eq(webhooks.supplierId, supplierId)).orderBy(asc(webhooks.createdAt), asc(webhooks.webhookId)).all()
}

export async function countWebhooks (db: Db, supplierId: SupplierId): Promise<number> {
  return db.select({ n: count() }).from(webhooks).where(eq(webhooks.supplierId, supplierId)).get()?.n ?? 0
}

/** Of this supplier; null for another's. */
export async function getWebhook (db: Db, { supplierId, webhookId }: Pick<Webhook, 'supplierId' | 'webhookId'>): Promise<Webhook | null> {
  return db.select().from(webhooks).where(and(eq(webhooks.webhookId, webhookId), eq(webhooks.supplierId, supplierId))).get() ?? null
}

export async function insertWebhook (tx: Db, row: Webhook): Promise<void> {
  tx.insert(webhooks).values(row).run()
}

export async function rotateWebhook (tx: Db, { webhookId, generation, previousUntil }: {
  webhookId: string, generation: number, previousUntil: Instant
}): Promise<void> {
  tx.update(webhooks).set({ generation, previousUntil }).where(eq(webhooks.webhookId, webhookId)).run()
}

export async function deleteWebhook (tx: Db, webhookId: string): Promise<void> {
  tx.delete(webhooks).where(eq(webhooks.webhookId, webhookId)).run()
}
