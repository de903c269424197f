/**
 * Bidding (`/tenders/:tenderId/bid`): typed, looked at once more, sealed in this browser, kept, sent, and believed only with a
 * verified receipt. Under the same terms one envelope is ever sealed here; whatever is clicked, reloaded or cut off, that one is
 * sent again, and the server answers it alike. What is shown is decided from what the server and this browser hold, never from
 * what was clicked last.
 */
import { ApiProblem } from '../../client/api.ts'
import type { CheckedTender } from '../../client/tenders.ts'
import type { MyBid } from '../../client/types.ts'
import type { BidContent } from '../../domain/bid.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import type { PriceDecimals } from '../../domain/notice.ts'
import type * as Bidding from './bidding.ts'
import { emptyBidForm, readBidForm, watchBidForm, type BidFormTerms } from './bid-form.ts'
import { currentView, sayError, show, showReceipt, showSummary, showUnsent } from './bid-views.ts'
import { check, forgetErrorsOnInput, setError } from './fields.ts'
import { dropBid, keepReceipt, keepSealed, listKeptBids, type KeptBid } from './kept.ts'
import { element, explain, words } from './page.ts'
import { serverNow } from './server-clock.ts'
import { isSessionOver, loggedIn, loginAddress, publicApi, showSession, type LoggedIn } from './session.ts'
import { once, saveFile } from './work.ts'

const { tender: id = '', title = '', decimals = '0', base = '', draws, form, state = '', closes = '' } = element('bid').dataset
const tenderId = id as TenderId
const terms: BidFormTerms = { decimals: Number(decimals) as PriceDecimals, baseAmount: base === '' ? null : Number(base), drawsPrices: draws === 'true' }
/** Answers after which the same request may well succeed: nothing is decided. */
const UNDECIDED = new Set([401, 408, 429])

let session: LoggedIn | null = null
let looked: { content: BidContent, tender: CheckedTender } | null = null
let unsent: KeptBid | null = null
/** What stands or waits was sealed in another window or on another device, not from what was typed here. */
let other = false
let receipt: { text: string, envelope: string | null } | null = null

/** Loaded once, when it is first needed. */
const bidding = async (): Promise<typeof Bidding> => await import('./bidding.ts')
const isOpen = (): boolean => state === 'published' && serverNow() < Number(closes)

/** Shows what is so. */
async function settle (): Promise<void> {
  session = await loggedIn()
  showSession()
  const own = (await listKeptBids()).filter((bid) => bid.tenderId === tenderId && (session === null || bid.supplierId === session.identity.holderId))
  unsent = own.find((bid) => bid.receipt === null) ?? null
  if (session === null) {
    if (unsent === null) show('login')
    else showUnsent(unsent, false)
    return
  }
  const standing = await standingBid(session)
  if (standing !== null && standing.status !== 'superseded') await showStanding(session, standing, own)
  else if (unsent !== null) await send(session, unsent)
  else showForm(standing?.status === 'superseded')
}

function showForm (superseded: boolean): void {
  if (!isOpen()) show('closed')
  else show(form === 'true' ? 'form' : 'elsewhere')
  element('superseded').hidden = !superseded
}

async function standingBid ({ api, platform }: LoggedIn): Promise<MyBid | null> {
  try {
    return await (await bidding()).myBid(api, platform, tenderId)
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'bid-not-found') return null
    throw error
  }
}

async function showStanding (by: LoggedIn, standing: MyBid, own: readonly KeptBid[]): Promise<void> {
  const mine = own.find(({ envelopeSha256 }) => envelopeSha256 === standing.envelopeSha256)
  if (mine !== undefined && mine.receipt === null) await keepReceipt({ ...mine, receipt: standing.receipt, acceptedAt: standing.acceptedAt })
  if (unsent !== null && mine === undefined) other = true
  // One bid stands: another envelope will never be taken under these terms.
  if (unsent !== null && mine === undefined) await dropBid(unsent)
  unsent = null
  if (standing.status === 'withdrawn') show('withdrawn')
  else await showAccepted(by, { text: standing.receipt, envelope: mine?.envelope ?? null })
}

async function showAccepted (by: LoggedIn, accepted: NonNullable<typeof receipt>): Promise<void> {
  receipt = accepted
  emptyBidForm(terms)
  show('accepted')
  showReceipt((await bidding()).readReceipt(by.platform, accepted.text), by.key.subject.organization)
  element('other-stands').hidden = !other
  element('envelope-file').hidden = accepted.envelope === null
  element('withdrawal').hidden = !isOpen()
  element('check-inclusion').hidden = isOpen()
  if (state !== 'published') await proveInclusion()
}

/** The same envelope however often: it is dropped only when the server refused it for good. */
async function send (by: LoggedIn, bid: KeptBid): Promise<void> {
  unsent = bid
  show('working', words.bidSending)
  try {
    const { receipt: text, acceptedAt } = await (await bidding()).submitBid(by.api, by.platform, bid.envelope)
    await keepReceipt({ ...bid, receipt: text, acceptedAt })
    unsent = null
    await showAccepted(by, { text, envelope: bid.envelope })
  } catch (error) {
    await notSent(error, bid)
  }
}

