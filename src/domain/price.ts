/**
 * Prices that follow from the planned price (예정가격): floor price (낙찰하한가), net-cost floor (순공사원가의 98 %) and the
 * bid rate (투찰률). Amounts are whole units of the tender (won, or hundredths of one), rates parts per million; every rounding
 * is to the unit and checked against published openings (docs/rules.md). Up to 10^15 units nothing overflows.
 */
import { PPM, scaleDown, scaleUp } from './rounding.ts'
import { WORKS_NET_COST } from './rule-sets/policies.ts'

const MILLI_PERCENT = 100_000
export const MAX_RATE_MILLI_PERCENT = 1_000_000_000

/** The lowest valid amount: ceil((planned − A) × rate) + A, units. */
export function floorPrice (input: { plannedPriceWon: number, aValueWon: number, floorRatePpm: number }): number {
  const { plannedPriceWon, aValueWon, floorRatePpm } = input
  return scaleUp({ value: plannedPriceWon - aValueWon, by: floorRatePpm, over: PPM }) + aValueWon
}

/**
 * amount ÷ planned price in thousandths of a percent (87.745 % = 87745), truncated. No bid may stop an opening, so a rate
 * past 1,000,000 % (a slip of the keyboard against a price of a few won) is shown as 1,000,000 %.
 */
export function bidRateMilliPercent (amountWon: number, plannedPriceWon: number): number {
  const whole = scaleDown({ value: amountWon, by: 1, over: plannedPriceWon })
  if (whole * MILLI_PERCENT >= MAX_RATE_MILLI_PERCENT) return MAX_RATE_MILLI_PERCENT
  return scaleDown({ value: amountWon, by: MILLI_PERCENT, over: plannedPriceWon })
}

/** The lowest amount that the net-cost rule lets pass, won: the net cost moved with the planned price, then 98 % of it, each rounded up. */
export function netCostFloor (input: { netCostWon: number, baseAmountWon: number, plannedPriceWon: number }): number {
  const plannedNetCost = scaleUp({ value: input.netCostWon, by: input.plannedPriceWon, over: input.baseAmountWon })
  return scaleUp({ value: plannedNetCost, by: WORKS_NET_COST.ratePpm, over: PPM })
}
