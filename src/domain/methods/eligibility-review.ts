/**
 * 적격심사: valid bids in price order, price marks and capability marks against the pass mark, a failing bidder passes the turn
 * on. Equal amounts are all judged and the best capability marks win, equals in marks in the order of the draw.
 */
import { aValueWon } from '../a-value.ts'
import { invariant } from '../errors.ts'
import { review } from '../eligibility-review.ts'
import {
  EXHAUSTED, open, passedBy, priceOrder, readMarks, refuseMarks, takeTurns,
  type Candidate, type Evaluate, type EvaluationOutcome, type EvaluationResult
} from './turns.ts'

export const evaluateEligibility: Evaluate = ({ terms, record, decisions }) => {
  const rule = terms.eligibilityReview
  const { plannedPriceWon } = record.prices
  return takeTurns({
    order: priceOrder(record),
    decisions,
    judge: (candidate, decision) => {
      invariant(rule !== null && plannedPriceWon !== null, 'an eligibility review has its rule and a planned price')
      refuseMarks(decision, 'socialMarksMilli')
      const capabilityMarksMilli = readMarks(decision, 'capabilityMarksMilli', rule.capabilityMarksMilli)
      if (capabilityMarksMilli === null) return { ...decision, passes: false, review: null }
      const marks = review({ rule, bidWon: candidate.amountWon, plannedPriceWon, aValueWon: aValueWon(terms), capabilityMarksMilli })
      return { ...decision, passes: decision.qualified && marks.passes, review: marks }
    },
    standing: bestOfEquals
  })
}

function bestOfEquals (order: readonly Candidate[], results: readonly EvaluationResult[]): EvaluationOutcome {
  const judged = new Map(results.map((result) => [result.supplierId, result]))
  for (const group of Map.groupBy(order, ({ rank }) => rank).values()) {
    let best: EvaluationResult | null = null
    for (const { supplierId } of group) {
      const result = judged.get(supplierId)
      if (result === undefined) return open(supplierId)
      if (result.passes && (best === null || marksOf(result) > marksOf(best))) best = result
    }
    if (best !== null) return passedBy(best.supplierId)
  }
  return EXHAUSTED
}

const marksOf = ({ capabilityMarksMilli }: EvaluationResult): number => capabilityMarksMilli ?? 0
