/**
 * What the officers' pages have in common: the session, the officer's encryption key published once, and one place where faults
 * are said. Without a session a page shows the way to the login and nothing else.
 */
import { publishEncryptionKey } from '../../client/registration.ts'
import { getOfficer } from '../../client/officers.ts'
import { toBase64url } from '../../crypto/bytes.ts'
import { parseJws } from '../../crypto/jws.ts'
import type { Instant } from '../../domain/ids.ts'
import { STATES } from '../texts/states.ts'
import type { TenderState } from '../../domain/tender.ts'
import * as acts from './acts.ts'
import { deskWords } from './desk-words.ts'
import { setError } from './fields.ts'
import { element, explain, korean, make } from './page.ts'
import { isSessionOver, loggedIn, loginAddress, showSession, type LoggedIn } from './session.ts'

/** Says it at the top of the page, for everybody to hear. */
export function deskFailed (error: unknown): void {
  const { text, code } = explain(error)
  sayDeskError(text)
  if (isSessionOver(code)) showLogin({ over: true })
}

/** What the rules refuse of a field is said beside it, which gets the focus; anything else at the top. Fields by their place in the act. */
export function refusedAt (fields: Readonly<Record<string, string>>): (error: unknown) => void {
  return (error) => {
    const { text, field } = explain(error)
    const id = fields[field?.replace(/^\/payload/, '') ?? '']
    if (id === undefined) {
      deskFailed(error)
      return
    }
    setError(id, text)
    element(id).focus()
  }
}

export function sayDeskError (text: string): void {
  const place = element('desk-error')
  place.textContent = text
  if (text !== '') place.scrollIntoView({ block: 'nearest' })
}

/** What was said of the act before is over. */
function beginAct (): void {
  sayDeskError('')
  element('desk-done').textContent = ''
}

export function sayDone (text: string): void {
  sayDeskError('')
  element('desk-done').textContent = text
}

function showLogin ({ over = false } = {}): void {
  showSession({ over })
  element('desk-login').hidden = false
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-login]')) link.href = loginAddress()
}

/** Shows the page's part for officers and does its work, once somebody is logged in. */
export function startDesk (work: (session: LoggedIn) => Promise<void>): void {
  const run = async (): Promise<void> => {
    showSession()
    const session = await loggedIn()
    if (session === null || session.identity.kind !== 'officer') {
      showLogin()
      return
    }
    element('desk-warning').textContent = await encryptionFault(session)
    await work(session)
    // At once and whole: nothing moves under the reader's hand.
    element('desk-body').hidden = false
  }
  run().catch(deskFailed)
}

/** Publishes the key where none is; what stands on the server must be this browser's. Returns what is wrong, or nothing. */
async function encryptionFault ({ api, identity }: LoggedIn): Promise<string> {
  const { encryptionKey } = await getOfficer(api, identity.holderId)
  if (identity.encryption === undefined) return deskWords.encryptionMissing
  if (encryptionKey === null) {
    await publishEncryptionKey(api, identity)
    return ''
  }
  const { publicKey } = parseJws(encryptionKey, 'bongin-encryption-key').payload as { publicKey?: unknown }
  return publicKey === toBase64url(identity.encryption.publicKey) ? '' : deskWords.encryptionOther
}

/** What is said of the work stands at the top: what went wrong, and before it nothing. */
const act = (work: () => Promise<void>) => async (): Promise<void> => {
  beginAct()
  await work()
}

export function onClick (button: string | HTMLButtonElement, work: () => Promise<void>): void {
  acts.onClick(button, act(work), deskFailed)
}

export function onSubmit (form: string | HTMLFormElement, work: () => Promise<void>, failed: (error: unknown) => void = deskFailed): void {
  acts.onSubmit(form, act(work), failed)
}

const stateName = (state: TenderState): string => STATES[state][korean ? 0 : 1]
export const stateMark = (state: TenderState): HTMLElement => make('span', { class: `state ${state}` }, stateName(state))
/** Counts down on the server's clock. */
export const countdown = (until: Instant): HTMLElement => make('b', { 'data-until': String(until) })
