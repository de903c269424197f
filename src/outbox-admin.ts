/**
 * The operator's look at the outbox: `admin outbox status|dead|retry`. It may run beside the server, which then has to wait for no longer than one
 * short transaction; it shows whom and where, and never what a message says.
 */
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Config } from './config.ts'
import { databasePath } from './installation.ts'
import { countDeliveries, listDead, reviveDead, type Delivery } from './storage/deliveries.ts'
import type { Db } from './storage/prepare.ts'
import * as schema from './storage/schema.ts'

/** Dead deliveries that one list shows. */
export const MAX_LISTED = 200
const BUSY_MS = 5_000

export type Counts = Array<{ channel: string, state: string, n: number }>
export type DeadDelivery = Pick<Delivery, 'deliveryId' | 'supplierId' | 'channel' | 'host' | 'attempts' | 'reason' | 'endedAt'>

async function withDatabase<T> (config: Config, work: (db: Db) => Promise<T>): Promise<T> {
  const connection = new Sqlite(databasePath(config.dataDir), { fileMustExist: true, timeout: BUSY_MS })
  try {
    connection.pragma('synchronous = FULL')
    return await work(drizzle(connection, { schema }))
  } finally {
    connection.close()
  }
}

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
  return await withDatabase(config, async (db) => await reviveDead(db, { ids, now }))
}
