/**
 * Where a bid stands, and what is shown of it: decided from what the server and this browser hold, never from what was clicked
 * last. Under the same terms one envelope is ever sealed here; whatever is clicked, reloaded or cut off, that one is sent again,
 * and the server answers it alike.
 */
import { ApiProblem } from '../../client/api.ts'
import type { MyBid } from '../../client/types.ts'
import { emptyForm, refuseField, startForm } from './bid-form.ts'
import { proveInclusion } from './bid-proof.ts'
import { bid, bidding, isOpen, supplierOf, tender } from './bid-state.ts'
import { showReceipt, showUnsent } from './bid-views.ts'
import { check } from './fields.ts'
import { dropBid, keepReceipt, keepSealed, listKeptBids, type KeptBid } from './kept.ts'
import { element, explain } from './page.ts'
import { serverNow } from './server-clock.ts'
import { isSessionOver, loggedIn, showSession, type LoggedIn } from './session.ts'
import { sayError, show } from './views.ts'
import { words } from './supplier-words.ts'

/** Answers after which the same request may well succeed: nothing is decided. */
const UNDECIDED = new Set([401, 408, 429])

/** Shows what is so. */
export async function settle (): Promise<void> {
  const session = bid.session = await loggedIn()
  showSession()
  const here = (await listKeptBids()).filter(({ tenderId }) => tenderId === tender.id)
  const own = session === null ? here : here.filter(({ supplierId }) => supplierId === session.identity.holderId)
  bid.unsent = own.find(({ receipt }) => receipt === null) ?? null
  if (session === null) {
    if (bid.unsent === null) show('login')
    else showUnsent(bid.unsent, false)
    return
  }
  const standing = await standingBid(session)
  if (standing !== null && standing.status !== 'superseded') await showStanding(session, standing, own)
  else if (bid.unsent !== null) await send(session, bid.unsent)
  else await showForm(standing?.status === 'superseded')
}

export async function showForm (superseded: boolean): Promise<void> {
  if (!isOpen() || bid.session === null) {
    show('closed')
    return
  }
  await startForm(supplierOf(bid.session))
  element('superseded').hidden = !superseded
  show('form')
}

async function standingBid ({ api, platform }: LoggedIn): Promise<MyBid | null> {
  try {
    return await (await bidding()).myBid(api, platform, tender.id)
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'bid-not-found') return null
    throw error
  }
}

async function showStanding (by: LoggedIn, standing: MyBid, own: readonly KeptBid[]): Promise<void> {
  const mine = own.find(({ envelopeSha256 }) => envelopeSha256 === standing.envelopeSha256)
  if (mine !== undefined && mine.receipt === null) await keepReceipt({ ...mine, receipt: standing.receipt, acceptedAt: standing.acceptedAt })
  if (bid.unsent !== null && mine === undefined) {
    bid.other = true
    // One bid stands: another envelope will never be taken under these terms.
    await dropBid(bid.unsent)
  }
  bid.unsent = null
  if (standing.status === 'withdrawn') show('withdrawn')
  else await showAccepted(by, { text: standing.receipt, envelope: mine?.envelope ?? null })
}

async function showAccepted (by: LoggedIn, accepted: NonNullable<typeof bid.receipt>): Promise<void> {
  bid.receipt = accepted
  emptyForm()
  // All of it is there before it is shown, so that nothing moves.
  showReceipt((await bidding()).readReceipt(by.platform, accepted.text), by.key.subject.organization)
  element('other-stands').hidden = !bid.other
  element('envelope-file').hidden = accepted.envelope === null
  element('withdrawal').hidden = !isOpen()
  element('check-inclusion').hidden = isOpen()
  show('accepted')
  if (tender.state !== 'published') await proveInclusion()
}

/** The same envelope however often: it is dropped only when the server refused it for good. */
export async function send (by: LoggedIn, sealed: KeptBid): Promise<void> {
  bid.unsent = sealed
  show('working', words.bidSending)
  try {
    const { receipt: text, acceptedAt } = await (await bidding()).submitBid(by.api, by.platform, sealed.envelope)
    await keepReceipt({ ...sealed, receipt: text, acceptedAt })
    bid.unsent = null
    await showAccepted(by, { text, envelope: sealed.envelope })
  } catch (error) {
    await notSent(error, sealed)
  }
}

async function notSent (error: unknown, sealed: KeptBid): Promise<void> {
  const { text, code, field } = explain(error)
  const decided = error instanceof ApiProblem && error.status >= 400 && error.status < 500 && !UNDECIDED.has(error.status)
  if (!decided) {
    const over = isSessionOver(code)
    showSession({ over })
    showUnsent(sealed, !over)
    element('other-waits').hidden = !bid.other
    sayError(text)
    return
  }
  if (code === 'bid-exists' || code === 'bid-withdrawn') {
    await settle()
    return
  }
  await dropBid(sealed)
  bid.unsent = null
  bid.other = false
  show('refused')
  element('refusal').textContent = text
  refuseField(field, text)
}

/** Seals what the summary shows, keeps it, and sends it, or the envelope that was kept before it. */
export async function sealAndSend (): Promise<void> {
  const { session, looked } = bid
  if (session === null || looked === null || !check(element('confirm-form'))) return
  show('working', words.bidSealing)
  history.replaceState(null, '')
  const { identity } = session
  const { envelope, envelopeSha256 } = await (await bidding()).sealForTender(looked.tender, { identity, ...looked.typed, now: serverNow() })
  bid.looked = null
  const kept = await keepSealed({
    supplierId: supplierOf(session),
    tenderId: tender.id,
    title: tender.title,
    termsSha256: looked.tender.last.notice.termsSha256,
    envelope,
    envelopeSha256,
    sealedAt: serverNow(),
    receipt: null,
    acceptedAt: null
  })
  bid.other = kept.envelopeSha256 !== envelopeSha256
  await send(session, kept)
}

export async function withdraw (): Promise<void> {
  if (bid.session === null || !check(element('withdraw-form'))) return
  const { api, platform, identity } = bid.session
  await (await bidding()).withdrawBid(api, platform, { identity, tenderId: tender.id, reason: element<HTMLTextAreaElement>('reason').value.trim() })
  await settle()
}
