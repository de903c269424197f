/**
 * Published results computed again by the code that the server runs: a record becomes terms, numbered prices and bids, and
 * `openTender` does the rest. An opening is held with price method `multiple-sealed`; where its draw cannot be repeated,
 * and for works, whose draws are not published, the published planned price is the one sealed price. Prices are whole
 * units of 10^−decimals won, so unit-price tenders (단가) run through the same code as whole won.
 */
import { isAmountWon, REMARKS, type OpenedBid } from '../../domain/bid.ts'
import type { RandomSource } from '../../domain/draw.ts'
import { invariant } from '../../domain/errors.ts'
import type { Sha256Hex, SupplierId } from '../../domain/ids.ts'
import { openTender, type OpenedTender } from '../../domain/open-tender.ts'
import type { OpeningRow } from '../../domain/opening.ts'
import { PPM, scaleUp } from '../../domain/rounding.ts'
import { figureOf, ppmOf, unitDecimals, unitsOf } from './decimals.ts'
import { RecordProblem } from './faults.ts'
import { identifyDrawn, numberPrices } from './number-prices.ts'
import { WORKS_NET_COST } from '../../domain/rule-sets/policies.ts'
import { OUTSIDE_REMARKS, picksOf, type KonepsBid, type KonepsOpening, type WorksFloor } from './published.ts'
import { replayTerms } from './terms.ts'

/** Half-widths of the price range that notices use, parts per million. */
const RANGES_PPM = [20_000, 30_000]
/** Which of several equals comes first is not published, so any order will do. */
const ANY_ORDER: RandomSource = { next64: () => 0n }

export interface Replayed {
  opened: OpenedTender
  /** The rows in the order of the published bids. */
  rows: readonly OpeningRow[]
  /** Decimals of the unit of every price in `opened` and `rows`. */
  decimals: number
  /** Won; null where none could be computed. */
  plannedPrice: number | null
  floorPrice: number | null
  /** How the planned price was found: drawn again, or taken as published because the draw is not, or not clearly, there. */
  draw: 'drawn' | 'none' | 'absent' | 'unclear'
}

/** @throws RecordProblem for prices past 10^15 units. */
export function replayOpening (opening: KonepsOpening): Replayed {
  const { baseAmount, plannedPrice, floorPrice, floorRatePct, preliminarySortedDesc, drawn, bidders } = opening
  const decimals = unitDecimals([baseAmount, plannedPrice, floorPrice ?? 0, ...preliminarySortedDesc, ...drawn])
  const units = (won: number): number => safeUnits(won, decimals)
  const bids = bidders.map((bid, index) => toBid(bid, index, units(bid.amount)))
  const floorRatePpm = floorRatePct === null ? 0 : ppmOf(floorRatePct)
  const drawnPrices = identifyDrawn(preliminarySortedDesc, drawn)
  const baseAmountWon = units(baseAmount)
  if (!Array.isArray(drawnPrices)) {
    const terms = replayTerms({ price: { method: 'single-sealed', baseAmountWon }, floorRatePpm })
    const replayed = hold({ terms, bids: bids.map(withoutPicks), pricesWon: [units(plannedPrice)], decimals })
    return { ...replayed, draw: drawnPrices }
  }
  const prices = preliminarySortedDesc.map(units)
  const terms = replayTerms({ price: { method: 'multiple-sealed', baseAmountWon, rangePpm: rangeOf(baseAmountWon, prices) }, floorRatePpm })
  const picks = bids.flatMap((bid) => bid.outcome === 'open' && bid.content.picks !== null ? [bid.content.picks] : [])
  return { ...hold({ terms, bids, pricesWon: numberPrices({ pricesWon: prices, drawnWon: drawnPrices.map(units), picks }), decimals }), draw: 'drawn' }
}

