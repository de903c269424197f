/** `/my/notifications`: what the supplier was told, its saved searches, e-mail address and webhooks; all of it through the API. */
import {
  addWebhook, deleteEmail, deleteSearch, deleteWebhook, enterEmail, listNotices, listSearches, listWebhooks, markNoticesRead, readEmail, rotateSecret,
  saveSearch, verifyEmail, type NewSecret, type NoticeView, type SavedSearchView, type SearchWire
} from '../../client/notifications.ts'
import type { Api } from '../../client/api.ts'
import { readDecimals } from '../../domain/price-unit.ts'
import { onClick, onSubmit, sayFailure } from './acts.ts'
import { check, setError } from './fields.ts'
import { newsName, newsText, noticeWords as words } from './notice-words.ts'
import { element, explain, korean, make } from './page.ts'
import { loggedIn, showSession } from './session.ts'
import { shownTime } from './shown-time.ts'

let cursor: number | null = null
let newest = 0

/** Beside the field that a refusal names, else at the top. */
function failed (error: unknown): void {
  const id = explain(error).field?.slice(1) ?? ''
  if (document.getElementById(`${id}-error`) === null) sayFailure('notifications-error', error)
  else setError(id, explain(error).text)
}

const act = (work: () => Promise<void>) => async (): Promise<void> => {
  element('notifications-error').textContent = ''
  await work()
}

function button (label: string, work: () => Promise<void>): HTMLButtonElement {
  const made = make('button', { type: 'button', class: 'quiet' }, label)
  onClick(made, act(work), failed)
  return made
}

/** `work` is given what was filled in, once the form's own checks are met. */
function onFilled (id: string, work: (values: Record<string, string>) => Promise<void>): void {
  const form = element<HTMLFormElement>(id)
  onSubmit(form, act(async () => {
    if (!check(form)) return
    const filled = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value !== '')
    await work(Object.fromEntries(filled))
    form.reset()
  }), failed)
}

function noticeRow (notice: NoticeView): HTMLTableRowElement {
  const { at, type, tenderId, title, read } = notice
  // One element in each cell: on a narrow screen it stands beside the cell's label.
  const cell = (label: string, ...children: Array<Node | string>): HTMLTableCellElement =>
    make('td', { role: 'cell', 'data-label': label }, make('span', {}, ...children))
  const mark = read ? [] : [' ', make('strong', {}, `(${words.unread})`)]
  const tender = make('a', { href: `/tenders/${tenderId}`, dir: 'auto' }, title)
  return make(
    'tr', { role: 'row' },
    make('th', { role: 'rowheader', scope: 'row' }, tender, ' ', make('span', { class: 'code sub' }, tenderId)),
    cell(words.noticeNews, newsName(type), ...mark, make('br'), ...newsText(notice)),
    cell(words.noticeAt, shownTime(at))
  )
}

async function showNotices (api: Api, { fresh = false } = {}): Promise<void> {
  const page = await listNotices(api, fresh || cursor === null ? {} : { cursor })
  const rows = element('notice-rows')
  if (fresh) rows.replaceChildren()
  rows.append(...page.items.map(noticeRow))
  if (fresh) newest = page.items[0]?.number ?? 0
  cursor = page.nextCursor
  element('more-notices').hidden = cursor === null
  element('mark-read').hidden = page.unread === 0
  element('no-notices').hidden = rows.childElementCount > 0
  element('unread').textContent = page.unread === 0 ? '' : `${words.unread}: ${page.unread}`
}

function conditionsText ({ q, kind, method, agencyId, region, estimatedFrom, estimatedUntil }: SavedSearchView): string {
  const nameOf = (id: string, code: string): string => document.querySelector(`#${id} option[value="${code}"]`)?.textContent ?? code
  const won = (value: number | undefined): string => value === undefined ? '' : value.toLocaleString('en-US')
  const amounts = estimatedFrom === undefined && estimatedUntil === undefined ? undefined : `${won(estimatedFrom)}–${won(estimatedUntil)}`
  return [q, kind === undefined ? undefined : nameOf('kind', kind), method === undefined ? undefined : nameOf('method', method), agencyId, region, amounts]
    .filter((part) => part !== undefined).join(' · ')
}

async function showSearches (api: Api): Promise<void> {
  const items = await listSearches(api)
  element('no-searches').hidden = items.length > 0
  element('searches').replaceChildren(...items.map((search) => make('li', {}, make('strong', {}, search.name), ` ${conditionsText(search)} `, button(words.remove, async () => {
    await deleteSearch(api, search.number)
    await showSearches(api)
  }))))
}

async function showEmail (api: Api): Promise<void> {
  const email = await readEmail(api)
  const state = email?.verifiedAt === null ? words.emailUnverified : words.emailVerified
  element('email-state').textContent = email === null ? words.emailNone : `${email.address} (${state})`
  element('code-form').hidden = email === null || email.verifiedAt !== null
  element('remove-email').hidden = email === null
}

function showSecret ({ url, secret }: NewSecret): void {
  element('secret').replaceChildren(make('p', { class: 'warning' }, words.secretOnce), make('p', {}, url), make('pre', { tabindex: '0' }, secret))
}

async function showWebhooks (api: Api): Promise<void> {
  const items = await listWebhooks(api)
  element('no-webhooks').hidden = items.length > 0
  element('webhooks').replaceChildren(...items.map(({ webhookId, url }) => make('li', {}, make('code', {}, url), ' ', button(words.rotateSecret, async () => {
    showSecret(await rotateSecret(api, webhookId))
  }), ' ', button(words.remove, async () => {
    await deleteWebhook(api, webhookId)
    await showWebhooks(api)
  }))))
}

/** The search that the reader came with. */
function fillSearch (): void {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = element('search-form').querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${CSS.escape(name)}"]`)
    if (field !== null) field.value = value
  }
  const name = element<HTMLInputElement>('name')
  if (name.value === '') name.value = element<HTMLInputElement>('q').value
}

function wire (api: Api): void {
  onClick('more-notices', act(async () => { await showNotices(api) }), failed)
  onClick('mark-read', act(async () => {
    await markNoticesRead(api, newest)
    await showNotices(api, { fresh: true })
  }), failed)
  onClick('remove-email', act(async () => {
    await deleteEmail(api)
    await showEmail(api)
  }), failed)
  onFilled('search-form', async ({ name = '', estimatedFrom, estimatedUntil, ...conditions }) => {
    const amounts = Object.entries({ estimatedFrom, estimatedUntil }).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const won = Object.fromEntries(amounts.map(([field, text]) => [field, readDecimals(text, 0)])) as SearchWire
    await saveSearch(api, { name, ...conditions as SearchWire, ...won })
    await showSearches(api)
  })
  onFilled('email-form', async ({ address = '' }) => {
    await enterEmail(api, { address, language: korean ? 'ko' : 'en' })
    await showEmail(api)
  })
  onFilled('code-form', async ({ code = '' }) => {
    await verifyEmail(api, code)
    await showEmail(api)
  })
  onFilled('webhook-form', async ({ url = '' }) => {
    showSecret(await addWebhook(api, url))
    await showWebhooks(api)
  })
}

async function start (): Promise<void> {
  showSession()
  const session = await loggedIn()
  if (session === null) return
  const { api } = session
  fillSearch()
  wire(api)
  await showNotices(api, { fresh: true })
  await showSearches(api)
  await showEmail(api)
  await showWebhooks(api)
  element('notifications').hidden = false
}

start().catch(failed)
