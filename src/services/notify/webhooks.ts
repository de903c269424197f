/**
 * Webhooks of a supplier, by Standard Webhooks (standardwebhooks.com). The secret is derived, said once, and replaced without a gap: for a day
 * the one before it signs too.
 */
import { randomBytes } from 'node:crypto'
import { webhookSecret } from '../../crypto/notification-keys.ts'
import { BonginError } from '../../domain/errors.ts'
import { MAX_WEBHOOKS } from '../../domain/notification.ts'
import { DAY_MS } from '../../domain/time.ts'
import { dropPending } from '../../storage/deliveries.ts'
import { countWebhooks, deleteWebhook, getWebhook, insertWebhook, listWebhooks, rotateWebhook, type Webhook } from '../../storage/notification-targets.ts'
import type { Db } from '../../storage/prepare.ts'
import type { Context, SupplierCaller } from '../context.ts'
import { checkWebhookUrl } from './public-address.ts'

export type { Webhook as StoredWebhook }

/** How long two secrets sign. */
export const ROTATION_MS = DAY_MS

type Named = Pick<Webhook, 'supplierId' | 'webhookId'>

export async function readWebhooks ({ db }: Context, { holderId }: SupplierCaller): Promise<Webhook[]> {
  return await listWebhooks(db.read, holderId)
}

/** @throws BonginError `webhook-refused`, `notification-limit`. */
export async function addWebhook ({ db, clock, platform, policy }: Context, { holderId: supplierId }: SupplierCaller, text: string): Promise<{
  webhook: Webhook, secret: string
}> {
  const { href: url, host } = checkWebhookUrl(text, { loopback: policy.loopbackWebhooks })
  return await db.write(async (tx) => {
    if (await countWebhooks(tx, supplierId) >= MAX_WEBHOOKS) {
      throw new BonginError('notification-limit', { detail: `At most ${MAX_WEBHOOKS} webhooks.`, detailKo: `웹훅은 ${MAX_WEBHOOKS}개까지 둘 수 있습니다.` })
    }
    const webhookId = `wh_${randomBytes(12).toString('base64url')}`
    const webhook = { webhookId, supplierId, url, host, generation: 1, previousUntil: null, createdAt: clock.now() }
    await insertWebhook(tx, webhook)
    return { webhook, secret: webhookSecret(platform.notificationKey, webhook) }
  })
}

/** A new secret; the one that it replaces signs beside it for a day. @throws BonginError `not-found`. */
export async function rotateSecret ({ db, clock, platform }: Context, { holderId: supplierId }: SupplierCaller, webhookId: string): Promise<{
  webhook: Webhook, secret: string
}> {
  return await db.write(async (tx) => {
    const old = await requireWebhook(tx, { supplierId, webhookId })
    const webhook = { ...old, generation: old.generation + 1, previousUntil: clock.now() + ROTATION_MS }
    await rotateWebhook(tx, webhook)
    return { webhook, secret: webhookSecret(platform.notificationKey, webhook) }
  })
}

/** With what waits for it. @throws BonginError `not-found`. */
export async function takeWebhook ({ db }: Context, { holderId: supplierId }: SupplierCaller, webhookId: string): Promise<void> {
  await db.write(async (tx) => {
    await requireWebhook(tx, { supplierId, webhookId })
    await removeWebhook(tx, { supplierId, webhookId })
  })
}

export async function removeWebhook (tx: Db, { supplierId, webhookId }: Named): Promise<void> {
  await deleteWebhook(tx, webhookId)
  await dropPending(tx, { supplierId, target: webhookId })
}

async function requireWebhook (tx: Db, named: Named): Promise<Webhook> {
  const webhook = await getWebhook(tx, named)
  if (webhook === null) throw new BonginError('not-found', { field: '/webhookId', detail: 'There is no such webhook.', detailKo: '해당 웹훅이 없습니다.' })
  return webhook
}
