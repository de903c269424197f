/** The views of a page, one of which is shown at a time: its heading is focused when it comes, and what goes on is said for everybody to hear. */
import { forgetErrorsOnInput } from './fields.ts'
import { element } from './page.ts'
import { once } from './work.ts'

export type View =
  'login' | 'closed' | 'form' | 'confirm' | 'unsent' | 'refused' | 'accepted' | 'withdrawn' | 'working'

let shown: View = 'working'

export const currentView = (): View => shown

export function show (view: View, say = ''): void {
  shown = view
  for (const part of element('bid').querySelectorAll<HTMLElement>('[data-view]')) part.hidden = part.dataset['view'] !== view
  element('bid').dataset['shown'] = view
  element('bid-state').textContent = say
  element('bid-error').textContent = ''
  element('bid').querySelector<HTMLElement>(`[data-view=${view}] h2`)?.focus()
}

export function sayError (text: string): void {
  element('bid-error').textContent = text
}

interface Submission { button: string, work: () => Promise<void>, failed: (error: unknown) => void }

/** Work that a form's button or a key in it asks for; it is done once, however often it is asked for. */
export function onSubmit (formId: string, { button: selector, work, failed }: Submission): void {
  const form = element<HTMLFormElement>(formId)
  const button = form.querySelector<HTMLButtonElement>(selector)
  if (button === null) throw new Error(`${formId} has no button`)
  const run = once(button, work, failed)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    run()
  })
  forgetErrorsOnInput(form)
}

export function onClick (buttonId: string, work: () => Promise<void>, failed: (error: unknown) => void): void {
  const button = element<HTMLButtonElement>(buttonId)
  button.addEventListener('click', once(button, work, failed))
}
