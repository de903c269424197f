/**
 * A member's part of a joint bid (`/tenders/:tenderId/joint`): whoever is logged in opens the leader's file and signs what it asks for.
 * Nothing is sent.
 */
import { bid, isOpen, tender } from './bid-state.ts'
import { explain } from './page.ts'
import { isSessionOver, loggedIn, loginAddress, showSession } from './session.ts'
import { sayError, show } from './views.ts'
import { words } from './supplier-words.ts'

async function settle (): Promise<void> {
  bid.session = await loggedIn()
  showSession()
  if (bid.session === null) show('login')
  else if (!isOpen() || tender.jointBids === null) show('closed')
  else {
    (await import('./joint-signing.ts')).watchSigning(bid.session, failed)
    show('open')
  }
}

function failed (error: unknown): void {
  const { text, code } = explain(error)
  if (isSessionOver(code)) showSession({ over: true })
  sayError(text)
}

for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-login]')) link.href = loginAddress()
show('working', words.loading)
settle().catch(failed)
