/**
 * A question on a notice (`/tenders/:tenderId/ask`). What is typed stays in this tab until the server has it, over a login and over
 * a line that breaks; a question that may have arrived is looked for among the public ones before it is sent again.
 */
import { ApiProblem } from '../../client/api.ts'
import { BonginError } from '../../domain/errors.ts'
import type { TenderId } from '../../domain/ids.ts'
import { checkQuestion } from '../../domain/question.ts'
import { onSubmit } from './acts.ts'
import { setError } from './fields.ts'
import { element, explain, make } from './page.ts'
import { questionWords as words } from './question-words.ts'
import { isSessionOver, loggedIn, loginAddress, showSession } from './session.ts'
import { forgetTyped, keepTyped, restoreTyped } from './typed.ts'

const field = (): HTMLTextAreaElement => element<HTMLTextAreaElement>('question')
const textOf = (): string => field().value.normalize('NFC').trim()

function showLogin (over: boolean): void {
  showSession({ over })
  element('ask-login').hidden = false
}

/** What the server or the rules refuse stands beside the field; nothing that was typed is lost. */
function failed (error: unknown): void {
  const { text, code } = explain(error)
  if (isSessionOver(code)) {
    showLogin(true)
    field().focus()
  } else if (error instanceof ApiProblem || error instanceof BonginError) {
    setError('question', text)
    field().focus()
    return
  }
  element('ask-error').textContent = text
}

async function send (form: HTMLFormElement, tenderId: TenderId): Promise<void> {
  for (const id of ['ask-error', 'ask-done']) element(id).textContent = ''
  const text = textOf()
  checkQuestion(text)
  const session = await loggedIn()
  if (session === null || session.identity.kind !== 'supplier') {
    showLogin(false)
    setError('question', session === null ? words.askLogin : words.askSuppliersOnly)
    return
  }
  const { askOnce } = await import('../../client/questions.ts')
  const { number, isNew } = await askOnce(session.api, { tenderId, text })
  forgetTyped(form)
  form.reset()
  showCount(form)
  const done = element('ask-done')
  const link = make('a', { href: `/tenders/${tenderId}#question-${number}` }, words.askSee)
  done.replaceChildren(`${isNew ? words.askDone : words.askThereAlready} ${number}. `, link)
  done.focus()
}

function showCount (form: HTMLFormElement): void {
  const max = Number(form.dataset['max']).toLocaleString('en-US')
  element('question-count').textContent = `${textOf().length.toLocaleString('en-US')} / ${max} ${words.askCount}`
}

async function start (): Promise<void> {
  showSession()
  const form = document.querySelector<HTMLFormElement>('form[data-tender]')
  if (form === null) return
  restoreTyped(form)
  showCount(form)
  form.addEventListener('input', () => {
    keepTyped(form)
    showCount(form)
  })
  onSubmit(form, async () => { await send(form, form.dataset['tender'] as TenderId) }, failed)
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-login]')) link.href = loginAddress()
  const session = await loggedIn()
  element('ask-login').hidden = session?.identity.kind === 'supplier'
  form.dataset['ready'] = ''
}

start().catch(failed)
