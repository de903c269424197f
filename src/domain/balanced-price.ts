/**
 * The balanced price (균형가격) of a comprehensive evaluation (종합심사낙찰제): the mean of the valid bids, so that neither very
 * high nor very low ones move it. It follows from the opening alone: whoever is found unqualified later stays in it, or every
 * judgement would move everybody's marks.
 */
import { invariant } from './errors.ts'
import type { BalancedPriceRule } from './notice.ts'
import { meanHalfUp, PPM, scaleDown, scaleHalfUp } from './rounding.ts'

/** The most that a notice may ask for before bids are left out. */
export const MAX_MINIMUM_BIDS = 1000
/** r keeps four decimals, as against the planned price. */
const RATIO_STEP_PPM = 100
/** From this many times the balanced price on every rule gives its minimum or its flat marks, and r counts as this. */
const MAX_RATIO = 10_000

/**
 * Whole won, half up. The numbers of bids left out are cut to whole bids, so that no more go than the shares say and, since
 * the shares are less than all, one stays at least. Which of equal bids goes makes no difference.
 */
export function balancedPriceWon (rule: BalancedPriceRule, amountsWon: readonly number[]): number {
  const count = amountsWon.length
  invariant(count > 0, 'a balanced price is made of bids')
  const leftOut = (ppm: number): number => count < rule.minimumBids ? 0 : scaleDown({ value: count, by: ppm, over: PPM })
  const ascending = [...amountsWon].sort((a, b) => a - b)
  return meanHalfUp(ascending.slice(leftOut(rule.dropLowestPpm), count - leftOut(rule.dropHighestPpm)))
}

/** r = bid ÷ balanced price in ppm, rounded half up at the fifth decimal. */
export function balancedRatioPpm ({ bidWon, balancedWon }: { bidWon: number, balancedWon: number }): number {
  if (scaleDown({ value: bidWon, by: 1, over: balancedWon }) >= MAX_RATIO) return MAX_RATIO * PPM
  return scaleHalfUp({ value: bidWon, by: PPM / RATIO_STEP_PPM, over: balancedWon }) * RATIO_STEP_PPM
}
