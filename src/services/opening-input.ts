/** What both openings start from: the closing record and the accepted bids as they came in, in order of acceptance. */
import type { OpeningLeaf } from '../crypto/open-leaves.ts'
import { invariant } from '../domain/errors.ts'
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import { bidsByNumber, listBidNumbers, type AcceptedBid } from '../storage/bids.ts'
import type { Db } from '../storage/prepare.ts'
import type { Tender } from '../storage/tenders.ts'

/** Bids read and opened before the event loop gets its turn: some 5 ms. */
const LEAVES_A_TURN = 64

/** All bids, some at a time. */
export async function * openingLeaves (db: Db, tenderId: TenderId): AsyncGenerator<OpeningLeaf[]> {
  const bidNumbers = await listBidNumbers(db, tenderId)
  for (let from = 0; from < bidNumbers.length; from += LEAVES_A_TURN) {
    yield bidsByNumber(db, bidNumbers.subarray(from, from + LEAVES_A_TURN)).map(leafOf)
  }
}

/** Withdrawn and superseded envelopes are never looked at. */
export function leafOf ({ supplierId, envelopeSha256, acceptedAt, state, envelope }: AcceptedBid): OpeningLeaf {
  return { supplierId, envelopeSha256, acceptedAt, state, envelope: state === 'sealed' ? envelope : null }
}

export function closingOf ({ closingRoot, closingSize }: Tender): { rootSha256: Sha256Hex, size: number } {
  invariant(closingRoot !== null && closingSize !== null, 'a closed tender has a closing record')
  return { rootSha256: closingRoot, size: closingSize }
}
