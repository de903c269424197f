/**
 * Which bids are valid and in which place. A bid is valid when it is at or above the floor price and the net-cost floor
 * and at or below the planned price; the lowest valid amount is first. Equal amounts share a rank and the next rank is
 * skipped (1, 1, 3). Limits that do not apply are null.
 */
import type { RemarkCode } from './bid.ts'
import type { PriceResult } from './opening.ts'

export type PriceLimits = Pick<PriceResult, 'plannedPriceWon' | 'floorPriceWon' | 'netCostFloorWon'>
export type Classification = Extract<RemarkCode, 'normal' | 'abovePlanned' | 'belowFloor' | 'belowNetCost'>

/** The remark (비고) of an amount; a bid that misses both floors is named by the floor price. */
export function classify (amountWon: number, limits: PriceLimits): Classification {
  if (limits.plannedPriceWon !== null && amountWon > limits.plannedPriceWon) return 'abovePlanned'
  if (limits.floorPriceWon !== null && amountWon < limits.floorPriceWon) return 'belowFloor'
  if (limits.netCostFloorWon !== null && amountWon < limits.netCostFloorWon) return 'belowNetCost'
  return 'normal'
}

/** Competition ranks, from 1, of amounts that are already in rising order. */
export function competitionRanks (risingAmountsWon: readonly number[]): number[] {
  let rank = 0
  return risingAmountsWon.map((amount, index) => {
    if (index === 0 || amount !== risingAmountsWon[index - 1]) rank = index + 1
    return rank
  })
}
