/**
 * How the planned price came of the draw, as steps that a reader can follow: the numbers drawn, how often each was picked, their
 * prices, the mean and its rounding. All of it is in the opening record; only the sum is added here, exactly.
 */
import type { NoticeTerms, PriceDecimals } from '../domain/notice.ts'
import type { PriceResult } from '../domain/opening.ts'
import { amountText } from '../domain/price-unit.ts'
import type { Texts } from './texts/ko.ts'

export interface Draw {
  decimals: PriceDecimals
  drawn: Array<{ number: number, picked: number, price: string }>
  /** The exact mean, before rounding: `29,678,000.25`. */
  mean: string
  plannedPrice: string
  rounding: NoticeTerms['price']['plannedPriceRounding']
}

/** null where nothing is drawn. */
export function drawOf ({ drawnNumbers, pickCounts, preliminaryPricesWon, plannedPriceWon }: PriceResult, {
  decimals, plannedPriceRounding
}: { decimals: PriceDecimals, plannedPriceRounding: Draw['rounding'] }): Draw | null {
  if (drawnNumbers.length === 0 || plannedPriceWon === null) return null
  const priceOf = (number: number): number => preliminaryPricesWon[number - 1] ?? 0
  return {
    decimals,
    drawn: drawnNumbers.map((number) => ({ number, picked: pickCounts[number - 1] ?? 0, price: amountText(priceOf(number), decimals) })),
    mean: meanText(drawnNumbers.map(priceOf), decimals),
    plannedPrice: amountText(plannedPriceWon, decimals),
    rounding: plannedPriceRounding
  }
}

/** A mean of four has at most two decimals more than its parts; none is lost. */
function meanText (prices: readonly number[], decimals: PriceDecimals): string {
  const sum = prices.reduce((total, price) => total + BigInt(price), 0n)
  const hundredths = sum * 100n / BigInt(prices.length)
  const digits = String(hundredths).padStart(3 + decimals, '0')
  const cut = digits.length - 2 - decimals
  const [whole, fraction] = [digits.slice(0, cut), digits.slice(cut).replace(/0+$/, '')]
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === '' ? grouped : `${grouped}.${fraction}`
}

/** How the mean became the planned price, in the reader's words. */
export function roundingText ({ rounding, decimals }: Draw, t: Texts): string {
  switch (rounding) {
    case 'up-1000': return t.roundedUp1000
    case 'up-1': return decimals === 0 ? t.roundedUp1 : t.roundedUp001
    case 'down-1': return decimals === 0 ? t.roundedDown1 : t.roundedDown001
  }
}
