/**
 * 협상에 의한 계약: technical and price marks make the order of negotiation; a decision says whether the negotiation with the
 * next bidder led to an agreement. Equal scores: the better technical marks, then the lower amount, then the draw.
 */
import { invariant } from '../errors.ts'
import { FULL_MARKS_MILLI } from '../eligibility-review.ts'
import { negotiationPriceE4 } from '../negotiation.ts'
import { unitsPerWon } from '../price-unit.ts'
import { competitionRanks } from '../ranking.ts'
import { firstToPass, priceOrder, refuseMarks, takeTurns, type Candidate, type Evaluate, type EvaluationInput, type NegotiationMarks } from './turns.ts'

type Scored = Candidate & { marks: NegotiationMarks }

export const evaluateNegotiated: Evaluate = (input) => takeTurns({
  order: negotiationOrder(input),
  decisions: input.decisions,
  judge: (_candidate, decision) => {
    refuseMarks(decision, 'capabilityMarksMilli', 'socialMarksMilli')
    return { ...decision, passes: decision.qualified, review: null }
  },
  standing: firstToPass
})

/** Candidates by total marks; their rank is the place in the order of negotiation. */
function negotiationOrder ({ terms, record, technical }: EvaluationInput): Candidate[] {
  const rule = terms.technical
  const candidates = priceOrder(record)
  const lowest = candidates[0]
  if (lowest === undefined) return []
  invariant(rule !== null, 'a negotiated contract has a technical rule')
  const technicalOf = new Map(technical.map(({ supplierId, marksE4 }) => [supplierId, marksE4]))
  const scored = candidates.map((candidate): Scored => {
    const technicalMarksE4 = technicalOf.get(candidate.supplierId)
    invariant(technicalMarksE4 !== undefined, 'every ranked bid passed the technical evaluation')
    const priceMarksE4 = negotiationPriceE4({
      priceMarksMilli: FULL_MARKS_MILLI - rule.marksMilli,
      estimateWon: terms.estimatedPriceWon * unitsPerWon(terms.price.decimals),
      lowestWon: lowest.amountWon,
      bidWon: candidate.amountWon
    })
    return { ...candidate, marks: { technicalMarksE4, priceMarksE4, totalMarksE4: technicalMarksE4 + priceMarksE4 } }
  })
  scored.sort((a, b) => b.marks.totalMarksE4 - a.marks.totalMarksE4 || b.marks.technicalMarksE4 - a.marks.technicalMarksE4)
  const ranks = competitionRanks(scored.map(({ marks }) => -marks.totalMarksE4))
  return scored.map((candidate, i) => ({ ...candidate, rank: ranks[i] ?? i + 1 }))
}
