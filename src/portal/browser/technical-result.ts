/**
 * The technical result: computed in this browser from marks whose signatures were verified, looked at, and signed as it was looked at.
 * Where it is signed it is computed again to be shown: a mark is on this page on its evaluator's word alone.
 */
import { computeTechnical, decideTechnical, type TechnicalResult } from '../../client/technical.ts'
import type { TechnicalScore } from '../../domain/technical.ts'
import { decimalText } from '../../domain/rate-text.ts'
import { onClick, onSubmit, sayDone } from './desk.ts'
import { check } from './fields.ts'
import { element, make } from './page.ts'
import { namedCompany } from './supplier-names.ts'
import { stackTable } from './tables.ts'
import { technicalWords as words } from './technical-words.ts'
import type { Desk } from './tender-desk.ts'

/** Means are counted in ten-thousandths of a mark. */
const MEAN_PLACES = 4

/** What was computed and is shown; what is signed. */
let looked: TechnicalResult | null = null
let signedShown = false

export function showTechnicalResult (desk: Desk): void {
  const { technical, seat } = desk.snapshot()
  if (technical === null) return
  const { evaluators, marked, result } = technical
  const complete = evaluators.length > 0 && evaluators.every((id) => marked.includes(id))
  const decides = seat === 'executing' && complete && result === null
  // An evaluator more may have been appointed since it was computed.
  if (!complete) looked = null
  const ready = looked === null ? words.techResultReady : words.techResultIntro
  const open = complete ? (seat === 'executing' ? ready : words.techResultAwaited) : `${words.techResultWaits} ${marked.length}/${evaluators.length}`
  element('technical-result-state').textContent = result === null ? open : signedShown ? words.techResultSigned : ''
  element('compute-result').hidden = !decides || looked !== null
  element('technical-result-form').hidden = !decides || looked === null
}

/** A signed result is computed again before it is shown. */
export async function prepareResult ({ session: { api, platform }, tenderId, snapshot }: Desk): Promise<void> {
  if (signedShown || (snapshot().technical?.result ?? null) === null) return
  showScores((await computeTechnical(api, platform, tenderId)).scores)
  signedShown = true
}

function showScores (scores: readonly TechnicalScore[]): void {
  const heads = [{ name: words.techProposals }, { name: words.techMean, number: true }, { name: words.techVerdict }]
  const rows = scores.map(({ supplierId, marksE4, passes }) => make('tr', { 'data-passes': String(passes) },
    make('th', { scope: 'row' }, ...namedCompany(supplierId)), make('td', { class: 'number' }, decimalText(marksE4, MEAN_PLACES)),
    make('td', {}, passes ? words.techPasses : words.techFails)))
  element('technical-scores').replaceChildren(stackTable(heads, rows))
}

export function watchTechnicalResult (desk: Desk): void {
  const { session: { api, platform, identity }, tenderId, refresh } = desk
  onClick(element<HTMLButtonElement>('compute-result'), async () => {
    const result = await computeTechnical(api, platform, tenderId)
    showScores(result.scores)
    looked = result
    showTechnicalResult(desk)
    element('h-technical-result').focus()
  })
  const form = element<HTMLFormElement>('technical-result-form')
  onSubmit(form, async () => {
    if (looked === null || !check(form)) return
    const { scores } = await decideTechnical(api, platform, { identity, tenderId, expected: looked })
    form.reset()
    await refresh()
    sayDone(scores.some(({ passes }) => passes) ? words.techResultDone : words.techResultNobody)
  })
}
