/**
 * A day's bids, drawn from public figures with a seeded generator: the same seed gives the same day. Bidders per tender and
 * the share of bids in the last hour are those of 519 openings that KONEPS published for 2025 (22,023 bids, median 46 a
 * tender, 11.5 % in the last hour); 1,500 is the most tenders that close within one hour.
 */
import { PRELIMINARY_PRICE_COUNT, type Picks } from '../../src/domain/bid.ts'

export const TENDERS_AT_ONCE = 1_500
export const LAST_HOUR_SHARE = 0.12

/** Bidders of a tender at every twentieth of the published openings, the smallest first. */
const BIDDERS_BY_TWENTIETH = [1, 4, 5, 11, 14, 16, 18, 30, 37, 43, 46, 49, 54, 59, 63, 65, 69, 72, 75, 77, 90] as const
export const MOST_BIDDERS = 90

export interface PlannedBid {
  tender: number
  supplier: number
  amountWon: number
  picks: Picks
  /** null: before the last hour; else when within it, 0 … 1, ever denser towards the deadline. */
  lastHour: number | null
}

export interface DayPlan { bidders: number[], bids: PlannedBid[] }

/** @param suppliers at least `MOST_BIDDERS`, so that nobody bids twice for one tender. */
export function planDay ({ tenders, suppliers, baseAmountWon, seed }: {
  tenders: number, suppliers: number, baseAmountWon: number, seed: number
}): DayPlan {
  const random = randomOf(seed)
  const whole = (below: number): number => Math.floor(random() * below)
  const bidders = Array.from({ length: tenders }, () => sizeAt(random()))
  const bids = bidders.flatMap((count, tender) => {
    const first = whole(suppliers)
    return Array.from({ length: count }, (_, n): PlannedBid => {
      const pick = 1 + whole(PRELIMINARY_PRICE_COUNT)
      return {
        tender,
        supplier: (first + n) % suppliers,
        amountWon: Math.round(baseAmountWon * (0.86 + 0.05 * random())),
        picks: [pick, 1 + (pick + whole(PRELIMINARY_PRICE_COUNT - 1)) % PRELIMINARY_PRICE_COUNT],
        lastHour: random() < LAST_HOUR_SHARE ? 1 - random() ** 2 : null
      }
    })
  })
  return { bidders, bids: bids.sort((a, b) => (a.lastHour ?? -1) - (b.lastHour ?? -1)) }
}

/** Between the twentieths as the crow flies. */
function sizeAt (quantile: number): number {
  const place = quantile * (BIDDERS_BY_TWENTIETH.length - 1)
  const below = BIDDERS_BY_TWENTIETH[Math.floor(place)] ?? 1
  const above = BIDDERS_BY_TWENTIETH[Math.ceil(place)] ?? below
  return Math.round(below + (above - below) * (place - Math.floor(place)))
}

/** Numbers from 0 to below 1 (mulberry32): for a load, not for secrets. */
function randomOf (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ state >>> 15, state | 1)
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61)
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}
