/**
 * A whole opening by the naive rules, and the facts of one by the source in the same form, for tests that compare the two.
 * Lines that the draw of equals decides are left out: rows stand in the order of acceptance.
 */
import type { OpenedBid, Picks, VoidReason } from '../../src/domain/bid.ts'
import type { NoticeTerms } from '../../src/domain/notice.ts'
import type { OpenedTender } from '../../src/domain/open-tender.ts'
import { MAX_RATE_MILLI_PERCENT } from '../../src/domain/price.ts'
import {
  naiveAValue, naiveCounts, naiveDraw, naiveFloorPrice, naiveNetCostFloor, naiveOutcome, naivePlannedPrice, naiveRank, naiveRate, naiveRemark,
  type NaiveBid, type NaiveCompetition, type NaiveLimits
} from './naive-rules.ts'

/** Terms, bids and the numbered prices, won: fifteen, one or none. */
export interface SomeTender { terms: NoticeTerms, bids: OpenedBid[], prices: number[] }

const number = (won: bigint | null): number | null => won === null ? null : Number(won)

/** The picks are those of bids that are not void; a tender that draws nothing has none. */
export function limitsOf ({ price, aValue, floorRatePpm, netCostWon }: NoticeTerms, prices: readonly number[], picks: readonly Picks[]): NaiveLimits {
  if (prices.length === 0) return { planned: null, floor: null, netCostFloor: null }
  const drawn = naiveDraw(naiveCounts(picks))
  const [single] = prices
  const planned = prices.length === 1 && single !== undefined
    ? BigInt(single)
    : naivePlannedPrice(drawn.map((number) => BigInt(prices[number - 1] ?? 0)), price.plannedPriceRounding)
  return {
    planned,
    floor: floorRatePpm === 0 ? null : naiveFloorPrice({ planned, aValue: naiveAValue(aValue), ratePpm: BigInt(floorRatePpm) }),
    netCostFloor: netCostWon === null || price.baseAmountWon === null
      ? null
      : naiveNetCostFloor({ netCost: BigInt(netCostWon), base: BigInt(price.baseAmountWon), planned })
  }
}

/** The picks of all bids that are not void. */
export function picksOfBids (bids: readonly OpenedBid[]): Picks[] {
  return bids.flatMap((bid) => bid.outcome === 'open' && bid.content.picks !== null ? [bid.content.picks] : [])
}

function voidRemark (reason: VoidReason): string {
  if (reason === 'withdrawn') return 'withdrawn'
  return reason.startsWith('technical-') ? 'technicalFailed' : 'void'
}

/** The facts of an opening by the naive rules; rows in the order of acceptance. */
export function naiveFacts ({ terms, bids, prices }: SomeTender, competition: NaiveCompetition): unknown {
  const picks = picksOfBids(bids)
  const limits = limitsOf(terms, prices, picks)
  const amounts = bids.map((bid) => bid.outcome === 'open' ? BigInt(bid.content.amountWon) : null)
  const judged = amounts.map((amount): NaiveBid | null => amount === null ? null : { amount, remark: naiveRemark(amount, limits) })
  const all = judged.filter((bid) => bid !== null)
  const rows = bids.map((bid, i) => {
    const own = judged[i] ?? null
    if (bid.outcome === 'void') return [bid.supplierId, null, null, null, voidRemark(bid.reason), null, bid.reason]
    const rate = own === null || limits.planned === null ? null : Math.min(Number(naiveRate(own.amount, limits.planned)), MAX_RATE_MILLI_PERCENT)
    return [bid.supplierId, bid.content.amountWon, rate, bid.content.picks, own?.remark, own && naiveRank(own, all), null]
  })
  const counts = prices.length === 15 ? naiveCounts(picks) : []
  const drawn = prices.length === 15 ? naiveDraw(counts) : []
  return {
    prices: [counts, drawn, number(limits.planned), number(limits.floor), number(limits.netCostFloor)],
    rows,
    outcome: naiveOutcome(bids.length, all, competition)
  }
}

/** The same facts of an opening by the source. */
export function factsOf ({ prices, rows, outcome, outcomeReason }: OpenedTender): unknown {
  const accepted = [...rows].sort((a, b) => a.acceptedAt < b.acceptedAt ? -1 : 1)
  return {
    prices: [prices.pickCounts, prices.drawnNumbers, prices.plannedPriceWon, prices.floorPriceWon, prices.netCostFloorWon],
    rows: accepted.map((row) => [row.supplierId, row.amountWon, row.bidRateMilliPercent, row.picks, row.remark, row.rank, row.voidReason]),
    outcome: [outcome, outcomeReason]
  }
}
