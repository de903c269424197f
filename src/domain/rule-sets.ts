/**
 * Rule sets by effective date: what the law prescribed on the day of a notice, as data. A tender names its set in its
 * terms and keeps it for ever; a new year's rules are a new entry here and never a change of an old one.
 * Works follow the PPS rules on eligibility review (조달청 시설공사 적격심사세부기준), in which the price reference rate rose
 * from 88 % to 90 % on 2026-01-30. Other kinds have price terms only so far.
 */
import { BonginError } from './errors.ts'
import { floorRateOf } from './eligibility-review.ts'
import type { Instant } from './ids.ts'
import type { EligibilityReviewRule, PriceTerms, TenderKind } from './notice.ts'
import { parseInstant } from './time.ts'

/** `specialised`: trades under 전문공사; `general`: 종합공사. */
export type Trade = 'general' | 'specialised'

export interface ReviewBand {
  /** Estimated price, won: from (inclusive) and below (exclusive). */
  fromWon: number
  belowWon: number
  trades: readonly Trade[]
  rule: EligibilityReviewRule
  floorRatePpm: number
}

export interface RuleSet {
  name: string
  kinds: readonly TenderKind[]
  /** The first day (KST) whose notices it governs. */
  effectiveFrom: string
  price: Pick<PriceTerms, 'rangePpm' | 'slotPlan' | 'priceUnitWon' | 'plannedPriceRounding'>
  reviews: readonly ReviewBand[]
}

const MILLION = 1_000_000
const BOTH: readonly Trade[] = ['general', 'specialised']
const PPS_PRICE = { rangePpm: 20_000, slotPlan: 'equal-15', priceUnitWon: 100, plannedPriceRounding: 'up-1' } as const

/** Estimated price in millions of won, trades, price marks, slope k. Capability makes up 100 marks; the pass mark is 95. */
const WORKS_BANDS = [
  { from: 5_000, below: 10_000, trades: BOTH, priceMarks: 50, slope: 2 },
  { from: 1_000, below: 5_000, trades: BOTH, priceMarks: 70, slope: 4 },
  { from: 300, below: 1_000, trades: ['specialised'], priceMarks: 70, slope: 20 },
  { from: 300, below: 1_000, trades: ['general'], priceMarks: 80, slope: 20 },
  { from: 0, below: 300, trades: BOTH, priceMarks: 90, slope: 20 }
] as const
const FULL_MARKS = 100
const WORKS_PASS_MARK = 95
const MINIMUM_PRICE_MARKS = 2

/** Newest first within a kind. */
export const RULE_SETS: readonly RuleSet[] = [
  { name: 'pps-works-2026-01-30', kinds: ['works'], effectiveFrom: '2026-01-30', price: PPS_PRICE, reviews: worksReviews(90) },
  { name: 'pps-works-before-2026-01-30', kinds: ['works'], effectiveFrom: '2000-01-01', price: PPS_PRICE, reviews: worksReviews(88) },
  { name: 'pps-general', kinds: ['goods', 'services', 'foreign'], effectiveFrom: '2000-01-01', price: PPS_PRICE, reviews: [] }
]

/** The name of the set in force for a kind at a notice's time. @throws BonginError `rule-set-invalid` before the first set. */
export function ruleSetFor ({ kind, noticeAt }: { kind: TenderKind, noticeAt: Instant }): string {
  const set = RULE_SETS.find(({ kinds, effectiveFrom }) => kinds.includes(kind) && noticeAt >= parseInstant(`${effectiveFrom}T00:00:00+09:00`))
  if (set !== undefined) return set.name
  throw new BonginError('rule-set-invalid', {
    field: '/kind',
    detail: 'No rule set was in force for this kind of tender on the notice date.',
    detailKo: '공고일에 이 입찰 종류에 적용되는 기준이 없습니다.'
  })
}

/** @throws BonginError `rule-set-invalid` for a name that is in no table. */
export function ruleSetNamed (name: string): RuleSet {
  const set = RULE_SETS.find((candidate) => candidate.name === name)
  if (set !== undefined) return set
  throw new BonginError('rule-set-invalid', {
    field: '/ruleSet',
    detail: 'There is no rule set of this name.',
    detailKo: '해당 이름의 적용 기준이 없습니다.'
  })
}

/** The review rule and floor rate that a set prescribes for a price, or null where it prescribes none. */
export function suggestedRule (input: { ruleSet: string, estimatedPriceWon: number, trade: Trade }): ReviewBand | null {
  const { estimatedPriceWon, trade } = input
  return ruleSetNamed(input.ruleSet).reviews
    .find(({ fromWon, belowWon, trades }) => estimatedPriceWon >= fromWon && estimatedPriceWon < belowWon && trades.includes(trade)) ?? null
}

/**
 * The works table for a reference rate R in percent. In every band the flat part begins above R where the slope has
 * brought the price marks down to what a bidder with full capability still passes with.
 */
function worksReviews (referencePercent: number): ReviewBand[] {
  return WORKS_BANDS.map(({ from, below, trades, priceMarks, slope }) => {
    const capabilityMarks = FULL_MARKS - priceMarks
    const flatMarks = WORKS_PASS_MARK - capabilityMarks
    const rule: EligibilityReviewRule = {
      priceMarksMilli: priceMarks * 1000,
      slopeMilli: slope * 1000,
      referenceRatePpm: referencePercent * 10_000,
      capabilityMarksMilli: capabilityMarks * 1000,
      passMarkMilli: WORKS_PASS_MARK * 1000,
      minimumPriceMarksMilli: MINIMUM_PRICE_MARKS * 1000,
      flat: { fromRatioPpm: referencePercent * 10_000 + (priceMarks - flatMarks) * 10_000 / slope, marksMilli: flatMarks * 1000 }
    }
    return { fromWon: from * MILLION, belowWon: below * MILLION, trades, rule, floorRatePpm: floorRateOf(rule) }
  })
}
