/** Real openings from published KONEPS results, as tenders that can be held again, and the comparison with what was published. */
import { DRAFT_DEFAULTS } from '../../src/domain/draft.ts'
import { readFileSync } from 'node:fs'
import { REMARKS } from '../../src/domain/bid.ts'
import type { OpeningRecord, OpeningRow } from '../../src/domain/opening.ts'
import { rate, table, won } from '../../src/cli/output.ts'
import { compareOpening, type Measure } from '../../src/cli/replay/compare.ts'
import { ppmOf } from '../../src/cli/replay/decimals.ts'
import { numberPrices } from '../../src/cli/replay/number-prices.ts'
import { picksOf, type KonepsOpening } from '../../src/cli/replay/published.ts'
import { rangeOf } from '../../src/cli/replay/recompute.ts'
import type { Person } from './people.ts'
import type { DemoTender } from './run-tender.ts'

const VECTORS = new URL('../../test/vectors/openings-koneps.json', import.meta.url)

export function konepsOpenings (noticeNos: readonly string[]): KonepsOpening[] {
  const { tenders } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { tenders: KonepsOpening[] }
  return noticeNos.map((number) => {
    const found = tenders.find(({ noticeNo }) => noticeNo === number)
    if (found === undefined) throw new Error(`no figures for ${number}`)
    return found
  })
}

/** The n-th bidder of the source is played by the n-th supplier. */
export function asDemoTender (opening: KonepsOpening, suppliers: readonly Person[], bidsMs: number): DemoTender {
  const { baseAmount, preliminarySortedDesc, drawn, bidders } = opening
  const picks = bidders.map(picksOf).filter((pair) => pair !== null)
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
        rangePpm: rangeOf(baseAmount, preliminarySortedDesc),
        slotPlan: 'equal-15',
        decimals: 0,
        priceUnitWon: 100,
        plannedPriceRounding: 'up-1'
      },
      ...DRAFT_DEFAULTS,
      unitPrices: [],
      floorRatePpm: ppmOf(opening.floorRatePct ?? 0)
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

/** Our opening beside the published one, row by row; the CLI's `replay` compares. */
export function compare (source: KonepsOpening, opening: OpeningRecord, suppliers: readonly Person[]): Comparison {
  const { plannedPriceWon: plannedPrice, floorPriceWon: floorPrice, drawnNumbers } = opening.prices
  const rows = source.bidders.map((_, index) => opening.rows.find(({ supplierId }) => supplierId === suppliers[index]?.identity.holderId))
  const findings = compareOpening(source, { plannedPrice, floorPrice, rows, decimals: 0, draw: 'drawn' })
  const differing = findings.filter(({ agrees, reason }) => !agrees && reason === null)
  const shown = (measure: Measure, row: number | null, ours: string): string => {
    const difference = differing.find((one) => one.measure === measure && one.row === row)
    return difference === undefined ? ours : `${ours} ≠ ${difference.expected ?? '-'}`
  }
  const columns = [
    { name: 'bidder' }, { name: 'rank (순위)', align: 'right' as const }, { name: 'amount (투찰금액)', align: 'right' as const },
    { name: 'rate (투찰률)', align: 'right' as const }, { name: 'picks' }, { name: 'remark (비고)' }
  ]
  const lines = source.bidders.map(({ bidder }, index) => {
    const row = rows[index]
    return [
      bidder,
      shown('rank', index, row?.rank?.toString() ?? '-'),
      won(row?.amountWon ?? 0),
      shown('rate', index, rate(row?.bidRateMilliPercent ?? null)),
      row?.picks?.join(', ') ?? '-',
      shown('remark', index, row === undefined ? 'missing' : REMARKS[row.remark])
    ]
  })
  const planned = `planned price (예정가격) ${shown('plannedPrice', null, won(plannedPrice))}`
  const floor = `floor price (낙찰하한가) ${shown('floorPrice', null, won(floorPrice))}`
  return {
    text: `${planned} · ${floor} · drawn ${drawnNumbers.join(', ')}\n${table(columns, lines)}`,
    differences: [...differing.map((one) => `${source.noticeNo} ${one.bidder ?? ''} ${one.measure}: ${one.computed ?? '-'}, published ${one.expected ?? '-'}`), ...lost(source, rows)]
  }
}

/** Amounts that are not those of the source: what a bidder sealed must come out of the opening. */
function lost ({ noticeNo, bidders }: KonepsOpening, rows: ReadonlyArray<OpeningRow | undefined>): string[] {
  return bidders.flatMap(({ bidder, amount }, index) => (rows[index]?.amountWon ?? 0) === amount ? [] : [`${noticeNo} ${bidder} amount: ${won(amount)} was sealed`])
}
