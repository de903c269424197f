/**
 * The record of one opened tender: everything that is needed to check its opening with no trust in the server.
 * A record is somebody's claim until `verify-record.ts` has passed it; here only its shape is checked, strictly:
 * no unknown member, no unbounded list. Runs in a browser.
 */
import { AGENCY_ID_PATTERN, ENC_PATTERN, OFFICER_ID_PATTERN, SUPPLIER_ID_PATTERN, TENDER_ID_PATTERN, type Sha256Hex, type SupplierId } from '../domain/ids.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import type { TechnicalOpening } from '../domain/technical-opening.ts'
import { anyObject, bytes32Text, checkShape, kstText, listOf, nullable, object, oneOf, sha256Text, text, whole } from './record-shape.ts'
import { MAX_COSIGNERS } from './signed-note.ts'

/** The largest tender known had 3,203 bidders. */
export const MAX_RECORD_LEAVES = 200_000
export const MAX_RECORD_NOTICES = 1000
/** Outages that moved one tender. */
export const MAX_RECORD_OUTAGES = 100
/** Appointments, and marks: a tender has at most 50 evaluators. */
export const MAX_RECORD_EVALUATORS = 100
export const MAX_RECORD_CERTIFICATES = MAX_RECORD_LEAVES + 1000
/** Base64url text of an envelope of 128 KiB, with room. */
const MAX_JWS_TEXT = 1_000_000
const MAX_PEM_TEXT = 20_000

export interface SealedText { enc: string, ciphertext: string }

export type LeafState = 'sealed' | 'withdrawn' | 'superseded'

/** One accepted bid, in order of acceptance. The state is not in the tree: `verify-bids.ts` proves it. */
export interface RecordLeaf { supplierId: SupplierId, envelopeSha256: Sha256Hex, acceptedAt: string, state: LeafState }

export interface LedgerEntry {
  tenderId: string
  sequence: number
  at: string
  actor: string
  type: string
  /** null while hidden; a record of an opened tender hides nothing. */
  payload: Record<string, unknown> | null
  payloadSha256: Sha256Hex
  previousHash: Sha256Hex
  hash: Sha256Hex
}

export interface RecordPlatform {
  name: string
  /** PEM. */
  rootCertificate: string
  issuingCertificate: string
  /** JWS `bongin-platform-keys` by the issuing key. */
  keys: string
}

/** The technical evaluation: what was opened, by digests alone, and who marked it how. */
export interface TechnicalRecord {
  opening: TechnicalOpening
  /** Appointments of evaluators, JWS, in order; the last one counts. */
  evaluators: string[]
  /** The evaluators' marks, JWS, in order. */
  marks: string[]
  /** JWS of the executing officer. */
  result: string
}

export interface TenderRecord {
  v: 1
  type: 'bongin-record'
  platform: RecordPlatform
  /** PEM, sorted by thumbprint. */
  certificates: string[]
  /** JWS, oldest first. */
  notices: string[]
  contributions: string[]
  sealedPrices: SealedText | null
  /** JWS, in the order in which they moved this tender's times. */
  outages: string[]
  /** Signed notes of the closings that an outage undid, oldest first. */
  earlierCheckpoints: string[]
  /** Signed note. */
  checkpoint: string
  /** Verifier keys of those whose cosignatures stand under the notes, sorted, none twice. */
  cosigners: string[]
  leaves: RecordLeaf[]
  /** By leaf index; null where the envelope is never published: withdrawn, superseded, or out by the technical evaluation. */
  envelopes: Array<string | null>
  withdrawals: string[]
  /** null where there is one envelope. */
  technical: TechnicalRecord | null
  opening: OpeningRecord
  evaluations: string[]
  award: string | null
  ledger: LedgerEntry[]
}

