/**
 * What a technical seal holds: the proposal's own bytes. Runs in a browser.
 *
 *   0–3  length of the JSON, u32, big-endian     4–  canonical JSON, then zeros up to a multiple of 1,024
 *
 * JSON: nonce, proposal, supplierId, tenderId, termsSha256. One proposal has one encoding: at the technical opening any
 * deviation makes it void, and no plaintext whatever makes `decodeProposal` throw. Documents stand in it by their digests.
 */
import { BonginError, invariant } from '../domain/errors.ts'
import { BASE64URL_16_PATTERN, type Sha256Hex } from '../domain/ids.ts'
import { MAX_DOCUMENT_NAME_LENGTH, MAX_PROPOSAL_DOCUMENTS, MAX_SUMMARY_LENGTH, type Proposal } from '../domain/technical-opening.ts'
import { sha256Hex, toBase64url } from './bytes.ts'
import { canonicalBytes, parseCanonicalJson } from './canonical-json.ts'
import { type BidBinding, NONCE_BYTES } from './plaintext.ts'
import { listOf, object, sha256Text, text, whole } from './record-shape.ts'

/** A plaintext's length is a multiple of this, so that a ciphertext's length tells little of the proposal. */
export const PROPOSAL_BLOCK_BYTES = 1024
/** With the longest price part and the signature this stays under `MAX_ENVELOPE_BYTES`. */
export const MAX_PROPOSAL_BYTES = 16 * PROPOSAL_BLOCK_BYTES
const LENGTH_BYTES = 4
const MAX_DOCUMENT_BYTES = 10 ** 12

/** The sealed JSON; its digest is what the technical opening commits to. */
export interface ProposalContent extends BidBinding {
  /** 16 random bytes, base64url: nobody can guess a proposal from its digest. */
  nonce: string
  proposal: Proposal
}

const proposalShape = object({
  summary: text({ max: MAX_SUMMARY_LENGTH }),
  documents: listOf(object({
    name: text({ max: MAX_DOCUMENT_NAME_LENGTH, pattern: '\\S', wanted: 'a name that is not blank' }), sha256: sha256Text, sizeBytes: whole(0, MAX_DOCUMENT_BYTES)
  }), { max: MAX_PROPOSAL_DOCUMENTS })
})
const contentShape = object({
  nonce: text({ pattern: BASE64URL_16_PATTERN, wanted: '16 bytes in unpadded base64url' }),
  proposal: proposalShape,
  supplierId: text(),
  tenderId: text(),
  termsSha256: text()
})

/** Of the length that every bid's binding has; what it says does not matter. */
const SOME_BINDING = { nonce: '0'.repeat(22), supplierId: '0'.repeat(10), tenderId: 'R00BK00000000', termsSha256: '0'.repeat(64) }

/** What a proposal takes of `MAX_PROPOSAL_BYTES`, in any bid, padding apart. */
export function proposalBytes (proposal: Proposal): number {
  return LENGTH_BYTES + canonicalBytes({ ...SOME_BINDING, proposal }).length
}

/** @throws BonginError `envelope-malformed` for a proposal of the wrong form or too long, with the field. */
export function encodeProposal ({ proposal, nonce, tenderId, termsSha256, supplierId }: BidBinding & {
  proposal: Proposal, nonce: Uint8Array
}): Uint8Array {
  invariant(nonce.length === NONCE_BYTES, 'the nonce is 16 bytes long')
  checkProposal(proposal)
  const content: ProposalContent = { nonce: toBase64url(nonce), proposal, supplierId, tenderId, termsSha256 }
  const json = canonicalBytes(content)
  const length = paddedLength(json.length)
  if (length > MAX_PROPOSAL_BYTES) throw refused('/proposal', `it has more than ${MAX_PROPOSAL_BYTES} bytes; name large documents by their digest`)
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, json.length)
  bytes.set(json, LENGTH_BYTES)
  return bytes
}

function checkProposal (proposal: unknown): void {
  try {
    proposalShape(proposal, '/proposal')
  } catch (error) {
    if (!(error instanceof BonginError)) throw error
    throw refused(error.context.field ?? '/proposal', error.message)
  }
}

/** The content, or null for whatever `encodeProposal` would not have written for this bid. Never throws. */
export function decodeProposal (bytes: Uint8Array, expected: BidBinding): ProposalContent | null {
  if (bytes.length < LENGTH_BYTES || bytes.length > MAX_PROPOSAL_BYTES) return null
  const jsonLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
  if (bytes.length !== paddedLength(jsonLength)) return null
  const end = LENGTH_BYTES + jsonLength
  for (let i = end; i < bytes.length; i++) if (bytes[i] !== 0) return null
  return readContent(bytes.subarray(LENGTH_BYTES, end), expected)
}

function readContent (json: Uint8Array, { tenderId, termsSha256, supplierId }: BidBinding): ProposalContent | null {
  try {
    const value = parseCanonicalJson(json)
    contentShape(value, '')
    const content = value as ProposalContent
    return content.tenderId === tenderId && content.termsSha256 === termsSha256 && content.supplierId === supplierId ? content : null
  } catch (error) {
    if (error instanceof BonginError) return null
    throw error
  }
}

export function proposalSha256 (content: ProposalContent): Sha256Hex {
  return sha256Hex(canonicalBytes(content))
}

function paddedLength (jsonLength: number): number {
  return Math.ceil((LENGTH_BYTES + jsonLength) / PROPOSAL_BLOCK_BYTES) * PROPOSAL_BLOCK_BYTES
}

function refused (field: string, why: string): BonginError {
  return new BonginError('envelope-malformed', {
    field,
    detail: `The proposal cannot be sealed: ${why}`,
    detailKo: '제안서의 형식이 올바르지 않거나 너무 깁니다.'
  })
}
