/**
 * Published figures as whole numbers of units. JSON numbers of up to 15 significant digits keep their decimal text through
 * a parse (IEEE 754 binary64), so the text is taken apart; no price or rate is ever multiplied as a fraction.
 * A unit is 10^−decimals of what the figure counts: won, hundredths of a won, thousandths of a percent.
 */
import { UNIT_PRICE_DECIMALS } from '../../domain/unit-prices.ts'

const MAX_SIGNIFICANT_DIGITS = 15
/** Percent with four decimals is parts per million. */
const PPM_DECIMALS = 4

/** Whether the decimal text can be told from the number: not negative, no exponent, 15 significant digits at most. */
export function isExact (value: number): boolean {
  const text = String(value)
  return /^\d+(\.\d+)?$/.test(text) && text.replace('.', '').replace(/^0+/, '').length <= MAX_SIGNIFICANT_DIGITS
}

export function decimalsOf (value: number): number {
  return String(value).split('.')[1]?.length ?? 0
}

/** An exact figure in units of 10^−decimals; further decimals are cut off (rates of published tables are truncated). */
export function unitsOf (value: number, decimals: number): number {
  const [whole = '0', part = ''] = String(value).split('.')
  return Number(whole + part.slice(0, decimals).padEnd(decimals, '0'))
}

/** The other way, to show and to compare a result: equal figures give equal numbers. */
export function figureOf (units: number, decimals: number): number {
  if (decimals === 0) return units
  const digits = String(units).padStart(decimals + 1, '0')
  return Number(`${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`)
}

/** Percent as parts per million: 87.745 → 877450. */
export function ppmOf (percent: number): number {
  return unitsOf(percent, PPM_DECIMALS)
}

/** Decimals of the unit in which a tender's prices are whole: none for whole won, else hundredths of a won or finer. */
export function unitDecimals (prices: readonly number[]): number {
  const most = Math.max(0, ...prices.map(decimalsOf))
  return most === 0 ? 0 : Math.max(UNIT_PRICE_DECIMALS, most)
}
