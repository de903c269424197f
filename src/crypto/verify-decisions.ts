/**
 * Evaluations and award: each is signed by the executing officer, speaks of this very opening, judges the bidder whose
 * turn it was, and the award names the winner that the rules give, at the price that was bid. Runs in a browser.
 */
import { evaluate, type Evaluation, type EvaluationDecision, type EvaluationResult } from '../domain/evaluation.ts'
import type { Instant, Sha256Hex, SupplierId } from '../domain/ids.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { DISQUALIFICATIONS, MAX_AMOUNT_WON, type Disqualification } from '../domain/bid.ts'
import { parseJws } from './jws.ts'
import { supplierIdText, tenderIdText, type TenderRecord } from './record.ts'
import { checkShape, expect, expectEqual, flag, nullable, object, oneOf, sha256Text, text, whole } from './record-shape.ts'
import type { ReadNotice } from './verify-notice.ts'
import type { Signers } from './verify-platform.ts'
import type { CheckedTechnical } from './verify-technical.ts'

const reason = text({ max: 2000 })

export interface EvaluationPayload {
  tenderId: string
  openingSha256: Sha256Hex
  supplierId: SupplierId
  qualified: boolean
  capabilityMarksMilli: number | null
  socialMarksMilli: number | null
  remark: Disqualification | null
  reason: string
}

export interface AwardPayload {
  tenderId: string
  openingSha256: Sha256Hex
  decision: 'awarded' | 'failed'
  supplierId: SupplierId | null
  amountWon: number | null
  reason: string
}

const evaluationShape = object({
  v: oneOf(1),
  type: oneOf('bongin-evaluation'),
  tenderId: tenderIdText,
  openingSha256: sha256Text,
  supplierId: supplierIdText,
  qualified: flag,
  capabilityMarksMilli: nullable(whole(0, Number.MAX_SAFE_INTEGER)),
  socialMarksMilli: nullable(whole(0, Number.MAX_SAFE_INTEGER)),
  remark: oneOf(...DISQUALIFICATIONS, null),
  reason
})

const awardShape = object({
  v: oneOf(1),
  type: oneOf('bongin-award'),
  tenderId: tenderIdText,
  openingSha256: sha256Text,
  decision: oneOf('awarded', 'failed'),
  supplierId: nullable(supplierIdText),
  amountWon: nullable(whole(1, MAX_AMOUNT_WON)),
  reason
})

export interface CheckedEvaluation { text: string, result: EvaluationResult }
export interface CheckedAward { text: string, payload: AwardPayload }

export interface DecisionContext {
  record: TenderRecord
  opening: OpeningRecord
  openingSha256: Sha256Hex
  last: ReadNotice
  signers: Signers
  technical: CheckedTechnical | null
  /** When the ledger took a signed act. */
  timeOf: (jws: string) => Instant
}

/** @throws RecordFault or BonginError, naming the evaluation. */
export function checkEvaluations (context: DecisionContext): CheckedEvaluation[] {
  const { record, opening } = context
  expect(record.evaluations.length === 0 || opening.outcome === 'ranked', 'There is nothing to evaluate after this opening.')
  const decisions: EvaluationDecision[] = []
  record.evaluations.forEach((text, index) => {
    const payload = readAct<EvaluationPayload>(context, { text, type: 'bongin-evaluation', shape: evaluationShape, what: `Evaluation ${index}` })
    const { supplierId, qualified, remark, capabilityMarksMilli, socialMarksMilli } = payload
    decisions.push({ supplierId, qualified, remark, capabilityMarksMilli, socialMarksMilli, reason: payload.reason })
  })
  return replayed(context, decisions).results.map((result, index) => ({ text: record.evaluations[index] ?? '', result }))
}

/** @throws RecordFault or BonginError. */
export function checkAward (context: DecisionContext, evaluations: readonly CheckedEvaluation[]): CheckedAward | null {
  const { award: text } = context.record
  if (text === null) return null
  const payload = readAct<AwardPayload>(context, { text, type: 'bongin-award', shape: awardShape, what: 'The award' })
  const { order, outcome: { state, winner } } = replayed(context, evaluations.map(({ result }) => result))
  expect(context.opening.outcome === 'ranked' && state !== 'open', 'The award came before the evaluation ended.')
  const amountWon = order.find(({ supplierId }) => supplierId === winner)?.amountWon ?? null
  expectEqual({
    what: 'The award',
    expected: { decision: winner === null ? 'failed' : 'awarded', supplierId: winner, amountWon },
    actual: { decision: payload.decision, supplierId: payload.supplierId, amountWon: payload.amountWon }
  })
  return { text, payload }
}

function replayed ({ opening, last, technical }: DecisionContext, decisions: readonly EvaluationDecision[]): Evaluation {
  return evaluate({ terms: last.notice.terms, record: opening, technical: technical?.outcome.scores ?? [], decisions })
}

/** One act of the executing officer about this opening. */
function readAct<T extends { tenderId: string, openingSha256: Sha256Hex }> (context: DecisionContext, { text, type, shape, what }: {
  text: string, type: 'bongin-evaluation' | 'bongin-award', shape: ReturnType<typeof object>, what: string
}): T {
  const { terms } = context.last.notice
  const jws = parseJws(text, type)
  const payload = checkShape<T>(shape, jws.payload, '/payload')
  expectEqual({
    what,
    expected: { tenderId: terms.tenderId, openingSha256: context.openingSha256 },
    actual: { tenderId: payload.tenderId, openingSha256: payload.openingSha256 }
  })
  context.signers.verify(jws, { kind: 'officer', holderId: terms.committee.executing, at: context.timeOf(text) })
  return payload
}
