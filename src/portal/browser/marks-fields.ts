/** The fields of an evaluator's sheets: a row for each criterion, and under each proposal a field for each criterion with its sum. */
import { markText, MAX_CRITERION_NAME_LENGTH, type Criterion, type TypedCriterion } from '../../domain/mark-sheet.ts'
import { markWords } from './mark-words.ts'
import { element, make } from './page.ts'
import { companyOf } from './supplier-names.ts'

function field (id: string, label: string | Node, attributes: Readonly<Record<string, string>>, value: string): HTMLElement {
  const made = make('input', { id, 'aria-describedby': `${id}-error`, ...attributes })
  made.value = value
  return make('div', { class: 'field' }, make('label', { for: id, id: `${id}-label` }, label), made, make('p', { id: `${id}-error`, class: 'field-error' }))
}

/** `alone`: the only one, which stays. */
export function criterionRow ({ name, max }: TypedCriterion, { at, alone }: { at: number, alone: boolean }): HTMLElement {
  const label = `${markWords.markCriterionRemove} ${at + 1}`
  return make('div', { class: 'criterion' },
    field(`criterion-name-${at}`, `${markWords.markCriterion} ${at + 1}`, { type: 'text', maxlength: String(MAX_CRITERION_NAME_LENGTH) }, name),
    field(`criterion-max-${at}`, `${markWords.markCriterionMax} ${at + 1}`, { type: 'text', inputmode: 'decimal', maxlength: '10' }, max),
    ...(alone ? [] : [make('button', { type: 'button', class: 'quiet', 'data-remove': String(at), 'aria-label': label }, markWords.markCriterionRemove)]))
}

/** The sheet of one proposal, without fields yet. */
export function sheetFields (supplierId: string): HTMLElement {
  return make('fieldset', { class: 'sheet', 'aria-describedby': `sheet-${supplierId}-error` },
    make('legend', {}, `${markWords.markSheet}: ${companyOf(supplierId)} (${supplierId})`),
    make('div', { id: `sheet-${supplierId}`, class: 'marks' }),
    make('p', { class: 'sum' }, `${markWords.markSum}: `, make('output', { id: `sum-${supplierId}` })),
    make('p', { id: `sheet-${supplierId}-error`, class: 'field-error', role: 'alert' }))
}

/** One field for each criterion, with what was typed. */
export function fillSheet (supplierId: string, texts: readonly string[], count: number): void {
  element(`sheet-${supplierId}`).replaceChildren(...Array.from({ length: count }, (_, at) =>
    field(`mark-${supplierId}-${at}`, '', { type: 'text', inputmode: 'decimal', maxlength: '10' }, texts[at] ?? '')))
}

export function labelMark (supplierId: string, at: number, { name, maxMilli }: Criterion): void {
  const label = `${name === '' ? `${markWords.markCriterion} ${at + 1}` : name} (${markWords.markMax} ${markText(maxMilli)})`
  const place = element(`mark-${supplierId}-${at}-label`)
  if (place.textContent !== label) place.textContent = label
}
