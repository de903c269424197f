/**
 * The notice (입찰공고): what an officer signs and everybody bids under.
 * It has two parts. `terms` is what a bid is sealed to: its digest stands in every envelope, so any change of terms
 * supersedes earlier bids. `schedule` may be moved by a change notice (연장공고) without anyone having to seal again.
 * The signed bytes are the canonical JSON (RFC 8785) of the whole; every value is a string, boolean or safe integer.
 */
import type { AgencyId, OfficerId, Sha256Hex, TenderId } from './ids.ts'

export const TENDER_KINDS = ['goods', 'works', 'services', 'foreign'] as const
export type TenderKind = typeof TENDER_KINDS[number]

/** 국가계약법 (central government, PPS) or 지방계약법 (local government): which rule sets a tender falls under. */
export const LAWS = ['national', 'local'] as const
export type Law = typeof LAWS[number]

export const AWARD_METHODS = [
  'lowest', 'restricted-lowest', 'private-quote', 'eligibility-review', 'comprehensive', 'negotiated', 'two-stage'
] as const
export type AwardMethod = typeof AWARD_METHODS[number]

export const PRICE_METHODS = ['multiple-derived', 'multiple-sealed', 'single-sealed', 'none'] as const
export type PriceMethod = typeof PRICE_METHODS[number]

/** Decimals of a won in which the prices of a tender count: whole won, or hundredths of a won (단가입찰). */
export const PRICE_DECIMALS = [0, 2] as const
export type PriceDecimals = typeof PRICE_DECIMALS[number]

/** HPKE suite identifiers in hex (RFC 9180 §7, draft-ietf-hpke-pq): KEM-KDF-AEAD. */
export const SUITE_X25519 = '0020-0001-0003'
/** With X-Wing: ML-KEM-768 beside X25519. */
export const SUITE_XWING = '647a-0001-0003'
export const SUITES = [SUITE_X25519, SUITE_XWING] as const
export type Suite = typeof SUITES[number]

/** Of one file: 50 MB, as KONEPS allows. */
export const MAX_ATTACHMENT_BYTES = 50 * 1024 * 1024

export interface Attachment { name: string, sizeBytes: number, sha256: Sha256Hex }

/** One key holder's public part; `proof` is the proof of possession (see `crypto/joint-key.ts`). */
export interface KeyHolder { holderId: string, role: 'platform' | 'executing' | 'witness', point: string, proof: string }

export interface JointKey {
  suite: Suite
  holders: KeyHolder[]
  /** base64url: the X25519 key u(Σ points), in suite `647a-0001-0003` behind the platform's ML-KEM-768 key. */
  publicKey: string
}

/** `audit`: a recovery officer. */
export const COMMITTEE_SEATS = ['executing', 'witness', 'audit'] as const
export type CommitteeSeat = typeof COMMITTEE_SEATS[number]

export interface Committee {
  executing: OfficerId
  witness: OfficerId
  /** Audit officers (감사관) who hold recovery shares; may be empty, and then a lost key cannot be recovered. */
  recovery: OfficerId[]
  /** Shares that rebuild a missing member's seed; at least 2. */
  threshold: number
}

/** Price marks that fall with the distance of a ratio from a reference; marks in thousandths, ratios in parts per million. */
export interface PriceMarksRule {
  priceMarksMilli: number
  /** Thousandths of a mark per percent of distance. */
  slopeMilli: number
  minimumPriceMarksMilli: number
  /** From this ratio upwards the price score is flat; null where the rule has no flat part. */
  flat: { fromRatioPpm: number, marksMilli: number } | null
}

/** The same with r = (bid − A) ÷ (planned − A) against a fixed rate R. */
export interface PriceScoreRule extends PriceMarksRule { referenceRatePpm: number }

/** Score constants of an eligibility review (적격심사). */
export interface EligibilityReviewRule extends PriceScoreRule {
  capabilityMarksMilli: number
  passMarkMilli: number
}

/**
 * How a balanced price (균형가격) is made of the valid bids: their mean, once these shares of the number of bids are left out
 * at either end. Fewer bids than `minimumBids`: nothing is left out.
 */
export interface BalancedPriceRule { dropHighestPpm: number, dropLowestPpm: number, minimumBids: number }

/** What the price marks of a comprehensive evaluation measure a bid against. */
export type PriceReference =
  /** r = (bid − A) ÷ (planned − A), against this rate. */
  | { kind: 'planned', ratePpm: number }
  /** r = bid ÷ balanced price, against 100 %; A takes no part. */
  | { kind: 'balanced' } & BalancedPriceRule

/** Weights and price formula of a comprehensive evaluation (종합심사낙찰제); the marks sum to 100. */
export interface ComprehensiveRule extends PriceMarksRule {
  reference: PriceReference
  capabilityMarksMilli: number
  socialMarksMilli: number
}

/**
 * Technical evaluation (기술평가) of the methods with two envelopes. `negotiated`: these marks and the price marks sum to 100;
 * `two-stage`: 100, and only the pass mark counts.
 */
