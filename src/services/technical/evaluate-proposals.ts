/**
 * The technical evaluation (기술평가): the executing officer appoints the evaluators, each of them signs its marks once, and
 * the executing officer signs what the rules make of them. Whoever has marked stays appointed: no mark is ever dropped.
 */
import { sha256Hex, utf8 } from '../../crypto/bytes.ts'
import { canonicalJson } from '../../crypto/canonical-json.ts'
import { expectEvaluators, readEvaluators, readMarks, readResult, type ResultPayload } from '../../crypto/verify-technical.ts'
import { RecordFault } from '../../crypto/record-shape.ts'
import { BonginError, invariant } from '../../domain/errors.ts'
import type { OfficerId, TenderId } from '../../domain/ids.ts'
import { assertEvaluatorMarks, technicalScores, type TechnicalScore } from '../../domain/technical.ts'
import { appendEvent } from '../../storage/events.ts'
import { getOfficers } from '../../storage/officers.ts'
import type { Db } from '../../storage/prepare.ts'
import { insertAppointment, insertMarks, insertTechnicalResult } from '../../storage/technical.ts'
import type { Context, OfficerCaller } from '../context.ts'
import { failTender } from '../fail-tender.ts'
import { appendLedger, EVALUATOR_ACTOR } from '../ledger.ts'
import { currentNotice } from '../notice-text.ts'
import { readSignedAct } from '../signed-act.ts'
import { requirePublished, requireSeat } from '../tender-access.ts'
import { assertAboutOpening, marksGiven, requireUnderWay, suppliersToMark, type TechnicalEvaluation } from './evaluation.ts'
import { TECHNICAL_ALL_FAILED } from './open-technical.ts'

interface Act { tenderId: TenderId, jws: string }
/** How many evaluators have marked, and of how many. */
export interface Progress { marked: number, evaluators: number }

/**
 * Appoints evaluators, or others in place of those who have not marked.
 * @throws BonginError `evaluation-invalid`, `not-yet-open`, `opening-not-ready`, `signature-invalid`, `not-committee-member`, `tender-state`.
 */
export async function appointEvaluators (context: Context, caller: OfficerCaller, { tenderId, jws }: Act): Promise<OfficerId[]> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    const technical = await requireUnderWay(tx, tender)
    await readSignedAct(tx, { jws, type: 'bongin-evaluators', caller, now })
    const said = malformedAsOurs(() => readEvaluators(jws).payload)
    assertAboutOpening(said, technical)
    await checkEvaluators(tx, said.evaluators, technical)
    await insertAppointment(tx, { tenderId, sequence: technical.appointments.length, jws, evaluators: said.evaluators, appointedAt: now })
    await appendLedger(tx, { tenderId, at: now, actor: caller.holderId, type: 'evaluators-appointed', payload: { jwsSha256: sha256Hex(utf8(jws)) } })
    return said.evaluators
  })
}

async function checkEvaluators (tx: Db, evaluators: readonly OfficerId[], { stored, marks }: TechnicalEvaluation): Promise<void> {
  const { terms } = await currentNotice(tx, stored.tenderId)
  try {
    expectEvaluators(evaluators, terms)
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error
    throw new BonginError('evaluation-invalid', {
      field: '/payload/evaluators', detail: error.message, detailKo: '평가위원 수가 부족하거나 중복되었거나 집행위원이 포함되어 있습니다.'
    })
  }
  const known = await getOfficers(tx, evaluators)
  const unfit = evaluators.findIndex((id) => known.find(({ officerId }) => officerId === id)?.roles.includes('evaluator') !== true)
  if (unfit >= 0) {
    throw new BonginError('evaluation-invalid', {
      field: `/payload/evaluators/${unfit}`, detail: 'This officer does not have the role "evaluator".', detailKo: '평가위원 역할이 없는 담당관입니다.'
    })
  }
  const dropped = marks.find(({ evaluatorId }) => !evaluators.includes(evaluatorId))
  if (dropped === undefined) return
  throw new BonginError('evaluation-invalid', {
    field: '/payload/evaluators', detail: `${dropped.evaluatorId} has marked and stays an evaluator.`, detailKo: '이미 평가한 평가위원은 제외할 수 없습니다.'
  })
}

/**
 * One evaluator's marks for all proposals, once.
 * @throws BonginError `evaluation-invalid`, `award-mismatch`, `not-committee-member` for somebody not appointed, and as `appointEvaluators`.
 */
