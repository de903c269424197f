/** The form of a notice in one language, as its template lays it out. */
import type { Language } from './locale.ts'
import { DRAFT_SECTIONS, type Both, type DraftFieldType } from './texts/draft-fields.ts'

interface FormField {
  path: string
  type: DraftFieldType
  name: string
  hint: string
  optional: boolean
  choices: Array<{ value: string, name: string }>
}
interface FormSection { id: string, name: string, hint: string, methods: string, fields: FormField[] }

export function draftForm (language: Language): FormSection[] {
  const index = language === 'ko' ? 0 : 1
  const say = (both: Both | undefined): string => both?.[index] ?? ''
  return DRAFT_SECTIONS.map(({ id, name, hint, methods = [], fields }) => ({
    id,
    name: say(name),
    hint: say(hint),
    methods: methods.join(' '),
    fields: fields.map(({ path, type, name: label, hint: help, optional = false, choices = [] }) => ({
      path, type, name: say(label), hint: say(help), optional, choices: choices.map(([value, ...names]) => ({ value, name: say(names) }))
    }))
  }))
}
