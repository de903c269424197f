/** What the verifying page and its worker say to each other. */
import type { VerifyReport, VerifyStep } from '../../crypto/verify-record.ts'
import type { Sha256Hex } from '../../domain/ids.ts'
import type { PriceDecimals } from '../../domain/notice.ts'
import type { OpeningRecord } from '../../domain/opening.ts'

/** One verification for each worker. */
export interface VerifyJob { baseUrl: string, tenderId: string, trustedRootSha256: Sha256Hex | null }

/** What `bongin verify --json` prints; `archive` is null for a record that did not come as one. */
export type SavedReport = VerifyReport & { archive: null }

/** The opening that was computed again, and the document that the server publishes apart from the record. */
export interface Compared { computed: OpeningRecord, published: OpeningRecord, publishedSha256: Sha256Hex, decimals: PriceDecimals }

export type VerifyNews =
  | { kind: 'downloaded' }
  | { kind: 'step', step: VerifyStep }
  | { kind: 'opened', done: number, total: number }
  /** `compared` is null where the record failed. */
  | { kind: 'done', report: SavedReport, compared: Compared | null }
  /** The record, or the published opening, did not come. */
  | { kind: 'fault', detail: string }
