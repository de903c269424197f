/**
 * 종합심사낙찰제: every valid bid is judged; price, capability and social marks, weighted as the notice says, sum to the score.
 * The highest score wins. Equal scores: the better capability and social marks, then the lower amount, then the draw.
 */
import { aValueWon } from '../a-value.ts'
import { balancedPriceWon, balancedRatioPpm } from '../balanced-price.ts'
import { invariant } from '../errors.ts'
import { priceRatioPpm, priceScoreMilli, type ReviewResult } from '../eligibility-review.ts'
import type { ComprehensiveRule, NoticeTerms } from '../notice.ts'
import { PPM } from '../rounding.ts'
import {
  EXHAUSTED, open, passedBy, priceOrder, readMarks, takeTurns, type Candidate, type Evaluate, type EvaluationOutcome, type EvaluationResult
} from './turns.ts'

export const evaluateComprehensive: Evaluate = ({ terms, record, decisions }) => {
  const rule = terms.comprehensive
  const { plannedPriceWon } = record.prices
  invariant(rule !== null, 'a comprehensive evaluation has its rule')
  const order = priceOrder(record)
  const priceMarks = order.length === 0 ? null : priceMarksOf({ rule, terms, plannedPriceWon, amountsWon: order.map(({ amountWon }) => amountWon) })
  return takeTurns({
    order,
    decisions,
    judge: (candidate, decision) => {
      invariant(priceMarks !== null, 'whoever is judged has bid')
      const capability = readMarks(decision, 'capabilityMarksMilli', rule.capabilityMarksMilli)
      const social = readMarks(decision, 'socialMarksMilli', rule.socialMarksMilli)
      if (capability === null || social === null) return { ...decision, passes: false, review: null }
      const marks = priceMarks(candidate.amountWon)
      const totalMarksMilli = marks.priceMarksMilli + capability + social
      return { ...decision, passes: decision.qualified, review: { ...marks, totalMarksMilli, passes: decision.qualified } }
    },
    standing: highestScore
  })
}

type PriceMarks = Pick<ReviewResult, 'ratioPpm' | 'priceMarksMilli' | 'balancedPriceWon'>

/** Price marks of a bid, by the notice's reference. `amountsWon`: all valid bids, at least one. */
function priceMarksOf ({ rule, terms, plannedPriceWon, amountsWon }: {
  rule: ComprehensiveRule, terms: NoticeTerms, plannedPriceWon: number | null, amountsWon: readonly number[]
}): (bidWon: number) => PriceMarks {
  const { reference } = rule
  if (reference.kind === 'balanced') {
    const balancedWon = balancedPriceWon(reference, amountsWon)
    return (bidWon) => {
      const ratioPpm = balancedRatioPpm({ bidWon, balancedWon })
      return { ratioPpm, priceMarksMilli: priceScoreMilli({ ...rule, referenceRatePpm: PPM }, ratioPpm), balancedPriceWon: balancedWon }
    }
  }
  invariant(plannedPriceWon !== null, 'a comprehensive evaluation has a planned price')
  return (bidWon) => {
    const ratioPpm = priceRatioPpm({ bidWon, plannedPriceWon, aValueWon: aValueWon(terms) })
    return { ratioPpm, priceMarksMilli: priceScoreMilli({ ...rule, referenceRatePpm: reference.ratePpm }, ratioPpm) }
  }
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
