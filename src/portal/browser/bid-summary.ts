/** The last look before sealing: everything that is sealed and everything that is signed, as it will be, by the notice as it was verified. */
import { amountText } from '../../domain/price-unit.ts'
import { wonReading } from '../../domain/won-reading.ts'
import type { CheckedTender } from '../../client/tenders.ts'
import type { TypedBid } from './bid-form.ts'
import { element, make, showFacts, words } from './page.ts'

export function showSummary ({ typed: { content }, tender, supplier }: { typed: TypedBid, tender: CheckedTender, supplier: string }): void {
  const { terms, termsSha256, revision } = tender.last.notice
  const { decimals } = terms.price
  showFacts(element('sealed-part'), [
    [words.bidAmount, make('strong', { id: 'sealed-amount' }, amountText(content.amountWon, decimals))],
    [words.bidReading, wonReading(content.amountWon, decimals)],
    ...(content.picks === null ? [] : [[words.bidPicks, content.picks.join(', ')] as const])
  ])
  showFacts(element('signed-part'), [
    [words.bidTender, `${terms.tenderId}-${revision} ${terms.title}`],
    [words.bidSupplier, supplier],
    [words.bidTerms, make('code', {}, termsSha256)]
  ])
  element<HTMLInputElement>('confirmed').checked = false
}
