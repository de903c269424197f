/** Applications of this browser (`/register/status`): asked for again while the page is looked at, until each is decided. */
import { enrolmentWords } from './enrolment-words.ts'
import { onClick, sayFailure } from './acts.ts'
import { askAgain } from './applications.ts'
import { listKeys, type KeptKey } from './kept.ts'
import { element, make, showFacts } from './page.ts'
import { serverNow } from './server-clock.ts'
import { showSession } from './session.ts'
import { shownTime } from './shown-time.ts'
import { words } from './supplier-words.ts'

const POLL_MS = 10_000

const STATES: Readonly<Record<KeptKey['status'], string>> = {
  new: words.stateNotSent, pending: words.statePending, approved: words.stateApproved, rejected: words.stateRejected
}
/** Only officers have an encryption key. */
const isOfficer = ({ encryption }: KeptKey): boolean => encryption !== undefined
const failed = (error: unknown): void => { sayFailure('status-error', error) }

let waiting: ReturnType<typeof setTimeout> | undefined

async function refresh (): Promise<void> {
  clearTimeout(waiting)
  const applied = (await listKeys()).filter(({ registrationId }) => registrationId !== null)
  try {
    show(await Promise.all(applied.map(askAgain)))
    element('status-error').textContent = ''
    element('asked').replaceChildren(shownTime(serverNow()))
  } catch (error) {
    show(applied)
    failed(error)
  }
}

function show (keys: readonly KeptKey[]): void {
  const place = element('applications')
  place.replaceChildren(...(keys.length === 0 ? [make('p', {}, words.statusNone)] : keys.map(application)))
  const pending = keys.some(({ status }) => status === 'pending')
  element('refresh').hidden = !pending
  if (pending && document.visibilityState === 'visible') waiting = setTimeout(() => { refresh().catch(failed) }, POLL_MS)
}

function application (key: KeptKey): HTMLElement {
  const facts = make('dl', { class: 'facts' })
  showFacts(facts, [
    ...(isOfficer(key)
      ? [[enrolmentWords.officerName, key.subject.commonName] as const, [enrolmentWords.agencyName, key.subject.organization] as const]
      : [[words.companyName, key.subject.organization] as const, [words.businessNumber, key.subject.serialNumber ?? ''] as const]),
    [words.applicationNumber, make('code', {}, key.registrationId ?? '')],
    [words.applicationState, make('strong', { 'data-status': key.status }, STATES[key.status])],
    ...(key.reason === '' ? [] : [[words.rejectedBecause, key.reason] as const]),
    ...(key.backupAt === null ? [] : [[words.backupMade, shownTime(key.backupAt)] as const])
  ])
  const approved = isOfficer(key) ? enrolmentWords.nextApprovedOfficer : words.nextApproved
  const next = key.status === 'approved' ? approved : key.status === 'rejected' ? words.nextRejected : words.nextPending
  const link = key.status === 'approved' ? [' ', make('a', { href: '/login', class: 'button' }, words.login)] : []
  return make('article', { class: 'panel' }, facts, make('p', {}, next, ...link))
}

onClick('refresh', refresh, failed)
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') refresh().catch(failed)
})
showSession()
refresh().catch(failed)
