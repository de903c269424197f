/**
 * The shapes on the wire, as the server's API documents (openapi.json) state them. Instants are RFC 3339 at +09:00,
 * `jws` is a compact JWS, certificates are PEM.
 */
import type { HolderKind, OfficerProfile, OfficerRole, RegistrationStatus, Role, SupplierProfile } from '../domain/holder.ts'
import type { AgencyId, OfficerId, Sha256Hex, SupplierId, TenderId, Thumbprint } from '../domain/ids.ts'
import type { AwardMethod, Notice, TenderKind } from '../domain/notice.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import type { TenderDraft } from '../domain/draft.ts'
import type { TenderState } from '../domain/tender.ts'

export interface SealedWire { enc: string, ciphertext: string }

export interface PlatformView {
  name: string
  serverTime: string
  rootCertificate: string
  issuingCertificate: string
  keys: string
  scheduleStepMs: number
}

export interface RegistrationReceipt { registrationId: string, status: RegistrationStatus }

export interface RegistrationView {
  registrationId: string
  kind: HolderKind
  status: RegistrationStatus
  reason: string | null
  holderId: string | null
  certificate: string | null
  chain: string[] | null
}

export interface PendingRegistration {
  registrationId: string
  kind: HolderKind
  status: RegistrationStatus
  profile: SupplierProfile | OfficerProfile
  createdAt: string
}

export interface SessionView { token: string, expiresAt: string, holderId: string, kind: HolderKind, roles: Role[] }

export interface OfficerView {
  officerId: OfficerId
  name: string
  agencyId: AgencyId
  agencyName: string
  roles: OfficerRole[]
  certificate: string
  encryptionKey: string | null
}

export interface SupplierView {
  supplierId: SupplierId
  companyName: string
  representative: string
  linesOfBusiness: string[]
  region: string
  suspendedUntil: string | null
}

export interface HolderView {
  holderId: string
  kind: HolderKind
  roles: Role[]
  thumbprint: Thumbprint
  certificateExpiresAt: string
  profile: SupplierProfile | OfficerProfile
}

export interface TenderListItem {
  tenderId: TenderId
  revision: string
  title: string
  agencyId: AgencyId
  agencyName: string
  kind: TenderKind
  method: AwardMethod
  state: TenderState
  estimatedPriceWon: number
  publishedAt: string
  closesAt: string
  opensAt: string
}

export interface TenderPage { items: TenderListItem[], nextCursor: string | null }

export interface TenderView {
  tenderId: TenderId
  state: TenderState
  revision: string
  notice: Notice
  notices: string[]
  serverTime: string
  checkpoint: string | null
  opening: OpeningRecord | null
  openingSha256: Sha256Hex | null
  evaluations: Array<{ jws: string, result: unknown }>
  award: string | null
  failure: { reason: string } | null
  cancellation: string | null
  previousTenderId: TenderId | null
  nextTenderId: TenderId | null
  history: Array<{ position: number, at: string, type: string }>
  /** The key holders' signed contributions and the certificates that signed them and the notices, where the server gives them. */
  contributions?: string[]
  certificates?: string[]
}

export interface CeremonyMember { officerId: OfficerId, role: 'executing' | 'witness' | 'audit', name: string, certificate: string, encryptionKey: string | null }

export interface CeremonyView {
  tenderId: TenderId
  state: TenderState
  /** null once nothing is waiting to be published. */
  draft: TenderDraft | null
  platform: { holderId: string, point: string, proof: string }
  members: CeremonyMember[]
  contributions: string[]
  sealedPrices: SealedWire | null
}

export interface PublicationView { tenderId: TenderId, revision: string, state: TenderState, publishedAt: string }
export interface AttachmentView { sha256: Sha256Hex, sizeBytes: number, name: string }

export interface HolderStatus { holderId: string, role: string, revealed: boolean, shares: number, threshold: number }
export interface RevealView { holders: HolderStatus[], opening: boolean }

export interface OpeningStatusView {
  state: TenderState
  opensAt: string
  serverTime: string
  holders: HolderStatus[]
}

export interface EvaluationView {
  openingSha256: Sha256Hex
  order: Array<{ supplierId: SupplierId, amountWon: number, rank: number }>
  results: EvaluationResultWire[]
  outcome: EvaluationOutcome
}

/** What the rules made of one judgement. */
export interface EvaluationResultWire { supplierId: SupplierId, passes: boolean, [member: string]: unknown }
/** Whose turn it is, or how the evaluation ended. */
export interface EvaluationOutcome { state: 'open' | 'passed' | 'exhausted', next: SupplierId | null, winner: SupplierId | null }
export interface EvaluationAnswer { result: EvaluationResultWire, outcome: EvaluationOutcome }

export interface BidReceipt { receipt: string, acceptedAt: string, envelopeSha256: Sha256Hex }
export interface MyBid { envelopeSha256: Sha256Hex, acceptedAt: string, status: 'sealed' | 'withdrawn' | 'superseded', receipt: string }
export interface InclusionView { leafIndex: number, size: number, proof: string[], rootSha256: Sha256Hex, checkpoint: string }

export interface FeedEvent { position: number, at: string, type: string, tenderId: TenderId, data: unknown }
