/**
 * 종합심사낙찰제: every valid bid is judged; price, capability and social marks, weighted as the notice says, sum to the score.
 * The highest score wins. Equal scores: the better capability and social marks, then the lower amount, then the draw.
 */
import { aValueWon } from '../a-value.ts'
import { invariant } from '../errors.ts'
import { priceRatioPpm, priceScoreMilli } from '../eligibility-review.ts'
import {
  EXHAUSTED, open, passedBy, priceOrder, readMarks, takeTurns, type Candidate, type Evaluate, type EvaluationOutcome, type EvaluationResult
} from './turns.ts'

export const evaluateComprehensive: Evaluate = ({ terms, record, decisions }) => {
  const rule = terms.comprehensive
  const { plannedPriceWon } = record.prices
  return takeTurns({
    order: priceOrder(record),
    decisions,
    judge: (candidate, decision) => {
      invariant(rule !== null && plannedPriceWon !== null, 'a comprehensive evaluation has its rule and a planned price')
      const capability = readMarks(decision, 'capabilityMarksMilli', rule.capabilityMarksMilli)
      const social = readMarks(decision, 'socialMarksMilli', rule.socialMarksMilli)
      if (capability === null || social === null) return { ...decision, passes: false, review: null }
      const ratioPpm = priceRatioPpm({ bidWon: candidate.amountWon, plannedPriceWon, aValueWon: aValueWon(terms) })
      const priceMarksMilli = priceScoreMilli(rule, ratioPpm)
      const totalMarksMilli = priceMarksMilli + capability + social
      return { ...decision, passes: decision.qualified, review: { ratioPpm, priceMarksMilli, totalMarksMilli, passes: decision.qualified } }
    },
    standing: highestScore
  })
}

/** The order is by amount and draw, so of two that are equal in everything else the earlier stays. */
function highestScore (order: readonly Candidate[], results: readonly EvaluationResult[]): EvaluationOutcome {
  const next = order[results.length]
  if (next !== undefined) return open(next.supplierId)
  const best = results.filter(({ passes }) => passes)
    .reduce<EvaluationResult | null>((best, result) => best === null || beats(result, best) ? result : best, null)
  return best === null ? EXHAUSTED : passedBy(best.supplierId)
}

function beats (a: EvaluationResult, b: EvaluationResult): boolean {
  const scores = [total(a) - total(b), besidesPrice(a) - besidesPrice(b)]
  return (scores.find((difference) => difference !== 0) ?? 0) > 0
}

const total = ({ review }: EvaluationResult): number => review?.totalMarksMilli ?? 0
const besidesPrice = ({ capabilityMarksMilli, socialMarksMilli }: EvaluationResult): number => (capabilityMarksMilli ?? 0) + (socialMarksMilli ?? 0)
