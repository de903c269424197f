/** Rates in parts per million as percent, with all four decimals: 877450 → 87.7450. */
import { PPM } from './rounding.ts'

const PPM_PER_PERCENT = 10_000n

export function percentText (ppm: number | bigint): string {
  const parts = BigInt(ppm)
  return `${(parts / PPM_PER_PERCENT).toLocaleString('en-US')}.${String(parts % PPM_PER_PERCENT).padStart(4, '0')}`
}

/** What share of `base` an amount is, in percent, cut off after four decimals; both in one unit, `base` positive. */
export function shareText ({ amount, base }: { amount: number, base: number }): string {
  return percentText(BigInt(amount) * BigInt(PPM) / BigInt(base))
}
