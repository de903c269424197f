/**
 * The draws: 15 preliminary prices (복수예비가격), the four of them that the bidders' picks choose, the planned price
 * (예정가격), and the order of equal bids. Everything takes its chance from a `RandomSource`, so a second program that
 * reads the same words gets the same result. The words' origin is in `crypto/draws.ts`; the rules are in docs/rules.md.
 */
import { PRELIMINARY_PRICE_COUNT, type Picks } from './bid.ts'
import { invariant } from './errors.ts'
import type { PriceMethod, PriceTerms } from './notice.ts'
import { PPM, roundUpTo, scaleDown, scaleUp } from './rounding.ts'

/** Whether bidders pick numbers of the price draw under this method. */
export function drawsPrices (method: PriceMethod): boolean {
  return method === 'multiple-derived' || method === 'multiple-sealed'
}

/** Whether the agency's own prices are sealed to the tender's key before publication. */
export function sealsPrices (method: PriceMethod): boolean {
  return method === 'multiple-sealed' || method === 'single-sealed'
}

/** Unsigned 64-bit words, each uniform and read once. */
export interface RandomSource { next64 (): bigint }

export const DRAWN_COUNT = 4
const WORD_VALUES = 1n << 64n
const MAX_CHOICES = 2 ** 53

/**
 * A whole number of 0 … n − 1, each equally likely: words at or above the greatest multiple of n that fits in 2^64 are
 * thrown away, the rest taken modulo n. Reads at least one word, for n = 1 too.
 */
export function uniform (source: RandomSource, n: number): number {
  invariant(Number.isInteger(n) && n >= 1 && n <= MAX_CHOICES, 'a choice is among 1 to 2^53 things')
  const choices = BigInt(n)
  const limit = WORD_VALUES - WORD_VALUES % choices
  for (;;) {
    const word = source.next64()
    if (word < limit) return Number(word % choices)
  }
}

/** Fisher–Yates from the end: for i = length − 1 … 1, swaps items i and `uniform(i + 1)`. Returns a new array. */
export function shuffle<T> (items: readonly T[], source: RandomSource): T[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = uniform(source, i + 1)
    const item = shuffled[i] as T
    shuffled[i] = shuffled[j] as T
    shuffled[j] = item
  }
  return shuffled
}

/** The order in which equals come: ids sorted by their characters' codes, then shuffled; the order given is of no account. */
export function drawOrder<T extends string> (ids: readonly T[], source: RandomSource): T[] {
  return shuffle([...ids].sort((a, b) => a < b ? -1 : a > b ? 1 : 0), source)
}

/** Bounds of the range around a base amount in whole units, both inclusive, rounded into the range. */
export function priceRange (baseAmountWon: number, rangePpm: number): { lowestWon: number, highestWon: number } {
  return {
    lowestWon: scaleUp({ value: baseAmountWon, by: PPM - rangePpm, over: PPM }),
    highestWon: scaleDown({ value: baseAmountWon, by: PPM + rangePpm, over: PPM })
  }
}

/** One slot's prices in units of `priceUnitWon`, both inclusive; `last < first` where no multiple of the unit falls in it. */
export interface PriceSlot { first: number, last: number }

/**
 * The 15 slots from the lowest upwards. A span from … to falls into n slots at the bounds from + floor((to − from) × i ÷ n);
 * a slot is above its lower bound and at or below its upper one, so slots never share a price.
 * `equal-15` divides the whole range, `upper-7` and `upper-8` divide its lower and upper half apart (8 + 7, 7 + 8).
 */
export function priceSlots (price: Pick<PriceTerms, 'baseAmountWon' | 'rangePpm' | 'slotPlan' | 'priceUnitWon'>): PriceSlot[] {
  const { baseAmountWon, priceUnitWon, slotPlan } = price
  invariant(baseAmountWon !== null, 'preliminary prices lie around a base amount')
  const { lowestWon, highestWon } = priceRange(baseAmountWon, price.rangePpm)
  if (slotPlan === 'equal-15') return slotsBetween({ from: lowestWon, to: highestWon, count: PRELIMINARY_PRICE_COUNT, unit: priceUnitWon })
  const above = slotPlan === 'upper-7' ? 7 : 8
  return [
    ...slotsBetween({ from: lowestWon, to: baseAmountWon, count: PRELIMINARY_PRICE_COUNT - above, unit: priceUnitWon }),
    ...slotsBetween({ from: baseAmountWon, to: highestWon, count: above, unit: priceUnitWon })
  ]
}

function slotsBetween ({ from, to, count, unit }: { from: number, to: number, count: number, unit: number }): PriceSlot[] {
  const bound = (i: number): number => from + scaleDown({ value: to - from, by: i, over: count })
  return Array.from({ length: count }, (_, i) => ({ first: Math.floor(bound(i) / unit) + 1, last: Math.floor(bound(i + 1) / unit) }))
}

/**
 * The 15 numbered prices, units (price number k is item k − 1). For each slot from the lowest upwards one multiple of the
 * unit is drawn, `first + uniform(last − first + 1)`; then the 15 are shuffled, which gives them their numbers.
 * `notice-rules.ts` refuses terms under which a slot holds no multiple of the unit.
 */
export function derivePreliminaryPrices (price: PriceTerms, source: RandomSource): number[] {
  const rising = priceSlots(price).map(({ first, last }) => {
    invariant(first <= last, 'every slot holds a price')
    return (first + uniform(source, last - first + 1)) * price.priceUnitWon
  })
  return shuffle(rising, source)
}

/** How often each number was picked (추첨번호); number k is item k − 1. */
export function countPicks (picks: Iterable<Picks>): number[] {
  const counts = new Array<number>(PRELIMINARY_PRICE_COUNT).fill(0)
  for (const pair of picks) {
    for (const number of pair) counts[number - 1] = (counts[number - 1] ?? 0) + 1
  }
  invariant(counts.length === PRELIMINARY_PRICE_COUNT, 'picks are numbers of 1 to 15')
  return counts
}

/** The four numbers drawn: most picked first, equals by the lower number, so unpicked numbers fill up from the lowest. */
export function drawNumbers (pickCounts: readonly number[]): [number, number, number, number] {
  const [a, b, c, d] = pickCounts.map((count, index) => ({ count, number: index + 1 }))
    .sort((x, y) => y.count - x.count || x.number - y.number)
    .map(({ number }) => number)
  invariant(a !== undefined && b !== undefined && c !== undefined && d !== undefined, `at least ${DRAWN_COUNT} numbers to draw from`)
  return [a, b, c, d]
}

/**
 * Mean of the drawn prices, units, rounded as the notice says. `up-1` and `down-1` are to the tender's unit: KONEPS goes up to
 * the won, and in unit-price tenders up to the hundredth of a won. `up-1000` counts won: only tenders in whole won have it.
 */
export function plannedPrice (pricesWon: readonly number[], drawn: readonly number[], rounding: PriceTerms['plannedPriceRounding']): number {
  const sum = drawn.reduce((total, number) => {
    const price = pricesWon[number - 1]
    invariant(price !== undefined, 'a drawn number has a price')
    return total + price
  }, 0)
  const mean = { value: sum, by: 1, over: drawn.length }
  switch (rounding) {
    case 'up-1': return scaleUp(mean)
    case 'up-1000': return roundUpTo(scaleUp(mean), 1000)
    case 'down-1': return scaleDown(mean)
  }
}