/** The bid in the first place as the only one. @throws RecordProblem for prices past 10^15 units. */
export function replayWorks (works: WorksFloor): Replayed {
  const { baseAmount, aValue, netCost, plannedPrice, floorRatePct, floorPrice, firstAmount } = works
  const decimals = unitDecimals([baseAmount ?? 0, aValue ?? 0, netCost ?? 0, plannedPrice, floorPrice ?? 0])
  const units = (won: number): number => safeUnits(won, decimals)
  const hasNetCostRule = netCost !== null && baseAmount !== null && baseAmount < WORKS_NET_COST.belowWon
  const terms = replayTerms({
    price: { method: 'single-sealed', baseAmountWon: baseAmount === null ? null : units(baseAmount) },
    floorRatePpm: floorRatePct === null ? 0 : ppmOf(floorRatePct),
    aValueWon: units(aValue ?? 0),
    netCostWon: hasNetCostRule ? units(netCost) : null
  })
  const bid: OpenedBid = { ...accepted(0), outcome: 'open', content: { amountWon: units(firstAmount), picks: null } }
  return { ...hold({ terms, bids: [bid], pricesWon: [units(plannedPrice)], decimals }), draw: 'none' }
}

function hold ({ terms, bids, pricesWon, decimals }: {
  terms: ReturnType<typeof replayTerms>, bids: readonly OpenedBid[], pricesWon: readonly number[], decimals: number
}): Omit<Replayed, 'draw'> {
  // In reverse, so that the order of the source cannot pass for the order of the rules.
  const opened = openTender({ terms, bids: bids.toReversed(), preliminaryPricesWon: pricesWon, tieSource: ANY_ORDER })
  const byBidder = new Map(opened.rows.map((row) => [row.supplierId, row]))
  const rows = bids.map(({ supplierId }) => {
    const row = byBidder.get(supplierId)
    invariant(row !== undefined, 'every bid has its row')
    return row
  })
  const { plannedPriceWon, floorPriceWon } = opened.prices
  const figure = (units: number | null): number | null => units === null ? null : figureOf(units, decimals)
  return { opened, rows, decimals, plannedPrice: figure(plannedPriceWon), floorPrice: figure(floorPriceWon) }
}

function safeUnits (won: number, decimals: number): number {
  const units = unitsOf(won, decimals)
  if (units === 0 || isAmountWon(units)) return units
  throw new RecordProblem({ en: `${won} won is past what can be computed exactly.`, ko: `${won}원은 정확히 계산할 수 있는 범위를 넘습니다.` })
}

/** The notice's range is not published with the results: the narrower of the two in use that holds all prices, else just as wide as they are. */
export function rangeOf (baseAmountWon: number, pricesWon: readonly number[]): number {
  const widest = Math.max(...pricesWon.map((won) => Math.abs(won - baseAmountWon)))
  const needed = scaleUp({ value: widest, by: PPM, over: baseAmountWon })
  return RANGES_PPM.find((rangePpm) => needed <= rangePpm) ?? needed
}

/**
 * A bid without an amount was withdrawn, or turned down before the opening; one that a remark from outside leaves without
 * a place was turned down too. Such bids are void: they have no place, and nobody moves a place because of them.
 */
function toBid (bid: KonepsBid, index: number, amountWon: number): OpenedBid {
  if (bid.amount === 0) return { ...accepted(index), outcome: 'void', reason: bid.remark === REMARKS.withdrawn ? 'withdrawn' : 'invalid-amount' }
  if (bid.rank <= 0 && bid.remark !== null && OUTSIDE_REMARKS.includes(bid.remark)) return { ...accepted(index), outcome: 'void', reason: 'invalid-amount' }
  return { ...accepted(index), outcome: 'open', content: { amountWon, picks: picksOf(bid) } }
}

function withoutPicks (bid: OpenedBid): OpenedBid {
  return bid.outcome === 'open' ? { ...bid, content: { ...bid.content, picks: null } } : bid
}

/** Published bids were never sealed. */
const NO_ENVELOPE = '0'.repeat(64) as Sha256Hex

/** The place in the source stands in for the bidder, who may appear twice, and for the time of acceptance, which may lack its seconds. */
function accepted (index: number): Pick<OpenedBid, 'leafIndex' | 'supplierId' | 'envelopeSha256' | 'acceptedAt' | 'members'> {
  return { leafIndex: index, supplierId: String(index).padStart(10, '0') as SupplierId, envelopeSha256: NO_ENVELOPE, acceptedAt: index, members: [] }
}
