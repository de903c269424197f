/**
 * Outages (`/desk/outages`): a platform officer sees what would move before signing, and what the server moved is computed again
 * here. Closings held after a silence of the server are released here too.
 */
import { applyOutage, closingHold, dismissHold, listOutages, previewOutage, type OutagePeriod } from '../../client/outages.ts'
import type { ExtensionView } from '../../client/types.ts'
import { readKstLocal } from '../../domain/time.ts'
import { onSubmit, refusedAt, sayDone } from './desk.ts'
import { deskWords } from './desk-words.ts'
import { check, setError } from './fields.ts'
import { element, make } from './page.ts'
import { platformOf, type LoggedIn } from './session.ts'
import { shownTime } from './shown-time.ts'
import { fillRows } from './tables.ts'

const field = (id: string): HTMLInputElement => element<HTMLInputElement>(id)

function period (): OutagePeriod | null {
  if (!check(element('preview-form'))) return null
  const [fromAt, recoveredAt] = [readKstLocal(field('outageFrom').value), readKstLocal(field('outageRecovered').value)]
  if (fromAt !== null && recoveredAt !== null && recoveredAt > fromAt) return { fromAt, recoveredAt }
  setError('outageRecovered', deskWords.outageOrder)
  return null
}

function extensionRow ({ tenderId, previous, closesAt, opensAt }: ExtensionView): HTMLTableRowElement {
  return make('tr', {},
    make('th', { scope: 'row' }, make('a', { href: `/tenders/${tenderId}` }, tenderId)),
    make('td', {}, shownTime(previous.closesAt), ' → ', make('strong', {}, shownTime(closesAt))),
    make('td', {}, shownTime(previous.opensAt), ' → ', make('strong', {}, shownTime(opensAt))))
}

async function preview ({ api }: LoggedIn): Promise<void> {
  const wanted = period()
  if (wanted === null) return
  const { extensions, passedOver } = await previewOutage(api, wanted)
  fillRows(element('moved'), extensions.map(extensionRow))
  element('moved-count').textContent = `${deskWords.wouldMove}: ${extensions.length}. ${deskWords.passedOver}: ${passedOver.map(({ tenderId }) => tenderId).join(', ') || '–'}`
  element('moved-table').hidden = extensions.length === 0
  element('apply-form').hidden = false
}

async function apply ({ api, identity, key }: LoggedIn): Promise<void> {
  const wanted = period()
  if (wanted === null || !check(element('apply-form'))) return
  // The recovery is announced now, by the server's clock.
  const platform = await platformOf(key)
  const { extensions } = await applyOutage(api, platform, { identity, period: wanted, reason: field('outageReason').value.trim() })
  element<HTMLFormElement>('apply-form').reset()
  element('apply-form').hidden = true
  await Promise.all([showHold(api), showPast(api)])
  sayDone(`${deskWords.outageDone} ${extensions.length}`)
}

async function showHold (api: LoggedIn['api']): Promise<void> {
  const hold = await closingHold(api)
  element('hold').hidden = hold === null
  element('no-hold').hidden = hold !== null
  if (hold !== null) {
    element('hold-text').replaceChildren(shownTime(hold.fromAt), ' – ', shownTime(hold.untilAt), `. ${deskWords.heldUntil} `, shownTime(hold.heldUntil))
  }
}

async function showPast (api: LoggedIn['api']): Promise<void> {
  const { items } = await listOutages(api)
  element('no-outages').hidden = items.length > 0
  element('past-table').hidden = items.length === 0
  fillRows(element('past'), items.map(({ fromAt, recoveredAt, reason, appliedBy, tenders }) => make('tr', {},
    make('td', {}, shownTime(fromAt), ' – ', shownTime(recoveredAt)), make('th', { scope: 'row' }, reason), make('td', { class: 'code' }, appliedBy),
    make('td', { class: 'number' }, String(tenders)))))
}

export async function runOutages (session: LoggedIn): Promise<void> {
  const { api } = session
  // Another period has to be looked at before it is signed.
  element('preview-form').addEventListener('input', () => { element('apply-form').hidden = true })
  const refused = refusedAt({ '/recovered': 'outageRecovered', '/recoveredAt': 'outageRecovered', '/from': 'outageFrom', '/fromAt': 'outageFrom' })
  onSubmit('preview-form', async () => { await preview(session) }, refused)
  onSubmit('apply-form', async () => { await apply(session) }, refused)
  onSubmit('hold-form', async () => {
    if (!check(element('hold-form'))) return
    await dismissHold(api, field('holdReason').value.trim())
    await showHold(api)
    sayDone(deskWords.holdDone)
  })
  await Promise.all([showHold(api), showPast(api)])
}
