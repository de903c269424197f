/**
 * Fields of a form with their errors beside them: what the browser's own checks find (the attributes in the HTML), said in the
 * page's language, and what the server refuses. An error stands in the element that `aria-describedby` names.
 */
import { words } from './page.ts'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

function fieldsIn (scope: Element): Field[] {
  return [...scope.querySelectorAll<Field>('input, select, textarea')].filter((field) => field.closest('[hidden]') === null)
}

export function setError (id: string, text: string): void {
  const [field, place] = [document.getElementById(id), document.getElementById(`${id}-error`)]
  if (place === null) return
  place.textContent = text
  if (text === '') field?.removeAttribute('aria-invalid')
  else field?.setAttribute('aria-invalid', 'true')
}

/** Says what each field lacks, and goes to the first one that lacks something. */
export function check (scope: Element): boolean {
  const wrong = fieldsIn(scope).filter((field) => {
    if (field.id !== '') setError(field.id, complaint(field))
    return !field.validity.valid
  })
  wrong[0]?.focus()
  return wrong.length === 0
}

function complaint (field: Field): string {
  const { validity } = field
  if (validity.valid) return ''
  if (validity.customError) return field.validationMessage
  if (validity.valueMissing) return field.type === 'checkbox' ? words.mustAgree : words.missing
  if (validity.typeMismatch && field.type === 'email') return words.emailMalformed
  if (validity.tooShort) return words.passphraseShort
  return validity.tooLong ? words.tooLong : words.malformed
}

/** An error goes when its field is changed, unless the field's own check says while typing that it is still wrong. */
export function forgetErrorsOnInput (form: HTMLFormElement): void {
  form.addEventListener('input', ({ target }) => {
    const field = target as Field
    if (field.id !== '') setError(field.id, field.validity.customError ? field.validationMessage : '')
  })
}
