/**
 * What a rule set is: which tenders it governs from which day on, and what it prescribes for them. A set is data; it is
 * never changed once a tender names it, and next year's law is a new entry (docs/rules.md).
 * The tables write a row in the law's own letters, as `ReviewRow` explains; `bandsOf` turns rows into rules.
 */
import type { AwardMethod, EligibilityReviewRule, Law, PriceTerms, TenderKind } from '../notice.ts'

/** `specialised`: works in one trade (전문공사); `general`: several trades under one contractor (종합공사). */
export const TRADES = ['general', 'specialised'] as const
export type Trade = typeof TRADES[number]

/**
 * Groups of services with a table of their own: facility management (시설분야용역), software kept for small firms
 * (소프트웨어용역 중 중소기업자간 경쟁제품), passenger transport (여객 육상운송), insurance (보험); `general`: all others.
 */
export const SERVICE_CATEGORIES = ['general', 'facility', 'small-firm-software', 'passenger-transport', 'insurance'] as const
export type ServiceCategory = typeof SERVICE_CATEGORIES[number]
export type Subject = Trade | ServiceCategory

/** What makes a competition (유효한 경쟁입찰, 국가계약법 시행령 제11조). */
export interface CompetitionPolicy {
  minimumBids: number
  /** Whether bids below a floor count towards the minimum; in published results they do. Bids above the planned price always count. */
  belowFloorCounts: boolean
}

/** Works below `belowWon` exclude bids under this part of the net cost (순공사원가). */
export interface NetCostPolicy { belowWon: number, ratePpm: number }

export type PriceRange = Pick<PriceTerms, 'rangePpm' | 'slotPlan'>
export type PriceSteps = Pick<PriceTerms, 'decimals' | 'priceUnitWon' | 'plannedPriceRounding'>

/** What a set prescribes between two estimated prices. */
export interface Band {
  /** Estimated price, won: from (inclusive) and below (exclusive; null = no upper end). */
  fromWon: number
  belowWon: number | null
  subjects: readonly Subject[]
  /** null where there is a floor and no review (수의견적). */
  rule: EligibilityReviewRule | null
  floorRatePpm: number
}

export interface RuleSet {
  name: string
  law: Law
  kinds: readonly TenderKind[]
  methods: readonly AwardMethod[]
  /** The first day (KST) whose notices it governs. */
  effectiveFrom: string
  /** Where its figures come from, in words. */
  source: string
  price: PriceRange & PriceSteps
  competition: CompetitionPolicy
  /** null where there is no net-cost rule. */
  netCost: NetCostPolicy | null
  /** Empty where the set has no table: the notice then brings its own rule. */
  bands: readonly Band[]
}

/**
 * One row of a review table. Price marks are B − k × |R − r| × 100 with r = (bid − A) ÷ (planned − A); capability gives
 * Q marks at most, and T marks pass. From the ratio `flatFrom` upwards the price marks are `flat`, whatever the price.
 */
export interface ReviewRow {
  /** Estimated price in millions of won: from (inclusive) and below (exclusive; null = no upper end). */
  millions: readonly [from: number, below: number | null]
  of: readonly Subject[]
  /** Whole marks. */
  B: number
  Q: number
  T: number
  /** Thousandths of a mark per percent. */
  kMilli: number
  /** Parts per million. */
  R: number
  /** Parts per million and whole marks; null where the table has no flat part. */
  flat: readonly [fromRatio: number, marks: number] | null
  /** The published floor in parts per million; a test holds it against the rule's own. */
  floor: number
}

const MILLION = 1_000_000
const MILLI = 1_000
/** The price marks that are left however far a bid is from R. */
export const MINIMUM_PRICE_MARKS = 2

export function bandsOf (rows: readonly ReviewRow[]): Band[] {
  return rows.map(({ millions: [from, below], of, B, Q, T, kMilli, R, flat, floor }) => ({
    fromWon: from * MILLION,
    belowWon: below === null ? null : below * MILLION,
    subjects: of,
    rule: {
      priceMarksMilli: B * MILLI,
      slopeMilli: kMilli,
      referenceRatePpm: R,
      capabilityMarksMilli: Q * MILLI,
      passMarkMilli: T * MILLI,
      minimumPriceMarksMilli: MINIMUM_PRICE_MARKS * MILLI,
      flat: flat === null ? null : { fromRatioPpm: flat[0], marksMilli: flat[1] * MILLI }
    },
    floorRatePpm: floor
  }))
}
