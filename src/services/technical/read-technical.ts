/**
 * Reading a technical evaluation: its acts for those who take part, the proposals for those who may read them, and from the
 * price opening on its public part. Proposals never become public.
 */
import type { ProposalContent } from '../../crypto/proposal.ts'
import type { TechnicalRecord } from '../../crypto/record.ts'
import { BonginError, invariant } from '../../domain/errors.ts'
import type { Instant, OfficerId, Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../domain/ids.ts'
import type { TechnicalOpening } from '../../domain/technical-opening.ts'
import { parseJws, type JwsType } from '../../crypto/jws.ts'
import type { Db } from '../../storage/prepare.ts'
import type { Tender } from '../../storage/tenders.ts'
import type { Context, OfficerCaller } from '../context.ts'
import { certificatesOf } from '../signer-certificates.ts'
import { requirePublished } from '../tender-access.ts'
import { loadTechnical, notOpened, requireReader, type TechnicalEvaluation } from './evaluation.ts'
import { openProposals } from './open-technical.ts'

/** A signed act and when the server took it. */
export interface TimedAct { jws: string, at: Instant }

export interface TechnicalView {
  openingSha256: Sha256Hex
  opening: TechnicalOpening
  /** Who is appointed now, and who of them has marked. */
  evaluators: OfficerId[]
  marked: OfficerId[]
  appointments: TimedAct[]
  marks: TimedAct[]
  result: TimedAct | null
  /** PEM, of everybody who signed one of these. */
  certificates: string[]
}

/** @throws BonginError `not-yet-open`, `not-committee-member`, `tender-not-found`. */
export async function readTechnical (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<TechnicalView> {
  const { technical } = await requireTechnical(context, caller, tenderId)
  const { stored, opening, evaluators, appointments, marks, result } = technical
  return {
    openingSha256: stored.sha256,
    opening,
    evaluators,
    marked: marks.map(({ evaluatorId }) => evaluatorId),
    appointments: appointments.map(({ jws, appointedAt }) => ({ jws, at: appointedAt })),
    marks: marks.map(({ jws, markedAt }) => ({ jws, at: markedAt })),
    result: result === null ? null : { jws: result.jws, at: result.decidedAt },
    certificates: await certificatesOf(context, new Set(signersOf(technical)))
  }
}

export interface ReadProposals {
  openingSha256: Sha256Hex
  opening: TechnicalOpening
  contents: Array<{ supplierId: SupplierId, content: ProposalContent }>
}

/** The proposals, opened for this answer alone. @throws as `readTechnical`, and `tender-state` once the tender was cancelled. */
export async function readProposals (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<ReadProposals> {
  const { tender, technical } = await requireTechnical(context, caller, tenderId)
  const opened = await openProposals(context, tender)
  if (opened === null) {
    throw new BonginError('tender-state', {
      detail: 'The tender was cancelled and its keys are forgotten.', detailKo: '취소되어 키가 폐기된 공고입니다.', extra: { state: tender.state }
    })
  }
  const { stored, opening } = technical
  const contents = opening.proposals.flatMap(({ supplierId }) => {
    const content = opened.contents.get(supplierId)
    return content === undefined ? [] : [{ supplierId, content }]
  })
  return { openingSha256: stored.sha256, opening, contents }
}

async function requireTechnical (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<{
  tender: Tender, technical: TechnicalEvaluation
}> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const technical = await loadTechnical(db, tender)
  await requireReader(db, { tender, caller, evaluators: technical?.evaluators ?? [] })
  if (technical === null) throw notOpened()
  return { tender, technical }
}

/** For the public record of an opened tender; null where there is one envelope. */
export async function technicalRecord (db: Db, tender: Tender): Promise<{ record: TechnicalRecord, signers: Thumbprint[] } | null> {
  const technical = await loadTechnical(db, tender)
  if (technical === null) return null
  const { opening, appointments, marks, result } = technical
  invariant(result !== null, 'prices are opened after the technical result')
  const record = { opening, evaluators: appointments.map(({ jws }) => jws), marks: marks.map(({ jws }) => jws), result: result.jws }
  return { record, signers: signersOf(technical) }
}

function signersOf ({ appointments, marks, result }: TechnicalEvaluation): Thumbprint[] {
  const acts: Array<[string, JwsType]> = [
    ...appointments.map(({ jws }): [string, JwsType] => [jws, 'bongin-evaluators']),
    ...marks.map(({ jws }): [string, JwsType] => [jws, 'bongin-technical-marks']),
    ...(result === null ? [] : [[result.jws, 'bongin-technical-result'] as [string, JwsType]])
  ]
  return acts.map(([jws, type]) => parseJws(jws, type).thumbprint).filter((thumbprint) => thumbprint !== null)
}
