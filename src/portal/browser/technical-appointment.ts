/** Appointing evaluators (위촉): chosen from the officers with the role, none of the committee, whoever has marked among them. */
import { ApiProblem } from '../../client/api.ts'
import { appointEvaluators } from '../../client/technical.ts'
import type { OfficerListItem } from '../../client/types.ts'
import type { OfficerId } from '../../domain/ids.ts'
import { MAX_EVALUATORS } from '../../domain/method-rules.ts'
import { deskFailed, onSubmit, sayDone } from './desk.ts'
import { element, explain, make } from './page.ts'
import { isSessionOver } from './session.ts'
import { technicalWords as words } from './technical-words.ts'
import type { Desk } from './tender-desk.ts'
import { forgetTyped, keepTyped, restoreTyped } from './typed.ts'

const form = (): HTMLFormElement => document.querySelector<HTMLFormElement>('#appointment form') as HTMLFormElement
const boxes = (): HTMLInputElement[] => [...form().querySelectorAll<HTMLInputElement>('#evaluator-boxes input')]
const chosen = (): OfficerId[] => boxes().filter(({ checked }) => checked).map(({ value }) => value as OfficerId)

/** Who is appointed and who has marked, as the boxes show it; they are left alone while it stays. */
let shown = ''

export function showAppointment ({ snapshot }: Desk, officers: readonly OfficerListItem[] | null): void {
  const { technical, view, seat } = snapshot()
  const appoints = seat === 'executing' && technical !== null && technical.result === null && view !== null && officers !== null
  element('appointment').hidden = !appoints
  if (!appoints) return
  const { evaluators, marked } = technical
  const now = JSON.stringify([evaluators, marked])
  if (now === shown) return
  if (shown === '' && evaluators.length === 0) element<HTMLDetailsElement>('appointment').open = true
  const { agencyId, committee } = view.notice.terms
  const members: readonly string[] = [committee.executing, committee.witness, ...committee.recovery]
  // Those of the tender's own agency come first.
  const isOwn = (officer: OfficerListItem): number => Number(officer.agencyId === agencyId)
  const fit = officers.filter(({ officerId }) => !members.includes(officerId)).sort((a, b) => isOwn(b) - isOwn(a))
  const typed = shown === '' ? null : chosen()
  element('evaluator-boxes').replaceChildren(...(fit.length === 0 ? [make('p', { class: 'note' }, words.techAppointNobody)] : fit.map(box)))
  for (const input of boxes()) input.checked = (typed ?? evaluators as readonly string[]).includes(input.value)
  if (shown === '') restoreTyped(form())
  for (const input of boxes().filter(({ value }) => (marked as readonly string[]).includes(value))) {
    input.checked = true
    input.disabled = true
  }
  shown = now
  filter()
}

function box ({ officerId, name, agencyName }: OfficerListItem): HTMLElement {
  const id = `evaluator-${officerId}`
  return make('div', { class: 'check' },
    make('input', { type: 'checkbox', id, value: officerId, 'data-keep': '' }), ' ', make('label', { for: id }, `${name}, ${agencyName} (${officerId})`))
}

/** Those that are chosen stay in sight. */
function filter (): void {
  const wanted = element<HTMLInputElement>('evaluator-filter').value.normalize('NFC').trim().toLowerCase()
  for (const input of boxes()) {
    const line = input.closest<HTMLElement>('.check')
    if (line !== null) line.hidden = !input.checked && line.textContent?.toLowerCase().includes(wanted) !== true
  }
}

function sayFault (text: string): void {
  element('evaluators-error').textContent = text
  if (text !== '') element('evaluators').focus()
}

/** What the rules refuse before anything is signed. */
function faultOf (evaluators: readonly OfficerId[], { snapshot }: Desk): string {
  const { technical, view } = snapshot()
  const least = view?.notice.terms.technical?.minimumEvaluators ?? 0
  if (evaluators.length < least) return `${words.techAppointFew} ${least}${words.techPersons}`
  if (evaluators.length > MAX_EVALUATORS) return `${words.techAppointMany} ${MAX_EVALUATORS}${words.techPersons}`
  return JSON.stringify([...technical?.evaluators ?? []].sort()) === JSON.stringify([...evaluators].sort()) ? words.techAppointSame : ''
}

export function watchAppointment (desk: Desk): void {
  const { session: { api, platform, identity }, tenderId, refresh } = desk
  form().addEventListener('input', ({ target }) => {
    if ((target as HTMLElement).id === 'evaluator-filter') filter()
    else {
      sayFault('')
      keepTyped(form())
    }
  })
  onSubmit(form(), async () => {
    const evaluators = chosen()
    const fault = faultOf(evaluators, desk)
    sayFault(fault)
    if (fault !== '') return
    await appointEvaluators(api, platform, { identity, tenderId, evaluators })
    forgetTyped(form())
    await refresh()
    sayDone(words.techAppointDone)
  }, (error) => {
    const { text, code } = explain(error)
    if (error instanceof ApiProblem && !isSessionOver(code)) sayFault(text)
    else deskFailed(error)
  })
}
