/**
 * Policies that sets share: how prices are made up under each law and in each institution, what makes a competition, and
 * the net-cost rule. Rates are parts per million, steps whole units of 10^−decimals won.
 */
import type { BalancedPriceRule, Law } from '../notice.ts'
import type { CompetitionPolicy, NetCostPolicy, PriceRange, PriceSteps } from './shape.ts'

/**
 * Range of the 15 preliminary prices around the base amount, and where in it they lie: ±2 % in equal slots (국가계약법),
 * ±3 % with seven above and eight below (지방계약법). As published openings have them.
 */
export const PRICE_RANGES: Readonly<Record<Law, PriceRange>> = {
  national: { rangePpm: 20_000, slotPlan: 'equal-15' },
  local: { rangePpm: 30_000, slotPlan: 'upper-7' }
}

/** Whose prices are made up in which steps. */
export const INSTITUTIONS = ['koneps-lump-sum', 'koneps-unit-price', 'lh', 'kepco', 'k-water', 'defence', 'rail'] as const
export type Institution = typeof INSTITUTIONS[number]
export const DEFAULT_INSTITUTION: Institution = 'koneps-lump-sum'

/**
 * Step of a preliminary price, and how a mean that is no whole number becomes the planned price. Outside KONEPS only the
 * mean is published; prices are taken in steps of 100 won as there. KONEPS makes up unit prices at
 * the third decimal, and their means too: published ones are whole hundredths, rounded up.
 */
export const PRICE_POLICIES: Readonly<Record<Institution, PriceSteps>> = {
  'koneps-lump-sum': { decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'up-1' },
  'koneps-unit-price': { decimals: 2, priceUnitWon: 1, plannedPriceRounding: 'up-1' },
  lh: { decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'up-1000' },
  kepco: { decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'up-1' },
  'k-water': { decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'up-1' },
  defence: { decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'down-1' },
  rail: { decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'down-1' }
}

/** Two bids make a competition, and bids below the floor count: the second is not written anywhere, but published results have it so. */
export const DEFAULT_COMPETITION: CompetitionPolicy = { minimumBids: 2, belowFloorCounts: true }

/**
 * Where a notice names a balanced price (균형가격) and no more: 40 % of the highest and 20 % of the lowest bids are left out from
 * ten bids on. Practice as reported; the criteria's own text was not at hand (docs/rules.md).
 */
export const DEFAULT_BALANCED_PRICE: BalancedPriceRule = { dropHighestPpm: 400_000, dropLowestPpm: 200_000, minimumBids: 10 }

/** 98 % of the net cost, works below ten billion won (국가계약법 시행령 제42조). */
export const WORKS_NET_COST: NetCostPolicy = { belowWon: 10_000_000_000, ratePpm: 980_000 }

/** Negotiated contracts (협상에 의한 계약): technical marks of 100, the rest being the price's; the notice takes one of them. */
export const NEGOTIATED_TECHNICAL_MARKS_MILLI: readonly number[] = [80_000, 90_000]

/** What every set of a law has in common. */
export function commonTo (law: Law): { law: Law, price: PriceRange & PriceSteps, competition: CompetitionPolicy } {
  return { law, price: { ...PRICE_RANGES[law], ...PRICE_POLICIES[DEFAULT_INSTITUTION] }, competition: DEFAULT_COMPETITION }
}
