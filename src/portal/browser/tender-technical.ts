/**
 * The technical evaluation at the tender's desk: proposals as they were committed to, who evaluates and who has marked, and the result.
 * Appointing and deciding are in files of their own.
 */
import { officersWith } from '../../client/officers.ts'
import { readProposals, type ReadProposal } from '../../client/technical.ts'
import type { OfficerListItem, TechnicalView } from '../../client/types.ts'
import { element, explain, make, showFacts } from './page.ts'
import { proposalArticle, ruleFacts, watchFileCheck } from './proposal-views.ts'
import { fetchCompanies } from './supplier-names.ts'
import { stackTable } from './tables.ts'
import { showAppointment, watchAppointment } from './technical-appointment.ts'
import { prepareResult, showTechnicalResult, watchTechnicalResult } from './technical-result.ts'
import { technicalWords as words } from './technical-words.ts'
import type { Desk } from './tender-desk.ts'

let proposals: readonly ReadProposal[] = []
/** Of the opening whose proposals are shown. */
let shownSha256 = ''
let officers: OfficerListItem[] | null = null

/**
 * Fetches and checks what is shown beside the acts themselves, before they are shown: nothing of what could not be checked is. A fault is
 * said in its place, and the next look tries again. Returns the opening whose proposals are shown.
 */
export async function prepareTechnical (desk: Desk): Promise<string> {
  const { technical } = desk.snapshot()
  if (technical === null) return ''
  const { session: { api }, tenderId } = desk
  try {
    if (technical.openingSha256 !== shownSha256) {
      const { proposals: read, openingSha256 } = await readProposals(api, tenderId)
      officers = await officersWith(api, 'evaluator')
      await fetchCompanies(api, read.map(({ supplierId }) => supplierId))
      element('proposals').replaceChildren(...read.map((proposal) => proposalArticle(tenderId, proposal, 'h4')))
      proposals = read
      shownSha256 = openingSha256
    }
    await prepareResult(desk)
    element('proposals-state').textContent = ''
  } catch (error) {
    element('proposals-state').textContent = explain(error).text
  }
  return shownSha256
}

/** What is so now, from what was prepared. */
export function showTechnical (desk: Desk): void {
  const { technical, view } = desk.snapshot()
  const rule = view?.notice.terms.technical ?? null
  element('technical-desk').hidden = technical === null || rule === null
  if (technical === null || rule === null) return
  showFacts(element('technical-facts'), [...ruleFacts(rule), [words.techOpening, make('code', {}, technical.openingSha256)]])
  showEvaluators(technical)
  showAppointment(desk, officers)
  showTechnicalResult(desk)
}

function showEvaluators ({ evaluators, marked }: TechnicalView): void {
  element('evaluators-none').hidden = evaluators.length > 0
  const nameOf = (id: string): string => officers?.find(({ officerId }) => officerId === id)?.name ?? ''
  const rows = evaluators.map((id) => {
    const hasMarked = marked.includes(id)
    return make('tr', {}, make('th', { scope: 'row' }, nameOf(id), ' ', make('span', { class: 'code note' }, id)),
      make('td', { 'data-marked': String(hasMarked) }, hasMarked ? words.techMarked : words.techNotMarked))
  })
  const heads = [{ name: words.techEvaluator }, { name: words.techEvaluatorState }]
  element('evaluators-table').replaceChildren(...(rows.length === 0 ? [] : [stackTable(heads, rows)]))
}

export function watchTechnical (desk: Desk): void {
  watchFileCheck(() => proposals)
  watchAppointment(desk)
  watchTechnicalResult(desk)
}
