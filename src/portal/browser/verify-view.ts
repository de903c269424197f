/** What the verifying page shows, and where. Whatever came from the server is shown as text. */
import type { VerifyStep } from '../../crypto/verify-record.ts'
import { VERIFY_STEPS, type VerifyStepName } from '../../domain/verify-steps.ts'
import { amount, comparedRows } from './verify-table.ts'
import type { Compared } from './verify-talk.ts'

/** The words that the page came with (`texts/verify.ts`). */
export type Said = Readonly<Record<'downloading' | 'running' | 'ok' | 'failed' | 'notReached' | 'verified' | 'failedAt' | 'otherTender' | 'otherTable' |
  'unreachable' | 'remembered' | 'firstContact' | 'otherRoot' | 'forgotten' | 'yes' | 'no' | 'checked', string>>

type StepState = 'running' | 'ok' | 'failed' | 'notReached' | ''

export class VerifyView {
  readonly said: Said
  readonly #page: HTMLElement

  constructor (page: HTMLElement) {
    this.#page = page
    this.said = JSON.parse(page.dataset['said'] ?? '{}') as Said
    for (const part of page.querySelectorAll<HTMLElement>('.with-script')) part.hidden = false
  }

  find<E extends HTMLElement> (selector: string): E {
    const element = this.#page.querySelector<E>(selector)
    if (element === null) throw new Error(`the page has no ${selector}`)
    return element
  }

  /** As before a verification. */
  clear (): void {
    for (const part of ['#save', '#compared', '#opened']) this.find(part).hidden = true
    for (const name of VERIFY_STEPS) this.#mark(name, '')
  }

  /** The verdict, or what goes on; `detail` is the verifier's own reason, in English; `objects` tells what to do with a record that fails. */
  say (text: string, state: 'running' | 'ok' | 'failed', { detail = '', objects = false } = {}): void {
    const verdict = this.find('#verdict')
    verdict.textContent = text
    verdict.dataset['state'] = state
    this.find('#reason').textContent = detail
    this.find('#failure').hidden = detail === ''
    this.find('#next').hidden = !objects
  }

  nameOf (step: VerifyStepName): string {
    return this.find(`[data-step="${step}"] strong`).textContent ?? step
  }

  begin (step: VerifyStepName): void {
    this.#mark(step, 'running', { text: this.said.running })
  }

  showStep ({ name, ok, checked, detail }: VerifyStep): void {
    const { said } = this
    this.#mark(name, ok ? 'ok' : 'failed', { text: ok ? `${said.ok} · ${said.checked.replace('{count}', String(checked))}` : said.failed, detail })
    const later = VERIFY_STEPS.slice(VERIFY_STEPS.indexOf(name) + 1)
    if (!ok) for (const step of later) this.#mark(step, 'notReached', { text: said.notReached })
    else if (later[0] !== undefined) this.begin(later[0])
  }

  #mark (name: VerifyStepName, state: StepState, { text = '', detail = '' } = {}): void {
    this.find(`[data-step="${name}"]`).dataset['state'] = state
    this.find(`[data-step="${name}"] .meaning`).hidden = state !== 'failed'
    this.find(`[data-step="${name}"] .result`).textContent = text
    this.find(`[data-step="${name}"] .detail`).textContent = detail
  }

  /** `fingerprint` is null where the one shown stays; `isPinned` offers to forget it. */
  showRoot (fingerprint: string | null, { text = '', isPinned }: { text?: string, isPinned: boolean }): void {
    if (fingerprint !== null) this.find('#root').textContent = fingerprint
    this.find('#root-said').textContent = text
    this.find('#forget-part').hidden = !isPinned
  }

  showOpened (done: number, total: number): void {
    const bar = this.find<HTMLProgressElement>('#opened-bar')
    this.find('#opened').hidden = false
    bar.max = Math.max(1, total)
    bar.value = done
    this.find('#opened-count').textContent = `${done} / ${total}`
  }

  showCompared (compared: Compared): void {
    const { computed, published, decimals } = compared
    const planned = [computed, published].map((opening) => amount((opening as Partial<typeof opening>).prices?.plannedPriceWon, decimals))
    this.find('#planned').textContent = planned.join(' / ')
    this.find('#rows').replaceChildren(...comparedRows(compared).map(({ cells, same }) => this.#row(cells, same)))
    this.find('#compared').hidden = false
  }

  #row (cells: readonly string[], same: boolean): HTMLTableRowElement {
    const row = document.createElement('tr')
    if (!same) row.className = 'differs'
    for (const [index, text] of [...cells, same ? this.said.yes : this.said.no].entries()) {
      const cell = document.createElement(index === 0 ? 'th' : 'td')
      if (index === 0) cell.setAttribute('scope', 'row')
      else if (index < cells.length) cell.className = 'number'
      cell.textContent = text
      row.append(cell)
    }
    return row
  }
}
