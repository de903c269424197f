/**
 * Sends what the outbox holds. Of one host a few go at a time, and after a failure the rest of it waits for the next round; hosts do not
 * wait for each other. An outcome is on disk before the next one goes. A crash in between sends one again, under the same id: that is what
 * a receiver tells repetitions by, since no sender can know whether an answer that it never read was a yes.
 */
import { MAX_ATTEMPTS, retryDelayMs, type Language } from '../../domain/notification.ts'
import { emailCode, messageId, signWebhook, unsubscribeToken } from '../../crypto/notification-keys.ts'
import { getAgency } from '../../storage/officers.ts'
import { getEmail, getWebhook } from '../../storage/notification-targets.ts'
import { dueDeliveries, dueHosts, endDelivery, postponeDelivery, type Delivery } from '../../storage/deliveries.ts'
import { getNotification } from '../../storage/notifications.ts'
import { getReset } from '../../storage/passkeys.ts'
import { getTender } from '../../storage/tenders.ts'
import type { Context } from '../context.ts'
import { codeLetter, letterOf, resetLetter, webhookBody, type Letter } from './compose.ts'
import { codeKey, resetOfKey } from './email-address.ts'
import type { Outcome, Senders } from './senders.ts'
import { removeWebhook } from './webhooks.ts'

/** At one host at a time. */
export const MAX_PER_HOST = 4
/** Deliveries of one host that are read at once. */
const PAGE_DELIVERIES = 100
/** Outcomes of one round that cannot be written down, after which the host waits: what was sent would be sent again. */
const MAX_UNWRITTEN = 8

export interface Delivering { context: Context, senders: Senders, /** 0 ≤ chance < 1. */ chance: () => number }

/** Hosts with something waiting that are looked at in one round. */
const MAX_HOSTS_LOOKED_AT = 256

/** Hosts behind `after` that something is due for; `next`: behind which the next round goes on, null at the end. */
export async function hostsDue ({ db, clock }: Context, after: string): Promise<{ hosts: string[], next: string | null }> {
  return await dueHosts(db.read, { now: clock.now(), after, limit: MAX_HOSTS_LOOKED_AT })
}

/** Sends what is due for one host until nothing is, one fails, or the server ends; returns how many were sent. */
export async function deliverTo (delivering: Delivering, host: string): Promise<number> {
  const { context } = delivering
  let [sent, unwritten, failed] = [0, 0, false]
  const isOver = (): boolean => failed || unwritten >= MAX_UNWRITTEN || context.stopping.aborted
  for (;;) {
    const queue = await dueDeliveries(context.db.read, { host, now: context.clock.now(), limit: PAGE_DELIVERIES })
    if (queue.length === 0) return sent
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !isOver(); next = queue.shift()) {
        try {
          if (await deliverOne(delivering, next)) sent++
          else failed = true
        } catch (error) {
          unwritten++
          context.reportError(error, 'delivery')
        }
      }
    }
    await Promise.all(Array.from({ length: MAX_PER_HOST }, lane))
    // What could not be written down is due still, and left to the next round.
    if (unwritten > 0 || isOver()) return sent
  }
}

/** True unless the host failed. What the server's end interrupts stays as it was. @throws where the outcome cannot be written down. */
async function deliverOne (delivering: Delivering, delivery: Delivery): Promise<boolean> {
  const { context, chance } = delivering
  const outcome = await send(delivering, delivery)
  if (outcome === null) return true
  const { deliveryId, supplierId, target } = delivery
  const attempts = delivery.attempts + 1
  await context.db.write(async (tx) => {
    const now = context.clock.now()
    if (outcome.kind === 'sent') await endDelivery(tx, { deliveryId, state: 'sent', attempts, reason: null, endedAt: now })
    else if (outcome.kind === 'gone' || outcome.permanent || attempts >= MAX_ATTEMPTS) {
      await endDelivery(tx, { deliveryId, state: 'dead', attempts, reason: outcome.reason, endedAt: now })
    } else await postponeDelivery(tx, { deliveryId, attempts, reason: outcome.reason, nextAt: now + retryDelayMs(attempts, chance()) })
    if (outcome.kind === 'gone') await removeWebhook(tx, { supplierId, webhookId: target })
  })
  return outcome.kind !== 'failed' || outcome.permanent
}

