/**
 * The bids of an opening as columns, one place for each bid in the order of acceptance. A tender with a million bids is some
 * sixty megabytes of numbers this way, and several times that as objects. Business numbers are kept as numbers.
 */
import { VOID_REASONS, type OpenedBid, type Picks, type VoidReason } from './bid.ts'
import type { ConsortiumShare } from './consortium.ts'
import { invariant } from './errors.ts'
import type { Instant, Sha256Hex, SupplierId } from './ids.ts'

export const DIGEST_BYTES = 32
export const SUPPLIER_ID_DIGITS = 10

export interface BidColumns {
  count: number
  /** 0 = open, else 1 + the index in `VOID_REASONS`. */
  outcomes: Uint8Array
  /** Units; 0 for a void bid. Amounts stay below 2^53. */
  amounts: Float64Array
  /** Two for each bid; 0, 0 for a void bid or one without picks. */
  picks: Uint8Array
  supplierIds: Float64Array
  acceptedAt: Float64Array
  /** SHA-256 of the envelopes, `DIGEST_BYTES` each. */
  digests: Uint8Array
  /** Of joint bids alone. */
  members: Map<number, readonly ConsortiumShare[]>
}

export function makeColumns (count: number): BidColumns {
  return {
    count,
    outcomes: new Uint8Array(count),
    amounts: new Float64Array(count),
    picks: new Uint8Array(2 * count),
    supplierIds: new Float64Array(count),
    acceptedAt: new Float64Array(count),
    digests: new Uint8Array(DIGEST_BYTES * count),
    members: new Map()
  }
}

/** In the order of their leaves, whatever order they come in. */
export function columnsOf (bids: readonly OpenedBid[]): BidColumns {
  const columns = makeColumns(bids.length)
  bids.toSorted((a, b) => a.leafIndex - b.leafIndex).forEach((bid, index) => {
    columns.outcomes[index] = bid.outcome === 'open' ? 0 : outcomeOf(bid.reason)
    columns.supplierIds[index] = Number(bid.supplierId)
    columns.acceptedAt[index] = bid.acceptedAt
    columns.digests.set(digestBytes(bid.envelopeSha256), DIGEST_BYTES * index)
    if (bid.members.length > 0) columns.members.set(index, bid.members)
    if (bid.outcome === 'void') return
    columns.amounts[index] = bid.content.amountWon
    if (bid.content.picks !== null) columns.picks.set(bid.content.picks, 2 * index)
  })
  return columns
}

export function outcomeOf (reason: VoidReason): number {
  return 1 + VOID_REASONS.indexOf(reason)
}

/** null for an open bid. */
export function voidReasonOf (outcome: number): VoidReason | null {
  if (outcome === 0) return null
  const reason = VOID_REASONS[outcome - 1]
  invariant(reason !== undefined, 'an outcome is open or a reason')
  return reason
}

export function supplierIdOf ({ supplierIds }: BidColumns, index: number): SupplierId {
  return String(at(supplierIds, index)).padStart(SUPPLIER_ID_DIGITS, '0') as SupplierId
}

export function picksOf ({ picks }: BidColumns, index: number): Picks | null {
  const first = at(picks, 2 * index)
  return first === 0 ? null : [first, at(picks, 2 * index + 1)]
}

export function digestOf ({ digests }: BidColumns, index: number): Sha256Hex {
  let hex = ''
  for (let i = DIGEST_BYTES * index; i < DIGEST_BYTES * (index + 1); i++) hex += HEX[at(digests, i)] ?? ''
  return hex as Sha256Hex
}

export function acceptedAtOf ({ acceptedAt }: BidColumns, index: number): Instant {
  return at(acceptedAt, index)
}

/** A place that must be there. */
export function at (column: Float64Array | Uint8Array | Uint32Array, index: number): number {
  const value = column[index]
  invariant(value !== undefined, 'the index is within the column')
  return value
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function digestBytes (hex: Sha256Hex): Uint8Array {
  return Uint8Array.from({ length: DIGEST_BYTES }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}
