/** What the bid's page shows at each point: one view at a time, its heading focused when it comes, and the facts in it. */
import type { ReceiptPayload } from '../../crypto/receipt.ts'
import type { BidContent } from '../../domain/bid.ts'
import { amountText } from '../../domain/price-unit.ts'
import { wonReading } from '../../domain/won-reading.ts'
import type { CheckedTender } from '../../client/tenders.ts'
import type { KeptBid } from './kept.ts'
import { element, make, showFacts, words } from './page.ts'
import { shownTime } from './shown-time.ts'

export type View = 'login' | 'closed' | 'elsewhere' | 'form' | 'confirm' | 'unsent' | 'refused' | 'accepted' | 'withdrawn' | 'working'

let shown: View = 'working'

export const currentView = (): View => shown

/** `elsewhere`: the page says above how this bid is made. `say`: what goes on, for everybody to hear. */
export function show (view: View, say = ''): void {
  shown = view
  for (const part of element('bid').querySelectorAll<HTMLElement>('[data-view]')) part.hidden = part.dataset['view'] !== view
  element('bid').dataset['shown'] = view
  element('bid-state').textContent = say
  element('bid-error').textContent = ''
  element('bid').querySelector<HTMLElement>(`[data-view=${view}] h2`)?.focus()
}

export function sayError (text: string): void {
  element('bid-error').textContent = text
}

/** Everything that is sealed and everything that is signed, as it will be. */
export function showSummary ({ content, tender, supplier }: { content: BidContent, tender: CheckedTender, supplier: string }): void {
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

export function showUnsent (bid: KeptBid, canSend: boolean): void {
  show('unsent')
  showFacts(element('unsent-facts'), [
    [words.bidSealedAt, shownTime(bid.sealedAt)], [words.bidSupplier, bid.supplierId], [words.bidEnvelope, make('code', {}, bid.envelopeSha256)]
  ])
  element('send-again').hidden = !canSend
  element('send-login').hidden = canSend
}

export function showReceipt ({ tenderId, supplierId, envelopeSha256, acceptedAt }: ReceiptPayload, supplier: string): void {
  showFacts(element('receipt-facts'), [
    [words.bidAcceptedAt, make('span', {}, shownTime(acceptedAt), ` (${acceptedAt})`)],
    [words.bidTender, tenderId],
    [words.bidSupplier, `${supplier} (${supplierId})`],
    [words.bidEnvelope, make('code', {}, envelopeSha256)]
  ])
}
