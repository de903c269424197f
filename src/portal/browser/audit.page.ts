/** A tender's ledger as a table (`/desk/audit`), its chain of hashes computed again in this browser. */
import { readLedger } from '../../client/desk.ts'
import { ledgerFaults, type LedgerFault } from '../../crypto/verify-ledger.ts'
import { TENDER_ID_PATTERN, type TenderId } from '../../domain/ids.ts'
import { deskWords } from './desk-words.ts'
import { setError } from './fields.ts'
import { LEDGER_NAMES } from '../texts/ledger.ts'
import { element, explain, korean, make, once, words } from './page.ts'
import { shownTime } from './desk.ts'
import { publicApi, showSession } from './session.ts'

const FAULTS: Readonly<Record<LedgerFault, string>> = {
  sequence: deskWords.faultSequence, 'previous-hash': deskWords.faultPrevious, 'payload-digest': deskWords.faultPayload, hash: deskWords.faultHash
}

const field = element<HTMLInputElement>('tender')
const form = element<HTMLFormElement>('audit-form')

async function show (): Promise<void> {
  const tenderId = field.value.trim() as TenderId
  setError('tender', '')
  element('audit-result').hidden = true
  if (!new RegExp(TENDER_ID_PATTERN).test(tenderId)) {
    setError('tender', words.malformed)
    return
  }
  const entries = await readLedger(publicApi, tenderId)
  const faults = ledgerFaults(entries, tenderId)
  const bad = faults.filter((fault) => fault !== null).length
  element('audit-result').hidden = false
  element('audit-verdict').textContent = bad === 0 ? `${deskWords.chainGood} (${entries.length})` : `${deskWords.chainBad} (${bad}/${entries.length})`
  element('audit-verdict').dataset['state'] = bad === 0 ? 'ok' : 'failed'
  element('entries').replaceChildren(...entries.map((entry, i) => {
    const fault = faults[i] ?? null
    const { sequence, at, actor, type, payload, hash } = entry
    const shown = payload === null ? deskWords.payloadHidden : JSON.stringify(payload)
    return make('tr', fault === null ? {} : { class: 'differs' },
      make('td', { class: 'number' }, String(sequence)), make('td', {}, shownTime(at)), make('th', { scope: 'row' }, LEDGER_NAMES[type]?.[korean ? 0 : 1] ?? type, make('br'), make('code', { class: 'note' }, type)), make('td', {}, actor),
      make('td', { class: 'long' }, make('code', { class: 'note' }, shown)), make('td', {}, make('code', { class: 'note', title: hash }, `${hash.slice(0, 16)}…`)),
      make('td', { 'data-fault': fault ?? 'none' }, fault === null ? `✓ ${deskWords.hashGood}` : `✗ ${FAULTS[fault]}`))
  }))
}

const failed = (error: unknown): void => { setError('tender', explain(error).text) }
const run = once(form.querySelector('button') as HTMLButtonElement, show, failed)
form.addEventListener('submit', (event) => {
  event.preventDefault()
  run()
})
showSession()
const asked = new URLSearchParams(location.search).get('tender')
if (asked !== null) {
  field.value = asked
  run()
}
