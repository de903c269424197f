/** After the opening: its result, the judgement of the bidder whose turn it is, and the signed decision. */
import { award, evaluate } from '../../client/openings.ts'
import type { Api } from '../../client/api.ts'
import { DISQUALIFICATIONS } from '../../domain/bid.ts'
import type { SupplierId } from '../../domain/ids.ts'
import { amountText, readDecimals } from '../../domain/price-unit.ts'
import { onSubmit, refusedAt, sayDone } from './desk.ts'
import { deskWords } from './desk-words.ts'
import { check, setError } from './fields.ts'
import { element, korean, make, showFacts, words } from './page.ts'
import { fetchCompanies, namedCompany } from './supplier-names.ts'
import { fillRows } from './tables.ts'
import { FAILURES } from '../texts/failures.ts'
import type { Desk, Snapshot } from './tender-desk.ts'

const MILLI_PLACES = 3
const value = (id: string): string => element<HTMLInputElement>(id).value.trim().normalize('NFC')
const choice = (): string => document.querySelector<HTMLInputElement>('input[name=qualified]:checked')?.value ?? ''

const failureName = (code: string): string => FAILURES[code as keyof typeof FAILURES]?.[korean ? 0 : 1] ?? code

export function showResult ({ view }: Snapshot): void {
  const record = view?.opening ?? null
  element('result').hidden = record === null && view?.state !== 'failed'
  if (view === null || (record === null && view.state !== 'failed')) return
  const { decimals } = view.notice.terms.price
  const amount = (units: number | null): string => units === null ? '–' : amountText(units, decimals)
  const decided = view.state === 'awarded' ? deskWords.decidedAward : view.state === 'failed' ? deskWords.decidedFailed : deskWords.decidedOpen
  showFacts(element('result-facts'), [
    [deskWords.decision, decided],
    ...(record === null
      ? []
      : [
          [deskWords.bidsOpened, String(record.rows.length)] as const, [deskWords.plannedPriceIs, amount(record.prices.plannedPriceWon)] as const,
          [deskWords.floorPriceIs, amount(record.prices.floorPriceWon)] as const
        ]),
    ...(view.failure === null ? [] : [[deskWords.failedReason, failureName(view.failure.reason)] as const])
  ])
}

/** Of those who bid, known from the opening on. */
export async function fetchNames (api: Api, { evaluation }: Snapshot): Promise<void> {
  await fetchCompanies(api, (evaluation?.order ?? []).map(({ supplierId }) => supplierId))
}

export function showEvaluation ({ evaluation, view, seat, state }: Snapshot): void {
  element('evaluation').hidden = evaluation === null
  if (evaluation === null || view === null) return
  const { order, results, outcome, decimals } = evaluation
  fillRows(element('candidates'), order.map(({ rank, supplierId, amountWon }) => {
    const result = results.find((one) => one.supplierId === supplierId)
    const judged = result === undefined ? (outcome.next === supplierId ? deskWords.turnNow : '–') : result.passes ? deskWords.passed : deskWords.notPassed
    const reason = typeof result?.['reason'] === 'string' ? `: ${result['reason']}` : ''
    return make('tr', outcome.next === supplierId ? { class: 'first' } : {},
      make('td', { class: 'number' }, String(rank)), make('th', { scope: 'row' }, ...namedCompany(supplierId)),
      make('td', { class: 'number' }, amountText(amountWon, decimals)), make('td', {}, `${judged}${reason}`))
  }))
  const decides = seat === 'executing' && (state === 'opened' || state === 'evaluated')
  const { method } = view.notice.terms
  element('evaluation-form').hidden = !decides || outcome.next === null
  element('next-name').replaceChildren(...(outcome.next === null ? [] : namedCompany(outcome.next)))
  element('capability').hidden = method !== 'eligibility-review' && method !== 'comprehensive'
  element('social').hidden = method !== 'comprehensive'
  element('award-form').hidden = !decides || outcome.state === 'open'
  element('award-title').textContent = outcome.winner === null ? deskWords.failNow : deskWords.awardNow
  const winning = order.find(({ supplierId }) => supplierId === outcome.winner)
  element('award-text').textContent = winning === undefined ? deskWords.failText : `${winning.supplierId}, ${amountText(winning.amountWon, decimals)}`
}

/** undefined where what stands in the field is no mark. */
function readMarks (id: string): number | null | undefined {
  if (element(id).closest('[hidden]') !== null || value(id) === '') return null
  const marks = readDecimals(value(id), MILLI_PLACES)
  return Number.isNaN(marks) ? undefined : marks
}

async function judge ({ session: { api, identity }, tenderId, snapshot, refresh }: Desk): Promise<void> {
  const form = element<HTMLFormElement>('evaluation-form')
  const judged = snapshot().evaluation?.outcome.next ?? null
  element('qualified-error').textContent = choice() === '' ? deskWords.choose : ''
  const [capabilityMarksMilli, socialMarksMilli] = [readMarks('capabilityMarks'), readMarks('socialMarks')]
  const complete = check(form) && choice() !== ''
  if (capabilityMarksMilli === undefined) setError('capabilityMarks', words.malformed)
  if (socialMarksMilli === undefined) setError('socialMarks', words.malformed)
  if (!complete || judged === null || capabilityMarksMilli === undefined || socialMarksMilli === undefined) return
  const qualified = choice() === 'yes'
  const remark = qualified ? null : DISQUALIFICATIONS.find((code) => code === value('remark')) ?? null
  // Whoever is shown is judged, or nobody: another's turn is refused.
  const supplierId = judged satisfies SupplierId
  const { result } = await evaluate(api, identity, { tenderId, supplierId, qualified, remark, capabilityMarksMilli, socialMarksMilli, reason: value('judgementReason') })
  form.reset()
  element('unqualified').hidden = true
  await refresh()
  sayDone(`${judged}: ${result.passes ? deskWords.passed : deskWords.notPassed}`)
}

export function watchEvaluation (desk: Desk): void {
  const { session: { api, identity }, tenderId, refresh } = desk
  const form = element<HTMLFormElement>('evaluation-form')
  form.addEventListener('change', () => {
    element('unqualified').hidden = choice() !== 'no'
    if (choice() !== '') element('qualified-error').textContent = ''
  })
  const beside = { '/capabilityMarksMilli': 'capabilityMarks', '/socialMarksMilli': 'socialMarks', '/reason': 'judgementReason' }
  onSubmit(form, async () => { await judge(desk) }, refusedAt(beside))
  const decision = element<HTMLFormElement>('award-form')
  onSubmit(decision, async () => {
    if (!check(decision)) return
    const made = await award(api, identity, { tenderId, reason: value('awardReason') })
    decision.reset()
    await refresh()
    sayDone(made.decision === 'awarded' ? `${deskWords.awardDone} ${made.supplierId ?? ''}` : deskWords.failDone)
  })
}
