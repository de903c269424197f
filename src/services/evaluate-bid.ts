/**
 * Evaluation (낙찰자 심사) in price order: the executing officer judges the bidder whose turn it is, with marks and
 * reasons, and signs; the rules alone say what follows.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { DISQUALIFICATIONS, type Disqualification } from '../domain/bid.ts'
import { invariant } from '../domain/errors.ts'
import { evaluate, type EvaluationOutcome, type EvaluationResult } from '../domain/evaluation.ts'
import type { SupplierId, TenderId } from '../domain/ids.ts'
import { COMMITTEE_SEATS } from '../domain/notice.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendEvent } from '../storage/events.ts'
import { insertEvaluation } from '../storage/openings.ts'
import { updateTender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { isBoolean, isReason, isString, isWholeNumberOrNull, readMembers, readSignedAct } from './signed-act.ts'
import { requirePublished, requireSeat, requireState } from './tender-access.ts'
import { assertAbout, loadEvaluation, openingFor, type EvaluationView } from './evaluation.ts'

/** With bidders that are judged or to be judged; so are those of a tender that failed after its opening. */
const JUDGED = ['opened', 'evaluated', 'awarded'] as const

/** @throws BonginError `tender-state`, `not-committee-member`. */
export async function readEvaluation (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<EvaluationView> {
  const opening = await openingFor(context, caller, { tenderId, seats: COMMITTEE_SEATS, states: [...JUDGED, 'failed'] })
  const tender = await requirePublished(context.db.read, tenderId)
  // It failed before anybody could be judged.
  if (opening === null) requireState(tender, ...JUDGED)
  return await loadEvaluation(context.db.read, tender, opening)
}

/** @throws BonginError `evaluation-invalid`, `award-mismatch`, `signature-invalid`, `tender-state`, `not-committee-member`. */
export async function evaluateBid (
  context: Context,
  caller: OfficerCaller,
  { tenderId, jws }: { tenderId: TenderId; jws: string }
): Promise<{ result: EvaluationResult; outcome: EvaluationOutcome }> {
  const opening = await openingFor(context, caller, { tenderId, seats: ['executing'], states: ['opened'] })
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
    const { input, openingSha256 } = await loadEvaluation(tx, tender, opening)
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

const isDisqualification = (value: unknown): value is Disqualification | null =>
  value === null || DISQUALIFICATIONS.includes(value as Disqualification)
