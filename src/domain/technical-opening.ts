/**
 * The technical opening (규격·기술 개찰): shapes, and which bids stay in. The list of proposals is committed to by its digest
 * before anybody marks; it names no content, only the digests of the proposals, so that it can be published with the prices.
 */
import type { VoidReason } from './bid.ts'
import type { Sha256Hex, SupplierId, TenderId } from './ids.ts'
import type { TechnicalScore } from './technical.ts'

/** Limits of a proposal; the whole also has to fit into its sealed plaintext. */
export const MAX_SUMMARY_LENGTH = 4_000
export const MAX_PROPOSAL_DOCUMENTS = 40
export const MAX_DOCUMENT_NAME_LENGTH = 200

/** A document that is handed to the agency apart from the bid, and checked against this digest. */
export interface ProposalDocument { name: string, sha256: Sha256Hex, sizeBytes: number }

/** What a supplier proposes; `summary` may be empty. */
export interface Proposal { summary: string, documents: ProposalDocument[] }

export type TechnicalVoidReason = Extract<VoidReason, 'technical-undecryptable' | 'technical-malformed'>

/** One sealed bid's technical envelope after the opening. */
export interface OpenedProposal {
  supplierId: SupplierId
  envelopeSha256: Sha256Hex
  /** SHA-256 of the proposal's canonical JSON; null where it is void. */
  proposalSha256: Sha256Hex | null
  voidReason: TechnicalVoidReason | null
}

export interface TechnicalOpening {
  v: 1
  type: 'bongin-technical-opening'
  tenderId: TenderId
  termsSha256: Sha256Hex
  closing: { rootSha256: Sha256Hex, size: number }
  /** One for each bid that stands, in order of acceptance. */
  proposals: readonly OpenedProposal[]
}

/** Proposals as they were opened, and what the evaluators made of those that are not void. */
export interface TechnicalOutcome { proposals: readonly OpenedProposal[], scores: readonly TechnicalScore[] }

/** Whom the evaluators mark, in order of acceptance. */
export function markedSuppliers (proposals: readonly OpenedProposal[]): SupplierId[] {
  return proposals.filter(({ voidReason }) => voidReason === null).map(({ supplierId }) => supplierId)
}

/**
 * Why a supplier's price envelope stays sealed, or null where its proposal passes; for all of a tender's suppliers.
 * @param outcome null where there is one envelope, which nothing keeps sealed.
 */
export function technicalVoidReasons (outcome: TechnicalOutcome | null): (supplierId: SupplierId) => VoidReason | null {
  if (outcome === null) return () => null
  const voided = new Map(outcome.proposals.map(({ supplierId, voidReason }) => [supplierId, voidReason]))
  const passing = new Set(outcome.scores.filter(({ passes }) => passes).map(({ supplierId }) => supplierId))
  return (supplierId) => voided.get(supplierId) ?? (passing.has(supplierId) ? null : 'technical-failed')
}
