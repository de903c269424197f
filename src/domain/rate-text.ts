/** Rates in parts per million as percent, digit by digit: nothing is rounded, however many of the four decimals a rate has. */
import { PPM } from './rounding.ts'

/** Decimals of a percentage that counts parts per million. */
export const PERCENT_PLACES = 4

/** Whole units of 10^-places as decimal text, without zeros that say nothing: 877450, 4 → 87.745. */
export function decimalText (units: number, places: number): string {
  return allPlaces(BigInt(units), places).replace(/\.?0+$/, '')
}

/** A rate that somebody states: 877450 → 87.745, 877451 → 87.7451, 900000 → 90. */
export function percentText (ppm: number): string {
  return decimalText(ppm, PERCENT_PLACES)
}

/** A ratio that was cut off after the part per million; zeros stay, since they say where: 900000 → 90.0000. */
export function ratioText (ppm: number | bigint): string {
  return allPlaces(BigInt(ppm), PERCENT_PLACES)
}

/** What share of `base` an amount is, in percent, cut off after four decimals; both in one unit, `base` positive. */
export function shareText ({ amount, base }: { amount: number, base: number }): string {
  return ratioText(BigInt(amount) * BigInt(PPM) / BigInt(base))
}

function allPlaces (units: bigint, places: number): string {
  const perWhole = 10n ** BigInt(places)
  return `${(units / perWhole).toLocaleString('en-US')}.${String(units % perWhole).padStart(places, '0')}`
}
