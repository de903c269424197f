/**
 * The sheets of an evaluator's page: criteria, and one sheet for each proposal with the marks by criterion, added up and held against
 * their maximum while they are typed. Everything typed stays in this tab until it is given, under the opening that it is about.
 */
import type { ReadProposals } from '../../client/technical.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import {
  MAX_CRITERIA, markText, readCriteria, readMark, sheetLine, sumOf, type Criterion, type MarkFault, type TypedCriterion
} from '../../domain/mark-sheet.ts'
import type { TechnicalRule } from '../../domain/notice.ts'
import { markedSuppliers } from '../../domain/technical-opening.ts'
import { setError } from './fields.ts'
import { criterionRow, fillSheet, labelMark, sheetFields } from './marks-fields.ts'
import { markWords } from './mark-words.ts'
import { element, words as pageWords } from './page.ts'
import { proposalArticle } from './proposal-views.ts'

const MAX_REASON_CHARS = 2_000

/** What an evaluator signs. */
export interface SheetMarks { marks: Array<{ supplierId: SupplierId, marksMilli: number }>, reason: string }

/** By supplier the texts of its marks, in the order of the criteria. */
interface Typed { criteria: TypedCriterion[], marks: Record<string, string[]>, reason: string, withCriteria: boolean }

const input = (id: string): HTMLInputElement => element<HTMLInputElement>(id)
const reasonField = (): HTMLTextAreaElement => element<HTMLTextAreaElement>('markReason')

export class MarkSheet {
  readonly #rule: TechnicalRule
  readonly #suppliers: readonly SupplierId[]
  readonly #name: string

