/**
 * The unit of a tender's price competition. Base amount, preliminary, planned and floor prices, bids and the award are whole
 * numbers of 10^−decimals won: of won, or of hundredths of a won (단가입찰, whose prices KONEPS makes up at the third decimal).
 * All rules count in that unit and need not know it; what meets it from outside, whole won and text, is converted here.
 */
import { isAmountWon } from './bid.ts'
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

const WON_TEXT = /^(\d{1,3}(,\d{3})*|\d+)(\.\d+)?$/

/** An amount in won as people write it, thousands set apart or not, in units; null for no amount, or for more decimals: nothing is rounded. */
export function readAmount (text: string, decimals: PriceDecimals): number | null {
  const units = WON_TEXT.test(text) ? readDecimals(text, decimals) : Number.NaN
  return isAmountWon(units) ? units : null
}

/** Decimal text → whole units of 10^-places; exact, since no number with a fraction comes in between. */
export function readDecimals (text: string, places: number): number {
  const fraction = places === 0 ? '' : `(?:\\.(?<part>\\d{1,${places}}))?`
  const match = new RegExp(`^(?<whole>\\d{1,16})${fraction}$`).exec(text.replaceAll(',', ''))
  if (match?.groups === undefined) return Number.NaN
  const units = Number(`${match.groups['whole']}${(match.groups['part'] ?? '').padEnd(places, '0')}`)
  return Number.isSafeInteger(units) ? units : Number.NaN
}

/** Hundred-thousandths of a whole as percent with three decimals: 87745 → 87.745. */
export function rateText (milliPercent: number): string {
  return `${Math.floor(milliPercent / 1000)}.${String(milliPercent % 1000).padStart(3, '0')}`
}
