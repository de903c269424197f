/**
 * Eligibility review (적격심사): price marks + capability marks ≥ pass mark. Price marks = B − k × |R/100 − r| × 100 with
 * r = (bid − A) ÷ (planned − A). Marks are thousandths of a mark, rates parts per million (docs/rules.md; PPS rules on
 * eligibility review of works and services). A rule and its floor rate say the same thing: see `floorRateOf`.
 */
import { invariant } from './errors.ts'
import type { EligibilityReviewRule, PriceScoreRule } from './notice.ts'
import { PPM, roundUpTo, scaleDown, scaleHalfUp } from './rounding.ts'

/** r keeps four decimals, the fifth is rounded half up. */
const RATIO_STEP_PPM = 100
/** Parts per million in one percent, the unit in which k counts. */
const PERCENT_PPM = 10_000
/** 100 marks, what the parts of every evaluation sum to at most. */
export const FULL_MARKS_MILLI = 100_000

export interface ReviewInput {
  rule: EligibilityReviewRule
  bidWon: number
  plannedPriceWon: number
  aValueWon: number
}

export interface ReviewResult {
  /** r in parts per million, a multiple of 100. */
  ratioPpm: number
  priceMarksMilli: number
  totalMarksMilli: number
  passes: boolean
  /** 균형가격; only where the marks are given against it. */
  balancedPriceWon?: number
}

/** r = (bid − A) ÷ (planned − A), rounded half up at the fifth decimal; the planned price is above A. */
export function priceRatioPpm ({ bidWon, plannedPriceWon, aValueWon }: Omit<ReviewInput, 'rule'>): number {
  invariant(plannedPriceWon > aValueWon, 'the planned price is above the A value')
  return scaleHalfUp({ value: bidWon - aValueWon, by: PPM / RATIO_STEP_PPM, over: plannedPriceWon - aValueWon }) * RATIO_STEP_PPM
}

/** Price marks of a ratio, truncated to the thousandth so that no rounding lifts a bid over the pass mark. */
export function priceScoreMilli (rule: PriceScoreRule, ratioPpm: number): number {
  if (rule.flat !== null && ratioPpm >= rule.flat.fromRatioPpm) return rule.flat.marksMilli
  const distancePpm = Math.abs(rule.referenceRatePpm - ratioPpm)
  const marks = scaleDown({ value: rule.priceMarksMilli * PERCENT_PPM - rule.slopeMilli * distancePpm, by: 1, over: PERCENT_PPM })
  return Math.max(marks, rule.minimumPriceMarksMilli)
}

export function review (input: ReviewInput & { capabilityMarksMilli: number }): ReviewResult {
  const { rule, capabilityMarksMilli } = input
  const ratioPpm = priceRatioPpm(input)
  const priceMarksMilli = priceScoreMilli(rule, ratioPpm)
  const totalMarksMilli = priceMarksMilli + capabilityMarksMilli
  return { ratioPpm, priceMarksMilli, totalMarksMilli, passes: totalMarksMilli >= rule.passMarkMilli }
}

/**
 * The floor rate (ppm) that a rule implies: the lowest rate at which a bidder with full capability marks can still pass,
 * R − (B + Q − T) ÷ k percent, less half a step of r (0.005 %), because r is rounded half up. A notice whose floor differs
 * would either shut out bidders who could pass or rank bidders who cannot.
 */
export function floorRateOf (rule: EligibilityReviewRule): number {
  const spareMarksMilli = rule.priceMarksMilli + rule.capabilityMarksMilli - rule.passMarkMilli
  const lowestRatioPpm = rule.referenceRatePpm - scaleDown({ value: spareMarksMilli, by: PERCENT_PPM, over: rule.slopeMilli })
  return roundUpTo(lowestRatioPpm, RATIO_STEP_PPM) - RATIO_STEP_PPM / 2
}
