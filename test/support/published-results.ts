/** Small published results with round figures, for tests of the replay; planned price 100,000,000, floor 88,000,000. */
import { REMARKS } from '../../src/domain/bid.ts'
import type { KonepsBid, KonepsOpening, PublishedDraw, WorksFloor } from '../../src/cli/replay/published.ts'

const PRICES = Array.from({ length: 15 }, (_, index) => 101_400_000 - index * 200_000)

/** Amount and rank; the rate follows from the planned price of 100 million. */
export function makeBid (amount: number, rank: number, change: Partial<KonepsBid> = {}): KonepsBid {
  return {
    rank,
    bidder: `S${amount}`,
    amount,
    ratePct: amount === 0 ? null : Math.floor(amount / 1_000) / 1_000,
    picks: amount === 0 ? [] : [3, 7],
    at: '2025-03-28 15:33:05',
    remark: rank > 0 ? REMARKS.normal : REMARKS.belowFloor,
    ...change
  }
}

export const BIDS: readonly KonepsBid[] = [
  makeBid(88_000_000, 1),
  makeBid(88_100_000, 2, { picks: [1, 12] }),
  makeBid(100_000_001, 3, { remark: REMARKS.abovePlanned }),
  makeBid(87_999_999, -1),
  makeBid(0, -2, { bidder: 'S0', remark: REMARKS.withdrawn })
]

export function makeOpening (change: Partial<KonepsOpening> = {}): KonepsOpening {
  return {
    noticeNo: 'R25BK00000001-000',
    baseAmount: 100_000_000,
    floorRatePct: 88,
    plannedPrice: 100_000_000,
    floorPrice: 88_000_000,
    preliminarySortedDesc: PRICES,
    drawn: [100_400_000, 100_200_000, 99_800_000, 99_600_000],
    bidders: [...BIDS],
    ...change
  }
}

/** R25BK00744309-000 as it was published: a unit price, drawn prices without their fractions. */
export const UNIT_PRICE_OPENING: KonepsOpening = {
  noticeNo: 'R25BK00744309-000',
  baseAmount: 123980,
  floorRatePct: 87.995,
  plannedPrice: 124481.2,
  floorPrice: 109537.24,
  preliminarySortedDesc: [
    127173.73, 126716.24, 126608.38, 126025.67, 125144.18, 124725.12, 124493.28, 123686.17,
    123391.1, 122618.7, 122378.18, 121755.8, 121516.52, 120845.79, 120685.86
  ],
  drawn: [126716, 125144, 123686, 122378],
  bidders: [
    makeBid(109799, 1, { ratePct: 88.205, picks: [11, 14] }),
    makeBid(110188, 2, { ratePct: 88.517, picks: [11, 14] }),
    makeBid(109314, -1, { ratePct: 87.815, picks: [6, 4] })
  ]
}

/** 20241240614-001: base amount, A value, net cost and floor as published. */
export function makeWorks (change: Partial<WorksFloor> = {}): WorksFloor {
  return {
    noticeNo: '20241240614-001',
    baseAmount: 4_323_358_000,
    aValue: 255_517_579,
    netCost: 4_075_808_043,
    plannedPrice: 4_290_738_325,
    floorRatePct: 86.745,
    floorPrice: 3_755_869_816,
    firstAmount: 3_964_155_007,
    ...change
  }
}

export function makeDraw ({ noticeNo, prices, pickCounts, drawnNumbers, plannedPrice }: {
  noticeNo: string, prices: number[], pickCounts: number[], drawnNumbers: number[], plannedPrice: number
}): PublishedDraw & { complete: boolean } {
  const rows = prices.map((price, index) => ({ no: index + 1, price, drawn: drawnNumbers.includes(index + 1), count: pickCounts[index] ?? 0 }))
  return { noticeNo, plannedPrice, complete: true, rows }
}
