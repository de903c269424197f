/** Real openings from published KONEPS results, as tenders that can be held again, and the comparison with what was published. */
import { readFileSync } from 'node:fs'
import { REMARKS, type Picks } from '../../src/domain/bid.ts'
import type { OpeningRecord, OpeningRow } from '../../src/domain/opening.ts'
import { rate, table, won } from '../../src/cli/output.ts'
import { numberPrices } from './number-prices.ts'
import type { Person } from './people.ts'
import type { DemoTender } from './run-tender.ts'

interface KonepsBidder { rank: number, bidder: string, amount: number, ratePct: number | null, picks: number[], remark: string }
export interface KonepsOpening {
  noticeNo: string
  baseAmount: number
  floorRatePct: number
  plannedPrice: number
  floorPrice: number
  preliminarySortedDesc: number[]
  drawn: number[]
  bidders: KonepsBidder[]
}

const VECTORS = new URL('../../test/vectors/openings-koneps.json', import.meta.url)

export function konepsOpenings (noticeNos: readonly string[]): KonepsOpening[] {
  const { tenders } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { tenders: KonepsOpening[] }
  return noticeNos.map((number) => {
    const found = tenders.find(({ noticeNo }) => noticeNo === number)
    if (found === undefined) throw new Error(`no figures for ${number}`)
    return found
  })
}

function picksOf ({ picks: [first, second] }: KonepsBidder): Picks | null {
  return first === undefined || second === undefined ? null : [first, second]
}

/** The n-th bidder of the source is played by the n-th supplier. */
export function asDemoTender (opening: KonepsOpening, suppliers: readonly Person[], bidsMs: number): DemoTender {
  const { baseAmount, preliminarySortedDesc, drawn, bidders } = opening
  const picks = bidders.map(picksOf).filter((pair) => pair !== null)
  const widest = Math.max(...preliminarySortedDesc.map((price) => Math.abs(price - baseAmount)))
  return {
    draft: {
      title: `재현: ${opening.noticeNo}`,
      referenceNo: opening.noticeNo,
      kind: 'works',
      method: 'restricted-lowest',
      estimatedPriceWon: Math.round(baseAmount / 1.1),
      price: {
        method: 'multiple-sealed',
        baseAmountWon: baseAmount,
        rangePpm: widest * 50 <= baseAmount ? 20_000 : 30_000,
        slotPlan: 'equal-15',
        priceUnitWon: 100,
        plannedPriceRounding: 'up-1'
      },
      aValueWon: 0,
      floorRatePpm: Math.round(opening.floorRatePct * 10_000),
      netCostWon: null,
      eligibilityReview: null
    },
    prices: numberPrices({ pricesWon: preliminarySortedDesc, drawnWon: drawn, picks }),
    bids: bidders.map((bidder, index) => {
      const person = suppliers[index]
      if (person === undefined) throw new Error('more bidders than suppliers')
      return { bidder: person, content: bidder.amount === 0 ? null : { amountWon: bidder.amount, picks: picksOf(bidder) } }
    }),
    bidsMs
  }
}

export interface Comparison { text: string, differences: string[] }

/** Our opening beside the published one, row by row. */
export function compare (source: KonepsOpening, opening: OpeningRecord, suppliers: readonly Person[]): Comparison {
  const differences: string[] = []
  const check = (what: string, ours: string, theirs: string): string => {
    if (ours !== theirs) differences.push(`${source.noticeNo} ${what}: ${ours}, published ${theirs}`)
    return ours === theirs ? ours : `${ours} ≠ ${theirs}`
  }
  const { plannedPriceWon, floorPriceWon } = opening.prices
  const planned = check('planned price', won(plannedPriceWon), won(source.plannedPrice))
  const floor = check('floor price', won(floorPriceWon), won(source.floorPrice))
  const rows = source.bidders.map((bidder, index) => {
    const supplierId = suppliers[index]?.identity.holderId
    const row = opening.rows.find((one) => one.supplierId === supplierId)
    return rowText(bidder, row, check)
  })
  const columns = [
    { name: 'bidder' }, { name: 'rank (순위)', align: 'right' as const }, { name: 'amount (투찰금액)', align: 'right' as const },
    { name: 'rate (투찰률)', align: 'right' as const }, { name: 'picks' }, { name: 'remark (비고)' }
  ]
  const head = `planned price (예정가격) ${planned} · floor price (낙찰하한가) ${floor} · drawn ${opening.prices.drawnNumbers.join(', ')}\n`
  return { text: head + table(columns, rows), differences }
}

function rowText (bidder: KonepsBidder, row: OpeningRow | undefined, check: (what: string, ours: string, theirs: string) => string): string[] {
  const { bidder: name } = bidder
  const rank = check(`${name} rank`, row?.rank == null ? '-' : String(row.rank), bidder.rank > 0 ? String(bidder.rank) : '-')
  const amount = check(`${name} amount`, won(row?.amountWon ?? 0), won(bidder.amount))
  const shown = bidder.amount === 0 ? '-' : rate(Math.round((bidder.ratePct ?? 0) * 1000))
  const percent = check(`${name} rate`, rate(row?.bidRateMilliPercent ?? null), shown)
  const remark = check(`${name} remark`, row === undefined ? 'missing' : REMARKS[row.remark], bidder.remark)
  return [name, rank, amount, percent, row?.picks?.join(', ') ?? '-', remark]
}
