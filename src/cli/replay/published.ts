/**
 * The three shapes in which published results come, declared here alone: openings (개찰 결과) with all their bids, floors of
 * works (공사 낙찰하한가), and price draws (복수예비가격 추첨) with their pick counts. Prices are won and may carry decimals;
 * `read-published.ts` makes these shapes of JSON and checks every member.
 */
import { REMARKS, type Picks } from '../../domain/bid.ts'

export interface KonepsBid {
  /** 1 is first; bids without a place count downwards from −1. */
  rank: number
  bidder: string
  /** 0 where the source keeps none. */
  amount: number
  ratePct: number | null
  picks: number[]
  at: string
  remark: string | null
}

export interface KonepsOpening {
  noticeNo: string
  baseAmount: number
  floorRatePct: number | null
  plannedPrice: number
  floorPrice: number | null
  /** All 15 or none; their numbers are not published. */
  preliminarySortedDesc: number[]
  drawn: number[]
  bidders: KonepsBid[]
}

export interface WorksFloor {
  noticeNo: string
  baseAmount: number | null
  aValue: number | null
  netCost: number | null
  plannedPrice: number
  floorRatePct: number | null
  floorPrice: number | null
  /** The amount of the bid in the first place. */
  firstAmount: number
}

export interface DrawRow { no: number, price: number, drawn: boolean, count: number }
export interface PublishedDraw {
  noticeNo: string
  plannedPrice: number
  rows: DrawRow[]
}

export type Published =
  { format: 'opening', record: KonepsOpening } | { format: 'works', record: WorksFloor } | { format: 'draw', record: PublishedDraw }

/** Remarks (비고) that decisions and documents give, not amounts; the source then keeps no amount. */
export const OUTSIDE_REMARKS: readonly string[] = [REMARKS.missingDocuments, REMARKS.wrongLicence]

export function picksOf ({ picks: [first, second] }: Pick<KonepsBid, 'picks'>): Picks | null {
  return first === undefined || second === undefined ? null : [first, second]
}
