/** What the officer's desk (`/desk`) shows: its tenders by what must be done next, with deadlines, and proposals to mark. */
import { myTenders } from '../../client/desk.ts'
import { me } from '../../client/registration.ts'
import type { OwnTenderItem } from '../../client/types.ts'
import { nextStep, type NextStep } from '../../domain/desk-step.ts'
import type { TenderId } from '../../domain/ids.ts'
import { DAY_MS, parseInstant } from '../../domain/time.ts'
import { countdown, onClick, stateMark } from './desk.ts'
import { showEvaluations } from './desk-evaluations.ts'
import { deskWords } from './desk-words.ts'
import { SEAT_NAMES, STEP_NAMES } from './desk-names.ts'
import { element, make } from './page.ts'
import { serverNow } from './server-clock.ts'
import type { LoggedIn } from './session.ts'
import { shownTime } from './shown-time.ts'

const PAGE_ITEMS = 100
/** Of things that are due after a month nobody needs to see seconds. */
const COUNTED_DOWN_MS = 30 * DAY_MS

interface Row { item: OwnTenderItem, next: NextStep }

const rows: Row[] = []
let cursor: TenderId | null = null

function rowOf (item: OwnTenderItem): Row {
  const times = {
    closesAt: parseInstant(item.closesAt),
    technicalOpensAt: item.technicalOpensAt === null ? null : parseInstant(item.technicalOpensAt),
    opensAt: parseInstant(item.opensAt)
  }
  return { item, next: nextStep({ ...item, ...times }, serverNow()) }
}

/** On a narrow screen a row is a card, whose cells say what they are. */
const cell = (label: string, attributes: Readonly<Record<string, string>>, ...children: Array<Node | string>): HTMLElement =>
  make('td', { role: 'cell', 'data-label': label, ...attributes }, ...children)

function shownRow ({ item: { tenderId, title, state, seat }, next: { step, dueAt } }: Row): HTMLTableRowElement {
  const near = dueAt !== null && dueAt - serverNow() < COUNTED_DOWN_MS && dueAt > serverNow()
  return make(
    'tr', { role: 'row' },
    make('th', { scope: 'row', role: 'rowheader' }, make('a', { href: `/desk/tenders/${tenderId}` }, title), make('br'), make('span', { class: 'code note' }, tenderId)),
    cell(deskWords.nextStep, { 'data-step': step }, STEP_NAMES[step]),
    cell(deskWords.dueAt, {}, make('span', {}, ...(dueAt === null ? ['–'] : [shownTime(dueAt), ...(near ? [make('br'), countdown(dueAt)] : [])]))),
    cell(deskWords.stateIs, {}, stateMark(state)),
    cell(deskWords.mySeat, {}, SEAT_NAMES[seat])
  )
}

/** What is due first comes first; what has no time is due now. */
function show (): void {
  const byDue = [...rows].sort((a, b) => (a.next.dueAt ?? 0) - (b.next.dueAt ?? 0))
  const groups = {
    now: byDue.filter(({ next }) => next.mine),
    later: byDue.filter(({ next }) => !next.mine && next.step !== 'concluded'),
    done: rows.filter(({ next }) => next.step === 'concluded')
  }
  for (const [name, group] of Object.entries(groups)) {
    element(`list-${name}`).replaceChildren(...group.map(shownRow))
    element(`empty-${name}`).hidden = group.length > 0
    element(`table-${name}`).hidden = group.length === 0
  }
  element('more').hidden = cursor === null
}

async function showMore ({ api }: LoggedIn): Promise<void> {
  const page = await myTenders(api, { limit: PAGE_ITEMS, ...(cursor === null ? {} : { cursor }) })
  cursor = page.nextCursor
  rows.push(...page.items.map(rowOf))
  show()
}

/** Shows what this officer's roles let it do. */
export async function runDesk (session: LoggedIn): Promise<void> {
  const { roles } = await me(session.api)
  for (const part of document.querySelectorAll<HTMLElement>('[data-role]')) {
    part.hidden = !(part.dataset['role'] ?? '').split(' ').some((role) => (roles as readonly string[]).includes(role))
  }
  if (roles.includes('evaluator')) await showEvaluations(session.api)
  if (!roles.some((role) => role === 'executing' || role === 'witness' || role === 'audit')) return
  onClick('more', async () => { await showMore(session) })
  await showMore(session)
}
