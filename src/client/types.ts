/**
 * The shapes on the wire, as the server's API documents (openapi.json) state them. Instants are RFC 3339 at +09:00,
 * `jws` is a compact JWS, certificates are PEM.
 */
import type { Candidate } from '../domain/evaluation.ts'
import type { ExternalIdentity, HolderKind, OfficerProfile, OfficerRole, RegistrationStatus, Role, SupplierProfile } from '../domain/holder.ts'
import type { AgencyId, OfficerId, Sha256Hex, SupplierId, TenderId, Thumbprint } from '../domain/ids.ts'
import type { AwardMethod, CommitteeSeat, Notice, PriceDecimals, TenderKind } from '../domain/notice.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import type { ShownExtension } from '../domain/outage.ts'
import type { TenderDraft } from '../domain/draft.ts'
import type { TechnicalOpening } from '../domain/technical-opening.ts'
import type { TenderState } from '../domain/tender.ts'
import type { PasskeyResetView } from './passkeys.ts'
import type { ProposalContent } from '../crypto/proposal.ts'

/** Point, proof of possession and ML-KEM-768 key, base64url; the last counts in suite `647a-0001-0003`. */
export interface PlatformPart { point: string, proof: string, mlKemKey: string }

export interface SealedWire { enc: string, ciphertext: string }

export interface PlatformView {
  name: string
  serverTime: string
  rootCertificate: string
  issuingCertificate: string
  keys: string
  scheduleStepMs: number
  extraHolidays: string[]
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
  external: ExternalIdentity | null
  createdAt: string
}

/** `first-passkey`: the installation requires a passkey, and nothing can be done but register the first one. */
export interface SessionView {
  token: string
  expiresAt: string
  holderId: string
  kind: HolderKind
  roles: Role[]
  scope: 'full' | 'first-passkey'
  passkeyReset: PasskeyResetView | null
}

/** An officer as lists show it; the certificate and the key itself are `OfficerView`'s. */
export interface OfficerListItem {
  officerId: OfficerId
  name: string
  agencyId: AgencyId
  agencyName: string
  roles: OfficerRole[]
  hasEncryptionKey: boolean
}

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

/** A tender on whose committee the caller sits. */
export interface OwnTenderItem {
  tenderId: TenderId
  seat: CommitteeSeat
  title: string
  method: AwardMethod
  state: TenderState
  /** null before the first notice. */
  revision: number | null
  /** Something waits to be published. */
  hasDraft: boolean
  /** The caller has made its part of every key; `keysComplete`: so have both members. */
  contributed: boolean
  keysComplete: boolean
  /** The caller has revealed its part of the key whose turn it is. */
  revealed: boolean
  /** With two envelopes: the proposals are open; their evaluation is signed. */
  proposalsOpened: boolean
  proposalsEvaluated: boolean
  closesAt: string
  technicalOpensAt: string | null
  opensAt: string
}
export interface OwnTendersPage { items: OwnTenderItem[], nextCursor: TenderId | null }

/** A closed tender whose proposals the caller is appointed to mark. */
export interface OwnEvaluationItem { tenderId: TenderId, title: string, opensAt: string, marked: boolean, evaluated: boolean }
export interface OwnEvaluationsPage { items: OwnEvaluationItem[], nextCursor: TenderId | null }

/** A lot (분류) of a notice, as `…/lots` lists it. */
export interface LotItem {
  number: number
  tenderId: TenderId
  revision: string
  title: string
  state: TenderState
  estimatedPriceWon: number
  publishedAt: string
  closesAt: string
  opensAt: string
}

export interface LotsView { noticeId: TenderId, count: number, items: LotItem[] }

export interface TenderPage { items: TenderListItem[], nextCursor: string | null }

export interface TenderView {
  tenderId: TenderId
  state: TenderState
  revision: string
  notice: Notice
  notices: string[]
  serverTime: string
  checkpoint: string | null
  /** With its first rows alone; `openingRows` says how many there are. */
  opening: OpeningRecord | null
  openingRows: number | null
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
  /** In force now. */
  closesAt: string
  opensAt: string
  /** What outages made of its times, in order; `outage` is the signed one. */
  extensions: Array<ShownExtension & { revision: string, outage: string }>
}

export interface ExtensionView extends ShownExtension { tenderId: TenderId }

export interface OutageView {
  outageSha256: Sha256Hex
  fromAt: string
  recoveredAt: string
  announcedAt: string
  reason: string
  appliedBy: OfficerId
  appliedAt: string
}
export interface OutagePage { items: Array<OutageView & { jws: string, tenders: number }>, nextCursor: number | null }
export interface OutagePreview { serverTime: string, extensions: ExtensionView[], passedOver: Array<{ tenderId: TenderId, state: TenderState }> }
export interface AppliedOutageView extends OutageView { extensions: ExtensionView[], passedOver: TenderId[] }
export interface ClosingHoldView { fromAt: string, untilAt: string, heldUntil: string }

export interface CeremonyMember { officerId: OfficerId, role: 'executing' | 'witness' | 'audit', name: string, certificate: string, encryptionKey: string | null }

export interface CeremonyView {
  tenderId: TenderId
  state: TenderState
  /** null once nothing is waiting to be published. */
  draft: TenderDraft | null
  /** The platform's part of the price key, and of the technical key where the draft calls for one. */
  platform: PlatformPart & { holderId: string, technical: PlatformPart | null }
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
  /** null where there is one envelope. */
  technical: { opensAt: string, holders: HolderStatus[], opened: boolean, evaluated: boolean } | null
}

/** A signed act, and when the server says that it took it. */
export interface TimedAct { jws: string, at: string }

export interface TechnicalView {
  openingSha256: Sha256Hex
  opening: TechnicalOpening
  evaluators: OfficerId[]
  marked: OfficerId[]
  appointments: TimedAct[]
  marks: TimedAct[]
  result: TimedAct | null
  certificates: string[]
}

export interface ProposalsView {
  openingSha256: Sha256Hex
  opening: TechnicalOpening
  contents: Array<{ supplierId: SupplierId, content: ProposalContent }>
}

export interface EvaluationView {
  openingSha256: Sha256Hex
  /** Of the amounts. */
  decimals: PriceDecimals
  order: Candidate[]
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
/** A tender that the supplier has bid for, with its newest bid there. */
export interface OwnBidItem {
  tenderId: TenderId
  title: string
  agencyName: string
  state: TenderState
  closesAt: string
  opensAt: string
  envelopeSha256: Sha256Hex
  acceptedAt: string
  status: MyBid['status']
}
export interface OwnBidsPage { items: OwnBidItem[], nextCursor: TenderId | null }
export interface InclusionView { leafIndex: number, size: number, proof: string[], rootSha256: Sha256Hex, checkpoint: string }

export interface FeedEvent { position: number, at: string, type: string, tenderId: TenderId, data: unknown }
export interface OpeningProgress { tenderId: TenderId, done: number, total: number }
