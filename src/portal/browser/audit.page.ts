/** A tender's ledger as a table (`/desk/audit`), its chain of hashes computed again in this browser. */
import { readLedger } from '../../client/desk.ts'
import type { LedgerEntry } from '../../crypto/record.ts'
import { ledgerFaults, type LedgerFault } from '../../crypto/verify-ledger.ts'
import { TENDER_ID_PATTERN, type TenderId } from '../../domain/ids.ts'
import { onSubmit } from './acts.ts'
import { deskWords } from './desk-words.ts'
import { setError } from './fields.ts'
import { LEDGER_NAMES } from '../texts/ledger.ts'
import { element, explain, korean, make, words } from './page.ts'
import { publicApi, showSession } from './session.ts'
import { shownTime } from './shown-time.ts'

const FAULTS: Readonly<Record<LedgerFault, string>> = {
  sequence: deskWords.faultSequence, 'previous-hash': deskWords.faultPrevious, 'payload-digest': deskWords.faultPayload, hash: deskWords.faultHash
}

/** Entries that come at once; a ledger may have a hundred thousand, and each is a row. */
const SHOWN_ENTRIES = 500
/** Entries that are checked before the page may draw. */
const CHECKED_AT_ONCE = 1_000
/** Of the entries at fault that the verdict names. */
const NAMED_FAULTS = 20

const field = element<HTMLInputElement>('tender')
const more = element<HTMLButtonElement>('more-entries')

/** What was read and is not shown yet. */
let waiting: Array<{ entry: LedgerEntry, fault: LedgerFault | null }> = []

async function show (): Promise<void> {
  const tenderId = field.value.trim() as TenderId
  setError('tender', '')
  element('audit-result').hidden = true
  if (!new RegExp(TENDER_ID_PATTERN).test(tenderId)) {
    setError('tender', words.malformed)
    return
  }
  const entries = await readLedger(publicApi, tenderId)
  waiting = await checked(entries, tenderId)
  showVerdict()
  element('entries').replaceChildren()
  showMore()
  element('audit-result').hidden = false
}

async function checked (entries: readonly LedgerEntry[], tenderId: TenderId): Promise<typeof waiting> {
  const found: typeof waiting = []
  for (const fault of ledgerFaults(entries, tenderId)) {
    const entry = entries[found.length]
    if (entry === undefined) break
    found.push({ entry, fault })
    if (found.length % CHECKED_AT_ONCE !== 0) continue
    element('audit-progress').textContent = `${deskWords.chainChecking} ${found.length.toLocaleString('en-US')} / ${entries.length.toLocaleString('en-US')}`
    await new Promise((resolve) => { setTimeout(resolve) })
  }
  element('audit-progress').textContent = ''
  return found
}

/** Of the whole ledger, however much of it is shown. */
function showVerdict (): void {
  const bad = waiting.flatMap(({ fault }, i) => fault === null ? [] : [String(i)])
  const named = bad.length > NAMED_FAULTS ? [...bad.slice(0, NAMED_FAULTS), '…'] : bad
  const verdict = element('audit-verdict')
  verdict.textContent = bad.length === 0
    ? `${deskWords.chainGood} (${waiting.length})`
    : `${deskWords.chainBad} (${bad.length}/${waiting.length}): ${named.join(', ')}`
  verdict.dataset['state'] = bad.length === 0 ? 'ok' : 'failed'
}

function showMore (): void {
  element('entries').append(...waiting.splice(0, SHOWN_ENTRIES).map(row))
  more.hidden = waiting.length === 0
  element('entries-left').textContent = waiting.length === 0 ? '' : `${deskWords.entriesLeft}: ${waiting.length.toLocaleString('en-US')}`
}

function row ({ entry: { sequence, at, actor, type, payload, hash }, fault }: typeof waiting[number]): HTMLTableRowElement {
  const shown = payload === null ? deskWords.payloadHidden : JSON.stringify(payload)
  return make('tr', fault === null ? {} : { class: 'differs' },
    make('td', { class: 'number' }, String(sequence)), make('td', {}, shownTime(at)),
    make('th', { scope: 'row' }, LEDGER_NAMES[type]?.[korean ? 0 : 1] ?? type, make('br'), make('code', { class: 'note' }, type)), make('td', {}, actor),
    make('td', { class: 'long' }, make('code', { class: 'note' }, shown)), make('td', {}, make('code', { class: 'note', title: hash }, `${hash.slice(0, 16)}…`)),
    make('td', { 'data-fault': fault ?? 'none' }, fault === null ? `✓ ${deskWords.hashGood}` : `✗ ${FAULTS[fault]}`))
}

const failed = (error: unknown): void => { setError('tender', explain(error).text) }
const run = onSubmit('audit-form', show, failed)
more.addEventListener('click', showMore)
showSession()
const asked = new URLSearchParams(location.search).get('tender')
if (asked !== null) {
  field.value = asked
  run()
}
