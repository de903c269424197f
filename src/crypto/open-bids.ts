/**
 * Opening many bids of one tender on one thread: seals in, flat arrays out. A bid that does not open is an outcome like any
 * other. Runs in a browser.
 */
import { openSeals } from '#platform/many-seals'
import { type BidColumns, outcomeOf } from '../domain/bid-columns.ts'
import { invariant } from '../domain/errors.ts'
import type { Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import type { Envelope } from './envelope.ts'
import type { SealTables } from './open-each.ts'
import { type Asked, decodePlaintext } from './plaintext.ts'

/** What of an envelope is opened, and whose bid must be inside. */
export type BidSeal = Pick<Envelope, 'enc' | 'aad' | 'ciphertext'> & { supplierId: SupplierId }

/** The same for all bids of a tender. */
export interface OpenBidsJob {
  /** The tender's opening key (`tender-key.ts`). */
  privateKey: Uint8Array
  /** `bidInfo` of the tender. */
  info: Uint8Array
  expected: { tenderId: TenderId, termsSha256: Sha256Hex } & Asked
}

/** In the order of the bids. */
export type OpenedBids = Pick<BidColumns, 'outcomes' | 'amounts' | 'picks'>

const UNDECRYPTABLE = { outcome: 'void', reason: 'undecryptable' } as const

/** Synchronous, about 35 µs a bid, by tables 16, with X-Wing about 100. */
export function openBids (seals: readonly BidSeal[], { privateKey, info, expected }: OpenBidsJob, tables: SealTables | null = null): OpenedBids {
  const count = seals.length
  const opened: OpenedBids = { outcomes: new Uint8Array(count), amounts: new Float64Array(count), picks: new Uint8Array(2 * count) }
  // One object for all bids.
  const ofBid = { ...expected, supplierId: '' as SupplierId }
  openSeals(seals, { privateKey, info, tables }, (i, plaintext) => {
    const supplierId = seals[i]?.supplierId
    invariant(supplierId !== undefined, 'seals are numbered as they came')
    ofBid.supplierId = supplierId
    const bid = plaintext === null ? UNDECRYPTABLE : decodePlaintext(plaintext, ofBid)
    if (bid.outcome === 'void') {
      opened.outcomes[i] = outcomeOf(bid.reason)
      return
    }
    const { amountWon, picks } = bid.content
    opened.amounts[i] = amountWon
    if (picks === null) return
    opened.picks[2 * i] = picks[0]
    opened.picks[2 * i + 1] = picks[1]
  })
  return opened
}
