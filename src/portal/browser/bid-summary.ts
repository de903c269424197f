/** The last look before sealing: everything that is sealed and everything that is signed, as it will be, by the notice as it was verified. */
import type { CheckedTender } from '../../client/tenders.ts'
import type { UnitPriceItem } from '../../domain/notice.ts'
import { amountText } from '../../domain/price-unit.ts'
import { centiText, lineTotalCenti, UNIT_PRICE_DECIMALS } from '../../domain/unit-prices.ts'
import { wonReading } from '../../domain/won-reading.ts'
import type { Proposal } from '../../domain/technical-opening.ts'
import type { TypedBid } from './bid-form.ts'
import { biddingWords } from './bidding-words.ts'
import { element, make, showFacts, words } from './page.ts'

export function showSummary ({ typed, tender, supplier }: { typed: TypedBid, tender: CheckedTender, supplier: string }): void {
  const { content, unitPricesCenti, proposal } = typed
  const { terms, termsSha256, revision } = tender.last.notice
  const { decimals } = terms.price
  showFacts(element('sealed-part'), [
    [words.bidAmount, make('strong', { id: 'sealed-amount' }, amountText(content.amountWon, decimals))],
    [words.bidReading, wonReading(content.amountWon, decimals)],
    ...(content.picks === null ? [] : [[words.bidPicks, content.picks.join(', ')] as const])
  ])
  element('sealed-lists').replaceChildren(
    ...(unitPricesCenti === null ? [] : [linesTable(terms.unitPrices, unitPricesCenti)]),
    ...(proposal === undefined ? [] : proposalParts(proposal))
  )
  showFacts(element('signed-part'), [
    [words.bidTender, `${terms.tenderId}-${revision} ${terms.title}`],
    [words.bidSupplier, supplier],
    [words.bidTerms, make('code', {}, termsSha256)]
  ])
  element<HTMLInputElement>('confirmed').checked = false
}

interface Column { name: string, number?: boolean }
type Cell = string | Node

/** Its second column names the row; on a narrow screen its rows are cards. */
function tableOf (id: string, caption: string, columns: readonly Column[], rows: ReadonlyArray<readonly Cell[]>): HTMLTableElement {
  const align = ({ number }: Column): Record<string, string> => number === true ? { class: 'number' } : {}
  const head = columns.map((column) => make('th', { scope: 'col', ...align(column) }, column.name))
  const cells = (row: readonly Cell[]): HTMLElement[] => columns.map((column, i) => i === 1
    ? make('th', { scope: 'row', dir: 'auto' }, row[i] ?? '')
    : make('td', { 'data-label': column.name, ...align(column) }, row[i] ?? ''))
  return make('table', { id, class: 'stack' },
    make('caption', {}, caption), make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows.map((row) => make('tr', {}, ...cells(row)))))
}

function linesTable (lines: readonly UnitPriceItem[], unitPricesCenti: readonly number[]): HTMLElement {
  const { linesTitle, lineNumber, lineName, lineUnit, lineQuantity, linePrice, lineTotal } = biddingWords
  const number = true
  const columns = [
    { name: lineNumber, number }, { name: lineName }, { name: lineUnit },
    { name: lineQuantity, number }, { name: linePrice, number }, { name: lineTotal, number }
  ]
  return tableOf('sealed-prices', linesTitle, columns, lines.map(({ name, unit, quantity }, i) => {
    const unitPriceCenti = unitPricesCenti[i] ?? 0
    const total = centiText(lineTotalCenti({ quantity, unitPriceCenti }))
    return [String(i + 1), name, unit, quantity.toLocaleString('en-US'), amountText(unitPriceCenti, UNIT_PRICE_DECIMALS), total]
  }))
}

function proposalParts ({ summary, documents }: Proposal): HTMLElement[] {
  const { proposalSealed, proposalNoSummary, lineNumber, documentName, documentSize, documentDigest } = biddingWords
  const columns = [{ name: lineNumber, number: true }, { name: documentName }, { name: documentSize, number: true }, { name: documentDigest }]
  const rows = documents.map(({ name, sizeBytes, sha256 }, i) => [String(i + 1), name, sizeBytes.toLocaleString('en-US'), make('code', {}, sha256)])
  return [
    make('h4', {}, proposalSealed),
    make('p', { id: 'sealed-summary', class: 'words', dir: 'auto' }, summary === '' ? proposalNoSummary : summary),
    ...(documents.length === 0 ? [] : [tableOf('sealed-documents', documentName, columns, rows)])
  ]
}
