/**
 * What the pages of suppliers and officers have in common: words in the page's language, elements by id, facts, and what is said when something
 * goes wrong. Text from people goes into the page as text.
 */
import { ApiProblem, ServerUnreachable } from '../../client/api.ts'
import { ClientError } from '../../client/identity.ts'
import { RecordFault } from '../../crypto/record-shape.ts'
import { BonginError } from '../../domain/errors.ts'
import { commonEn } from '../texts/en/common.ts'
import { commonKo } from '../texts/ko/common.ts'
import { StorageRefused } from './kept.ts'

export const korean = document.documentElement.lang === 'ko'
export const words = korean ? commonKo : commonEn

/** @throws Error where the page has no such element: page and script are one. */
export function element<E extends HTMLElement = HTMLElement> (id: string): E {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found as E
}

export function make<Tag extends keyof HTMLElementTagNameMap> (
  tag: Tag, attributes: Readonly<Record<string, string>> = {}, ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** A list of names and values. */
export function showFacts (list: HTMLElement, facts: ReadonlyArray<readonly [string, string | Node]>): void {
  list.replaceChildren(...facts.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))))
}

/** What a page found itself; its message is for the reader, in the reader's language. */
export class ReaderFault extends Error {
  override readonly name: string = 'ReaderFault'
}

/** What to tell people of a failure, and the field of the request at fault where the server named one. */
export function explain (error: unknown): { text: string, field: string | null, code: string } {
  if (error instanceof ApiProblem) {
    const text = korean ? error.detailKo || error.titleKo : error.detail || error.title
    return { text: text || error.message, field: error.field, code: error.code }
  }
  if (error instanceof BonginError) {
    const { detail, detailKo, field = null } = error.context
    return { text: (korean ? detailKo : detail) ?? error.message, field, code: error.code }
  }
  if (error instanceof ReaderFault) return { text: error.message, field: null, code: 'told' }
  if (error instanceof ServerUnreachable) return { text: words.unreachable, field: null, code: 'unreachable' }
  if (error instanceof StorageRefused) return { text: words.storageRefused, field: null, code: 'storage' }
  if (error instanceof ClientError || error instanceof RecordFault) return { text: `${words.notTrusted} ${error.message}`, field: null, code: 'not-trusted' }
  return { text: `${words.unexpected} ${String(error)}`, field: null, code: 'unexpected' }
}
