/**
 * From the opening to the winner: valid bids in price order, one decision each, until one passes (낙찰예정자) or none is
 * left. Each award method is one judge behind one small interface. Equal bids are settled by the tie draw; under
 * eligibility review the better capability marks come first.
 */
import { BonginError, invariant } from './errors.ts'
import { review, type ReviewResult } from './eligibility-review.ts'
import type { SupplierId } from './ids.ts'
import type { AwardMethod, NoticeTerms } from './notice.ts'
import type { OpeningRecord, PriceResult } from './opening.ts'

export const MAX_REASON_LENGTH = 2000

export interface Candidate { supplierId: SupplierId, rank: number, amountWon: number }

/** What the executing officer states about one candidate. */
export interface EvaluationDecision {
  supplierId: SupplierId
  /** Whether the candidate meets the conditions of the notice (documents, licences); false fails it whatever its marks. */
  qualified: boolean
  /** 이행능력 점수 in thousandths of a mark; null where the method gives none or the candidate is not qualified. */
  capabilityMarksMilli: number | null
  reason: string
}

export interface EvaluationResult extends EvaluationDecision {
  passes: boolean
  /** The marks, where the method gives marks and the officer stated them. */
  review: ReviewResult | null
}

export interface EvaluationOutcome {
  state: 'open' | 'passed' | 'exhausted'
  /** Whom the officer judges next; null unless open. */
  next: SupplierId | null
  /** null unless passed. */
  winner: SupplierId | null
}

type Judge = (context: JudgeContext, decision: EvaluationDecision) => EvaluationResult
interface JudgeContext { terms: NoticeTerms, plannedPriceWon: number | null, candidate: Candidate }

/** One judge per award method. */
const METHODS: Readonly<Record<AwardMethod, Judge>> = {
  'restricted-lowest': judgeQualification,
  'eligibility-review': judgeReview
}

/** Valid bids in the order in which they are decided: by rank, equals in the order of the draw, as the record has them. */
export function evaluationOrder (record: Pick<OpeningRecord, 'rows' | 'outcome'>): Candidate[] {
  if (record.outcome !== 'ranked') return []
  return record.rows.flatMap(({ rank, supplierId, amountWon, remark }) => remark !== 'normal' || rank === null || amountWon === null ? [] : [{ supplierId, rank, amountWon }])
}

/**
 * Where an evaluation stands. The first candidate that passes wins; where the method gives marks, its equals in amount are
 * judged too and the best capability marks win, equals in marks in the order of the draw.
 */
export function evaluationOutcome (order: readonly Candidate[], results: readonly EvaluationResult[]): EvaluationOutcome {
  const judged = new Map(results.map((result) => [result.supplierId, result]))
  for (const group of Map.groupBy(order, ({ rank }) => rank).values()) {
    let best: EvaluationResult | null = null
    for (const { supplierId } of group) {
      const result = judged.get(supplierId)
      if (result === undefined) return { state: 'open', next: supplierId, winner: null }
      if (!result.passes) continue
      if (result.review === null) return passedBy(supplierId)
      if (best === null || marksOf(result) > marksOf(best)) best = result
    }
    if (best !== null) return passedBy(best.supplierId)
  }
  return { state: 'exhausted', next: null, winner: null }
}

const passedBy = (winner: SupplierId): EvaluationOutcome => ({ state: 'passed', next: null, winner })
const marksOf = ({ capabilityMarksMilli }: EvaluationResult): number => capabilityMarksMilli ?? 0

/** Whom the officer judges next; null when nobody is left or somebody has won. */
export function nextCandidate (order: readonly Candidate[], results: readonly EvaluationResult[]): SupplierId | null {
  return evaluationOutcome(order, results).next
}

/**
 * Judges the candidate whose turn it is.
 * @throws BonginError `evaluation-invalid`: another's turn, marks missing, out of place or out of range, a reason missing or too long.
 */
export function decide (input: {
  terms: NoticeTerms
  prices: Pick<PriceResult, 'plannedPriceWon'>
  order: readonly Candidate[]
  results: readonly EvaluationResult[]
  decision: EvaluationDecision
}): EvaluationResult {
  const { terms, order, decision } = input
  const next = nextCandidate(order, input.results)
  if (decision.supplierId !== next) {
    refuse('/supplierId', next === null ? 'This evaluation is complete.' : `The next candidate is ${next}.`,
      next === null ? '심사가 이미 완료되었습니다.' : `다음 심사 대상자는 ${next}입니다.`)
  }
  if (decision.reason.length > MAX_REASON_LENGTH) {
    refuse('/reason', `A reason has at most ${MAX_REASON_LENGTH} characters.`, `사유는 ${MAX_REASON_LENGTH}자 이하여야 합니다.`)
  }
  if (!decision.qualified && decision.reason.trim() === '') refuse('/reason', 'A disqualification needs a reason.', '부적격 사유를 입력하십시오.')
  const candidate = order.find(({ supplierId }) => supplierId === next)
  invariant(candidate !== undefined, 'the next candidate stands in the order')
  return METHODS[terms.method]({ terms, plannedPriceWon: input.prices.plannedPriceWon, candidate }, decision)
}

function judgeQualification (_context: JudgeContext, decision: EvaluationDecision): EvaluationResult {
  if (decision.capabilityMarksMilli !== null) refuseMarks('This method gives no capability marks.', '이 낙찰 방법에는 이행능력 점수가 없습니다.')
  return { ...decision, passes: decision.qualified, review: null }
}

function judgeReview ({ terms, plannedPriceWon, candidate }: JudgeContext, decision: EvaluationDecision): EvaluationResult {
  const rule = terms.eligibilityReview
  invariant(rule !== null && plannedPriceWon !== null, 'an eligibility review has its rule and a planned price')
  const { capabilityMarksMilli } = decision
  if (capabilityMarksMilli === null) {
    if (decision.qualified) refuseMarks('A qualified candidate needs capability marks.', '적격 대상자의 이행능력 점수를 입력하십시오.')
    return { ...decision, passes: false, review: null }
  }
  if (!Number.isSafeInteger(capabilityMarksMilli) || capabilityMarksMilli < 0 || capabilityMarksMilli > rule.capabilityMarksMilli) {
    refuseMarks(`Capability marks go from 0 to ${rule.capabilityMarksMilli / 1000}.`, `이행능력 점수는 0점부터 ${rule.capabilityMarksMilli / 1000}점까지입니다.`)
  }
  const marks = review({ rule, bidWon: candidate.amountWon, plannedPriceWon, aValueWon: terms.aValueWon, capabilityMarksMilli })
  return { ...decision, passes: decision.qualified && marks.passes, review: marks }
}

function refuseMarks (detail: string, detailKo: string): never {
  refuse('/capabilityMarksMilli', detail, detailKo)
}

function refuse (field: string, detail: string, detailKo: string): never {
  throw new BonginError('evaluation-invalid', { field, detail, detailKo })
}
