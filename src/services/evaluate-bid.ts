/**
 * Evaluation (낙찰자 심사) in price order: the executing officer judges the bidder whose turn it is, with marks and
 * reasons, and signs; the rules alone say what follows. Then the award or the failure is signed and final.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { DISQUALIFICATIONS, type Disqualification } from '../domain/bid.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { evaluate, type Candidate, type EvaluationDecision, type EvaluationInput, type EvaluationOutcome, type EvaluationResult } from '../domain/evaluation.ts'
import type { Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendEvent } from '../storage/events.ts'
import { getOpening, insertAward, insertEvaluation, listEvaluations } from '../storage/openings.ts'
import type { Db } from '../storage/prepare.ts'
import { updateTender, type Tender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { currentNotice } from './notice-text.ts'
import { isBoolean, isReason, isString, isWholeNumberOrNull, readMembers, readSignedAct } from './signed-act.ts'
import { technicalOutcome } from './technical/evaluation.ts'
import { requirePublished, requireSeat, requireState } from './tender-access.ts'

export interface EvaluationView {
  openingSha256: Sha256Hex
  order: Candidate[]
  results: EvaluationResult[]
  outcome: EvaluationOutcome
}

/** Where an evaluation stands, and what it was computed from, so that one decision more can be tried. */
interface LoadedEvaluation extends EvaluationView { input: EvaluationInput }

async function loadEvaluation (db: Db, tender: Tender): Promise<LoadedEvaluation> {
  const opening = await getOpening(db, tender.tenderId)
  invariant(opening !== null, 'an opened tender has an opening record')
  const record = JSON.parse(opening.record) as OpeningRecord
  const { terms } = await currentNotice(db, tender.tenderId)
  const decisions = (await listEvaluations(db, tender.tenderId)).map(({ result }) => result as EvaluationDecision)
  const technical = (await technicalOutcome(db, tender))?.scores ?? []
  const input = { terms, record, technical, decisions }
  return { openingSha256: opening.sha256, input, ...evaluate(input) }
}

/** @throws BonginError `tender-state`, `not-committee-member`. */
export async function readEvaluation (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<EvaluationView> {
  const tender = await requirePublished(context.db.read, tenderId)
  await requireSeat(context.db.read, tender, caller, 'executing', 'witness', 'audit')
  requireState(tender, 'opened', 'evaluated', 'awarded')
  return await loadEvaluation(context.db.read, tender)
}

/** @throws BonginError `evaluation-invalid`, `award-mismatch`, `signature-invalid`, `tender-state`, `not-committee-member`. */
export async function evaluateBid (
  context: Context,
  caller: OfficerCaller,
  { tenderId, jws }: { tenderId: TenderId; jws: string }
): Promise<{ result: EvaluationResult; outcome: EvaluationOutcome }> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    requireState(tender, 'opened')
    const act = await readSignedAct(tx, { jws, type: 'bongin-evaluation', caller, now })
    const said = readMembers<{
      tenderId: string
      openingSha256: string
      supplierId: string
      qualified: boolean
      capabilityMarksMilli: number | null
      socialMarksMilli: number | null
      remark: Disqualification | null
      reason: string
    }>(act, {
      tenderId: isString,
      openingSha256: isString,
      supplierId: isString,
      qualified: isBoolean,
      capabilityMarksMilli: isWholeNumberOrNull,
      socialMarksMilli: isWholeNumberOrNull,
      remark: isDisqualification,
      reason: isReason
    })
    const { input, openingSha256 } = await loadEvaluation(tx, tender)
    assertAbout(said, { tenderId, openingSha256 })
    const { qualified, remark, capabilityMarksMilli, socialMarksMilli, reason } = said
    const decision = { supplierId: said.supplierId as SupplierId, qualified, remark, capabilityMarksMilli, socialMarksMilli, reason }
    const { results, outcome } = evaluate({ ...input, decisions: [...input.decisions, decision] })
    const result = results.at(-1)
    invariant(result !== undefined, 'a decision that was taken has a result')
    await insertEvaluation(tx, { tenderId, sequence: input.decisions.length, supplierId: result.supplierId, jws, result, evaluatedAt: now })
    await appendLedger(tx, {
      tenderId,
      at: now,
      actor: caller.holderId,
      type: 'evaluated',
      payload: { jwsSha256: sha256Hex(utf8(jws)), supplierId: result.supplierId, passes: result.passes }
    })
    if (outcome.state !== 'open') {
      assertTransition('opened', 'evaluated')
      await updateTender(tx, { tenderId, state: 'opened' }, { state: 'evaluated' })
      await appendEvent(tx, { at: now, type: 'tender.evaluated', tenderId, data: { outcome: outcome.state, winner: outcome.winner } })
    }
    return { result, outcome }
  })
}

