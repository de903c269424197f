/**
 * 최저가, 제한적최저가, 수의견적 and 2단계: valid bids in price order, and the first one that meets the conditions of the notice wins.
 * What is valid (a floor or none, the technical pass mark) was settled at the opening.
 */
import { firstToPass, priceOrder, refuseMarks, takeTurns, type Evaluate } from './turns.ts'

export const evaluateFirstQualified: Evaluate = ({ record, decisions }) => takeTurns({
  order: priceOrder(record),
  decisions,
  judge: (_candidate, decision) => {
    refuseMarks(decision, 'capabilityMarksMilli', 'socialMarksMilli')
    return { ...decision, passes: decision.qualified, review: null }
  },
  standing: firstToPass
})