export interface TechnicalRule {
  marksMilli: number
  /** A proposal below it is out, and its price envelope stays sealed. */
  passMarkMilli: number
  minimumEvaluators: number
  /** Whether every bidder's highest and lowest marks are dropped before the mean is taken; needs three evaluators. */
  dropExtremes: boolean
}

/** A값: costs fixed by law, on which nobody competes, won each (건설공사 적격심사: 7 items). */
export const A_VALUE_COMPONENTS = [
  'nationalPensionWon', 'healthInsuranceWon', 'longTermCareWon', 'retirementMutualAidWon', 'industrialSafetyWon', 'safetyManagementWon',
  'qualityManagementWon'
] as const
export type AValue = Record<typeof A_VALUE_COMPONENTS[number], number>

/** One line of a unit-price contract (단가계약): bidders name a price for each, and compete with the total. */
export interface UnitPriceItem { name: string, unit: string, quantity: number }

/** A lot (분류) of a notice: its own tender with its own key and draw, under the number of the notice's first lot. */
export interface Lot { noticeId: TenderId | null, number: number, count: number }

/** Conditions for joint bids (공동수급); a consortium bids once, under its leader. */
export interface JointBidRule { maxMembers: number, minimumSharePpm: number }

export interface PriceTerms {
  method: PriceMethod
  /**
   * The unit of the price competition: every price in these terms, sealed prices, bids, the opening and the award are whole
   * numbers of 10^−decimals won, whatever their names say. Estimated price, A value and net cost stay whole won.
   */
  decimals: PriceDecimals
  /** 기초금액, units; null only with price method `none`. */
  baseAmountWon: number | null
  /** Half-width of the range around the base amount: 20000 (±2 %) or 30000 (±3 %). */
  rangePpm: number
  /** 15 equal slots over the range, or 7 or 8 of the 15 above the base amount. */
  slotPlan: 'equal-15' | 'upper-7' | 'upper-8'
  /** Preliminary prices are whole multiples of this, units; KONEPS works: 100 won, unit prices: a hundredth of a won. */
  priceUnitWon: number
  /** How a mean of four that is no whole number of units becomes the planned price: up or down to the unit, or up to 1,000 won. */
  plannedPriceRounding: 'up-1' | 'up-1000' | 'down-1'
  /** SHA-256 of the sealed prices (`multiple-sealed`, `single-sealed`), else null. */
  sealedPricesSha256: Sha256Hex | null
}

export interface NoticeTerms {
  tenderId: TenderId
  /** 재입찰 round: 0 for the first. */
  rebidRound: number
  title: string
  agencyId: AgencyId
  agencyName: string
  /** The agency's own reference, e.g. the number of a notice elsewhere; may be empty. */
  referenceNo: string
  kind: TenderKind
  law: Law
  method: AwardMethod
  /** 추정가격, won, without VAT. */
  estimatedPriceWon: number
  price: PriceTerms
  /** null where it does not apply. */
  aValue: AValue | null
  /** 낙찰하한율 in parts per million of the planned price (87.745 % = 877450); 0 = no floor. */
  floorRatePpm: number
  /** 순공사원가 (works): bids under 98 % of its scaled value are excluded; null where it does not apply. */
  netCostWon: number | null
  eligibilityReview: EligibilityReviewRule | null
  comprehensive: ComprehensiveRule | null
  technical: TechnicalRule | null
  /** Lines of a unit-price contract; empty for a contract at one total. */
  unitPrices: UnitPriceItem[]
  lot: Lot | null
  /** null where only single suppliers may bid. */
  jointBids: JointBidRule | null
  eligibility: {
    /** The supplier needs one of these lines of business (업종 codes); empty = any. */
    linesOfBusiness: string[]
    /** The supplier's region must be one of these; empty = nationwide. */
    regions: string[]
  }
  contact: { name: string, phone: string, email: string }
  attachments: Attachment[]
  committee: Committee
  key: JointKey
  /** Key of the technical envelopes, with the same holders; null where there is one envelope. */
  technicalKey: JointKey | null
  /** Name of the rule set in force on the notice date; the tender keeps it for ever. */
  ruleSet: string
}

/** All times RFC 3339 at +09:00. */
export interface NoticeSchedule {
  publishedAt: string
  questionsFrom: string
  questionsUntil: string
  closesAt: string
  /** When the technical envelopes are opened, from the closing on; null where there is one envelope. */
  technicalOpensAt: string | null
  opensAt: string
}

export interface Notice {
  v: 1
  type: 'bongin-notice'
  /** `000` for the first notice; a change notice adds one. */
  revision: string
  /** SHA-256 (hex) of the canonical JSON of `terms`; what envelopes bind to. */
  termsSha256: Sha256Hex
  /** Tender that this one takes up again after it failed (재공고, 재입찰), or null. */
  previousTenderId: TenderId | null
  changeReason: string
  terms: NoticeTerms
  schedule: NoticeSchedule
}

/** The words by which a notice is searched for. */
export function searchedText ({ title, agencyName, referenceNo, unitPrices }: NoticeTerms): string {
  return [title, agencyName, referenceNo, ...unitPrices.map(({ name }) => name)].join(' ')
}
