/**
 * Negotiated contracts (협상에 의한 계약): price marks, the mean of several evaluators' technical marks, and the order of
 * negotiation. Marks are ten-thousandths of a mark (E4), rounded half up at the fifth decimal, as the published scores are.
 */
import { invariant } from './errors.ts'
import { scaleHalfUp } from './rounding.ts'

/** One mark in ten-thousandths; one thousandth of a mark is 10 of them. */
export const MARK_E4 = 10_000
export const MILLI_E4 = 10
/** Below 80 % of the estimate the score rises more slowly; below 60 % a bid counts as 60 %. */
const KNEE_PERCENT = 80n
const CLAMP_PERCENT = 60n
/** What a bid can gain between 80 % and 60 %, in marks, however many marks the price has. */
const BELOW_KNEE_MARKS_E4 = 2n * BigInt(MARK_E4)

export interface NegotiationPriceInput {
  /** All the marks that the price can bring, thousandths of a mark. */
  priceMarksMilli: number
  /** 추정가격 or budget, in the unit of the bids. */
  estimateWon: number
  /** The lowest bid of those still in the competition. */
  lowestWon: number
  bidWon: number
}

/**
 * At or above 80 % of the estimate: B × lowest ÷ bid. Below: B × lowest ÷ (80 % of the estimate) + 2 × (80 % − bid) ÷ (80 % − 60 %),
 * with the bid, and the lowest bid where it stands for it, taken as 60 % at least. Returns E4 marks, B at most.
 */
export function negotiationPriceE4 (input: NegotiationPriceInput): number {
  const { priceMarksMilli, estimateWon, lowestWon, bidWon } = input
  invariant(lowestWon > 0 && lowestWon <= bidWon && estimateWon > 0, 'the lowest bid is at or under every bid')
  // Everything in hundredths of a unit, so that 80 % and 60 % of the estimate are whole.
  const knee = BigInt(estimateWon) * KNEE_PERCENT
  const clamp = BigInt(estimateWon) * CLAMP_PERCENT
  const clamped = (won: number): bigint => BigInt(won) * 100n > clamp ? BigInt(won) * 100n : clamp
  const full = BigInt(priceMarksMilli) * BigInt(MILLI_E4)
  const [bid, lowest] = [clamped(bidWon), clamped(lowestWon)]
  if (bid >= knee) return halfUp(full * lowest, bid)
  // One fraction over the common denominator, so that only the sum is rounded.
  const marks = halfUp(full * lowest * (knee - clamp) + BELOW_KNEE_MARKS_E4 * (knee - bid) * knee, knee * (knee - clamp))
  return Math.min(marks, Number(full))
}

function halfUp (dividend: bigint, divisor: bigint): number {
  return Number((2n * dividend + divisor) / (2n * divisor))
}

/**
 * Mean of the evaluators' marks for one proposal, E4. With `dropExtremes` one highest and one lowest are left out, which
 * needs three marks at least.
 */
export function technicalMeanE4 (marksMilli: readonly number[], dropExtremes: boolean): number {
  invariant(marksMilli.length >= (dropExtremes ? 3 : 1), 'enough evaluators have given marks')
  const rising = [...marksMilli].sort((a, b) => a - b)
  const counted = dropExtremes ? rising.slice(1, -1) : rising
  return scaleHalfUp({ value: counted.reduce((sum, marks) => sum + marks, 0), by: MILLI_E4, over: counted.length })
}
