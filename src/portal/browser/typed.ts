/** What was typed into a form, kept in this tab: passphrases and files are not, ticks only where the form says that they are data. */
const KEPT = 'input:not([type=password], [type=file], [type=checkbox]), input[data-keep], select, textarea'

const nameOf = (form: HTMLFormElement): string => `bongin-typed-${form.id}`
const valueOf = ({ type, checked, value }: HTMLInputElement): string | boolean => type === 'checkbox' ? checked : value
const fields = (form: HTMLFormElement): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>(KEPT)]

export function keepTyped (form: HTMLFormElement): void {
  sessionStorage.setItem(nameOf(form), JSON.stringify(Object.fromEntries(fields(form).map((field) => [field.id, valueOf(field)]))))
}

export function restoreTyped (form: HTMLFormElement): void {
  const typed = JSON.parse(sessionStorage.getItem(nameOf(form)) ?? '{}') as Record<string, unknown>
  for (const field of fields(form)) {
    const value = typed[field.id]
    if (typeof value === 'string') field.value = value
    else if (typeof value === 'boolean') field.checked = value
  }
}

export function forgetTyped (form: HTMLFormElement): void {
  sessionStorage.removeItem(nameOf(form))
}
