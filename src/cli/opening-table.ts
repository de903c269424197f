/** An opening as people read it (개찰 결과): prices, then one line a bid. */
import { REMARKS } from '../domain/bid.ts'
import type { PriceDecimals } from '../domain/notice.ts'
import type { OpeningRecord, OpeningRow } from '../domain/opening.ts'
import { sharesText } from './bid-forms.ts'
import { amount, facts, rate, table } from './output.ts'

/** Rows shown; a record may have thousands. */
const MAX_ROWS = 40

const COLUMNS = [
  { name: '순위', align: 'right' }, { name: '사업자번호' }, { name: '투찰금액(원)', align: 'right' }, { name: '투찰률(%)', align: 'right' },
  { name: '추첨번호' }, { name: '비고' }, { name: '접수' }
] as const

function line (row: OpeningRow, decimals: PriceDecimals): string[] {
  const { rank, supplierId, members, amountWon, bidRateMilliPercent, picks, remark, voidReason, acceptedAt } = row
  const note = voidReason === null ? REMARKS[remark] : `${REMARKS[remark]} (${voidReason})`
  const others = members.length < 2 ? '' : ` 외 ${members.length - 1}`
  return [rank === null ? '-' : String(rank), `${supplierId}${others}`, amount(amountWon, decimals), rate(bidRateMilliPercent), picks?.join(', ') ?? '-', note, acceptedAt]
}

/** `decimals` are those of the notice's prices; `rowCount` where the opening was told with its first rows alone. */
export function openingText (opening: OpeningRecord, decimals: PriceDecimals, rowCount = opening.rows.length): string {
  const { prices, rows, outcome, outcomeReason, tieOrder } = opening
  const summary = facts([
    ['Tender (공고번호)', opening.tenderId],
    ['Outcome (결과)', outcomeReason === null ? outcome : `${outcome}: ${outcomeReason}`],
    ['Planned price (예정가격)', amount(prices.plannedPriceWon, decimals)],
    ['Floor price (낙찰하한가)', amount(prices.floorPriceWon, decimals)],
    ['Drawn numbers (추첨)', prices.drawnNumbers.map((number) => `${number}: ${amount(prices.preliminaryPricesWon[number - 1] ?? null, decimals)}`).join('  ') || '-'],
    ['Tie draw (동가 추첨)', tieOrder.length > 1 ? tieOrder.join(' > ') : '-']
  ])
  const more = rowCount > MAX_ROWS ? `… and ${rowCount - MAX_ROWS} more\n` : ''
  const joint = rows.slice(0, MAX_ROWS).filter(({ members }) => members.length > 0)
    .map(({ members }) => `공동수급: ${sharesText(members)}\n`).join('')
  return `${summary}${table(COLUMNS, rows.slice(0, MAX_ROWS).map((row) => line(row, decimals)))}${more}${joint}`
}
