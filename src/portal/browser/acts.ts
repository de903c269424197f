/** Buttons and forms that do their work by script: once at a time, however often they are asked, and with one place where faults are said. */
import { forgetErrorsOnInput } from './fields.ts'
import { element, explain } from './page.ts'
import { isSessionOver, showSession } from './session.ts'
import { once } from './work.ts'

type Work = () => Promise<void>
type Failed = (error: unknown) => void

export function onClick (button: string | HTMLButtonElement, work: Work, failed: Failed): void {
  const found = typeof button === 'string' ? element<HTMLButtonElement>(button) : button
  found.addEventListener('click', once(found, work, failed))
}

/** A form that is sent by script alone; an error beside a field goes when the field is changed. Returns what sends it. */
export function onSubmit (form: string | HTMLFormElement, work: Work, failed: Failed): () => void {
  const found = typeof form === 'string' ? element<HTMLFormElement>(form) : form
  const button = found.querySelector<HTMLButtonElement>('button[type=submit]')
  if (button === null) throw new Error('a form has a button')
  const submit = once(button, work, failed)
  found.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  forgetErrorsOnInput(found)
  return submit
}

/** Says in the element what went wrong, and in the bar where the session has ended. */
export function sayFailure (id: string, error: unknown): void {
  const { text, code } = explain(error)
  element(id).textContent = text
  if (isSessionOver(code)) showSession({ over: true })
}
