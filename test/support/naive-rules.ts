/**
 * The rule book a second time, for tests to compare with: every rule as its sentence reads, in exact fractions of BigInt and
 * with loops that look at everything. It shares no code with the source and takes no care for speed or size.
 * Amounts are won, rates parts per million, marks thousandths of a mark.
 */
import type { BalancedPriceRule, PriceScoreRule, EligibilityReviewRule, PriceTerms } from '../../src/domain/notice.ts'

/** over ÷ under, exact; `under` is positive. */
export interface Fraction { over: bigint, under: bigint }

const MILLION = 1_000_000n

/** The greatest whole number at or below. BigInt division cuts towards zero, which is one too high for a negative fraction. */
export function floorOf ({ over, under }: Fraction): bigint {
  const cut = over / under
  return cut * under > over ? cut - 1n : cut
}

/** The smallest whole number at or above. */
export function ceilingOf ({ over, under }: Fraction): bigint {
  return -floorOf({ over: -over, under })
}

/** The nearest whole number, halves upwards. */
export function nearestOf ({ over, under }: Fraction): bigint {
  return floorOf({ over: 2n * over + under, under: 2n * under })
}

/** How often each number of 1 … 15 stands among the picks; number k is item k − 1. */
export function naiveCounts (picks: ReadonlyArray<readonly number[]>): number[] {
  const counts: number[] = []
  for (let number = 1; number <= 15; number++) counts.push(picks.filter((pair) => pair.some((picked) => picked === number)).length)
  return counts
}

/** Four times the most picked number that is not drawn yet; a tie goes to the lowest number, picked or not. */
export function naiveDraw (counts: readonly number[]): number[] {
  const drawn: number[] = []
  for (let round = 0; round < 4; round++) {
    const left = counts.map((count, index) => ({ count, number: index + 1 })).filter(({ number }) => !drawn.includes(number))
    const most = left.filter(({ count }) => left.every((other) => other.count <= count))
    const lowest = most.find(({ number }) => most.every((other) => other.number >= number))
    drawn.push(lowest?.number ?? 0)
  }
  return drawn
}

/** The mean of the drawn prices; the notice says to which unit and in which direction it is rounded. */
export function naivePlannedPrice (drawnWon: readonly bigint[], rounding: PriceTerms['plannedPriceRounding']): bigint {
  const mean = { over: drawnWon.reduce((sum, won) => sum + won, 0n), under: BigInt(drawnWon.length) }
  if (rounding === 'down-1') return floorOf(mean)
  if (rounding === 'up-1') return ceilingOf(mean)
  return ceilingOf({ over: mean.over, under: mean.under * 1000n }) * 1000n
}

/** The costs fixed by law that the A value (A값) adds up. */
export function naiveAValue (parts: Readonly<Record<
  'nationalPensionWon' | 'healthInsuranceWon' | 'longTermCareWon' | 'retirementMutualAidWon' | 'industrialSafetyWon' |
  'safetyManagementWon' | 'qualityManagementWon', number>> | null): bigint {
  if (parts === null) return 0n
  return BigInt(parts.nationalPensionWon) + BigInt(parts.healthInsuranceWon) + BigInt(parts.longTermCareWon) +
    BigInt(parts.retirementMutualAidWon) + BigInt(parts.industrialSafetyWon) + BigInt(parts.safetyManagementWon) +
    BigInt(parts.qualityManagementWon)
}

/** ceil((planned − A) × rate) + A. */
export function naiveFloorPrice ({ planned, aValue, ratePpm }: { planned: bigint, aValue: bigint, ratePpm: bigint }): bigint {
  return ceilingOf({ over: (planned - aValue) * ratePpm, under: MILLION }) + aValue
}

/** The net cost follows the planned price, rounded up; a bid reaches 98 % of that, rounded up. */
export function naiveNetCostFloor ({ netCost, base, planned }: { netCost: bigint, base: bigint, planned: bigint }): bigint {
  const moved = ceilingOf({ over: netCost * planned, under: base })
  return ceilingOf({ over: moved * 98n, under: 100n })
}

/** amount ÷ planned × 100, cut after three decimals, in thousandths of a percent; without the greatest rate that is shown. */
export function naiveRate (amount: bigint, planned: bigint): bigint {
  return floorOf({ over: amount * 100n * 1000n, under: planned })
}

/** null for a limit that does not apply. */
export interface NaiveLimits { planned: bigint | null, floor: bigint | null, netCostFloor: bigint | null }
export type NaiveRemark = 'normal' | 'belowFloor' | 'belowNetCost' | 'abovePlanned'

export function naiveRemark (amount: bigint, { planned, floor, netCostFloor }: NaiveLimits): NaiveRemark {
  if (planned !== null && amount > planned) return 'abovePlanned'
  if (floor !== null && amount < floor) return 'belowFloor'
  if (netCostFloor !== null && amount < netCostFloor) return 'belowNetCost'
  return 'normal'
}

