/**
 * Published figures beside the computed ones: every figure becomes one finding, which agrees, differs, or is not compared
 * for a reason. Planned and floor price are found once a tender; rate, rank and remark once a row.
 */
import { REMARKS } from '../../domain/bid.ts'
import type { OpeningRow } from '../../domain/opening.ts'
import { bidRateMilliPercent } from '../../domain/price.ts'
import { decimalsOf, figureOf, unitsOf } from './decimals.ts'
import { OUTSIDE_REMARKS, type KonepsBid, type KonepsOpening, type WorksFloor } from './published.ts'
import type { Reason } from './reasons.ts'
import type { Replayed } from './recompute.ts'

export const MEASURES = ['plannedPrice', 'floorPrice', 'rate', 'rank', 'remark'] as const
export type Measure = typeof MEASURES[number]
export type Figure = number | string | null

export interface Finding {
  measure: Measure
  /** What differs, where it is not the measured figure itself. */
  what?: 'drawnNumbers'
  /** Index and name of the row; null for figures of the tender. */
  row: number | null
  bidder: string | null
  expected: Figure
  computed: Figure
  agrees: boolean
  /** Why it is not compared; null where it is. */
  reason: Reason | null
}

/** Published rates and computed ones are cut off at the thousandth of a percent. */
const RATE_DECIMALS = 3
/** Remarks that follow from the amount, or from its absence; what the code leads to stands in `REMARKS`. */
const COMPUTED_REMARKS: readonly string[] = [REMARKS.normal, REMARKS.belowFloor, REMARKS.belowNetCost, REMARKS.abovePlanned, REMARKS.withdrawn]

/** Our side; any opening of the same bids will do, also one that a server held. A row may be missing there. */
export type Computed = Pick<Replayed, 'plannedPrice' | 'floorPrice' | 'decimals' | 'draw'> & { rows: ReadonlyArray<OpeningRow | undefined> }

/** Planned price and floor, then rate, rank and remark of every row. */
export function compareOpening (opening: KonepsOpening, computed: Computed): Finding[] {
  const reasonOfPlanned = computed.draw === 'none' ? 'noDraw' : computed.draw === 'unclear' ? 'drawnUnclear' : null
  const amountsReason = opening.floorRatePct === null
    ? 'noFloorRate'
    : opening.bidders.some(({ amount }) => decimalsOf(amount) > computed.decimals) ? 'finerThanPrices' : null
  const plannedPrice = computed.draw === 'absent' ? null : computed.plannedPrice
  return [
    ofTender('plannedPrice', { expected: opening.plannedPrice, computed: plannedPrice, reason: reasonOfPlanned }),
    ofTender('floorPrice', { expected: opening.floorPrice, computed: computed.floorPrice, reason: floorReason(opening) }),
    ...opening.bidders.flatMap((bid, row) => compareBid({ opening, computed, bid, row, amountsReason }))
  ]
}

function compareBid ({ opening, computed, bid, row, amountsReason }: {
  opening: KonepsOpening, computed: Computed, bid: KonepsBid, row: number, amountsReason: Reason | null
}): Finding[] {
  const ours = computed.rows[row]
  const found = (measure: Measure, figures: Omit<Finding, 'measure' | 'row' | 'bidder'>): Finding =>
    ({ measure, row, bidder: bid.bidder, ...figures })
  const [rate, rateOfOurs] = [publishedRate(bid), ours === undefined ? null : computedRate(bid, ours, computed)]
  const [rank, rankOfOurs] = [bid.rank > 0 ? bid.rank : null, ours?.rank ?? null]
  const remark = ours === undefined ? null : REMARKS[ours.remark]
  const rateReason = rate === null ? 'notPublished' : amountsReason === 'finerThanPrices' ? amountsReason : null
  return [
    found('rate', { expected: rate, computed: rateOfOurs, agrees: rate === rateOfOurs, reason: rateReason }),
    found('rank', { expected: rank, computed: rankOfOurs, agrees: rank === rankOfOurs && ours !== undefined, reason: amountsReason }),
    // Tables that print remarks leave the cell of a bid without fault empty.
    found('remark', {
      expected: bid.remark, computed: remark, agrees: remark === (bid.remark ?? REMARKS.normal), reason: amountsReason ?? remarkReason(opening, bid)
    })
  ]
}

/** The floor, and that the bid in the first place is valid; the file gives nothing else that follows from a rule. */
export function compareWorks (works: WorksFloor, computed: Computed): Finding[] {
  const [first] = computed.rows
  const remark = first === undefined ? null : REMARKS[first.remark]
  const isFiner = decimalsOf(works.firstAmount) > computed.decimals
  const ofFirst = { row: 0, bidder: null } as const
  const unpublished = { expected: null, computed: null, agrees: false, reason: 'notPublished' } as const
  return [
    ofTender('plannedPrice', { expected: works.plannedPrice, computed: null, reason: 'noDraw' }),
    ofTender('floorPrice', { expected: works.floorPrice, computed: computed.floorPrice, reason: floorReason(works) }),
    { measure: 'rate', ...ofFirst, ...unpublished },
    { measure: 'rank', ...ofFirst, ...unpublished },
    {
      measure: 'remark',
      ...ofFirst,
      expected: REMARKS.normal,
      computed: remark,
      agrees: remark === REMARKS.normal,
      reason: works.floorRatePct === null ? 'noFloorRate' : isFiner ? 'finerThanPrices' : null
    }
  ]
}

export function ofTender (measure: Measure, { expected, computed, reason }: Pick<Finding, 'expected' | 'computed' | 'reason'>): Finding {
  return { measure, row: null, bidder: null, expected, computed, agrees: expected === computed, reason }
}

function floorReason ({ floorRatePct, floorPrice }: Pick<WorksFloor, 'floorRatePct' | 'floorPrice'>): Reason | null {
  return floorRatePct === null ? 'noFloorRate' : floorPrice === null ? 'notPublished' : null
}

/** Percent, cut off at three decimals; tables show four from 100 % up. */
function publishedRate ({ ratePct }: KonepsBid): number | null {
  return ratePct === null ? null : figureOf(unitsOf(ratePct, RATE_DECIMALS), RATE_DECIMALS)
}

function computedRate ({ amount }: KonepsBid, row: OpeningRow, { plannedPrice, decimals }: Computed): number | null {
  if (plannedPrice === null) return null
  // A void bid's row has no rate, though a table may show one.
  const milli = row.bidRateMilliPercent ?? bidRateMilliPercent(unitsOf(amount, decimals), unitsOf(plannedPrice, decimals))
  return figureOf(milli, RATE_DECIMALS)
}

/** A table whose times have no seconds prints no remarks and counts places (1, 2, 3 …) without regard to equal amounts. */
export function isPlainTable ({ bidders }: KonepsOpening): boolean {
  return bidders.every(({ at }) => /^\S+ \d{1,2}:\d{2}$/.test(at))
}

function remarkReason (opening: KonepsOpening, { remark, amount }: KonepsBid): Reason | null {
  if (remark === null) return isPlainTable(opening) ? 'noRemarks' : null
  return OUTSIDE_REMARKS.includes(remark) || (amount === 0 && !COMPUTED_REMARKS.includes(remark)) ? 'fromOutside' : null
}
