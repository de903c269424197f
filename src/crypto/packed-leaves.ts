/**
 * Accepted bids as they lie in the database, packed for worker threads: raw envelopes behind each other in memory that
 * threads share, and what the closing record says of each. Nothing is parsed here; a slice crosses as a few numbers.
 */
import { DIGEST_BYTES } from '../domain/bid-columns.ts'
import { invariant } from '../domain/errors.ts'
import type { OpeningLeaf } from './opening.ts'
import { fromHex } from './bytes.ts'

export interface PackedLeaves {
  count: number
  /** Envelope i = envelopes[offsets[i] … offsets[i + 1]); empty where a bid is void without being looked at. */
  envelopes: Uint8Array<SharedArrayBuffer>
  offsets: Uint32Array<SharedArrayBuffer>
  supplierIds: Float64Array<SharedArrayBuffer>
  acceptedAt: Float64Array<SharedArrayBuffer>
  /** SHA-256 of each envelope as the closing record states it. */
  digests: Uint8Array<SharedArrayBuffer>
  /** As in `BidColumns.outcomes`: a reason to look at no envelope, or 0. */
  shutOut: Uint8Array<SharedArrayBuffer>
}

/** @param shutOut 0, or the outcome of a bid that is void before its envelope is looked at. */
export function packLeaves (leaves: readonly OpeningLeaf[], shutOut: (leaf: OpeningLeaf, index: number) => number): PackedLeaves {
  const count = leaves.length
  const packed: PackedLeaves = {
    count,
    envelopes: new Uint8Array(new SharedArrayBuffer(0)),
    offsets: new Uint32Array(new SharedArrayBuffer(4 * (count + 1))),
    supplierIds: new Float64Array(new SharedArrayBuffer(8 * count)),
    acceptedAt: new Float64Array(new SharedArrayBuffer(8 * count)),
    digests: new Uint8Array(new SharedArrayBuffer(DIGEST_BYTES * count)),
    shutOut: new Uint8Array(new SharedArrayBuffer(count))
  }
  let length = 0
  leaves.forEach((leaf, index) => {
    packed.supplierIds[index] = Number(leaf.supplierId)
    packed.acceptedAt[index] = leaf.acceptedAt
    packed.digests.set(fromHex(leaf.envelopeSha256), DIGEST_BYTES * index)
    packed.shutOut[index] = shutOut(leaf, index)
    if (packed.shutOut[index] === 0) length += leaf.envelope?.length ?? 0
    packed.offsets[index + 1] = length
  })
  packed.envelopes = new Uint8Array(new SharedArrayBuffer(length))
  leaves.forEach(({ envelope }, index) => {
    if (packed.shutOut[index] === 0 && envelope !== null) packed.envelopes.set(envelope, packed.offsets[index])
  })
  invariant(packed.offsets[count] === length, 'the envelopes fill what was made for them')
  return packed
}
