/** A tender's hash chain of state changes. Append-only by trigger; the hashes are made by `services/ledger.ts`. */
import { and, asc, desc, eq, notInArray, sql } from 'drizzle-orm'
import type { Instant, Sha256Hex, TenderId } from '../domain/ids.ts'
import { BoundedMap } from './bounded-map.ts'
import { prepare, type Db } from './prepare.ts'
import { ledger } from './schema.ts'

export type StoredEntry = typeof ledger.$inferSelect

const headOf = prepare((db) => db.select({ sequence: ledger.sequence, hash: ledger.hash }).from(ledger)
  .where(eq(ledger.tenderId, sql.placeholder('tenderId'))).orderBy(desc(ledger.sequence)).limit(1).prepare())

const insert = prepare((db) => db.insert(ledger).values({
  tenderId: sql.placeholder('tenderId'),
  sequence: sql.placeholder('sequence'),
  at: sql.placeholder('at'),
  actor: sql.placeholder('actor'),
  type: sql.placeholder('type'),
  payload: sql.placeholder('payload'),
  payloadSha256: sql.placeholder('payloadSha256'),
  previousHash: sql.placeholder('previousHash'),
  hash: sql.placeholder('hash')
}).prepare())

/** The last entry of a chain. */
export interface LedgerHead { sequence: number, hash: Sha256Hex }

/** Chains with an end in memory; each some 200 bytes. */
const MAX_KEPT_HEADS = 10_000
const keptHeads = new WeakMap<Db, BoundedMap<TenderId, LedgerHead>>()

/** For the connection of the single writer, which alone appends: it keeps the ends of chains, and forgets them when a change is undone. */
export function keepLedgerHeads (db: Db): { forget: () => void } {
  const heads = new BoundedMap<TenderId, LedgerHead>(MAX_KEPT_HEADS)
  keptHeads.set(db, heads)
  return { forget: () => { heads.clear() } }
}

/** Of the chain as this transaction has made it; null for an empty chain. */
export async function ledgerHead (tx: Db, tenderId: TenderId): Promise<LedgerHead | null> {
  return keptHeads.get(tx)?.get(tenderId) ?? headOf(tx).get({ tenderId }) ?? null
}

export async function insertLedgerEntry (tx: Db, entry: StoredEntry): Promise<void> {
  insert(tx).run({ ...entry })
  keptHeads.get(tx)?.set(entry.tenderId, { sequence: entry.sequence, hash: entry.hash })
}

export async function listLedger (db: Db, tenderId: TenderId): Promise<StoredEntry[]> {
  return db.select().from(ledger).where(eq(ledger.tenderId, tenderId)).orderBy(asc(ledger.sequence)).all()
}

/** When an officer or the clock last acted on a tender; bids and withdrawals come at any time and do not count. 0 for no act. */
export async function lastActAt (db: Db, tenderId: TenderId): Promise<Instant> {
  return db.select({ at: ledger.at }).from(ledger)
    .where(and(eq(ledger.tenderId, tenderId), notInArray(ledger.type, ['bid', 'withdrawn'])))
    .orderBy(desc(ledger.sequence)).limit(1).get()?.at ?? 0
}
