/**
 * An evaluator marks the proposals of one tender: read, marked, looked at once more, signed. The notice and the proposals are verified
 * before anything is shown, and again before anything is signed, and then they must be those that were looked at. What is shown follows
 * from what the server has: marks that were given are never asked for again, also where the answer to them was lost.
 */
import { ApiProblem } from '../../client/api.ts'
import { markProposals, ownMarks, readProposals, readTechnical, type ReadProposals } from '../../client/technical.ts'
import { getCheckedTender } from '../../client/tenders.ts'
import type { TechnicalView } from '../../client/types.ts'
import type { MarksPayload } from '../../crypto/verify-technical.ts'
import type { TenderId } from '../../domain/ids.ts'
import { markText } from '../../domain/mark-sheet.ts'
import type { NoticeTerms, TechnicalRule } from '../../domain/notice.ts'
import { markedSuppliers } from '../../domain/technical-opening.ts'
import { markWords } from './mark-words.ts'
import { deskFailed, onClick, onSubmit, sayDone } from './desk.ts'
import { check, setError } from './fields.ts'
import { MarkSheet, type SheetMarks } from './marks-sheet.ts'
import { element, explain, make, showFacts } from './page.ts'
import { ruleFacts, watchFileCheck } from './proposal-views.ts'
import type { LoggedIn } from './session.ts'
import { fetchCompanies, namedCompany } from './supplier-names.ts'
import { stackTable } from './tables.ts'
import { technicalWords as words } from './technical-words.ts'

type View = 'marks-form' | 'marks-confirm' | 'marks-given'

const VIEWS: readonly View[] = ['marks-form', 'marks-confirm', 'marks-given']
const tenderId = (element('desk-body').dataset['tender'] ?? '') as TenderId

interface Marking { session: LoggedIn, terms: NoticeTerms, rule: TechnicalRule, read: ReadProposals, sheet: MarkSheet }

/** null: nothing but what is said beside the title. */
function show (view: View | null): void {
  for (const id of VIEWS) element(id).hidden = id !== view
  element('marks').dataset['shown'] = view ?? 'none'
}

function marksTable (marks: MarksPayload['marks'], rule: TechnicalRule): HTMLElement {
  const rows = marks.map(({ supplierId, marksMilli }) => make('tr', {},
    make('th', { scope: 'row' }, ...namedCompany(supplierId)),
    make('td', { class: 'number' }, `${markText(marksMilli)} / ${markText(rule.marksMilli)}`)))
  return stackTable([{ name: words.techProposals }, { name: markWords.markSum, number: true }], rows)
}

/** The marks of this evaluator as the server has them, their signature verified. */
function showGiven (given: MarksPayload, rule: TechnicalRule): void {
  show('marks-given')
  element('given-marks').replaceChildren(marksTable(given.marks, rule))
  element('given-reason').textContent = given.reason
}

function showHead (terms: NoticeTerms, rule: TechnicalRule, { evaluators, marked, openingSha256 }: TechnicalView): void {
  element('marks-title').textContent = terms.title
  showFacts(element('marks-facts'), [
    ...ruleFacts(rule), [markWords.markProgress, `${marked.length}/${evaluators.length}`], [words.techOpening, make('code', {}, openingSha256)]
  ])
  element('marks').hidden = false
}

/** What the server has now; true where this evaluator's marks are there. */
async function settle ({ session, terms, rule }: Pick<Marking, 'session' | 'terms' | 'rule'>): Promise<boolean> {
  const { api, platform, identity } = session
  const technical = await readTechnical(api, tenderId)
  const given = ownMarks(platform, technical, identity.holderId)
  showHead(terms, rule, technical)
  if (given !== null) showGiven(given, rule)
  else if (technical.result !== null) {
    show(null)
    element('marks-state').textContent = markWords.markLate
  }
  return given !== null || technical.result !== null
}

function review ({ session: { identity, key }, rule, read, sheet }: Marking): SheetMarks | null {
  const marks = sheet.read()
  if (marks === null) return null
  element('signed-marks').replaceChildren(marksTable(marks.marks, rule))
  showFacts(element('signed-facts'), [
    [markWords.markEvaluator, `${key.subject.commonName} (${identity.holderId})`], [words.techOpening, make('code', {}, read.openingSha256)]
  ])
  element('signed-reason').textContent = marks.reason
  show('marks-confirm')
  element('h-marks-confirm').focus()
  return marks
}

async function sign (marking: Marking, { marks, reason }: SheetMarks): Promise<void> {
  const { session: { api, platform, identity }, read, sheet } = marking
  element('marks-state').textContent = markWords.markSigning
  try {
    await markProposals(api, platform, { identity, tenderId, expected: read.openingSha256, marks, reason })
  } finally {
    element('marks-state').textContent = ''
  }
  sheet.forget()
  await settle(marking)
  sayDone(markWords.markDone)
  element('h-marks-given').focus()
}

/** A refusal may belong to a proposal; and marks whose answer was lost, or that were given in another window, are there. */
async function notSigned (error: unknown, marking: Marking): Promise<void> {
  if (await settle(marking)) {
    marking.sheet.forget()
    return
  }
  const { text, field } = explain(error)
  const at = /\/marks\/(\d+)/.exec(field ?? '')?.[1]
  const supplierId = at === undefined ? undefined : markedSuppliers(marking.read.proposals)[Number(at)]
  if (supplierId !== undefined && error instanceof ApiProblem) {
    show('marks-form')
    setError(`sheet-${supplierId}`, text)
  } else deskFailed(error)
}

function watch (marking: Marking): void {
  let looked: SheetMarks | null = null
  const form = element<HTMLFormElement>('marks-form')
  onSubmit(form, async () => { looked = review(marking) })
  onClick(element<HTMLButtonElement>('edit-marks'), async () => {
    show('marks-form')
    form.querySelector('button[type=submit]')?.scrollIntoView({ block: 'nearest' })
  })
  const confirm = element<HTMLFormElement>('marks-confirm')
  onSubmit(confirm, async () => {
    if (looked === null || !check(confirm)) return
    await sign(marking, looked)
  }, (error) => { notSigned(error, marking).catch(deskFailed) })
}

export async function runMarks (session: LoggedIn): Promise<void> {
  const { api, platform, identity } = session
  element('marks-state').textContent = words.techLoading
  try {
    const { terms } = (await getCheckedTender(api, platform, tenderId)).last.notice
    const rule = terms.technical
    const read = await readProposals(api, tenderId)
    await fetchCompanies(api, read.proposals.map(({ supplierId }) => supplierId))
    element('marks-state').textContent = ''
    if (rule === null || await settle({ session, terms, rule })) return
    const sheet = new MarkSheet({ tenderId, holderId: identity.holderId, rule, read })
    watchFileCheck(() => read.proposals)
    watch({ session, terms, rule, read, sheet })
    show('marks-form')
  } catch (error) {
    element('marks-state').textContent = ''
    throw error
  }
}