/** The signed decision: the winner that the evaluation names, or failure when nobody passed. @throws as `evaluateBid`. */
export async function awardTender (
  context: Context,
  caller: OfficerCaller,
  { tenderId, jws }: { tenderId: TenderId; jws: string }
): Promise<'awarded' | 'failed'> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    requireState(tender, 'evaluated')
    const act = await readSignedAct(tx, { jws, type: 'bongin-award', caller, now })
    const said = readMembers<{
      tenderId: string
      openingSha256: string
      decision: string
      supplierId: string | null
      amountWon: number | null
      reason: string
    }>(act, {
      tenderId: isString,
      openingSha256: isString,
      decision: isString,
      supplierId: (v): v is string | null => v === null || isString(v),
      amountWon: isWholeNumberOrNull,
      reason: isReason
    })
    const { openingSha256, outcome, order } = await loadEvaluation(tx, tender)
    assertAbout(said, { tenderId, openingSha256 })
    const decision = outcome.winner === null ? 'failed' : 'awarded'
    const amountWon = order.find(({ supplierId }) => supplierId === outcome.winner)?.amountWon ?? null
    const wrong = (
      [
        ['decision', decision],
        ['supplierId', outcome.winner],
        ['amountWon', amountWon]
      ] as const
    ).find(([name, value]) => said[name] !== value)
    if (wrong !== undefined) throw awardMismatch(`/payload/${wrong[0]}`)
    await storeDecision(tx, { tender, jws, decision, supplierId: outcome.winner, amountWon, reason: said.reason, now, actor: caller.holderId })
    return decision
  })
}

async function storeDecision (
  tx: Db,
  {
    tender,
    jws,
    decision,
    supplierId,
    amountWon,
    reason,
    now,
    actor
  }: {
    tender: Tender
    jws: string
    decision: 'awarded' | 'failed'
    supplierId: SupplierId | null
    amountWon: number | null
    reason: string
    now: number
    actor: string
  }
): Promise<void> {
  const { tenderId } = tender
  const jwsSha256 = sha256Hex(utf8(jws))
  assertTransition(tender.state, decision)
  await insertAward(tx, { tenderId, jws, decision, awardedAt: now })
  await updateTender(
    tx,
    { tenderId, state: tender.state },
    { state: decision, failureReason: decision === 'failed' ? 'nobody-qualified' : null }
  )
  const payload = decision === 'awarded' ? { jwsSha256, supplierId, amountWon } : { jwsSha256, reason: 'nobody-qualified' }
  await appendLedger(tx, { tenderId, at: now, actor, type: decision, payload })
  await appendEvent(tx, { at: now, type: `tender.${decision}`, tenderId, data: decision === 'awarded' ? { supplierId, amountWon } : { reason } })
}

const isDisqualification = (value: unknown): value is Disqualification | null =>
  value === null || DISQUALIFICATIONS.includes(value as Disqualification)

function assertAbout (
  said: { tenderId: string; openingSha256: string },
  { tenderId, openingSha256 }: { tenderId: TenderId; openingSha256: Sha256Hex }
): void {
  if (said.tenderId !== tenderId) throw new BonginError('wrong-tender', { field: '/payload/tenderId' })
  if (said.openingSha256 !== openingSha256) throw awardMismatch('/payload/openingSha256')
}

function awardMismatch (field: string): BonginError {
  return new BonginError('award-mismatch', {
    field,
    detail: 'The decision does not say what the opening record and the evaluation say.',
    detailKo: '결정 내용이 개찰 결과 및 심사 결과와 다릅니다.'
  })
}
