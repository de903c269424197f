/** `/my/notifications`: what the supplier was told, its saved searches, e-mail address and webhooks; all of it through the API. */
import {
  addWebhook, deleteEmail, deleteSearch, deleteWebhook, enterEmail, listNotices, listSearches, listWebhooks, markNoticesRead, readEmail, rotateSecret,
  saveSearch, verifyEmail, type NewSecret, type NoticeView, type SavedSearchView, type SearchWire
} from '../../client/notifications.ts'
import type { Api } from '../../client/api.ts'
import { kstSecond, parseInstant } from '../../domain/time.ts'
import { newsName, newsText, noticeWords as words } from './notice-words.ts'
import { element, explain, korean, make, once } from './page.ts'
import { isSessionOver, loggedIn, showSession } from './session.ts'

let cursor: number | null = null
let newest = 0

function failed (error: unknown): void {
  const { text, code, field } = explain(error)
  element('notifications-error').textContent = text
  const name = field?.slice(1) ?? ''
  const wrong = document.getElementById(`${name}-error`)
  if (wrong !== null) wrong.textContent = text
  if (isSessionOver(code)) showSession({ over: true })
}

function clearErrors (): void {
  for (const place of document.querySelectorAll('#notifications-error, .field-error')) place.textContent = ''
}

/** A button that does its work once at a time. */
function act (label: string, work: () => Promise<void>): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'quiet' }, label)
  button.addEventListener('click', once(button, async () => {
    clearErrors()
    await work()
  }, failed))
  return button
}

/** What the form's fields say, those that were filled. */
function onSubmit (id: string, work: (values: Record<string, string>) => Promise<void>): void {
  const form = element<HTMLFormElement>(id)
  const button = form.querySelector('button') as HTMLButtonElement
  const submit = once(button, async () => {
    clearErrors()
    const filled = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value !== '')
    await work(Object.fromEntries(filled))
    form.reset()
  }, failed)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
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
    cell(words.noticeNews, newsName(type), ...mark, make('br'), newsText(notice)),
    cell(words.noticeAt, kstSecond(parseInstant(at)))
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

function conditionsText ({ q, kind, method, agencyId }: SavedSearchView): string {
  const nameOf = (id: string, code: string): string => document.querySelector(`#${id} option[value="${code}"]`)?.textContent ?? code
  return [q, kind === undefined ? undefined : nameOf('kind', kind), method === undefined ? undefined : nameOf('method', method), agencyId]
    .filter((part) => part !== undefined).join(' · ')
}

async function showSearches (api: Api): Promise<void> {
  const items = await listSearches(api)
  element('no-searches').hidden = items.length > 0
  element('searches').replaceChildren(...items.map((search) => make('li', {}, make('strong', {}, search.name), ` ${conditionsText(search)} `, act(words.remove, async () => {
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
  element('webhooks').replaceChildren(...items.map(({ webhookId, url }) => make('li', {}, make('code', {}, url), ' ', act(words.rotateSecret, async () => {
    showSecret(await rotateSecret(api, webhookId))
  }), ' ', act(words.remove, async () => {
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
  const onClick = (id: string, work: () => Promise<void>): void => {
    const button = element<HTMLButtonElement>(id)
    button.addEventListener('click', once(button, work, failed))
  }
  onClick('more-notices', async () => { await showNotices(api) })
  onClick('mark-read', async () => {
    await markNoticesRead(api, newest)
    await showNotices(api, { fresh: true })
  })
  onClick('remove-email', async () => {
    await deleteEmail(api)
    await showEmail(api)
  })
  onSubmit('search-form', async ({ name = '', ...conditions }) => {
    await saveSearch(api, { name, ...conditions as SearchWire })
    await showSearches(api)
  })
  onSubmit('email-form', async ({ address = '' }) => {
    await enterEmail(api, { address, language: korean ? 'ko' : 'en' })
    await showEmail(api)
  })
  onSubmit('code-form', async ({ code = '' }) => {
    await verifyEmail(api, code)
    await showEmail(api)
  })
  onSubmit('webhook-form', async ({ url = '' }) => {
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
