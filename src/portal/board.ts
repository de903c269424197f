/**
 * The opening board (개찰 결과): the record laid out for people, and its bids as points on a plane. Numbers only; the
 * template draws. Every value is the record's own, nothing is computed that it does not say.
 */
import type { NoticeTerms, PriceDecimals } from '../domain/notice.ts'
import type { OpeningRecord, OpeningRow } from '../domain/opening.ts'
import { drawOf, type Draw } from './draw.ts'

/** Rows on the page; the whole table is in the downloads. */
export const MAX_BOARD_ROWS = 1_000
/** Without words, which would be too small on a phone: the legend beneath has them. */
const PLANE = { width: 640, height: 180, margin: 16 } as const

interface PreliminaryPrice { number: number, won: number, picked: number | null, drawn: boolean }
export interface Point { x: number, y: number, row: OpeningRow }

export interface Board {
  record: OpeningRecord
  decimals: PriceDecimals
  preliminary: PreliminaryPrice[]
  rows: readonly OpeningRow[]
  rowCount: number
  hiddenRows: number
  chart: Chart | null
  draw: Draw | null
}

interface Chart { width: number, height: number, points: Point[], plannedX: number, floorX: number | null, fromWon: number, toWon: number }

/** `record` has its first rows, `rowCount` says how many there are. */
export function boardOf (
  { record, rowCount }: { record: OpeningRecord, rowCount: number }, price: Pick<NoticeTerms['price'], 'decimals' | 'plannedPriceRounding'>
): Board {
  const { prices, rows } = record
  return {
    record,
    decimals: price.decimals,
    preliminary: prices.preliminaryPricesWon.map((won, index) => ({
      number: index + 1, won, picked: prices.pickCounts[index] ?? null, drawn: prices.drawnNumbers.includes(index + 1)
    })),
    rows: rows.slice(0, MAX_BOARD_ROWS),
    rowCount,
    hiddenRows: Math.max(0, rowCount - MAX_BOARD_ROWS),
    chart: chartOf(record),
    draw: drawOf(prices, price)
  }
}

/** Bids by amount from left to right; one that has no amount has no point. */
function chartOf ({ prices: { plannedPriceWon, floorPriceWon }, rows }: OpeningRecord): Chart | null {
  if (plannedPriceWon === null) return null
  const shown = rows.filter((row): row is OpeningRow & { amountWon: number } => row.amountWon !== null).slice(0, MAX_BOARD_ROWS)
  if (shown.length === 0) return null
  // The middle nineteen twentieths tell the scale: one absurd bid would press all others into a line.
  const amounts = shown.map(({ amountWon }) => amountWon).sort((a, b) => a - b)
  const at = (share: number): number => amounts[Math.round(share * (amounts.length - 1))] ?? plannedPriceWon
  const bounds = [at(0.025), at(0.975), plannedPriceWon, ...(floorPriceWon === null ? [] : [floorPriceWon])]
  const [fromWon, toWon] = [Math.min(...bounds), Math.max(...bounds)]
  const { width, height, margin } = PLANE
  const heightOf = (index: number, count: number): number => Math.round(margin + index / Math.max(1, count - 1) * (height - 2 * margin))
  const place = (won: number): number => {
    const share = toWon === fromWon ? 0.5 : (won - fromWon) / (toWon - fromWon)
    return Math.round(margin + Math.min(1, Math.max(0, share)) * (width - 2 * margin))
  }
  return {
    width,
    height,
    // Spread over the height in the order of the table, so that equals do not hide each other.
    points: shown.map((row, index) => ({ x: place(row.amountWon), y: heightOf(index, shown.length), row })),
    plannedX: place(plannedPriceWon),
    floorX: floorPriceWon === null ? null : place(floorPriceWon),
    fromWon,
    toWon
  }
}