async function notSent (error: unknown, bid: KeptBid): Promise<void> {
  const { text, code } = explain(error)
  const decided = error instanceof ApiProblem && error.status >= 400 && error.status < 500 && !UNDECIDED.has(error.status)
  if (!decided) {
    const over = isSessionOver(code)
    showSession({ over })
    showUnsent(bid, !over)
    element('other-waits').hidden = !other
    sayError(text)
    return
  }
  if (code === 'bid-exists' || code === 'bid-withdrawn') {
    await settle()
    return
  }
  await dropBid(bid)
  unsent = null
  other = false
  show('refused')
  element('refusal').textContent = text
}

/** The notice is verified before anything of it is shown as what will be signed. */
async function review (): Promise<void> {
  if (session === null) return
  const content = readBidForm(terms)
  if (content === null) return
  element('bid-state').textContent = words.loading
  const tender = await (await bidding()).getCheckedTender(publicApi, session.platform, tenderId)
  looked = { content, tender }
  showSummary({ ...looked, supplier: `${session.key.subject.organization} (${session.identity.holderId})` })
  show('confirm')
  history.pushState({ view: 'confirm' }, '')
}

async function sealAndSend (): Promise<void> {
  if (session === null || looked === null || !check(element('confirm-form'))) return
  show('working', words.bidSealing)
  history.replaceState(null, '')
  const { content, tender } = looked
  const { envelope, envelopeSha256 } = await (await bidding()).sealForTender(tender, { identity: session.identity, content, now: serverNow() })
  looked = null
  const kept = await keepSealed({
    supplierId: session.identity.holderId as SupplierId,
    tenderId,
    title,
    termsSha256: tender.last.notice.termsSha256,
    envelope,
    envelopeSha256,
    sealedAt: serverNow(),
    receipt: null,
    acceptedAt: null
  })
  other = kept.envelopeSha256 !== envelopeSha256
  await send(session, kept)
}

async function proveInclusion (): Promise<void> {
  if (session === null || receipt === null) return
  const place = element('inclusion')
  try {
    const { leafIndex, size, rootSha256 } = await (await bidding()).checkInclusion(session.api, session.platform, receipt.text)
    place.textContent = `${words.inclusionGood} ${words.inclusionLeaf}: ${leafIndex + 1}/${size}, SHA-256 ${rootSha256}`
    place.dataset['state'] = 'good'
  } catch (error) {
    const { code, text } = explain(error)
    if (code === 'not-yet-open') place.textContent = words.inclusionLater
    else if (code === 'not-trusted' || code === 'receipt-invalid') {
      place.textContent = `${words.inclusionBad} ${text}`
      place.dataset['state'] = 'bad'
    } else throw error
  }
}

async function withdraw (): Promise<void> {
  if (session === null || !check(element('withdraw-form'))) return
  const { api, platform, identity } = session
  await (await bidding()).withdrawBid(api, platform, { identity, tenderId, reason: element<HTMLTextAreaElement>('reason').value.trim() })
  await settle()
}

/** On our own side a fault may belong to a field; the rest is said at the top, and nothing that was typed is lost. */
function failed (error: unknown): void {
  const { text, field, code } = explain(error)
  if (isSessionOver(code)) {
    showSession({ over: true })
    settle().catch(failed)
  } else if (currentView() === 'working') {
    show(unsent === null ? 'form' : 'unsent')
  }
  if (field === '/amountWon') setError('amount', text)
  else if (field === '/picks') element('picks-error').textContent = text
  else sayError(text)
}

function onSubmit (formId: string, buttonSelector: string, work: () => Promise<void>): void {
  const target = element<HTMLFormElement>(formId)
  const button = target.querySelector<HTMLButtonElement>(buttonSelector)
  if (button === null) throw new Error(`${formId} has no button`)
  const run = once(button, work, failed)
  target.addEventListener('submit', (event) => {
    event.preventDefault()
    run()
  })
  forgetErrorsOnInput(target)
}

function onClick (buttonId: string, work: () => Promise<void>): void {
  const button = element<HTMLButtonElement>(buttonId)
  button.addEventListener('click', once(button, work, failed))
}

function start (): void {
  watchBidForm(terms)
  onSubmit('bid-form', 'button[type=submit]', review)
  onSubmit('confirm-form', '#seal', sealAndSend)
  onSubmit('withdraw-form', 'button[type=submit]', withdraw)
  onClick('edit', async () => { history.back() })
  onClick('send-again', async () => { if (session !== null && unsent !== null) await send(session, unsent) })
  onClick('start-again', async () => { showForm(false) })
  onClick('check-inclusion', proveInclusion)
  onClick('receipt-file', async () => { if (receipt !== null) saveFile(`${tenderId}.bid.jws.receipt`, `${receipt.text}\n`, 'application/jose') })
  onClick('envelope-file', async () => { if (receipt !== null) saveFile(`${tenderId}.bid.jws`, receipt.envelope ?? '', 'application/jose') })
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
