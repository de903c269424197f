/** The form of a notice in the page: its values in and out, which sections show, and faults beside the fields that they belong to. */
import type { TenderDraft } from '../../domain/draft.ts'
import type { OfficerListItem } from '../../client/types.ts'
import { DRAFT_FIELDS, type DraftField } from '../texts/draft-fields.ts'
import { countedFields, fieldAt, readForm, type FormValues } from '../texts/draft-values.ts'
import { attachedFiles } from './attachments.ts'
import { setError } from './fields.ts'
import { element, explain, make, words } from './page.ts'

export const form = document.querySelector<HTMLFormElement>('form.draft') as HTMLFormElement
const input = (path: string): HTMLInputElement => element<HTMLInputElement>(path)
const officerBoxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>('[data-officers] input')]

function valueOf ({ path, type }: DraftField): string {
  if (type === 'yes') return input(path).checked ? 'yes' : ''
  return type === 'officers' ? officerBoxes().filter(({ checked }) => checked).map(({ value }) => value).join(',') : input(path).value
}

export const values = (): FormValues => new Map(DRAFT_FIELDS.map((field) => [field.path, valueOf(field)]))

export function fill (given: FormValues): void {
  for (const { path, type } of DRAFT_FIELDS) {
    const value = given.get(path)
    if (value === undefined) continue
    if (type === 'yes') input(path).checked = value === 'yes'
    else if (type === 'officers') for (const box of officerBoxes()) box.checked = value.split(',').some((id) => id.trim() === box.value)
    else input(path).value = value
  }
  showSections()
}

/** Sections of other award methods are hidden, and not read. */
export function showSections (): void {
  const method = input('method').value
  for (const section of form.querySelectorAll<HTMLElement>('[data-methods]')) {
    section.hidden = !(section.dataset['methods'] ?? '').split(' ').includes(method)
  }
}

export function showOfficers ({ witnesses, auditors, self }: { witnesses: OfficerListItem[], auditors: OfficerListItem[], self: string }): void {
  const fit = (list: OfficerListItem[]): OfficerListItem[] => list.filter(({ officerId, hasEncryptionKey }) => hasEncryptionKey && officerId !== self)
  const label = ({ name, agencyName, officerId }: OfficerListItem): string => `${name}, ${agencyName} (${officerId})`
  input('committee.witness').append(...fit(witnesses).map((officer) => make('option', { value: officer.officerId }, label(officer))))
  const boxes = fit(auditors).map((officer) => {
    const id = `auditor-${officer.officerId}`
    return make('div', { class: 'check' },
      make('input', { type: 'checkbox', id, value: officer.officerId, 'data-keep': '' }), ' ', make('label', { for: id }, label(officer)))
  })
  form.querySelector('[data-officers]')?.replaceChildren(...(boxes.length === 0 ? [make('p', { class: 'note' }, '–')] : boxes))
}

/** The draft, or null with each fault beside its field and the focus on the first. */
export function readDraftForm (executing: string): TenderDraft | null {
  clearFaults()
  const { draft, faults } = readForm(values(), { executing, attachments: attachedFiles().map(({ name, sha256 }) => ({ name, sha256 })) })
  for (const [path, fault] of faults) setError(path, fault === 'missing' ? words.missing : words.malformed)
  const [first] = faults.keys()
  if (first !== undefined) element(first).focus()
  return draft
}

export function clearFaults (): void {
  for (const place of form.querySelectorAll('.field-error')) setError(place.id.replace(/-error$/, ''), '')
}

/** Beside the field, or at the head of the section, that a refusal names; false where it names none of them. */
export function showFault (error: unknown): boolean {
  const { text, field } = explain(error)
  const id = field === null ? null : fieldAt(field)
  if (id === null) return false
  setError(id, text)
  const target = document.getElementById(id) ?? document.getElementById(`${id}-error`)
  if (target?.matches('input, select, textarea') === true && target.getAttribute('type') !== 'hidden') target.focus()
  else document.getElementById(`${id}-error`)?.scrollIntoView({ block: 'center' })
  return true
}

/** Name and value of every field that says something, as people read it. */
export function shownFacts (section: string): Array<readonly [string, string]> {
  const counted = new Set(countedFields(input('method').value).map(({ path }) => path))
  return [...element(`section-${section}`).querySelectorAll<HTMLElement>('input:not([type=file], [type=hidden]), select, textarea, fieldset')].flatMap((field) => {
    if (!counted.has(field.id)) return []
    const name = (field.querySelector('legend') ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`))?.firstChild?.textContent?.trim() ?? ''
    const value = shownValue(field)
    return value === '' ? [] : [[name, value] as const]
  })
}

function shownValue (field: HTMLElement): string {
  if (field instanceof HTMLSelectElement) return field.value === '' ? '' : field.selectedOptions[0]?.textContent ?? ''
  if (field instanceof HTMLInputElement) {
    if (field.type === 'checkbox') return field.checked ? '✓' : ''
    return field.type === 'datetime-local' && field.value !== '' ? `${field.value.replace('T', ' ')} KST` : field.value.trim()
  }
  if (field instanceof HTMLTextAreaElement) return field.value.trim()
  return officerBoxes().filter(({ checked }) => checked).map(({ id }) => document.querySelector(`label[for="${id}"]`)?.textContent ?? '').join('; ')
}