export interface NaiveBid { amount: bigint, remark: NaiveRemark }

/** One more than the bids before it: the cheaper valid ones and, for a bid above the planned price, every valid one. */
export function naiveRank (bid: NaiveBid, all: readonly NaiveBid[]): number | null {
  let before = 0
  for (const other of all) {
    if (bid.remark === 'abovePlanned' && other.remark === 'normal') before += 1
    if (other.remark === bid.remark && other.amount < bid.amount) before += 1
  }
  return bid.remark === 'normal' || bid.remark === 'abovePlanned' ? before + 1 : null
}

export interface NaiveCompetition { minimumBids: number, belowFloorCounts: boolean }

/**
 * Fewer than two bids fail, those below a floor counted or not; all above the planned price bid again; without a valid one it
 * fails too. `accepted` counts void bids as well.
 */
export function naiveOutcome (accepted: number, bids: readonly NaiveBid[], rule: NaiveCompetition): [outcome: string, reason: string | null] {
  const isLow = ({ remark }: NaiveBid): boolean => remark === 'belowFloor' || remark === 'belowNetCost'
  const competing = bids.filter((bid) => rule.belowFloorCounts || !isLow(bid))
  if (accepted === 0) return ['failed', 'no-bids']
  if (competing.length < rule.minimumBids) return ['failed', 'fewer-than-two-valid']
  if (bids.every(({ remark }) => remark === 'abovePlanned')) return ['rebid', 'all-above-planned']
  return bids.some(({ remark }) => remark === 'normal') ? ['ranked', null] : ['failed', 'no-valid-amount']
}

/** r = (bid − A) ÷ (planned − A) in ten-thousandths, rounded half up at the fifth decimal. */
export function naiveRatio ({ bid, planned, aValue }: { bid: bigint, planned: bigint, aValue: bigint }): bigint {
  return nearestOf({ over: (bid - aValue) * 10_000n, under: planned - aValue })
}

/**
 * B − k × |R/100 − r| × 100 from r in ten-thousandths, cut to the thousandth of a mark, with the flat part and the minimum.
 * A ten-thousandth of r is a hundredth of a percent, and k counts percents.
 */
export function naivePriceMarks (rule: PriceScoreRule, ratio: bigint): bigint {
  const { flat } = rule
  if (flat !== null && ratio * 100n >= BigInt(flat.fromRatioPpm)) return BigInt(flat.marksMilli)
  const apartPpm = BigInt(rule.referenceRatePpm) - ratio * 100n
  const apart = apartPpm < 0n ? -apartPpm : apartPpm
  const marks = floorOf({ over: BigInt(rule.priceMarksMilli) * 10_000n - BigInt(rule.slopeMilli) * apart, under: 10_000n })
  const minimum = BigInt(rule.minimumPriceMarksMilli)
  return marks < minimum ? minimum : marks
}

/**
 * The balanced price: as often as a whole bid is due, the highest of those left goes, then the lowest; the rest is added up and
 * shared out, to the nearest won.
 */
export function naiveBalancedPrice (rule: BalancedPriceRule, amounts: readonly bigint[]): bigint {
  const left = [...amounts]
  const goes = (isFirst: (amount: bigint, other: bigint) => boolean, sharePpm: number): void => {
    if (amounts.length < rule.minimumBids) return
    for (let due = BigInt(amounts.length) * BigInt(sharePpm); due >= MILLION; due -= MILLION) {
      const outermost = left.find((amount) => left.every((other) => isFirst(amount, other)))
      left.splice(left.indexOf(outermost ?? 0n), 1)
    }
  }
  goes((amount, other) => amount >= other, rule.dropHighestPpm)
  goes((amount, other) => amount <= other, rule.dropLowestPpm)
  return nearestOf({ over: left.reduce((sum, amount) => sum + amount, 0n), under: BigInt(left.length) })
}

/** bid ÷ balanced price in ten-thousandths, rounded half up at the fifth decimal, without the greatest ratio that counts. */
export function naiveBalancedRatio (bid: bigint, balanced: bigint): bigint {
  return nearestOf({ over: bid * 10_000n, under: balanced })
}

/** R − (B + Q − T) ÷ k − 0.005 percent, exact, in parts per million. */
export function naiveFloorRate (rule: EligibilityReviewRule): Fraction {
  const spare = BigInt(rule.priceMarksMilli) + BigInt(rule.capabilityMarksMilli) - BigInt(rule.passMarkMilli)
  const slope = BigInt(rule.slopeMilli)
  return { over: (BigInt(rule.referenceRatePpm) - 50n) * slope - spare * 10_000n, under: slope }
}
