/**
 * Where the evaluation of an opened tender stands: its opening record, technical scores and decisions, replayed by the rules.
 */
import { BonginError, invariant } from '../domain/errors.ts'
import { evaluate, type Candidate, type EvaluationDecision, type EvaluationInput, type EvaluationOutcome, type EvaluationResult } from '../domain/evaluation.ts'
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import type { CommitteeSeat, PriceDecimals } from '../domain/notice.ts'
import type { TenderState } from '../domain/tender.ts'
import { listEvaluations } from '../storage/openings.ts'
import type { Db } from '../storage/prepare.ts'
import { type Tender } from '../storage/tenders.ts'
import type { Caller, Context } from './context.ts'
import { currentNotice } from './notice-text.ts'
import { loadOpening, readWholeOpening, type LoadedOpening } from './opening-records.ts'
import { requirePublished, requireSeat, requireState } from './tender-access.ts'
import { technicalOutcome } from './technical/evaluation.ts'

export interface EvaluationView {
  openingSha256: Sha256Hex
  /** Of the amounts. */
  decimals: PriceDecimals
  order: Candidate[]
  results: EvaluationResult[]
  outcome: EvaluationOutcome
}

/** Where an evaluation stands, and what it was computed from, so that one decision more can be tried. */
interface LoadedEvaluation extends EvaluationView { input: EvaluationInput }

/**
 * The tender's opening, read before a transaction that needs it, because a large one takes its time; for those alone who may go on,
 * which the transaction asks once more. null where there is none. @throws BonginError as `requirePublished`, `requireSeat`, `requireState`.
 */
export async function openingFor (context: Context, caller: Caller, { tenderId, seats, states }: {
  tenderId: TenderId, seats: readonly CommitteeSeat[], states: readonly TenderState[]
}): Promise<LoadedOpening | null> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  await requireSeat(db, tender, caller, ...seats)
  requireState(tender, ...states)
  return await readWholeOpening(context, tenderId)
}

/** `known` is what the caller has read of the opening before, outside of any transaction: a large one takes its time. */
export async function loadEvaluation (db: Db, tender: Tender, known: LoadedOpening | null): Promise<LoadedEvaluation> {
  const opening = known ?? await loadOpening(db, tender.tenderId)
  invariant(opening !== null, 'an opened tender has an opening record')
  const { openingSha256, record } = opening
  const { terms } = await currentNotice(db, tender.tenderId)
  const decisions = (await listEvaluations(db, tender.tenderId)).map(({ result }) => result as EvaluationDecision)
  const technical = (await technicalOutcome(db, tender))?.scores ?? []
  const input = { terms, record, technical, decisions }
  return { openingSha256, decimals: terms.price.decimals, input, ...evaluate(input) }
}

/** A decision speaks of this tender and of this very opening. */
export function assertAbout (
  said: { tenderId: string; openingSha256: string },
  { tenderId, openingSha256 }: { tenderId: TenderId; openingSha256: Sha256Hex }
): void {
  if (said.tenderId !== tenderId) throw new BonginError('wrong-tender', { field: '/payload/tenderId' })
  if (said.openingSha256 !== openingSha256) throw awardMismatch('/payload/openingSha256')
}

export function awardMismatch (field: string): BonginError {
  return new BonginError('award-mismatch', {
    field,
    detail: 'The decision does not say what the opening record and the evaluation say.',
    detailKo: '결정 내용이 개찰 결과 및 심사 결과와 다릅니다.'
  })
}
