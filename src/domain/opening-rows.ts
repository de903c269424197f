/** The rows of an opening record, one at a time, out of the columns that were ranked. */
import { TECHNICAL_VOID_REASONS, type RemarkCode, type VoidReason } from './bid.ts'
import { acceptedAtOf, at, digestOf, picksOf, supplierIdOf, voidReasonOf } from './bid-columns.ts'
import { OPEN_REMARKS, type RankedBids } from './open-tender.ts'
import type { OpeningRow } from './opening.ts'
import { bidRateMilliPercent } from './price.ts'
import { formatKst } from './time.ts'

export function * rowsOf (ranked: RankedBids): Generator<OpeningRow> {
  for (let row = 0; row < ranked.order.length; row++) yield rowAt(ranked, row)
}

function rowAt (ranked: RankedBids, row: number): OpeningRow {
  const { columns } = ranked
  const { index, ...facts } = rowFacts(ranked, row)
  return {
    ...facts,
    supplierId: supplierIdOf(columns, index),
    members: columns.members.get(index) ?? [],
    acceptedAt: formatKst(acceptedAtOf(columns, index)),
    envelopeSha256: digestOf(columns, index)
  }
}

/** What a row says that has to be worked out; `index` is the bid's place in the columns, which hold the rest. */
export interface RowFacts extends Pick<OpeningRow, 'rank' | 'amountWon' | 'bidRateMilliPercent' | 'picks' | 'remark' | 'voidReason'> {
  index: number
}

export function rowFacts ({ columns, outcomes, order, ranks, remarks, prices: { plannedPriceWon } }: RankedBids, row: number): RowFacts {
  const index = at(order, row)
  const voidReason = voidReasonOf(at(outcomes, index))
  const amountWon = voidReason === null ? at(columns.amounts, index) : null
  return {
    index,
    rank: at(ranks, row) || null,
    amountWon,
    bidRateMilliPercent: amountWon === null || plannedPriceWon === null ? null : bidRateMilliPercent(amountWon, plannedPriceWon),
    picks: voidReason === null ? picksOf(columns, index) : null,
    remark: remarkOf(voidReason, at(remarks, index)),
    voidReason
  }
}

/** `remark` is that of an open bid, as in `RankedBids`. */
function remarkOf (reason: VoidReason | null, remark: number): RemarkCode {
  if (reason === null) return OPEN_REMARKS[remark] ?? 'unpriced'
  if (reason === 'withdrawn') return 'withdrawn'
  return TECHNICAL_VOID_REASONS.has(reason) ? 'technicalFailed' : 'void'
}
