/**
 * The technical evaluation at the tender's desk: proposals as they were committed to, who evaluates and who has marked, and the result.
 * Appointing and deciding are in files of their own.
 */
import { officersWith } from '../../client/officers.ts'
import { readProposals, type ReadProposal } from '../../client/technical.ts'
import type { OfficerListItem, TechnicalView } from '../../client/types.ts'
import { deskFailed } from './desk.ts'
import { element, make, showFacts } from './page.ts'
import { proposalArticle, ruleFacts, watchFileCheck } from './proposal-views.ts'
import { fetchCompanies } from './supplier-names.ts'
import { stackTable } from './tables.ts'
import { showAppointment, watchAppointment } from './technical-appointment.ts'
import { showTechnicalResult, watchTechnicalResult } from './technical-result.ts'
import { technicalWords as words } from './technical-words.ts'
import type { Desk } from './tender-desk.ts'

let proposals: readonly ReadProposal[] = []
/** Of the opening whose proposals are shown or asked for. */
let shownSha256 = ''
let officers: OfficerListItem[] | null = null

/** What is so now; what has to be fetched for it comes when it comes. */
export function showTechnical (desk: Desk): void {
  const { technical, view } = desk.snapshot()
  const rule = view?.notice.terms.technical ?? null
  element('technical-desk').hidden = technical === null || rule === null
  if (technical === null || rule === null) return
  showFacts(element('technical-facts'), [...ruleFacts(rule), [words.techOpening, make('code', {}, technical.openingSha256)]])
  showEvaluators(technical)
  showAppointment(desk, officers)
  showTechnicalResult(desk)
  if (technical.openingSha256 !== shownSha256) fetchOnce(desk, technical.openingSha256).catch(deskFailed)
}

async function fetchOnce (desk: Desk, sha256: string): Promise<void> {
  const { session: { api }, tenderId } = desk
  shownSha256 = sha256
  element('proposals-state').textContent = words.techLoading
  try {
    proposals = (await readProposals(api, tenderId)).proposals
    officers = await officersWith(api, 'evaluator')
    await fetchCompanies(api, proposals.map(({ supplierId }) => supplierId))
  } catch (error) {
    // Nothing of what could not be checked is shown; the next news ask again.
    shownSha256 = ''
    throw error
  } finally {
    element('proposals-state').textContent = ''
  }
  element('proposals').replaceChildren(...proposals.map((proposal) => proposalArticle(tenderId, proposal, 'h4')))
  showTechnical(desk)
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
