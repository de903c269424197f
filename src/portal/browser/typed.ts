/** What was typed into a form, kept in this tab: passphrases, files and ticks are not. */
const NAME = 'bongin-typed'
const KEPT = 'input:not([type=password], [type=file], [type=checkbox]), select, textarea'

const fields = (form: HTMLFormElement): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>(KEPT)]

export function keepTyped (form: HTMLFormElement): void {
  sessionStorage.setItem(NAME, JSON.stringify(Object.fromEntries(fields(form).map(({ id, value }) => [id, value]))))
}

export function restoreTyped (form: HTMLFormElement): void {
  const typed = JSON.parse(sessionStorage.getItem(NAME) ?? '{}') as Record<string, unknown>
  for (const field of fields(form)) {
    const value = typed[field.id]
    if (typeof value === 'string') field.value = value
  }
}

export function forgetTyped (): void {
  sessionStorage.removeItem(NAME)
}
