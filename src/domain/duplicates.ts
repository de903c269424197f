/** Whoever takes part in two open bids for one tender, alone, as leader or as member, voids all of its bids (동일인 중복입찰). */
import { at, type BidColumns, outcomeOf, supplierIdOf } from './bid-columns.ts'
import { duplicateBids } from './consortium.ts'

/** The outcomes of the columns, with `duplicate-member` where it applies. */
export function duplicateOutcomes (columns: BidColumns): Uint8Array {
  const outcomes = columns.outcomes.slice()
  if (columns.members.size === 0 && areDistinct(columns)) return outcomes
  const open = Array.from({ length: columns.count }, (_, index) => index).filter((index) => outcomes[index] === 0)
  const bids = open.map((index) => ({ index, supplierId: supplierIdOf(columns, index), members: columns.members.get(index) ?? [] }))
  for (const { index } of duplicateBids(bids)) outcomes[index] = outcomeOf('duplicate-member')
  return outcomes
}

/** As nearly always: no joint bids, and every supplier with one open bid. */
function areDistinct ({ supplierIds, outcomes }: BidColumns): boolean {
  const sorted = supplierIds.filter((_, index) => outcomes[index] === 0).sort()
  for (let i = 1; i < sorted.length; i++) if (at(sorted, i) === at(sorted, i - 1)) return false
  return true
}
