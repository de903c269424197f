/** The supplier's own page (`/my`): tenders that it has bid for, bids without a receipt, its certificate and the backup of its key. */
import { IDENTITY_FILE, identityText } from '../../client/key-files.ts'
import { myBids } from '../../client/own-bids.ts'
import { me } from '../../client/registration.ts'
import type { MyBid, OwnBidItem } from '../../client/types.ts'
import type { TenderId } from '../../domain/ids.ts'
import { DAY_MS, parseInstant } from '../../domain/time.ts'
import { STATES } from '../texts/states.ts'
import { onClick, sayFailure } from './acts.ts'
import { listKeptBids } from './kept.ts'
import { element, korean, make, showFacts } from './page.ts'
import { serverNow } from './server-clock.ts'
import { loggedIn, showSession, type LoggedIn } from './session.ts'
import { fillRows } from './tables.ts'
import { saveFile } from './work.ts'
import { shownTime } from './shown-time.ts'
import { words } from './supplier-words.ts'

const SOON_MS = 30 * DAY_MS
const STATUSES: Readonly<Record<MyBid['status'], string>> = { sealed: words.statusSealed, withdrawn: words.statusWithdrawn, superseded: words.statusSuperseded }

let cursor: TenderId | null = null

const failed = (error: unknown): void => { sayFailure('my-error', error) }

async function showUnsent (): Promise<void> {
  const unsent = (await listKeptBids()).filter(({ receipt }) => receipt === null)
  element('unsent').hidden = unsent.length === 0
  element('unsent-list').replaceChildren(...unsent.map(({ tenderId, title, sealedAt }) =>
    make('li', {}, `${tenderId} ${title} (${words.bidSealedAt} `, shownTime(sealedAt), ') ', make('a', { href: `/tenders/${tenderId}/bid` }, words.sendNow))))
}

async function showMore (api: LoggedIn['api']): Promise<void> {
  const page = await myBids(api, cursor === null ? {} : { cursor })
  cursor = page.nextCursor
  fillRows(element('bids'), page.items.map(row), { after: true })
  element('more').hidden = cursor === null
  element('no-bids').hidden = element('bids').childElementCount > 0
}

function row ({ tenderId, title, state, status, closesAt, opensAt }: OwnBidItem): HTMLTableRowElement {
  return make(
    'tr', {},
    make('th', { scope: 'row' }, make('a', { href: `/tenders/${tenderId}` }, tenderId), make('br'), title),
    make('td', {}, shownTime(closesAt)),
    make('td', {}, make('a', { href: `/tenders/${tenderId}/bid` }, STATUSES[status])),
    make('td', {}, make('span', { class: `state ${state}` }, STATES[state][korean ? 0 : 1])),
    make('td', {}, shownTime(opensAt))
  )
}

async function showCertificate ({ api, key }: LoggedIn): Promise<void> {
  const { holderId, certificateExpiresAt } = await me(api)
  const expiresAt = parseInstant(certificateExpiresAt)
  showFacts(element('certificate-facts'), [
    [words.certificateHolder, `${key.subject.organization} (${holderId})`],
    [words.representative, key.subject.commonName],
    [words.certificateExpires, shownTime(expiresAt)],
    [words.rootFingerprint, make('code', {}, key.rootFingerprint)]
  ])
  element('certificate-soon').hidden = expiresAt - serverNow() > SOON_MS
  element('backup').replaceChildren(...(key.backupAt === null ? [words.backupNever] : [`${words.backupMade}: `, shownTime(key.backupAt)]))
  element('cli-file').addEventListener('click', () => { saveFile(IDENTITY_FILE, identityFile(key), 'application/json') })
}

/** As the command line keeps it beside its key.p12. */
function identityFile ({ rootFingerprint, subject, registrationId, holderId }: LoggedIn['key']): string {
  return identityText({ v: 1, server: location.origin, rootFingerprint, kind: 'supplier', name: subject.organization, subject, registrationId, holderId })
}

async function start (): Promise<void> {
  showSession()
  await showUnsent()
  const session = await loggedIn()
  if (session === null) return
  onClick('more', async () => { await showMore(session.api) }, failed)
  await Promise.all([showMore(session.api), showCertificate(session)])
  for (const id of ['own-bids', 'certificate']) element(id).hidden = false
}

start().catch(failed)
