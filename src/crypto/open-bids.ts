/**
 * Opening many bids of one tender on one thread: seals in, flat arrays out. A bid that does not open is an outcome like any
 * other. Runs in a browser.
 */
import { type BidColumns, outcomeOf } from '../domain/bid-columns.ts'
import type { Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import type { Envelope } from './envelope.ts'
import { createOpener } from './hpke.ts'
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

const UNDECRYPTABLE = outcomeOf('undecryptable')

/** Synchronous, about 50 µs a bid, with X-Wing about 100. */
export function openBids (seals: readonly BidSeal[], { privateKey, info, expected }: OpenBidsJob): OpenedBids {
  const count = seals.length
  const opened: OpenedBids = { outcomes: new Uint8Array(count), amounts: new Float64Array(count), picks: new Uint8Array(2 * count) }
  const opener = createOpener({ privateKey, info })
  seals.forEach(({ supplierId, enc, aad, ciphertext }, i) => {
    const plaintext = opener.open(enc, aad, ciphertext)
    if (plaintext === null) {
      opened.outcomes[i] = UNDECRYPTABLE
      return
    }
    const bid = decodePlaintext(plaintext, { ...expected, supplierId })
    if (bid.outcome === 'void') {
      opened.outcomes[i] = outcomeOf(bid.reason)
      return
    }
    opened.amounts[i] = bid.content.amountWon
    if (bid.content.picks !== null) opened.picks.set(bid.content.picks, 2 * i)
  })
  return opened
}
