/**
 * The ledger's chain: every entry's hash covers the one before, so nothing can be changed, dropped or slipped in without
 * the last hash changing. Here the chain alone; whether it tells the same story as the signed documents is checked by
 * `verify-story.ts`. The ledger is also where signed acts without a time of their own get one. Runs in a browser.
 */
import type { Instant, TenderId } from '../domain/ids.ts'
import { parseInstant } from '../domain/time.ts'
import { sha256Hex, utf8 } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { LEDGER_START, ledgerEntryHash } from './ledger-entry.ts'
import type { LedgerEntry } from './record.ts'
import { expect, expectEqual, RecordFault } from './record-shape.ts'

export interface ReadEntry {
  sequence: number
  at: Instant
  actor: string
  type: string
  payload: Record<string, unknown>
}

/** @throws RecordFault naming the entry that breaks the chain, is hidden, or belongs to another tender. */
export function readLedgerChain (entries: readonly LedgerEntry[], tenderId: TenderId): ReadEntry[] {
  let previousHash: string = LEDGER_START
  return entries.map((entry, sequence) => {
    const what = `Ledger entry ${sequence}`
    const { at, actor, type, payload } = entry
    expect(payload !== null, `${what} hides its payload; after the opening nothing is hidden.`)
    const payloadSha256 = sha256Hex(canonicalBytes(payload))
    const hash = ledgerEntryHash({ tenderId, sequence, at, actor, type, payloadSha256, previousHash })
    expectEqual({ what, expected: { tenderId, sequence, at, actor, type, payload, payloadSha256, previousHash, hash }, actual: entry })
    previousHash = hash
    return { sequence, at: parseInstant(at), actor, type, payload }
  })
}

/** What about an entry does not hold. */
export type LedgerFault = 'sequence' | 'previous-hash' | 'payload-digest' | 'hash'

/**
 * The chain as it is shown before the opening too, when some payloads are hidden: their digests are in the hashes all the same. One
 * answer for each entry in its turn, null where it holds: a page with a long ledger stops in between to draw.
 */
export function * ledgerFaults (entries: readonly LedgerEntry[], tenderId: TenderId): Generator<LedgerFault | null, void> {
  let before: string = LEDGER_START
  for (const [index, entry] of entries.entries()) {
    yield entry.sequence !== index ? 'sequence' : entry.previousHash !== before ? 'previous-hash' : digestFault(entry, tenderId)
    before = entry.hash
  }
}

function digestFault (entry: LedgerEntry, tenderId: TenderId): LedgerFault | null {
  const { sequence, at, actor, type, payload, payloadSha256, previousHash, hash } = entry
  if (payload !== null && sha256Hex(canonicalBytes(payload)) !== payloadSha256) return 'payload-digest'
  return ledgerEntryHash({ tenderId, sequence, at, actor, type, payloadSha256, previousHash }) === hash ? null : 'hash'
}

/** When each signed act was taken, by the digest of its JWS; NaN where two entries name one. */
export type ActTimes = ReadonlyMap<unknown, Instant>

export function readActTimes (entries: readonly ReadEntry[]): ActTimes {
  const times = new Map<unknown, Instant>()
  for (const { at, payload } of entries) {
    const digest = payload['jwsSha256']
    if (typeof digest === 'string') times.set(digest, times.has(digest) ? Number.NaN : at)
  }
  return times
}

/** @throws RecordFault where no entry, or more than one, names the act. */
export function timeOfAct (times: ActTimes, jws: string): Instant {
  const digest = sha256Hex(utf8(jws))
  const at = times.get(digest)
  if (at === undefined || Number.isNaN(at)) throw new RecordFault(`The ledger must name the signed act ${digest} once.`)
  return at
}
