/** Where a technical evaluation stands, as its acts have it; and who may look at proposals. */
import { BonginError } from '../../domain/errors.ts'
import type { OfficerId, Sha256Hex } from '../../domain/ids.ts'
import { markedSuppliers, type TechnicalOpening, type TechnicalOutcome } from '../../domain/technical-opening.ts'
import type { EvaluatorMarks } from '../../domain/technical.ts'
import { readMarks } from '../../crypto/verify-technical.ts'
import type { Db } from '../../storage/prepare.ts'
import {
  getTechnicalOpening, getTechnicalResult, listAppointments, listMarks,
  type StoredAppointment, type StoredMarks, type StoredTechnicalOpening, type StoredTechnicalResult
} from '../../storage/technical.ts'
import type { Tender } from '../../storage/tenders.ts'
import type { OfficerCaller } from '../context.ts'
import { committeeOf, requireState } from '../tender-access.ts'

export interface TechnicalEvaluation {
  stored: StoredTechnicalOpening
  opening: TechnicalOpening
  appointments: StoredAppointment[]
  /** Who is appointed now. */
  evaluators: OfficerId[]
  marks: StoredMarks[]
  result: StoredTechnicalResult | null
}

/** null before the technical opening, and for a tender with one envelope. */
export async function loadTechnical (db: Db, { tenderId, technicalOpensAt }: Tender): Promise<TechnicalEvaluation | null> {
  const stored = technicalOpensAt === null ? null : await getTechnicalOpening(db, tenderId)
  if (stored === null) return null
  const appointments = await listAppointments(db, tenderId)
  return {
    stored,
    opening: JSON.parse(stored.record) as TechnicalOpening,
    appointments,
    evaluators: appointments.at(-1)?.evaluators ?? [],
    marks: await listMarks(db, tenderId),
    result: await getTechnicalResult(db, tenderId)
  }
}

/** What the price opening and the award go by; null for a tender with one envelope, or before the result. */
export async function technicalOutcome (db: Db, tender: Tender): Promise<TechnicalOutcome | null> {
  const technical = await loadTechnical(db, tender)
  if (technical === null || technical.result === null) return null
  return { proposals: technical.opening.proposals, scores: technical.result.scores }
}

/** An evaluation that can still be added to. @throws BonginError `tender-state`, `not-yet-open`, `opening-not-ready`. */
export async function requireUnderWay (db: Db, tender: Tender): Promise<TechnicalEvaluation> {
  requireState(tender, 'closed')
  const technical = await loadTechnical(db, tender)
  if (technical === null) throw notOpened()
  if (technical.result === null) return technical
  throw new BonginError('opening-not-ready', {
    detail: 'The technical evaluation is complete; nothing is added to it.',
    detailKo: '기술평가가 이미 확정되어 더 이상 바꿀 수 없습니다.'
  })
}

export function notOpened (): BonginError {
  return new BonginError('not-yet-open', {
    detail: 'The technical envelopes of this tender are not open.',
    detailKo: '아직 기술제안서가 개찰되지 않았습니다.'
  })
}

/** The evaluators' marks in the form that the rules take. */
export function marksGiven (marks: readonly StoredMarks[]): EvaluatorMarks[] {
  return marks.map(({ evaluatorId, jws }) => ({ evaluatorId, marks: readMarks(jws).payload.marks }))
}

export const suppliersToMark = ({ opening }: TechnicalEvaluation): ReturnType<typeof markedSuppliers> => markedSuppliers(opening.proposals)

/** Executing officer, witness, and who is appointed. @throws BonginError `not-committee-member`. */
export async function requireReader (db: Db, { tender, caller, evaluators }: {
  tender: Tender, caller: OfficerCaller, evaluators: readonly OfficerId[]
}): Promise<void> {
  const { executing, witness } = await committeeOf(db, tender)
  if ([executing, witness, ...evaluators].includes(caller.holderId)) return
  throw new BonginError('not-committee-member', {
    detail: 'Only the executing officer, the witness and the appointed evaluators may do this.',
    detailKo: '입찰집행관, 입회관과 위촉된 평가위원만 할 수 있습니다.'
  })
}

/** The statement speaks of this tender and of what was opened. @throws BonginError `wrong-tender`, `award-mismatch`. */
export function assertAboutOpening (said: { tenderId: string, technicalOpeningSha256?: Sha256Hex }, { stored }: TechnicalEvaluation): void {
  if (said.tenderId !== stored.tenderId) throw new BonginError('wrong-tender', { field: '/payload/tenderId' })
  if (said.technicalOpeningSha256 !== undefined && said.technicalOpeningSha256 !== stored.sha256) {
    throw new BonginError('award-mismatch', {
      field: '/payload/technicalOpeningSha256',
      detail: 'The statement is about another technical opening.',
      detailKo: '다른 기술 개찰에 대한 내용입니다.'
    })
  }
}
