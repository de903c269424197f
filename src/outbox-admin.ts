/**
 * The operator's look at the outbox: `admin outbox status|dead|retry`. It shows whom and where, and never what a message says.
 */
import { changeDatabase, withDatabase } from './beside-server.ts'
import type { Config } from './config.ts'
import { countDeliveries, listDead, reviveDead, type Delivery } from './storage/deliveries.ts'

/** Dead deliveries that one list shows. */
export const MAX_LISTED = 200

export type Counts = Array<{ channel: string, state: string, n: number }>
export type DeadDelivery = Pick<Delivery, 'deliveryId' | 'supplierId' | 'channel' | 'host' | 'attempts' | 'reason' | 'endedAt'>

export async function outboxStatus (config: Config): Promise<Counts> {
  return await withDatabase(config, countDeliveries)
}

/** The oldest first, behind `after`. */
export async function listDeadDeliveries (config: Config, after: number): Promise<DeadDelivery[]> {
  const dead = await withDatabase(config, async (db) => await listDead(db, { after, limit: MAX_LISTED }))
  return dead.map(({ eventKey: _cause, target: _target, state: _dead, nextAt: _at, createdAt: _since, ...shown }) => shown)
}

/** Those named, or all: due at once, with all their tries. Returns how many. */
export async function retryDead (config: Config, { ids, now }: { ids: readonly number[] | 'all', now: number }): Promise<number> {
  return await changeDatabase(config, async (tx) => await reviveDead(tx, { ids, now }))
}
