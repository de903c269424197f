/**
 * The opening (개찰) as a pure function: bids and numbered prices in; planned price, floor, rows, ranks and outcome out.
 * The order in which bids are handed over never matters, no bid can make it fail, and the same input gives the same
 * record in the server, in `bongin verify` and in any second program. It works on columns; rows are made when they are written.
 */
import { aValueWon } from './a-value.ts'
import { type OpenedBid, PRELIMINARY_PRICE_COUNT, type RemarkCode, isAmountWon, type Picks } from './bid.ts'
import { at, type BidColumns, columnsOf, picksOf, supplierIdOf } from './bid-columns.ts'
import { duplicateOutcomes } from './duplicates.ts'
import { countPicks, drawNumbers, drawOrder, drawsPrices, plannedPrice, priceRange, type RandomSource } from './draw.ts'
import type { NoticeTerms, PriceTerms } from './notice.ts'
import type { OpeningRecord, PriceResult } from './opening.ts'
import { rowsOf } from './opening-rows.ts'
import { floorPrice, netCostFloor } from './price.ts'
import { classify, competitionRanks } from './ranking.ts'
import { type CompetitionPolicy, DEFAULT_COMPETITION } from './rule-sets.ts'

export type OpenedTender = Pick<OpeningRecord, 'prices' | 'rows' | 'outcome' | 'outcomeReason' | 'tieOrder'>

interface Judgement {
  terms: NoticeTerms
  /** Numbered prices, units: 15 or 1, none with price method `none`; null where the sealed prices cannot be used. */
  preliminaryPricesWon: readonly number[] | null
  tieSource: RandomSource
  competition?: CompetitionPolicy
}

export type OpenTenderInput = Judgement & { bids: readonly OpenedBid[] }

/** Remarks of open bids, by the code in `RankedBids.remarks`. */
export const OPEN_REMARKS = ['normal', 'abovePlanned', 'belowFloor', 'belowNetCost', 'unpriced'] as const satisfies readonly RemarkCode[]
const REMARK = { normal: 0, abovePlanned: 1, belowFloor: 2, belowNetCost: 3, unpriced: 4 } as const

/** A whole opening without its rows: which bid stands in which, with which rank and remark. */
export interface RankedBids extends Omit<OpenedTender, 'rows'> {
  columns: BidColumns
  /** As the columns say it, and `duplicate-member` besides. */
  outcomes: Uint8Array
  /** Places in the columns, in the order of the rows. */
  order: Uint32Array
  /** By row; 0 for none. */
  ranks: Uint32Array
  /** By place in the columns; of open bids, an index into `OPEN_REMARKS`. */
  remarks: Uint8Array
}

export function openTender ({ bids, ...judgement }: OpenTenderInput): OpenedTender {
  const ranked = rankBids(columnsOf(bids), judgement)
  const { prices, outcome, outcomeReason, tieOrder } = ranked
  return { prices, rows: [...rowsOf(ranked)], outcome, outcomeReason, tieOrder }
}

export function rankBids (columns: BidColumns, { terms, preliminaryPricesWon, tieSource, competition = DEFAULT_COMPETITION }: Judgement): RankedBids {
  const outcomes = duplicateOutcomes(columns)
  const open = placesWhere(columns.count, (index) => outcomes[index] === 0)
  const usable = arePricesUsable(terms.price, preliminaryPricesWon, aValueWon(terms))
  const prices = priceResult(terms, picksAt(columns, open), usable ? preliminaryPricesWon : null)
  const remarks = new Uint8Array(columns.count)
  for (const index of open) remarks[index] = REMARK[usable ? classify(at(columns.amounts, index), prices) : 'unpriced']
  const groups = sortOpen(columns, { open, remarks, tieSource })
  const order = joined(groups.ranked, groups.others, placesWhere(columns.count, (index) => outcomes[index] !== 0))
  const ranks = new Uint32Array(columns.count)
  ranks.set(competitionRanks(Array.from(groups.ranked, (index) => at(columns.amounts, index))))
  const { outcome, outcomeReason } = judge({ bidCount: columns.count, open, remarks, usable, policy: competition })
  const first = ranks.subarray(0, groups.ranked.length).findLastIndex((rank) => rank === 1) + 1
  const tieOrder = outcome === 'ranked' ? Array.from(order.subarray(0, first), (index) => supplierIdOf(columns, index)) : []
  return { columns, outcomes, order, ranks, remarks, prices, outcome, outcomeReason, tieOrder }
}

/**
 * Whether these prices can carry an opening: as many as the method wants, each an amount above the A value, and 15 prices
 * within the range of the notice. Sealed prices can be looked at only now; clients ask the same before they seal.
 */
export function arePricesUsable (
  { method, baseAmountWon, rangePpm }: Pick<PriceTerms, 'method' | 'baseAmountWon' | 'rangePpm'>,
  pricesWon: readonly number[] | null,
  aWon = 0
): boolean {
  if (method === 'none') return true
  if (pricesWon === null || !pricesWon.every((won) => isAmountWon(won) && won > aWon)) return false
  if (method === 'single-sealed') return pricesWon.length === 1
  if (pricesWon.length !== PRELIMINARY_PRICE_COUNT || baseAmountWon === null) return false
  const { lowestWon, highestWon } = priceRange(baseAmountWon, rangePpm)
  return pricesWon.every((won) => won >= lowestWon && won <= highestWon)
}

