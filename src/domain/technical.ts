/**
 * Technical evaluation (기술평가, 규격평가) of the methods with two envelopes: every evaluator marks every proposal, the mean is
 * taken, and a proposal below the pass mark is out; its price envelope stays sealed.
 */
import { BonginError } from './errors.ts'
import type { OfficerId, SupplierId } from './ids.ts'
import { MILLI_E4, technicalMeanE4 } from './negotiation.ts'
import type { TechnicalRule } from './notice.ts'

/** One evaluator's marks for all proposals, thousandths of a mark. */
export interface EvaluatorMarks {
  evaluatorId: OfficerId
  marks: ReadonlyArray<{ supplierId: SupplierId, marksMilli: number }>
}

/** What a proposal came to: its mean in ten-thousandths of a mark, and whether it reaches the pass mark. */
export interface TechnicalScore { supplierId: SupplierId, marksE4: number, passes: boolean }

/** @throws BonginError `evaluation-invalid` unless the marks are for exactly these proposals and within 0 … full marks. */
export function assertEvaluatorMarks (rule: TechnicalRule, proposals: readonly SupplierId[], { marks }: EvaluatorMarks): void {
  const open = new Set(proposals)
  for (const [i, { supplierId, marksMilli }] of marks.entries()) {
    if (!open.delete(supplierId)) refuse(`/marks/${i}/supplierId`, 'This supplier has no proposal here, or is marked twice.', '제안서가 없거나 두 번 평가된 업체입니다.')
    if (!Number.isSafeInteger(marksMilli) || marksMilli < 0 || marksMilli > rule.marksMilli) {
      refuse(`/marks/${i}/marksMilli`, `Technical marks go from 0 to ${rule.marksMilli / 1000}.`, `기술 점수는 0점부터 ${rule.marksMilli / 1000}점까지입니다.`)
    }
  }
  const [missing] = open
  if (missing !== undefined) refuse('/marks', `The proposal of ${missing} has no marks.`, `${missing}의 제안서에 점수가 없습니다.`)
}

/**
 * The scores of all proposals, in the order given.
 * @throws BonginError `evaluation-invalid` with fewer evaluators than the notice promises, or marks that do not fit.
 */
export function technicalScores (rule: TechnicalRule, proposals: readonly SupplierId[], evaluators: readonly EvaluatorMarks[]): TechnicalScore[] {
  const heads = new Set(evaluators.map(({ evaluatorId }) => evaluatorId)).size
  if (heads < rule.minimumEvaluators || heads !== evaluators.length) {
    refuse('/evaluators', `The notice promises ${rule.minimumEvaluators} evaluators at least, each once; ${heads} have given marks.`,
      `평가위원은 각 1회, 최소 ${rule.minimumEvaluators}명이어야 하나 ${heads}명이 평가했습니다.`)
  }
  for (const evaluator of evaluators) assertEvaluatorMarks(rule, proposals, evaluator)
  const given = evaluators.map(({ marks }) => new Map(marks.map(({ supplierId, marksMilli }) => [supplierId, marksMilli])))
  return proposals.map((supplierId) => {
    const marksE4 = technicalMeanE4(given.map((marks) => marks.get(supplierId) ?? 0), rule.dropExtremes)
    return { supplierId, marksE4, passes: marksE4 >= rule.passMarkMilli * MILLI_E4 }
  })
}

function refuse (field: string, detail: string, detailKo: string): never {
  throw new BonginError('evaluation-invalid', { field, detail, detailKo })
}
