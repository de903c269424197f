/**
 * The unit of a tender's price competition. Base amount, preliminary, planned and floor prices, bids and the award are whole
 * numbers of 10^−decimals won: of won, or of hundredths of a won (단가입찰, whose prices KONEPS makes up at the third decimal).
 * All rules count in that unit and need not know it; what meets it from outside, whole won and text, is converted here.
 */
import { PRICE_DECIMALS, type PriceDecimals } from './notice.ts'

export function isPriceDecimals (value: number): value is PriceDecimals {
  return (PRICE_DECIMALS as readonly number[]).includes(value)
}

/** Units in one won: 1 or 100. */
export function unitsPerWon (decimals: PriceDecimals): number {
  return 10 ** decimals
}

/** A whole number of units in won, thousands set apart, with all of its decimals: 15152055, 2 → 151,520.55. */
export function amountText (units: number, decimals: PriceDecimals): string {
  const perWon = unitsPerWon(decimals)
  const whole = Math.floor(units / perWon).toLocaleString('en-US')
  return decimals === 0 ? whole : `${whole}.${String(units % perWon).padStart(decimals, '0')}`
}