function placesWhere (count: number, holds: (index: number) => boolean): Uint32Array {
  const places = new Uint32Array(count)
  let found = 0
  for (let index = 0; index < count; index++) if (holds(index)) places[found++] = index
  return places.subarray(0, found)
}

function joined (...parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0))
  let from = 0
  for (const part of parts) {
    whole.set(part, from)
    from += part.length
  }
  return whole
}

function * picksAt (columns: BidColumns, places: Uint32Array): Generator<Picks> {
  for (const index of places) {
    const picks = picksOf(columns, index)
    if (picks !== null) yield picks
  }
}

/** `pricesWon` is null where there are no usable prices; the picks are counted all the same. */
function priceResult (terms: NoticeTerms, picks: Iterable<Picks>, pricesWon: readonly number[] | null): PriceResult {
  const { method, baseAmountWon } = terms.price
  const draws = drawsPrices(method)
  const pickCounts = draws ? countPicks(picks) : []
  if (method === 'none' || pricesWon === null) {
    return { preliminaryPricesWon: [], pickCounts, drawnNumbers: [], plannedPriceWon: null, floorPriceWon: null, netCostFloorWon: null }
  }
  const drawnNumbers = draws ? drawNumbers(pickCounts) : []
  // A single planned price is the agency's own figure; rounding is for means.
  const plannedPriceWon = plannedPrice(pricesWon, draws ? drawnNumbers : [1], draws ? terms.price.plannedPriceRounding : 'up-1')
  const { floorRatePpm, netCostWon } = terms
  return {
    preliminaryPricesWon: pricesWon,
    pickCounts,
    drawnNumbers,
    plannedPriceWon,
    floorPriceWon: floorRatePpm === 0 ? null : floorPrice({ plannedPriceWon, aValueWon: aValueWon(terms), floorRatePpm }),
    netCostFloorWon: netCostWon === null || baseAmountWon === null ? null : netCostFloor({ netCostWon, baseAmountWon, plannedPriceWon })
  }
}

/** As KONEPS shows them: bids above the planned price keep a rank, after every valid one; the others follow by falling amount. */
function sortOpen (columns: BidColumns, { open, remarks, tieSource }: { open: Uint32Array, remarks: Uint8Array, tieSource: RandomSource }):
{ ranked: Uint32Array, others: Uint32Array } {
  const { amounts } = columns
  const rising = (a: number, b: number): number => at(amounts, a) - at(amounts, b) || a - b
  const falling = (a: number, b: number): number => at(amounts, b) - at(amounts, a) || a - b
  const valid = drawEquals(columns, open.filter((index) => remarks[index] === REMARK.normal).sort(rising), tieSource)
  const above = open.filter((index) => remarks[index] === REMARK.abovePlanned).sort(rising)
  const others = open.filter((index) => remarks[index] !== REMARK.normal && remarks[index] !== REMARK.abovePlanned).sort(falling)
  return { ranked: joined(valid, above), others }
}

/** Every group of equal amounts in the order of its draw, the lowest group drawn first. */
function drawEquals (columns: BidColumns, rising: Uint32Array, tieSource: RandomSource): Uint32Array {
  for (let from = 0, to = 0; from < rising.length; from = to) {
    while (to < rising.length && columns.amounts[at(rising, to)] === columns.amounts[at(rising, from)]) to++
    if (to - from === 1) continue
    const bySupplier = Map.groupBy(rising.subarray(from, to), (index) => supplierIdOf(columns, index))
    rising.set(drawOrder([...bySupplier.keys()], tieSource).flatMap((supplierId) => bySupplier.get(supplierId) ?? []), from)
  }
  return rising
}

function judge (input: { bidCount: number, open: Uint32Array, remarks: Uint8Array, usable: boolean, policy: CompetitionPolicy }):
Pick<OpenedTender, 'outcome' | 'outcomeReason'> {
  const { open, remarks, policy } = input
  const counts = new Uint32Array(OPEN_REMARKS.length)
  for (const index of open) counts[at(remarks, index)] = at(counts, at(remarks, index)) + 1
  const competing = policy.belowFloorCounts ? open.length : open.length - at(counts, REMARK.belowFloor) - at(counts, REMARK.belowNetCost)
  if (input.bidCount === 0) return { outcome: 'failed', outcomeReason: 'no-bids' }
  if (competing < policy.minimumBids) return { outcome: 'failed', outcomeReason: 'fewer-than-two-valid' }
  if (!input.usable) return { outcome: 'failed', outcomeReason: 'sealed-prices-invalid' }
  if (counts[REMARK.abovePlanned] === open.length) return { outcome: 'rebid', outcomeReason: 'all-above-planned' }
  if (counts[REMARK.normal] === 0) return { outcome: 'failed', outcomeReason: 'no-valid-amount' }
  return { outcome: 'ranked', outcomeReason: null }
}
