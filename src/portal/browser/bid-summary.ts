/** The last look before sealing: everything that is sealed and everything that is signed, as it will be, by the notice as it was verified. */
import type { CheckedTender } from '../../client/tenders.ts'
import type { UnitPriceItem } from '../../domain/notice.ts'
import { amountText } from '../../domain/price-unit.ts'
import { centiText, lineTotalCenti, UNIT_PRICE_DECIMALS } from '../../domain/unit-prices.ts'
import { wonReading } from '../../domain/won-reading.ts'
import type { Proposal } from '../../domain/technical-opening.ts'
import type { TypedBid } from './bid-form.ts'
import { membersTable, tableOf } from './bid-tables.ts'
import { biddingWords } from './bidding-words.ts'
import { element, make, showFacts } from './page.ts'
import { words } from './supplier-words.ts'

export function showSummary ({ typed, tender, supplier }: { typed: TypedBid, tender: CheckedTender, supplier: string }): void {
  const { content, unitPricesCenti, proposal, consortium } = typed
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
  element('signed-lists').replaceChildren(...(consortium === undefined ? [] : [membersTable('signed-members', consortium.members)]))
  element<HTMLInputElement>('confirmed').checked = false
}

function linesTable (lines: readonly UnitPriceItem[], unitPricesCenti: readonly number[]): HTMLElement {
  const number = true
  const columns = [
    { name: biddingWords.lineNumber, number }, { name: biddingWords.lineName }, { name: biddingWords.lineUnit },
    { name: biddingWords.lineQuantity, number }, { name: biddingWords.linePrice, number }, { name: biddingWords.lineTotal, number }
  ]
  return tableOf('sealed-prices', biddingWords.linesTitle, columns, lines.map(({ name, unit, quantity }, i) => {
    const unitPriceCenti = unitPricesCenti[i] ?? 0
    const total = centiText(lineTotalCenti({ quantity, unitPriceCenti }))
    return [String(i + 1), name, unit, quantity.toLocaleString('en-US'), amountText(unitPriceCenti, UNIT_PRICE_DECIMALS), total]
  }))
}

function proposalParts ({ summary, documents }: Proposal): HTMLElement[] {
  const number = true
  const columns = [
    { name: biddingWords.lineNumber, number }, { name: biddingWords.documentName },
    { name: biddingWords.documentSize, number }, { name: biddingWords.documentDigest }
  ]
  const rows = documents.map(({ name, sizeBytes, sha256 }, i) => [String(i + 1), name, sizeBytes.toLocaleString('en-US'), make('code', {}, sha256)])
  return [
    make('h4', {}, biddingWords.proposalSealed),
    make('p', { id: 'sealed-summary', class: 'words', dir: 'auto' }, summary === '' ? biddingWords.proposalNoSummary : summary),
    ...(documents.length === 0 ? [] : [tableOf('sealed-documents', biddingWords.documentName, columns, rows)])
  ]
}