  constructor ({ tenderId, holderId, rule, read }: { tenderId: TenderId, holderId: string, rule: TechnicalRule, read: ReadProposals }) {
    this.#rule = rule
    this.#suppliers = markedSuppliers(read.proposals)
    this.#name = `bongin-marks-${tenderId}-${holderId}-${read.openingSha256}`
    element('sheets').replaceChildren(...read.proposals.map((proposal) => {
      const article = proposalArticle(tenderId, proposal, 'h3')
      if (proposal.content !== null) article.append(sheetFields(proposal.supplierId))
      return article
    }))
    this.#fill(this.#kept())
    element('marks-form').addEventListener('input', (event) => { this.#typed(event.target as HTMLElement) })
    element('add-criterion').addEventListener('click', () => { this.#add() })
    element('criteria-rows').addEventListener('click', ({ target }) => {
      const at = (target as HTMLElement).closest('button')?.dataset['remove']
      if (at !== undefined) this.#remove(Number(at))
    })
  }

  /** Nothing is left in this tab. */
  forget (): void {
    sessionStorage.removeItem(this.#name)
  }

  #kept (): Typed {
    const whole: Typed = { criteria: [{ name: markWords.markCriterionWhole, max: markText(this.#rule.marksMilli) }], marks: {}, reason: '', withCriteria: true }
    return { ...whole, ...JSON.parse(sessionStorage.getItem(this.#name) ?? '{}') as Partial<Typed> }
  }

  #criteriaTyped (): TypedCriterion[] {
    return [...element('criteria-rows').children].map((_, i) => ({ name: input(`criterion-name-${i}`).value, max: input(`criterion-max-${i}`).value }))
  }

  #collect (): Typed {
    const criteria = this.#criteriaTyped()
    const marks = Object.fromEntries(this.#suppliers.map((id) => [id, criteria.map((_, i) => input(`mark-${id}-${i}`).value)]))
    return { criteria, marks, reason: reasonField().value, withCriteria: input('withCriteria').checked }
  }

  #keep (): void {
    sessionStorage.setItem(this.#name, JSON.stringify(this.#collect()))
  }

  /** Makes the fields anew: at the start, and where a criterion comes or goes. */
  #fill ({ criteria, marks, reason, withCriteria }: Typed): void {
    element('criteria-rows').replaceChildren(...criteria.map((criterion, at) => criterionRow(criterion, { at, alone: criteria.length === 1 })))
    element('add-criterion').hidden = criteria.length >= MAX_CRITERIA
    element('with-criteria').hidden = criteria.length === 1
    for (const id of this.#suppliers) fillSheet(id, marks[id] ?? [], criteria.length)
    reasonField().value = reason
    input('withCriteria').checked = withCriteria
    this.#showSums()
  }

  #add (): void {
    const typed = this.#collect()
    this.#fill({ ...typed, criteria: [...typed.criteria, { name: '', max: '' }] })
    this.#keep()
    input(`criterion-name-${typed.criteria.length}`).focus()
  }

  #remove (at: number): void {
    const typed = this.#collect()
    const without = <T>(list: readonly T[]): T[] => list.filter((_, i) => i !== at)
    const marks = Object.fromEntries(Object.entries(typed.marks).map(([id, texts]) => [id, without(texts)]))
    this.#fill({ ...typed, criteria: without(typed.criteria), marks })
    this.#keep()
    input('criterion-name-0').focus()
  }

  #typed (target: HTMLElement): void {
    if (target.id === 'handed-files') return
    this.#keep()
    setError(target.id, '')
    if (target.id.startsWith('criterion-')) element('criteria-error').textContent = ''
    this.#showSums()
    const mark = /^mark-(.+)-(\d+)$/.exec(target.id)
    // A mark that is not there yet is no fault while somebody types.
    if (mark !== null) this.#sayMark(mark[1] as SupplierId, Number(mark[2]), { missing: false })
  }

  #mark (id: SupplierId, at: number): number | MarkFault {
    return readMark(input(`mark-${id}-${at}`).value, this.#criterion(at).maxMilli)
  }

  #criterion (at: number): Criterion {
    const { name, maxMilli } = readCriteria(this.#criteriaTyped(), this.#rule.marksMilli).criteria[at] ?? { name: '', maxMilli: Number.NaN }
    // Until a criterion has its full marks the whole is what cannot be passed.
    return { name, maxMilli: Number.isNaN(maxMilli) ? this.#rule.marksMilli : maxMilli }
  }

  #sayMark (id: SupplierId, at: number, { missing }: { missing: boolean }): boolean {
    const mark = this.#mark(id, at)
    const text = { missing: '', malformed: markWords.markMalformed, 'too-many': `${markWords.markTooMany} ${markText(this.#criterion(at).maxMilli)}` }
    const wrong = typeof mark === 'number' ? '' : text[mark]
    // What is the field's own fault stays said while it is typed, and goes with it.
    input(`mark-${id}-${at}`).setCustomValidity(wrong)
    setError(`mark-${id}-${at}`, mark === 'missing' && missing ? markWords.markMissing : wrong)
    return typeof mark === 'number'
  }

  #showSums (): void {
    const { criteria, fault } = readCriteria(this.#criteriaTyped(), this.#rule.marksMilli)
    const whole = markText(this.#rule.marksMilli)
    const sum = criteria.reduce((total, { maxMilli }) => total + maxMilli, 0)
    element('criteria-sum').textContent = `${Number.isNaN(sum) ? '–' : markText(sum)} / ${whole}`
    element('criteria-sum').dataset['right'] = String(fault === null)
    for (const id of this.#suppliers) {
      criteria.forEach((_, at) => { labelMark(id, at, this.#criterion(at)) })
      const given = sumOf(criteria.map((_, at) => this.#mark(id, at)))
      element(`sum-${id}`).textContent = `${given === null ? '–' : markText(given)} / ${whole}`
    }
  }

  /** What is to be signed, or null with every fault beside its field and the focus on the first. */
  read (): SheetMarks | null {
    const faults = [...this.#criteriaFaults(), ...this.#markFaults()]
    const { reason, fault } = this.#reason()
    setError('markReason', fault)
    if (fault !== '') faults.push('markReason')
    const [first] = faults
    if (first !== undefined) element(first).focus()
    if (faults.length > 0) return null
    const count = this.#criteriaTyped().length
    const marks = this.#suppliers.map((supplierId) => {
      const marksMilli = sumOf(Array.from({ length: count }, (_, at) => this.#mark(supplierId, at))) ?? 0
      return { supplierId, marksMilli }
    })
    return { marks, reason }
  }

  #criteriaFaults (): string[] {
    const { fault } = readCriteria(this.#criteriaTyped(), this.#rule.marksMilli)
    if (fault === null) return []
    if (fault.at === null) {
      element('criteria-error').textContent = `${markWords.markCriteriaWrongSum} ${markText(this.#rule.marksMilli)}`
      return ['criterion-max-0']
    }
    const id = `criterion-${fault.field}-${fault.at}`
    const malformed = fault.field === 'max' ? markWords.markMalformed : pageWords.tooLong
    setError(id, input(id).value.trim() === '' ? pageWords.missing : malformed)
    return [id]
  }

  #markFaults (): string[] {
    const count = this.#criteriaTyped().length
    return this.#suppliers.flatMap((id) => Array.from({ length: count }, (_, at) => at)
      .filter((at) => !this.#sayMark(id, at, { missing: true })).map((at) => `mark-${id}-${at}`))
  }

  /** The reason as it is signed: with the marks by criterion where that was ticked. */
  #reason (): { reason: string, fault: string } {
    const own = reasonField().value.normalize('NFC').trim()
    if (own === '') return { reason: '', fault: pageWords.missing }
    const { criteria } = readCriteria(this.#criteriaTyped(), this.#rule.marksMilli)
    const lines = criteria.length > 1 && input('withCriteria').checked
      ? this.#suppliers.map((id) => sheetLine(id, criteria, criteria.map((_, at) => Number(this.#mark(id, at)))))
      : []
    const reason = [own, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n')
    const fault = reason.length > MAX_REASON_CHARS ? `${markWords.markReasonLong} ${reason.length.toLocaleString('en-US')}` : ''
    return { reason, fault }
  }
}
