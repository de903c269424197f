/**
 * From the opening to the winner (낙찰예정자): one `evaluate` per award method behind one small interface. It is given every
 * decision made so far and says whose turn it is, who has won, or that nobody is left; the server, `bongin verify` and a
 * second program replay the same decisions to the same end.
 */
import { evaluateComprehensive } from './methods/comprehensive.ts'
import { evaluateEligibility } from './methods/eligibility-review.ts'
import { evaluateFirstQualified } from './methods/first-qualified.ts'
import { evaluateNegotiated } from './methods/negotiated.ts'
import type { Evaluate, Evaluation, EvaluationInput } from './methods/turns.ts'
import type { AwardMethod } from './notice.ts'

export type {
  Candidate, Evaluation, EvaluationDecision, EvaluationInput, EvaluationOutcome, EvaluationResult, NegotiationMarks
} from './methods/turns.ts'
export { MAX_REASON_LENGTH } from './methods/turns.ts'

const METHODS: Readonly<Record<AwardMethod, Evaluate>> = {
  lowest: evaluateFirstQualified,
  'restricted-lowest': evaluateFirstQualified,
  'private-quote': evaluateFirstQualified,
  'eligibility-review': evaluateEligibility,
  comprehensive: evaluateComprehensive,
  negotiated: evaluateNegotiated,
  'two-stage': evaluateFirstQualified
}

/**
 * Replays the decisions of an evaluation under its tender's method.
 * @throws BonginError `evaluation-invalid`: another's turn, marks missing, out of place or out of range, a reason missing or too long.
 */
export function evaluate (input: EvaluationInput): Evaluation {
  return METHODS[input.terms.method](input)
}
