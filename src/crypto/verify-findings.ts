/**
 * What a verification is asked for, and what its steps find: each check (`verify-checks.ts`) adds what later ones build on, so a finding is
 * there once its step has passed. Runs in a browser.
 */
import type { Sha256Hex } from '../domain/ids.ts'
import type { MerkleTree } from './merkle.ts'
import type { OpeningLeaf } from './open-leaves.ts'
import type { TenderRecord } from './record.ts'
import type { CheckedWithdrawal, Closing } from './verify-bids.ts'
import type { CheckedContribution } from './verify-committee.ts'
import type { CheckedAward, CheckedEvaluation } from './verify-decisions.ts'
import type { ActTimes, ReadEntry } from './verify-ledger.ts'
import type { ReadNotice } from './verify-notice.ts'
import type { CheckedOutage } from './verify-outages.ts'
import type { Signers, CheckedPlatform, TrustedRoot } from './verify-platform.ts'
import type { CheckedTechnical } from './verify-technical.ts'

/** Without a trusted root the record's own is taken, and the report names its fingerprint. */
export interface CheckOptions extends TrustedRoot {
  /** Receipts (JWS) whose bids must be in the closing record. */
  receipts?: readonly string[] | undefined
  /** Verifier keys of those who must have cosigned the closing record. */
  cosigners?: readonly string[] | undefined
  /** A revocation list (DER or PEM): no certificate may have signed after it was revoked. */
  crl?: Uint8Array | undefined
  /** Called while the bids are opened: how many are, of how many. */
  onOpened?: ((done: number, total: number) => void) | undefined
}

/** What the steps found, each adding what later ones build on. */
export interface Findings {
  record: TenderRecord
  platform: CheckedPlatform
  signers: Signers
  entries: ReadEntry[]
  times: ActTimes
  /** By notice, those that came while it was in force. */
  outages: CheckedOutage[][]
  notices: [ReadNotice, ...ReadNotice[]]
  last: ReadNotice
  contributions: CheckedContribution[]
  /** Those that an outage undid, then the one that stands. */
  closings: Closing[]
  closing: Closing
  tree: MerkleTree
  technical: CheckedTechnical | null
  leaves: OpeningLeaf[]
  withdrawals: CheckedWithdrawal[]
  openingSha256: Sha256Hex
  evaluations: CheckedEvaluation[]
  award: CheckedAward | null
}

export interface Found {
  /** How many things the step looked at. */
  checked: number
  detail: string
}
