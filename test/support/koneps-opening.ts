/** Turns a published KONEPS opening into the input of `openTender`, by way of `multiple-sealed`. */
import { numberPrices } from '../../scripts/demo/number-prices.ts'
import type { OpenedBid, Picks } from '../../src/domain/bid.ts'
import { openTender, type OpenedTender } from '../../src/domain/open-tender.ts'
import { makeTerms, openBid, supplier, voidBid } from './notice-terms.ts'
import { seededSource } from './seeded-source.ts'

export interface KonepsBid {
  rank: number
  bidder: string
  amount: number
  ratePct: number | null
  picks: number[]
  at: string
  remark: string | null
}

export interface KonepsOpening {
  noticeNo: string
  openedAt: string
  baseAmount: number
  floorRatePct: number
  plannedPrice: number
  floorPrice: number
  preliminarySortedDesc: number[]
  drawn: number[]
  bidders: KonepsBid[]
}

/** Percent with three decimals at most to parts per million; the product is off by less than a millionth. */
export const toPpm = (percent: number): number => Math.round(percent * 10_000)

export function picksOf ({ picks: [first, second] }: KonepsBid): Picks | null {
  return first === undefined || second === undefined ? null : [first, second]
}

/**
 * The place in the source stands in for the time of acceptance, some of which lack seconds. Bids are handed over in reverse, so
 * that the order of the source can't pass for the order of the rules.
 */
export function replay (opening: KonepsOpening): OpenedTender {
  const { baseAmount, preliminarySortedDesc, drawn } = opening
  const picks = opening.bidders.map(picksOf).filter((pair): pair is Picks => pair !== null)
  const widest = Math.max(...preliminarySortedDesc.map((won) => Math.abs(won - baseAmount)))
  const terms = makeTerms({
    price: { method: 'multiple-sealed', baseAmountWon: baseAmount, rangePpm: widest * 100 <= baseAmount * 2 ? 20_000 : 30_000 },
    floorRatePpm: toPpm(opening.floorRatePct)
  })
  const preliminaryPricesWon = numberPrices({ pricesWon: preliminarySortedDesc, drawnWon: drawn, picks })
  return openTender({ terms, bids: opening.bidders.map(toBid).reverse(), preliminaryPricesWon, tieSource: seededSource(1n) })
}

/** A row without an amount was withdrawn, or turned down before the opening. */
function toBid (bid: KonepsBid, index: number): OpenedBid {
  if (bid.amount === 0) return voidBid(index, bid.remark === '전자입찰취소신청' ? 'withdrawn' : 'malformed-plaintext')
  return openBid(index, bid.amount, picksOf(bid))
}

/** The source row that a row of the opening came from. */
export function sourceRows (opening: KonepsOpening): Map<string, KonepsBid> {
  return new Map(opening.bidders.map((bid, index) => [supplier(index), bid]))
}
