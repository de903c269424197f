/**
 * What statistics count: tenders that were opened or failed at their time, in cells by month and one dimension at a time.
 * Rates are parts per million, truncated as bid rates are; their mean comes from the exact sum.
 */
import type { Instant } from './ids.ts'
import { PPM, scaleDown } from './rounding.ts'
import { KST_OFFSET_MS } from './time.ts'
import type { AwardMethod, TenderKind } from './notice.ts'

export const DIMENSIONS = ['all', 'kind', 'method', 'agency', 'region', 'competition', 'award-rate'] as const
export type Dimension = typeof DIMENSIONS[number]

/** The region of a tender that anybody in the country may bid for. */
export const NATIONWIDE = 'nationwide'
/** Lower bounds of the classes of tenders by their number of bids. */
export const COMPETITION_CLASSES = [0, 1, 2, 3, 6, 11, 21, 51, 101] as const
/** Width of a class of award rates: half a percent. */
export const RATE_CLASS_PPM = 5_000
/** Rates below and above these share one class. */
export const LOWEST_RATE_CLASS_PPM = 600_000
export const HIGHEST_RATE_CLASS_PPM = 1_000_000

export const MONTH_PATTERN = '^20[0-9]{2}-(0[1-9]|1[0-2])$'

/** What one tender adds to each of its cells. */
export interface Counts { tenders: number, failed: number, awarded: number, competed: number, bids: number, rated: number, ratePpmSum: number }
export const NO_COUNTS: Counts = { tenders: 0, failed: 0, awarded: 0, competed: 0, bids: 0, rated: 0, ratePpmSum: 0 }

export interface Cell { dimension: Dimension, value: string }

/** The month in Korea, `2026-11`. */
export function monthOf (at: Instant): string {
  return new Date(at + KST_OFFSET_MS).toISOString().slice(0, 7)
}

/** The month so many months before (negative) or after. */
export function monthAfter (month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String(count % 12 + 1).padStart(2, '0')}`
}

/** Months from … until, both included. */
export function monthsBetween (from: string, until: string): number {
  const count = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5))
  return count(until) - count(from) + 1
}

/** award ÷ planned price, both in the same unit, in parts per million, truncated. */
export function awardRatePpm ({ award, plannedPrice }: { award: number, plannedPrice: number }): number {
  return scaleDown({ value: award, by: PPM, over: plannedPrice })
}

/** Lower bound of the class that a rate falls in; 0 for all below the lowest class. */
export function rateClassOf (ppm: number): number {
  if (ppm < LOWEST_RATE_CLASS_PPM) return 0
  return Math.min(HIGHEST_RATE_CLASS_PPM, Math.floor(ppm / RATE_CLASS_PPM) * RATE_CLASS_PPM)
}

export function competitionClassOf (bids: number): number {
  return COMPETITION_CLASSES.findLast((least) => bids >= least) ?? 0
}

/** Where a tender is counted whatever came out of it; a tender of several regions counts in each. */
export function cellsOf ({ kind, method, agencyId, regions }: {
  kind: TenderKind, method: AwardMethod, agencyId: string, regions: readonly string[]
}): Cell[] {
  return [
    { dimension: 'all', value: '' },
    { dimension: 'kind', value: kind },
    { dimension: 'method', value: method },
    { dimension: 'agency', value: agencyId },
    ...(regions.length === 0 ? [NATIONWIDE] : [...new Set(regions)]).map((value): Cell => ({ dimension: 'region', value }))
  ]
}
