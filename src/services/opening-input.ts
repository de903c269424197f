/** What both openings start from: the closing record and the accepted bids as they came in, in order of acceptance. */
import type { OpeningLeaf } from '../crypto/open-leaves.ts'
import { invariant } from '../domain/errors.ts'
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import { listBids, type AcceptedBid } from '../storage/bids.ts'
import type { Db } from '../storage/prepare.ts'
import type { Tender } from '../storage/tenders.ts'

export async function openingLeaves (db: Db, tenderId: TenderId): Promise<OpeningLeaf[]> {
  return (await listBids(db, tenderId)).map(leafOf)
}

/** Withdrawn and superseded envelopes are never looked at. */
export function leafOf ({ supplierId, envelopeSha256, acceptedAt, state, envelope }: AcceptedBid): OpeningLeaf {
  return { supplierId, envelopeSha256, acceptedAt, state, envelope: state === 'sealed' ? envelope : null }
}

export function closingOf ({ closingRoot, closingSize }: Tender): { rootSha256: Sha256Hex, size: number } {
  invariant(closingRoot !== null && closingSize !== null, 'a closed tender has a closing record')
  return { rootSha256: closingRoot, size: closingSize }
}
