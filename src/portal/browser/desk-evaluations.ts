/** What an evaluator is to mark, on the officer's desk: closed tenders until their prices are opened, each with the way to its page. */
import type { Api } from '../../client/api.ts'
import { myEvaluations } from '../../client/desk.ts'
import type { OwnEvaluationItem } from '../../client/types.ts'
import type { TenderId } from '../../domain/ids.ts'
import { markWords } from './mark-words.ts'
import { onClick } from './desk.ts'
import { element, make } from './page.ts'
import { shownTime } from './shown-time.ts'
import { fillRows } from './tables.ts'

let cursor: TenderId | null = null

function row ({ tenderId, title, opensAt, marked, evaluated }: OwnEvaluationItem): HTMLTableRowElement {
  const state = evaluated ? markWords.markOver : marked ? markWords.markGiven : markWords.markToDo
  const link = make('a', { href: `/desk/tenders/${tenderId}/marks`, dir: 'auto' }, title)
  return make('tr', { 'data-marked': String(marked) },
    make('th', { scope: 'row' }, link, make('br'), make('span', { class: 'code note' }, tenderId)), make('td', {}, state), make('td', {}, shownTime(opensAt)))
}

async function showMore (api: Api): Promise<void> {
  const page = await myEvaluations(api, cursor === null ? {} : { cursor })
  cursor = page.nextCursor
  const list = element('to-mark-list')
  fillRows(list, page.items.map(row), { after: true })
  element('to-mark').hidden = list.childElementCount === 0
  element('to-mark-none').hidden = list.childElementCount > 0
  element('more-to-mark').hidden = cursor === null
}

export async function showEvaluations (api: Api): Promise<void> {
  onClick(element<HTMLButtonElement>('more-to-mark'), async () => { await showMore(api) })
  await showMore(api)
}
