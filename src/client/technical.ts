/**
 * The technical evaluation from an officer's side: read and check proposals, appoint evaluators, mark, sign the result.
 * Nothing is signed on the server's word: the list of proposals is the one that its digest names, every proposal has its
 * digest, and the result is computed here from marks whose signatures were verified. Runs in a browser.
 */
import { sha256Hex, toHex } from '../crypto/bytes.ts'
import { canonicalBytes } from '../crypto/canonical-json.ts'
import { checkpointOrigin, openCheckpoint } from '../crypto/checkpoint-verify.ts'
import { signJws } from '../crypto/jws.ts'
import { proposalSha256, type ProposalContent } from '../crypto/proposal.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { actDigest, checkMarks, checkTechnical, expectEvaluators, readMarks, type MarksPayload, type VerifyOfficer } from '../crypto/verify-technical.ts'
import type { OfficerId, Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import { assertEvaluatorMarks, type TechnicalScore } from '../domain/technical.ts'
import { markedSuppliers, type OpenedProposal, type TechnicalOpening } from '../domain/technical-opening.ts'
import { parseInstant } from '../domain/time.ts'
import { tenderPath, type Api } from './api.ts'
import { ClientError, type Identity } from './identity.ts'
import { getCheckedTender, verifyByAny, type CheckedTender } from './tenders.ts'
import type { Trust } from './trust.ts'
import type { ProposalsView, TechnicalView } from './types.ts'

/** As the server tells it, unchecked. */
export async function readTechnical (session: Api, tenderId: TenderId): Promise<TechnicalView> {
  return await session.get(tenderPath(tenderId, '/technical'))
}

/** One bid's proposal: its content, or why it is void. */
export interface ReadProposal extends OpenedProposal { content: ProposalContent | null }
export interface ReadProposals { openingSha256: Sha256Hex, proposals: ReadProposal[] }

/** Every proposal, each the one that the technical opening committed to, and this supplier's for this tender. @throws RecordFault. */
export async function readProposals (session: Api, tenderId: TenderId): Promise<ReadProposals> {
  const { openingSha256, opening, contents } = await session.get<ProposalsView>(tenderPath(tenderId, '/proposals'))
  expectEqual({ what: 'The digest of the technical opening', expected: sha256Hex(canonicalBytes(opening)), actual: openingSha256 })
  const proposals = opening.proposals.map((opened): ReadProposal => {
    if (opened.voidReason !== null) return { ...opened, content: null }
    const content = contents.find(({ supplierId }) => supplierId === opened.supplierId)?.content
    expect(content !== undefined, `The proposal of ${opened.supplierId} is missing.`)
    expectEqual({ what: `The digest of the proposal of ${opened.supplierId}`, expected: opened.proposalSha256, actual: proposalSha256(content) })
    const { supplierId, tenderId: named } = content
    expectEqual({ what: 'Whose proposal it is, and for which tender', expected: { supplierId: opened.supplierId, tenderId }, actual: { supplierId, tenderId: named } })
    return { ...opened, content }
  })
  return { openingSha256, proposals }
}

/** Appoints evaluators, or others in place of those who have not marked. */
export async function appointEvaluators (session: Api, trust: Trust, { identity, tenderId, evaluators }: {
  identity: Identity, tenderId: TenderId, evaluators: readonly OfficerId[]
}): Promise<{ evaluators: OfficerId[] }> {
  expectEvaluators(evaluators, (await getCheckedTender(session, trust, tenderId)).last.notice.terms)
  const jws = await signJws(identity.signer, 'bongin-evaluators', { v: 1, type: 'bongin-evaluators', tenderId, evaluators })
  return await session.post(tenderPath(tenderId, '/evaluators'), { jws })
}

export interface Marked { technicalOpeningSha256: Sha256Hex, marked: number, evaluators: number }

/**
 * This evaluator's marks for all proposals, thousandths of a mark; where `expected` was looked at, for that technical opening and no other.
 * @throws BonginError `evaluation-invalid`.
 */
export async function markProposals (session: Api, trust: Trust, { identity, tenderId, expected, marks, reason }: {
  identity: Identity
  tenderId: TenderId
  expected?: Sha256Hex | undefined
  marks: ReadonlyArray<{ supplierId: SupplierId, marksMilli: number }>
  reason: string
}): Promise<Marked> {
  const rule = (await getCheckedTender(session, trust, tenderId)).last.notice.terms.technical
  if (rule === null) throw new ClientError('mismatch', 'This tender has no technical evaluation.')
  const { openingSha256, proposals } = await readProposals(session, tenderId)
  if (expected !== undefined) expectEqual({ what: 'The technical opening, against the one that was looked at', expected, actual: openingSha256 })
  const evaluatorId = identity.holderId as OfficerId
  assertEvaluatorMarks(rule, markedSuppliers(proposals), { evaluatorId, marks })
  const payload = { v: 1, type: 'bongin-technical-marks', tenderId, technicalOpeningSha256: openingSha256, evaluatorId, marks, reason }
  const jws = await signJws(identity.signer, 'bongin-technical-marks', payload)
  return { technicalOpeningSha256: openingSha256, ...await session.post<{ marked: number, evaluators: number }>(tenderPath(tenderId, '/technical-marks'), { jws }) }
}

/** What the result says: the opening and the marks that it rests on, and what the rules make of them. */
export interface TechnicalResult { technicalOpeningSha256: Sha256Hex, marksSha256: Sha256Hex[], scores: TechnicalScore[] }

/** Computed here from marks whose signatures were verified. @throws RecordFault while somebody appointed has not marked. */
export async function computeTechnical (session: Api, trust: Trust, tenderId: TenderId): Promise<TechnicalResult> {
  const tender = await getCheckedTender(session, trust, tenderId)
  const view = await readTechnical(session, tenderId)
  const { scores, openingSha256 } = checkMarks({ record: recordOf(view, ''), ...factsOf(trust, tender, view) })
  return { technicalOpeningSha256: openingSha256, marksSha256: view.marks.map(({ jws }) => actDigest(jws)), scores }
}

/** Signs what the marks come to, or, where `expected` was looked at, that and nothing else. */
export async function decideTechnical (session: Api, trust: Trust, { identity, tenderId, expected }: {
  identity: Identity, tenderId: TenderId, expected?: TechnicalResult | undefined
}): Promise<TechnicalResult> {
  const result = await computeTechnical(session, trust, tenderId)
  if (expected !== undefined) expectEqual({ what: 'The technical result, against the one that was looked at', expected, actual: result })
  const payload = { v: 1, type: 'bongin-technical-result', tenderId, ...result }
  await session.post(tenderPath(tenderId, '/technical-result'), { jws: await signJws(identity.signer, 'bongin-technical-result', payload) })
  return result
}

/** The marks that this evaluator has signed, its signature verified; null before. @throws ClientError `not-trusted`. */
export function ownMarks (trust: Trust, { marks, certificates }: TechnicalView, holderId: string): MarksPayload | null {
  for (const { jws: text, at } of marks) {
    const { jws, payload } = readMarks(text)
    if (payload.evaluatorId !== holderId) continue
    verifyByAny(trust, jws, certificates, { holderId, at: parseInstant(at) })
    return payload
  }
  return null
}

/** The technical evaluation is signed as complete, and holds. @throws ClientError `too-early`, RecordFault or BonginError. */
export async function assertTechnicalComplete (session: Api, trust: Trust, tender: CheckedTender): Promise<void> {
  const { tenderId } = tender.last.notice.terms
  const view = await readTechnical(session, tenderId)
  if (view.result === null) {
    throw new ClientError('too-early', 'The price key is not revealed before the technical evaluation is signed (bongin tender technical-result).')
  }
  checkTechnical({ record: recordOf(view, view.result.jws), ...factsOf(trust, tender, view) })
}

function recordOf ({ opening, appointments, marks }: TechnicalView, result: string): Parameters<typeof checkTechnical>[0]['record'] {
  return { opening, evaluators: appointments.map(({ jws }) => jws), marks: marks.map(({ jws }) => jws), result }
}

/** What a technical evaluation is checked against. Which bids stand is hidden until the opening, and checked by `verify` then. */
function factsOf (trust: Trust, { view: { checkpoint }, last }: CheckedTender, view: TechnicalView): Omit<Parameters<typeof checkTechnical>[0], 'record'> {
  const { terms, termsSha256 } = last.notice
  expect(checkpoint !== null, 'A closed tender has its checkpoint.')
  const signed = openCheckpoint({ text: checkpoint, keyName: trust.name, publicKey: trust.checkpointKey })
  expectEqual({ what: 'The checkpoint\'s origin', expected: checkpointOrigin({ platformName: trust.name, tenderId: terms.tenderId }), actual: signed.origin })
  const closing: TechnicalOpening['closing'] = { rootSha256: toHex(signed.root) as Sha256Hex, size: signed.size }
  const acts = [...view.appointments, ...view.marks, ...(view.result === null ? [] : [view.result])]
  const times = new Map(acts.map(({ jws, at }) => [jws, parseInstant(at)]))
  const verify: VerifyOfficer = ({ text, jws, holderId }) => {
    verifyByAny(trust, jws, view.certificates, { holderId, at: times.get(text) ?? Number.NaN })
  }
  return { terms, termsSha256, closing, standing: view.opening.proposals, verify }
}
