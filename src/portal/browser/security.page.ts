/** Passkeys of the holder that is logged in (`/my/security`): listed, registered, removed; resets by officers; the session for a program. */
import { addPasskey, myPasskeys, removePasskey, type PasskeyResetView, type PasskeyView } from '../../client/passkeys.ts'
import { onClick, onSubmit, sayFailure } from './acts.ts'
import { check, setError } from './fields.ts'
import { element, make } from './page.ts'
import { passkeyWords as words } from './passkey-words.ts'
import { loggedIn, sessionToken, showSession, type LoggedIn } from './session.ts'
import { shownTime } from './shown-time.ts'
import { fillRows } from './tables.ts'

const say = (text: string): void => { element('security-state').textContent = text }

function failed (error: unknown): void {
  say('')
  sayFailure('security-error', error)
}

const begin = (text: string): void => {
  element('security-error').textContent = ''
  say(text)
}

async function show (api: LoggedIn['api']): Promise<void> {
  const { items, max, required, origin, resets } = await myPasskeys(api)
  fillRows(element('passkeys'), items.map((passkey) => row(api, passkey)))
  element('passkeys-none').hidden = items.length > 0
  element('passkeys-table').hidden = items.length === 0
  element('security-required').hidden = !required || items.length > 0
  element('security-elsewhere').hidden = location.origin === origin
  const there = element<HTMLAnchorElement>('security-there')
  there.href = `${origin}/my/security`
  there.textContent = origin
  element('add').hidden = items.length >= max
  element('command-session').hidden = required && items.length === 0
  element('resets').hidden = resets.length === 0
  fillRows(element('reset-list'), resets.map(resetRow))
  element('own-passkeys').hidden = false
}

function row (api: LoggedIn['api'], { credentialId, name, createdAt, lastUsedAt, backedUp }: PasskeyView): HTMLTableRowElement {
  const remove = make('button', { type: 'button', class: 'quiet', 'aria-label': `${words.passkeyRemove}: ${name}` }, words.passkeyRemove)
  onClick(remove, async () => {
    begin(words.passkeyWaiting)
    const { showPasskey } = await import('./authenticator.ts')
    await removePasskey(api, { credentialId, get: showPasskey })
    await show(api)
    say(words.passkeyRemoved)
    element('passkeys-title').focus()
  }, failed)
  return make(
    'tr', {},
    make('th', { scope: 'row' }, name),
    make('td', {}, shownTime(createdAt)),
    make('td', {}, lastUsedAt === null ? words.passkeyNever : shownTime(lastUsedAt)),
    make('td', {}, backedUp ? words.passkeySynced : words.passkeyDevice),
    make('td', {}, remove)
  )
}

function resetRow ({ at, resetBy, reason, removed }: PasskeyResetView): HTMLTableRowElement {
  return make('tr', {}, make('th', { scope: 'row' }, shownTime(at)), make('td', {}, resetBy), make('td', {}, reason), make('td', {}, String(removed)))
}

function listen ({ api }: LoggedIn): void {
  const form = element<HTMLFormElement>('add')
  const name = element<HTMLInputElement>('passkeyName')
  onSubmit(form, async () => {
    if (name.value.trim() === '') name.value = ''
    if (!check(form)) return
    begin(words.passkeyWaiting)
    const { createPasskey } = await import('./authenticator.ts')
    await addPasskey(api, { name: name.value.trim(), create: createPasskey })
    form.reset()
    setError('passkeyName', '')
    await show(api)
    say(words.passkeyAdded)
  }, failed)
  onClick('copy-session', async () => {
    await navigator.clipboard.writeText(sessionToken() ?? '')
    element('copied').textContent = words.commandSessionCopied
  }, failed)
}

async function start (): Promise<void> {
  showSession()
  const session = await loggedIn()
  element('security-login').hidden = session !== null
  if (session === null) return
  listen(session)
  await show(session.api)
}

start().catch(failed)
