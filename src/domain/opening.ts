/**
 * The opening record (개찰 결과): shapes only; `open-tender.ts` makes it. Canonical JSON of this record is what the
 * server stores, the ledger commits to and `bongin verify` must reproduce byte for byte. Amounts and prices are whole units
 * of 10^−decimals won; the decimals stand in the terms that `termsSha256` names.
 */
import type { RemarkCode, VoidReason } from './bid.ts'
import type { ConsortiumShare } from './consortium.ts'
import type { Sha256Hex, SupplierId, TenderId } from './ids.ts'

export interface OpeningRow {
  /** Competition rank (1, 1, 3): valid bids by amount, then those above the planned price; null for all others. */
  rank: number | null
  supplierId: SupplierId
  /** A consortium's members and shares, the leader (`supplierId`) first; empty for a single supplier, and where no envelope was looked at. */
  members: readonly ConsortiumShare[]
  /** null for a void bid. */
  amountWon: number | null
  /** amount ÷ planned price in hundred-thousandths of a whole (87.745 % = 87745), truncated; null without planned price. */
  bidRateMilliPercent: number | null
  picks: readonly [number, number] | null
  acceptedAt: string
  envelopeSha256: Sha256Hex
  remark: RemarkCode
  voidReason: VoidReason | null
}

export type OpeningOutcome = 'ranked' | 'failed' | 'rebid'

/**
 * `fewer-than-two-valid`: fewer than two bids that are not void; `no-valid-amount`: enough bids, none between floor and
 * planned price; `sealed-prices-invalid`: the agency's sealed prices do not open to usable prices.
 */
export type OutcomeReason = 'no-bids' | 'fewer-than-two-valid' | 'no-valid-amount' | 'all-above-planned' | 'sealed-prices-invalid'

export interface PriceResult {
  /** The numbered prices (1…15 or 1); empty with price method `none`. */
  preliminaryPricesWon: readonly number[]
  /** How often each number was picked, by number; empty where nothing is drawn. */
  pickCounts: readonly number[]
  /** The four drawn numbers, most picked first, ties to the lowest number; empty where nothing is drawn. */
  drawnNumbers: readonly number[]
  plannedPriceWon: number | null
  floorPriceWon: number | null
  /** Lowest amount that the net-cost rule lets pass, or null where it does not apply. */
  netCostFloorWon: number | null
}

export interface OpeningRecord {
  v: 1
  type: 'bongin-opening'
  tenderId: TenderId
  termsSha256: Sha256Hex
  /** Root (hex) and size of the closing record. */
  closing: { rootSha256: Sha256Hex, size: number }
  /** The tender's X25519 private key, base64url, and the seed of every holder that rebuilds it. */
  jointPrivateKey: string
  holderSeeds: ReadonlyArray<{ holderId: string, seed: string }>
  prices: PriceResult
  /**
   * Valid bids by rank, equal amounts in the order of the tie draw; then those above the planned price by rank; then the
   * others by amount descending; equals in order of acceptance; then void ones in order of acceptance.
   */
  rows: readonly OpeningRow[]
  outcome: OpeningOutcome
  /** Why it failed or must be bid again; null when ranked. */
  outcomeReason: OutcomeReason | null
  /** Suppliers with the lowest valid amount in the order of the tie draw; one name where there is no tie, none unless ranked. */
  tieOrder: readonly SupplierId[]
}
