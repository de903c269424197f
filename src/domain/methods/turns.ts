/**
 * What all award methods share: candidates are judged one at a time, each by a decision of the executing officer, in the
 * order that the method gives. A decision out of turn, or without the marks and reasons that the method wants, is refused.
 */
import type { Disqualification } from '../bid.ts'
import { BonginError, invariant } from '../errors.ts'
import type { ReviewResult } from '../eligibility-review.ts'
import type { SupplierId } from '../ids.ts'
import type { NoticeTerms } from '../notice.ts'
import type { OpeningRecord } from '../opening.ts'
import type { TechnicalScore } from '../technical.ts'

export const MAX_REASON_LENGTH = 2000

/** Marks of a negotiated contract, ten-thousandths of a mark. */
export interface NegotiationMarks { technicalMarksE4: number, priceMarksE4: number, totalMarksE4: number }

/** `marks` only where they make the order. */
export interface Candidate { supplierId: SupplierId, rank: number, amountWon: number, marks?: NegotiationMarks }

/** What the executing officer states about one candidate; marks in thousandths, null where the method gives none. */
export interface EvaluationDecision {
  supplierId: SupplierId
  /** Whether the candidate meets the conditions of the notice (documents, licences, an agreement reached); false fails it whatever its marks. */
  qualified: boolean
  /** 비고 of a candidate that is not qualified, where it is one of these; else null, and the reason says it all. */
  remark: Disqualification | null
  /** 이행능력 점수 (eligibility review), 공사수행능력 점수 (comprehensive). */
  capabilityMarksMilli: number | null
  /** 사회적 책임 점수 (comprehensive). */
  socialMarksMilli: number | null
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

export interface EvaluationInput {
  terms: NoticeTerms
  record: Pick<OpeningRecord, 'rows' | 'outcome' | 'prices'>
  /** Marks of the technical evaluation; empty where there is one envelope. */
  technical: readonly TechnicalScore[]
  /** In the order in which they were made. */
  decisions: readonly EvaluationDecision[]
}

export interface Evaluation { order: Candidate[], results: EvaluationResult[], outcome: EvaluationOutcome }

/** An award method: everything decided so far in, whose turn it is or who has won out. @throws BonginError `evaluation-invalid`. */
export type Evaluate = (input: EvaluationInput) => Evaluation

/** Valid bids by rank, equals in the order of the draw, as the record has them; nobody unless the opening ranked. */
export function priceOrder ({ rows, outcome }: EvaluationInput['record']): Candidate[] {
  if (outcome !== 'ranked') return []
  return rows.flatMap(({ rank, supplierId, amountWon, remark }) => remark !== 'normal' || rank === null || amountWon === null ? [] : [{ supplierId, rank, amountWon }])
}

/** Judges decision after decision; `standing` says whose turn it is after each. */
export function takeTurns ({ order, decisions, judge, standing }: {
  order: Candidate[]
  decisions: readonly EvaluationDecision[]
  judge: (candidate: Candidate, decision: EvaluationDecision) => EvaluationResult
  standing: (order: readonly Candidate[], results: readonly EvaluationResult[]) => EvaluationOutcome
}): Evaluation {
  const results: EvaluationResult[] = []
  let outcome = standing(order, results)
  for (const decision of decisions) {
    assertTurn(decision, outcome.next)
    const candidate = order.find(({ supplierId }) => supplierId === decision.supplierId)
    invariant(candidate !== undefined, 'the next candidate stands in the order')
    results.push(judge(candidate, decision))
    outcome = standing(order, results)
  }
  return { order, results, outcome }
}

function assertTurn (decision: EvaluationDecision, next: SupplierId | null): void {
  if (decision.supplierId !== next) {
    refuse('/supplierId', next === null ? 'This evaluation is complete.' : `The next candidate is ${next}.`,
      next === null ? '심사가 이미 완료되었습니다.' : `다음 심사 대상자는 ${next}입니다.`)
  }
  if (decision.reason.length > MAX_REASON_LENGTH) {
    refuse('/reason', `A reason has at most ${MAX_REASON_LENGTH} characters.`, `사유는 ${MAX_REASON_LENGTH}자 이하여야 합니다.`)
  }
  if (decision.qualified && decision.remark !== null) refuse('/remark', 'A qualified candidate has no remark.', '적격 대상자에는 비고를 둘 수 없습니다.')
  if (!decision.qualified && decision.reason.trim() === '') refuse('/reason', 'A disqualification needs a reason.', '부적격 사유를 입력하십시오.')
}

/** The first candidate that passes wins. */
export function firstToPass (order: readonly Candidate[], results: readonly EvaluationResult[]): EvaluationOutcome {
  const passed = results.find(({ passes }) => passes)
  if (passed !== undefined) return passedBy(passed.supplierId)
  const next = order[results.length]
  return next === undefined ? EXHAUSTED : open(next.supplierId)
}

export const EXHAUSTED: EvaluationOutcome = { state: 'exhausted', next: null, winner: null }
export const passedBy = (winner: SupplierId): EvaluationOutcome => ({ state: 'passed', next: null, winner })
export const open = (next: SupplierId): EvaluationOutcome => ({ state: 'open', next, winner: null })

/** Where a method gives no such marks, none may be stated. */
export function refuseMarks (decision: EvaluationDecision, ...names: Array<'capabilityMarksMilli' | 'socialMarksMilli'>): void {
  for (const name of names) {
    if (decision[name] !== null) refuse(`/${name}`, 'This method gives no such marks.', '이 낙찰 방법에는 해당 점수가 없습니다.')
  }
}

/** The marks that a method wants: stated for every qualified candidate, 0 … `fullMilli`; null only for one that is not qualified. */
export function readMarks (decision: EvaluationDecision, name: 'capabilityMarksMilli' | 'socialMarksMilli', fullMilli: number): number | null {
  const marks = decision[name]
  if (marks === null) {
    if (decision.qualified) refuse(`/${name}`, 'A qualified candidate needs these marks.', '적격 대상자의 점수를 입력하십시오.')
    return null
  }
  if (!Number.isSafeInteger(marks) || marks < 0 || marks > fullMilli) {
    refuse(`/${name}`, `These marks go from 0 to ${fullMilli / 1000}.`, `이 점수는 0점부터 ${fullMilli / 1000}점까지입니다.`)
  }
  return marks
}

function refuse (field: string, detail: string, detailKo: string): never {
  throw new BonginError('evaluation-invalid', { field, detail, detailKo })
}
