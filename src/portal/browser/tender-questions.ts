/**
 * Questions that wait for the executing officer's answer, each with its form. A question is shown as the one that its digest is of,
 * and the answer is signed to that; a form that somebody may be typing into stays as it is, and what was typed stays in this tab.
 */
import { ApiProblem } from '../../client/api.ts'
import { answerQuestion, openQuestions, type QuestionView } from '../../client/questions.ts'
import { isQuestionText, MAX_ANSWER_CHARS } from '../../domain/question.ts'
import { onSubmit, deskFailed, sayDone } from './desk.ts'
import { check, setError } from './fields.ts'
import { element, explain, make } from './page.ts'
import { questionWords as words } from './question-words.ts'
import { isSessionOver } from './session.ts'
import type { Desk } from './tender-desk.ts'
import { forgetTyped, keepTyped, restoreTyped } from './typed.ts'
import { shownTime } from './shown-time.ts'

/** News may come faster than the list is read: what comes while it is read has it read once more. */
let reading = false
let again = false

/** Reads the open questions anew. */
export async function showQuestions (desk: Desk): Promise<void> {
  again = true
  if (reading) return
  reading = true
  try {
    for (; again;) {
      again = false
      showList(desk, await openQuestions(desk.session.api, desk.tenderId))
    }
  } finally {
    reading = false
  }
}

function showList (desk: Desk, open: readonly QuestionView[]): void {
  const list = element('open-questions-list')
  const numbers = new Set(open.map(({ number }) => String(number)))
  for (const item of [...list.querySelectorAll<HTMLElement>('li')]) if (!numbers.has(item.dataset['number'] ?? '')) item.remove()
  const shown = new Set([...list.querySelectorAll<HTMLElement>('li')].map((item) => item.dataset['number']))
  for (const question of open) if (!shown.has(String(question.number))) list.append(itemOf(desk, question))
  element('open-questions-none').hidden = open.length > 0
}

function itemOf (desk: Desk, { number, text, askedAt }: QuestionView): HTMLLIElement {
  const id = `answer-${number}`
  const form = make('form', { id: `${id}-${desk.tenderId}`, novalidate: '', autocomplete: 'off' },
    make('div', { class: 'field' },
      make('label', { for: id }, `${words.answerField} (${words.questionNumber} ${number})`),
      make('textarea', { id, rows: '4', required: '', 'aria-describedby': `${id}-error` }),
      make('p', { id: `${id}-error`, class: 'field-error' })),
    make('p', { class: 'actions' }, make('button', { type: 'submit' }, words.answerSend)))
  const item = make('li', { 'data-number': String(number) },
    make('h3', {}, `${words.questionNumber} ${number} `, make('span', { class: 'note' }, shownTime(askedAt))),
    make('p', { class: 'words', dir: 'auto' }, text), form)
  restoreTyped(form)
  form.addEventListener('input', () => { keepTyped(form) })
  onSubmit(form, async () => { await answer(desk, { form, number, id }) }, (error) => { failed(error, id) })
  return item
}

async function answer (desk: Desk, { form, number, id }: { form: HTMLFormElement, number: number, id: string }): Promise<void> {
  const text = form.querySelector<HTMLTextAreaElement>('textarea')?.value.normalize('NFC').trim() ?? ''
  if (!check(form)) return
  if (!isQuestionText(text, MAX_ANSWER_CHARS)) {
    setError(id, words.answerBad)
    element(id).focus()
    return
  }
  const { session: { api, identity }, tenderId } = desk
  await answerQuestion(api, identity, { tenderId, number, text })
  forgetTyped(form)
  await showQuestions(desk)
  sayDone(`${words.answerDone} ${number}`)
}

/** What the server refuses stands beside the answer. */
function failed (error: unknown, id: string): void {
  const { text, code } = explain(error)
  if (error instanceof ApiProblem && !isSessionOver(code)) setError(id, text)
  else deskFailed(error)
}