const jwsText = text({ max: MAX_JWS_TEXT, pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$', wanted: 'a compact JWS' })
const pemText = text({ max: MAX_PEM_TEXT })
const leaves = { max: MAX_RECORD_LEAVES }

export const tenderIdText = text({ pattern: TENDER_ID_PATTERN, wanted: 'a tender id' })
export const supplierIdText = text({ pattern: SUPPLIER_ID_PATTERN, wanted: 'a supplier id' })
export const officerIdText = text({ pattern: OFFICER_ID_PATTERN, wanted: 'an officer id' })
export const agencyIdText = text({ pattern: AGENCY_ID_PATTERN, wanted: 'an agency id' })
/** Printable, with no line break, plus sign or space: it stands in the checkpoint's origin and key name. */
export const platformNameText = text({ pattern: '^[^\\s+\\u0000-\\u001f\\u007f]{1,200}$', max: 200, wanted: 'a platform name without spaces' })
export const base64urlText = text({ pattern: '^[A-Za-z0-9_-]+$', max: MAX_JWS_TEXT, wanted: 'unpadded base64url' })
export const sealedShape = object({ enc: text({ pattern: ENC_PATTERN, wanted: 'an encapsulated key in unpadded base64url' }), ciphertext: base64urlText })

const leafShape = object({ supplierId: supplierIdText, envelopeSha256: sha256Text, acceptedAt: kstText, state: oneOf('sealed', 'withdrawn', 'superseded') })

const entryShape = object({
  tenderId: tenderIdText,
  sequence: whole(0, Number.MAX_SAFE_INTEGER),
  at: kstText,
  actor: text({ max: 200 }),
  type: text({ max: 40 }),
  payload: nullable(anyObject),
  payloadSha256: sha256Text,
  previousHash: sha256Text,
  hash: sha256Text
})

export const technicalOpeningShape = object({
  v: oneOf(1),
  type: oneOf('bongin-technical-opening'),
  tenderId: tenderIdText,
  termsSha256: sha256Text,
  closing: object({ rootSha256: sha256Text, size: whole(0, MAX_RECORD_LEAVES) }),
  proposals: listOf(object({
    supplierId: supplierIdText,
    envelopeSha256: sha256Text,
    proposalSha256: nullable(sha256Text),
    voidReason: oneOf('technical-undecryptable', 'technical-malformed', null)
  }), leaves)
})

/** Only what the checks read by name; the whole is compared byte for byte with the opening run again. */
const openingShape = (value: unknown, path: string): void => {
  anyObject(value, path)
  const opening = value as Record<string, unknown>
  tenderIdText(opening['tenderId'], `${path}/tenderId`)
  sha256Text(opening['termsSha256'], `${path}/termsSha256`)
  object({ rootSha256: sha256Text, size: whole(0, MAX_RECORD_LEAVES) })(opening['closing'], `${path}/closing`)
  listOf(object({ holderId: text({ max: 200 }), seed: bytes32Text }), { max: 10 })(opening['holderSeeds'], `${path}/holderSeeds`)
  oneOf('ranked', 'failed', 'rebid')(opening['outcome'], `${path}/outcome`)
  listOf(anyObject, leaves)(opening['rows'], `${path}/rows`)
  listOf(supplierIdText, leaves)(opening['tieOrder'], `${path}/tieOrder`)
}

const technicalShape = object({
  opening: technicalOpeningShape,
  evaluators: listOf(jwsText, { min: 1, max: MAX_RECORD_EVALUATORS }),
  marks: listOf(jwsText, { min: 1, max: MAX_RECORD_EVALUATORS }),
  result: jwsText
})

const recordShape = object({
  v: oneOf(1),
  type: oneOf('bongin-record'),
  platform: object({ name: platformNameText, rootCertificate: pemText, issuingCertificate: pemText, keys: jwsText }),
  certificates: listOf(pemText, { max: MAX_RECORD_CERTIFICATES }),
  notices: listOf(jwsText, { min: 1, max: MAX_RECORD_NOTICES }),
  contributions: listOf(jwsText, { max: 10 }),
  sealedPrices: nullable(sealedShape),
  outages: listOf(jwsText, { max: MAX_RECORD_OUTAGES }),
  earlierCheckpoints: listOf(text(), { max: MAX_RECORD_OUTAGES }),
  checkpoint: text(),
  cosigners: listOf(text({ max: 500 }), { max: MAX_COSIGNERS }),
  leaves: listOf(leafShape, leaves),
  envelopes: listOf(nullable(jwsText), leaves),
  withdrawals: listOf(jwsText, leaves),
  technical: nullable(technicalShape),
  opening: openingShape,
  evaluations: listOf(jwsText, leaves),
  award: nullable(jwsText),
  ledger: listOf(entryShape, { min: 1, max: 5 * MAX_RECORD_LEAVES })
})

/** @throws BonginError `verification-failed` with the JSON Pointer of the first misfit. */
export function checkRecordShape (value: unknown): TenderRecord {
  return checkShape<TenderRecord>(recordShape, value)
}
