/**
 * Bidding (`/tenders/:tenderId/bid`): typed, looked at once more, sealed in this browser, kept, sent, and believed only with a
 * verified receipt. Here are the page's buttons; `bid-course.ts` says what becomes of a bid.
 */
import { onClick, onSubmit } from './acts.ts'
import { send, sealAndSend, settle, showForm, withdraw } from './bid-course.ts'
import { isStarted, readForm, refuseField } from './bid-form.ts'
import { proveInclusion, saveEnvelope, saveReceipt } from './bid-proof.ts'
import { bid, bidding, supplierText, tender } from './bid-state.ts'
import { element, explain } from './page.ts'
import { isSessionOver, loginAddress, publicApi, showSession } from './session.ts'
import { currentView, sayError, show } from './views.ts'
import { words } from './supplier-words.ts'

/** The notice is verified before anything of it is shown as what will be signed. */
async function review (): Promise<void> {
  if (bid.session === null) return
  const typed = readForm()
  if (typed === null) return
  element('bid-state').textContent = words.loading
  sayError('')
  const { checkBid, getCheckedTender } = await bidding()
  const { showSummary } = await import('./bid-summary.ts')
  const checked = await getCheckedTender(publicApi, bid.session.platform, tender.id)
  checkBid(checked, { identity: bid.session.identity, ...typed })
  bid.looked = { typed, tender: checked }
  showSummary({ typed, tender: checked, supplier: supplierText(bid.session) })
  show('confirm')
  history.pushState({ view: 'confirm' }, '')
}

/** On our own side a fault may belong to a field; the rest is said at the top, and nothing that was typed is lost. */
function failed (error: unknown): void {
  const { text, field, code } = explain(error)
  if (isSessionOver(code)) {
    showSession({ over: true })
    settle().catch(failed)
  } else if (currentView() === 'working') {
    if (bid.unsent !== null) show('unsent')
    else if (isStarted()) show('form')
  }
  element('bid-state').textContent = ''
  if (!refuseField(field, text)) sayError(text)
}

function start (): void {
  onSubmit('bid-form', review, failed)
  onSubmit('confirm-form', sealAndSend, failed)
  onSubmit('withdraw-form', withdraw, failed)
  onClick('edit', async () => { history.back() }, failed)
  onClick('send-again', async () => { if (bid.session !== null && bid.unsent !== null) await send(bid.session, bid.unsent) }, failed)
  onClick('start-again', async () => { await showForm(false) }, failed)
  onClick('check-inclusion', proveInclusion, failed)
  onClick('receipt-file', saveReceipt, failed)
  onClick('envelope-file', saveEnvelope, failed)
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-login]')) link.href = loginAddress()
  // Back from the summary is back to the form; once sealed there is nothing to go back to.
  addEventListener('popstate', () => {
    if (currentView() === 'confirm') show('form')
  })
  // A page that comes back out of the browser's cache may show what is not so any more.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted && currentView() !== 'form') settle().catch(failed)
  })
  show('working', words.loading)
  settle().catch(failed)
}

start()