const NOBODY: Outcome = { kind: 'failed', reason: 'no such target any more', permanent: true }

/** null where the server's end interrupted it. */
async function send (delivering: Delivering, delivery: Delivery): Promise<Outcome | null> {
  const { context } = delivering
  try {
    return delivery.channel === 'email' ? await sendMail(delivering, delivery) : await callWebhook(delivering, delivery)
  } catch (error) {
    if (context.stopping.aborted) return null
    context.reportError(error, 'delivery')
    return { kind: 'failed', reason: 'the server made a mistake; see its log', permanent: false }
  }
}

async function subjectOf ({ db }: Context, { supplierId, eventKey }: Delivery): Promise<Parameters<typeof webhookBody>[0] | null> {
  const notification = await getNotification(db.read, { supplierId, eventKey })
  const tender = notification === null ? null : await getTender(db.read, notification.tenderId)
  if (notification === null || tender === null) return null
  return { notification, tender, agencyName: (await getAgency(db.read, tender.agencyId))?.name ?? '' }
}

/** null where there is nothing to tell any more. */
async function letterFor (context: Context, { delivery, language }: { delivery: Delivery, language: Language }): Promise<Letter | null> {
  const sha256 = resetOfKey(delivery.eventKey)
  if (sha256 !== null) {
    const reset = await getReset(context.db.read, sha256)
    return reset === null ? null : resetLetter(reset.resetAt, language)
  }
  const subject = await subjectOf(context, delivery)
  return subject === null ? null : letterOf(subject, { language, publicUrl: context.policy.publicUrl })
}

async function sendMail ({ context, senders }: Delivering, delivery: Delivery): Promise<Outcome> {
  const { supplierId, eventKey } = delivery
  const { platform: { notificationKey: key }, policy: { publicUrl } } = context
  const email = await getEmail(context.db.read, supplierId)
  if (email === null || email.address === null) return NOBODY
  const { address, language, generation } = email
  const id = messageId(key, delivery)
  if (eventKey === codeKey(generation)) {
    const letter = codeLetter(emailCode(key, { supplierId, address, generation }), language)
    return await senders.mail({ to: address, ...letter, messageId: id, unsubscribeUrl: null }, context.stopping)
  }
  const letter = await letterFor(context, { delivery, language })
  if (letter === null || email.verifiedAt === null) return NOBODY
  const unsubscribeUrl = `${publicUrl}/unsubscribe/${unsubscribeToken(key, { supplierId, address })}`
  const footer = language === 'ko' ? '더 받지 않으시려면' : 'To stop these messages'
  const mail = { ...letter, to: address, text: `${letter.text}\n\n-- \n${footer}: ${unsubscribeUrl}\n`, messageId: id, unsubscribeUrl }
  return await senders.mail(mail, context.stopping)
}

async function callWebhook ({ context, senders }: Delivering, delivery: Delivery): Promise<Outcome> {
  const { supplierId, target: webhookId } = delivery
  const { platform: { notificationKey: key }, clock } = context
  const [webhook, subject] = [await getWebhook(context.db.read, { supplierId, webhookId }), await subjectOf(context, delivery)]
  if (webhook === null || subject === null) return NOBODY
  const now = clock.now()
  const { url, generation, previousUntil } = webhook
  const body = webhookBody(subject)
  const id = `msg_${messageId(key, delivery)}`
  const timestamp = Math.floor(now / 1000)
  const generations = previousUntil !== null && now < previousUntil ? [generation, generation - 1] : [generation]
  const signature = signWebhook(key, { webhookId, generations, id, timestamp, body })
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
  return await senders.webhook({ url, headers, body }, context.stopping)
}
