/** What the bid's page shows of a sealed bid: that it waits for its receipt, and the receipt. */
import type { ReceiptPayload } from '../../crypto/receipt.ts'
import type { KeptBid } from './kept.ts'
import { element, make, showFacts } from './page.ts'
import { shownTime } from './shown-time.ts'
import { show } from './views.ts'
import { words } from './supplier-words.ts'

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
