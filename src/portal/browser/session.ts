/**
 * The login of this tab. The token lives in sessionStorage alone: it goes with the tab, no other site's request carries it as
 * a cookie would be carried, and it is worth nothing after half an hour. The bar says who is logged in and for how long.
 */
import { Api } from '../../client/api.ts'
import type { Identity } from '../../client/identity.ts'
import { fetchPlatform, type Platform } from '../../client/platform.ts'
import { closeSession, openSession, type SecondFactor, type Session } from '../../client/sessions.ts'
import { readCertificate } from '../../crypto/certificate.ts'
import { rsaSignerFromKey } from '../../crypto/jws.ts'
import { parseInstant } from '../../domain/time.ts'
import { openEncryption } from './encryption-key.ts'
import { findKey, type KeptKey } from './kept.ts'
import { element, make, words } from './page.ts'
import { pinnedRoot, pinRoot } from './root-pin.ts'
import { serverNow } from './server-clock.ts'
import { shownTime } from './shown-time.ts'

const NAME = 'bongin-session'

interface KeptSession { token: string, expiresAt: string, holderId: string, keyId: string, name: string }

/** Who is logged in: a line to the server, the platform as it was checked, and the key to sign with. */
export interface LoggedIn { api: Api, platform: Platform, identity: Identity, key: KeptKey, expiresAt: string }

export const publicApi = new Api({ baseUrl: location.origin })

/** The platform, whose root must be the one that this key was made under; without a key, the one that this browser met first. */
export async function platformOf (key: Pick<KeptKey, 'rootFingerprint'> | null): Promise<Platform> {
  const platform = await fetchPlatform(publicApi, { trustedRootSha256: key?.rootFingerprint ?? pinnedRoot() ?? undefined })
  pinRoot(platform.rootFingerprint)
  return platform
}

async function identityOf (key: KeptKey): Promise<Identity | null> {
  if (key.certificateDer === null) return null
  const { holderId, kind, commonName: name, thumbprint, der: certificateDer } = readCertificate(key.certificateDer)
  const encryption = key.encryption === undefined ? {} : { encryption: await openEncryption(key.encryption) }
  return { holderId, kind, name, thumbprint, certificateDer, signer: rsaSignerFromKey(key.privateKey, thumbprint), ...encryption }
}

/** `secondFactor` asks the reader for a passkey where the holder has one. */
export async function logIn (key: KeptKey, secondFactor: SecondFactor): Promise<Session> {
  const identity = await identityOf(key)
  if (identity === null) throw new Error('a key without a certificate cannot log in')
  const opened = await openSession(publicApi, identity, (await platformOf(key)).name, secondFactor)
  const { token, expiresAt } = opened
  const name = identity.kind === 'officer' ? `${key.subject.commonName}, ${key.subject.organization}` : key.subject.organization
  const session: KeptSession = { token, expiresAt, holderId: identity.holderId, keyId: key.keyId, name }
  sessionStorage.setItem(NAME, JSON.stringify(session))
  return opened
}

/** Of this tab's login, for another program of its holder. */
export function sessionToken (): string | null {
  return keptSession()?.token ?? null
}

function keptSession (): KeptSession | null {
  const text = sessionStorage.getItem(NAME)
  return text === null ? null : JSON.parse(text) as KeptSession
}

/** null where nobody is logged in, or not any more. */
export async function loggedIn (): Promise<LoggedIn | null> {
  const session = keptSession()
  const key = session === null ? null : await findKey(session.keyId)
  const identity = key === null ? null : await identityOf(key)
  if (session === null || key === null || identity === null || parseInstant(session.expiresAt) <= serverNow()) return null
  return { api: publicApi.withToken(session.token), platform: await platformOf(key), identity, key, expiresAt: session.expiresAt }
}

function forgetSession (): void {
  sessionStorage.removeItem(NAME)
}

/** Whether this refusal means that the session is over. */
export function isSessionOver (code: string): boolean {
  return code === 'session-invalid' || code === 'authentication-required'
}

let ending: ReturnType<typeof setTimeout> | undefined

/** The bar at the top of the pages that need a session; `over`: the server says that the session has ended. */
export function showSession ({ over = false } = {}): void {
  const bar = element('session')
  clearTimeout(ending)
  const session = keptSession()
  const left = session === null || over ? 0 : parseInstant(session.expiresAt) - serverNow()
  if (!isSecureContext) {
    bar.textContent = words.insecure
    return
  }
  if (session === null || left <= 0) {
    const login = location.pathname === '/login' ? [] : [' ', make('a', { href: loginAddress() }, words.login)]
    bar.replaceChildren(session === null ? words.sessionNone : words.sessionEnded, ...login)
    bar.dataset['state'] = session === null ? 'none' : 'ended'
    forgetSession()
    return
  }
  const end = parseInstant(session.expiresAt)
  const out = make('button', { type: 'button', class: 'quiet', id: 'logout' }, words.logout)
  out.addEventListener('click', () => { logOut(session).catch(() => { location.assign('/login') }) })
  bar.replaceChildren(
    make('strong', {}, session.name), ` (${session.holderId}) · `, make('span', { class: 'until' }, `${words.sessionUntil} `, shownTime(end), ' · '), `${words.sessionLeft} `,
    make('b', { 'data-until': String(end) }), ' ', out
  )
  bar.dataset['state'] = 'live'
  ending = setTimeout(showSession, left)
}

async function logOut ({ token }: KeptSession): Promise<void> {
  forgetSession()
  await closeSession(publicApi.withToken(token))
  location.assign('/login')
}

export function loginAddress (): string {
  return `/login?${new URLSearchParams({ return: location.pathname + location.search }).toString()}`
}