export async function markProposals (context: Context, caller: OfficerCaller, { tenderId, jws }: Act): Promise<Progress> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    const technical = await requireUnderWay(tx, tender)
    if (!technical.evaluators.includes(caller.holderId)) {
      throw new BonginError('not-committee-member', { detail: 'Only an appointed evaluator may mark.', detailKo: '위촉된 평가위원만 평가할 수 있습니다.' })
    }
    await readSignedAct(tx, { jws, type: 'bongin-technical-marks', caller, now })
    const said = malformedAsOurs(() => readMarks(jws).payload)
    assertAboutOpening(said, technical)
    if (said.evaluatorId !== caller.holderId) throw new BonginError('signature-invalid', { field: '/payload/evaluatorId' })
    const rule = (await currentNotice(tx, tenderId)).terms.technical
    invariant(rule !== null, 'a technical opening has its rule')
    assertEvaluatorMarks(rule, suppliersToMark(technical), { evaluatorId: caller.holderId, marks: said.marks })
    const sequence = technical.marks.length
    if (!(await insertMarks(tx, { tenderId, evaluatorId: caller.holderId, sequence, jws, markedAt: now }))) {
      throw new BonginError('evaluation-invalid', { detail: 'You have marked these proposals; marks are given once.', detailKo: '이미 평가를 제출했습니다. 평가는 한 번만 할 수 있습니다.' })
    }
    const payload = { evaluatorId: caller.holderId, jwsSha256: sha256Hex(utf8(jws)) }
    await appendLedger(tx, { tenderId, at: now, actor: EVALUATOR_ACTOR, type: 'technical-marked', payload })
    return { marked: sequence + 1, evaluators: technical.evaluators.length }
  })
}

/**
 * Completes the evaluation: from here on the price key may be revealed, or the tender has failed.
 * @throws BonginError `evaluation-invalid` while marks are missing, `award-mismatch` where the result is not what the rules give.
 */
export async function decideTechnical (context: Context, caller: OfficerCaller, { tenderId, jws }: Act): Promise<TechnicalScore[]> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    const technical = await requireUnderWay(tx, tender)
    await readSignedAct(tx, { jws, type: 'bongin-technical-result', caller, now })
    const said = malformedAsOurs(() => readResult(jws).payload)
    assertAboutOpening(said, technical)
    const scores = await expectedScores(tx, technical)
    assertFollows(said, technical, scores)
    await insertTechnicalResult(tx, { tenderId, jws, scores, decidedAt: now })
    await appendLedger(tx, { tenderId, at: now, actor: caller.holderId, type: 'technical-evaluated', payload: { jwsSha256: sha256Hex(utf8(jws)) } })
    await appendEvent(tx, { at: now, type: 'tender.technical-evaluated', tenderId, data: {} })
    if (!scores.some(({ passes }) => passes)) await failTender(tx, { tenderId, at: now, reason: TECHNICAL_ALL_FAILED })
    return scores
  })
}

/** @throws BonginError `evaluation-invalid` while an appointed evaluator has not marked. */
export async function expectedScores (db: Db, technical: TechnicalEvaluation): Promise<TechnicalScore[]> {
  const { stored, evaluators, marks } = technical
  const rule = (await currentNotice(db, stored.tenderId)).terms.technical
  invariant(rule !== null, 'a technical opening has its rule')
  const missing = evaluators.filter((id) => !marks.some(({ evaluatorId }) => evaluatorId === id))
  if (missing.length > 0) {
    throw new BonginError('evaluation-invalid', { detail: `Marks are missing of: ${missing.join(', ')}.`, detailKo: `평가를 제출하지 않은 평가위원: ${missing.join(', ')}` })
  }
  return technicalScores(rule, suppliersToMark(technical), marksGiven(marks))
}

function assertFollows (said: ResultPayload, { marks }: TechnicalEvaluation, scores: TechnicalScore[]): void {
  const marksSha256 = marks.map(({ jws }) => sha256Hex(utf8(jws)))
  const differs = canonicalJson(said.marksSha256) !== canonicalJson(marksSha256)
    ? '/payload/marksSha256'
    : canonicalJson(said.scores) !== canonicalJson(scores) ? '/payload/scores' : null
  if (differs === null) return
  throw new BonginError('award-mismatch', {
    field: differs,
    detail: 'The result does not say what the evaluators\' marks come to.',
    detailKo: '평가위원들의 점수에 따른 결과와 다릅니다.'
  })
}

/** A payload of the wrong form is the signer's fault here, not a failed verification. */
function malformedAsOurs<T> (read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof BonginError) || error.code !== 'verification-failed') throw error
    throw new BonginError('envelope-malformed', error.context)
  }
}
