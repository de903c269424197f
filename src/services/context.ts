/**
 * What every use case is given: storage, the clock and the platform's keys. Made once by `app.ts`.
 * A use case is one file and one transaction: `verb(context, input)`.
 */
import type { KeyObject } from 'node:crypto'
import type { Authority } from '../crypto/certificate-authority.ts'
import type { KeyRing } from '../crypto/secret-wrap.ts'
import type { NoteKey } from '../crypto/signed-note.ts'
import type { TrustStore } from '../crypto/trust-store.ts'
import type { OfficerRole, Role } from '../domain/holder.ts'
import type { Instant, OfficerId, SupplierId, Thumbprint } from '../domain/ids.ts'
import type { PasskeyRule } from '../domain/passkey.ts'
import { MAX_CLOSINGS_PER_HOUR } from '../domain/schedule.ts'
import { DAY_MS } from '../domain/time.ts'
import type { BidChecks } from './bid-checks.ts'
import type { BidsUnderWay } from './bids-under-way.ts'
import type { ClosingTrees } from './closing-trees.ts'
import type { OpeningProgress } from './opening-progress.ts'
import type { OpeningThreads } from './opening-tasks.ts'
import type { PreparedOpenings } from './prepare-openings.ts'
import type { TenderDocuments } from './tender-documents.ts'
import type { ClockStatement, Timekeeping } from './timekeeping.ts'
import type { AttachmentFiles } from '../storage/attachment-files.ts'
import type { Database } from '../storage/database.ts'

/** The only source of time; tests own another. */
export interface Clock { now: () => Instant }

export interface PlatformKeys {
  /** Name of this installation: origin of checkpoints, audience of logins. */
  name: string
  receiptKey: KeyObject
  receiptKid: string
  checkpointKey: KeyObject
  /** Of webhook secrets, codes and links of notifications; derived from the receipt key's seed. */
  notificationKey: Uint8Array
  /** Statement of both public keys, signed by the issuing CA key. */
  keysJws: string
  rootPem: string
  issuingPem: string
}

/** Choices of the installation that are not law. */
export interface Policy {
  /** Closing times must be multiples of this, KST; one hour unless told otherwise. */
  scheduleStepMs: number
  /** Published tenders that may close in one hour. */
  maxClosingsPerHour: number
  /** `YYYY-MM-DD`, sorted; holidays besides those of the table, e.g. temporary ones (임시공휴일). */
  extraHolidays: readonly string[]
  /** Whose cosignatures of closing records are taken. */
  cosigners: readonly NoteKey[]
  /** A server that was away for longer waits for an officer before it closes what fell due meanwhile. */
  silenceMs: number
  /** How long it waits. */
  closingHoldMs: number
  /** Requests to one limited route that one supplier may send in a minute (`LIMITED` in http/limits.ts). */
  supplierRequestsPerMinute: number
  /** What the operator knows of the server's clock. */
  clock: ClockStatement
  /** Origin of the addresses in mails, without a slash at its end. */
  publicUrl: string
  /** Webhooks may be on this very machine, by http too: for development. */
  loopbackWebhooks: boolean
  sessionMs: number
  challengeMs: number
  certificateMs: number
  /** Where passkeys are used: the domain that they are bound to, and the address of the pages. */
  relyingParty: { id: string, origin: string }
  requirePasskey: PasskeyRule
}

export const DEFAULT_POLICY: Policy = {
  scheduleStepMs: 3_600_000,
  maxClosingsPerHour: MAX_CLOSINGS_PER_HOUR,
  extraHolidays: [],
  cosigners: [],
  silenceMs: 10 * 60_000,
  closingHoldMs: 2 * 3_600_000,
  supplierRequestsPerMinute: 120,
  clock: { offsetMs: null, uncertaintyMs: null },
  publicUrl: 'http://127.0.0.1:3000',
  loopbackWebhooks: false,
  sessionMs: 30 * 60_000,
  challengeMs: 2 * 60_000,
  certificateMs: 365 * DAY_MS,
  relyingParty: { id: 'localhost', origin: 'http://localhost:3000' },
  requirePasskey: 'none'
}

export interface Context {
  db: Database
  files: AttachmentFiles
  clock: Clock
  authority: Authority
  platform: PlatformKeys
  /** Key-encryption keys: wrap the platform's tender seeds, revealed seeds and shares at rest. */
  kek: KeyRing
  /** Other authorities' certificates and revocation lists, as they lie in the configured folder now. */
  trustStore: () => TrustStore
  policy: Policy
  threads: OpeningThreads
  bidChecks: BidChecks
  bidsUnderWay: BidsUnderWay
  /** What was done before the keys were there. */
  prepared: PreparedOpenings
  closingTrees: ClosingTrees
  documents: TenderDocuments
  timekeeping: Timekeeping
  progress: OpeningProgress
  /** Aborted when the server ends: price openings under way stop, nothing of them is stored, and the next start begins them anew. */
  stopping: AbortSignal
  /** Last resort for background work whose failure nobody waits for. */
  reportError: (error: unknown, what: string) => void
}

export type Caller =
  | { kind: 'supplier', holderId: SupplierId, roles: readonly Role[], thumbprint: Thumbprint }
  | { kind: 'officer', holderId: OfficerId, roles: readonly OfficerRole[], thumbprint: Thumbprint }

export type OfficerCaller = Extract<Caller, { kind: 'officer' }>
export type SupplierCaller = Extract<Caller, { kind: 'supplier' }>
