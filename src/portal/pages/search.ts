/** Search with filters that stand in the address, so that a search can be kept, sent, subscribed to and downloaded. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { BonginError } from '../../domain/errors.ts'
import { AGENCY_ID_PATTERN, type AgencyId } from '../../domain/ids.ts'
import type { AwardMethod, TenderKind } from '../../domain/notice.ts'
import { REGIONS } from '../../domain/regions.ts'
import type { TenderState } from '../../domain/tender.ts'
import { CURSOR_PATTERN, cursorOf, placeOf } from '../../http/tender-cursor.ts'
import { agenciesNamed, MAX_TENDERS_PAGE, searchConcluded, searchTenders, type TenderFilter } from '../../services/read-tender.ts'
import { formats, KIND_CODES, METHOD_CODES, STATE_CODES } from '../format.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import { readSearchForm } from '../search-form.ts'
import { atomOf, calendarOf, csvOf } from '../subscriptions.ts'
import { Lang, NOTHING, sendCsv } from './parts.ts'

const PAGE_ITEMS = 50
/** Of a download: ten pages of the list. */
const MAX_DOWNLOADED = 1_000
/** Pages that a download or subscription is made of; one may be short where few tenders fit, and looks at 10,000. */
const MAX_PAGES_READ = 30
const STATE_CHOICES = [...STATE_CODES, 'concluded'] as const

const choice = (codes: readonly string[]) => Type.Optional(Type.Union([NOTHING, ...codes.map((code) => Type.Literal(code))]))

/** What the page itself has to say something about. */
const typed = Type.Optional(Type.String({ maxLength: 100 }))

const QuerySchema = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  state: choice(STATE_CHOICES),
  kind: choice(KIND_CODES),
  method: choice(METHOD_CODES),
  agencyId: Type.Optional(Type.Union([NOTHING, Type.String({ pattern: AGENCY_ID_PATTERN })])),
  region: choice(REGIONS),
  agency: typed,
  estimatedFrom: typed,
  estimatedUntil: typed,
  closesFrom: typed,
  closesUntil: typed,
  after: Type.Optional(Type.String({ pattern: CURSOR_PATTERN })),
  lang: Lang
})

/** What the selects offer. */
const CHOICES = { states: STATE_CHOICES, kinds: KIND_CODES, methods: METHOD_CODES, regions: REGIONS }
type Query = Static<typeof QuerySchema>
/** Conditions that stand behind the others, shown where one of them is set. */
const NARROWING = ['agency', 'agencyId', 'region', 'estimatedFrom', 'estimatedUntil', 'closesFrom', 'closesUntil'] as const

export const searchPages: PageRoutes = (app, { context, pages }) => {
  const schema = { querystring: QuerySchema }

  app.get('/tenders', { schema }, async (request, reply) => {
    const query = request.query as Query
    const { filter, faults, agencies } = await read(query)
    const isRead = Object.keys(faults).length === 0
    const { items, next } = isRead ? await search(filter, query.after, PAGE_ITEMS) : { items: [], next: null }
    return await pages.send(request, reply, {
      template: 'search.eta',
      title: (t) => t.tenders,
      status: isRead ? 200 : 400,
      data: {
        ...CHOICES,
        query,
        faults,
        isNarrowed: NARROWING.some((name) => (query[name] ?? '') !== ''),
        agencies: agencies.map(({ agencyId, name }) => ({ name, agencyId, url: addressOf('/tenders', { ...query, agency: agencyId, after: undefined }) })),
        items,
        nextUrl: next === null ? null : addressOf('/tenders', { ...query, after: cursorOf(next) }),
        ...addressesOf(query, filter)
      }
    })
  })

  app.get('/tenders.atom', { schema }, async (request, reply) => {
    return await reply.type('application/atom+xml; charset=utf-8').send(atomOf(await feedOf(request)))
  })

  app.get('/tenders.ics', { schema }, async (request, reply) => {
    const t = TEXTS[languageOf(request)]
    return await reply.type('text/calendar; charset=utf-8').send(calendarOf(await feedOf(request), [t.closesAt, t.opensAt]))
  })

  app.get('/tenders.csv', { schema }, async (request, reply) => {
    const items = await collect(request.query as Query, MAX_DOWNLOADED)
    return await sendCsv(reply, 'tenders.csv', csvOf(items))
  })

  const feedOf = async (request: FastifyRequest): Promise<Parameters<typeof atomOf>[0]> => ({
    items: await collect(request.query as Query, MAX_TENDERS_PAGE),
    title: `${TEXTS[languageOf(request)].siteName} · ${TEXTS[languageOf(request)].tenders}`,
    origin: `${request.protocol}://${request.host}`,
    address: request.url,
    now: context.clock.now(),
    f: formats(languageOf(request))
  })

  const read = async (query: Query): Promise<Awaited<ReturnType<typeof readSearchForm>> & { filter: Filter }> => {
    const form = await readSearchForm(query, async (name) => await agenciesNamed(context, name))
    return { ...form, filter: { ...chosenIn(query), ...form.filter, agencyId: form.filter.agencyId ?? given<AgencyId>(query.agencyId) } }
  }

  const search = async ({ state, ...filter }: Filter, after: string | undefined, limit: number): Promise<Page> => {
    const query = { ...filter, after: after === undefined ? undefined : placeOf(after), limit }
    return state === 'concluded' ? await searchConcluded(context, query) : await searchTenders(context, { ...query, state })
  }

  const collect = async (query: Query, limit: number): Promise<Page['items']> => {
    const { filter, faults } = await read(query)
    const [fault] = Object.keys(faults)
    if (fault !== undefined) throw new BonginError('invalid-request', { field: `/${fault}` })
    const all: Page['items'] = []
    for (let after = query.after, pagesRead = 0; all.length < limit && pagesRead < MAX_PAGES_READ; pagesRead++) {
      const { items, next } = await search(filter, after, MAX_TENDERS_PAGE)
      all.push(...items)
      if (next === null) break
      after = cursorOf(next)
    }
    return all.slice(0, limit)
  }
}

type Page = Awaited<ReturnType<typeof searchTenders>>
type Filter = Omit<TenderFilter, 'state'> & { state?: TenderState | 'concluded' | undefined }

/** What a form sends for a field that nobody filled is no condition. */
function given<Value extends string> (text: string | undefined): Value | undefined {
  return text === '' ? undefined : text as Value | undefined
}

function chosenIn ({ q, state, kind, method, region }: Query): Filter {
  return {
    query: given(q), state: given<NonNullable<Filter['state']>>(state), kind: given<TenderKind>(kind), method: given<AwardMethod>(method), region: given(region)
  }
}

/** Where the same search is subscribed to, taken along and kept. */
function addressesOf (query: Query, { agencyId, estimatedFrom, estimatedUntil }: Filter): Record<'atomUrl' | 'calendarUrl' | 'csvUrl' | 'saveUrl', string> {
  const { q, kind, method, region } = query
  const kept = { q, kind, method, region, agencyId, estimatedFrom: estimatedFrom?.toString(), estimatedUntil: estimatedUntil?.toString() }
  return {
    atomUrl: addressOf('/tenders.atom', query),
    calendarUrl: addressOf('/tenders.ics', query),
    csvUrl: addressOf('/tenders.csv', query),
    saveUrl: addressOf('/my/notifications', kept)
  }
}

/** A search's address; what was not chosen is left out. */
function addressOf (path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '' && pair[0] !== 'lang')
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`
}
