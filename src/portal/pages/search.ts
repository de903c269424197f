/** Search with filters that stand in the address, so that a search can be kept, sent, subscribed to and downloaded. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { AGENCY_ID_PATTERN, type AgencyId } from '../../domain/ids.ts'
import type { AwardMethod, TenderKind } from '../../domain/notice.ts'
import type { TenderState } from '../../domain/tender.ts'
import { CURSOR_PATTERN, cursorOf, placeOf } from '../../http/tender-cursor.ts'
import { MAX_TENDERS_PAGE, searchConcluded, searchTenders } from '../../services/read-tender.ts'
import { formats, KIND_CODES, METHOD_CODES, STATE_CODES } from '../format.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import { atomOf, calendarOf, csvOf } from '../subscriptions.ts'
import { Lang, NOTHING, sendCsv } from './parts.ts'

const PAGE_ITEMS = 50
/** Of a download: ten pages of the list. */
const MAX_DOWNLOADED = 1_000
const STATE_CHOICES = [...STATE_CODES, 'concluded'] as const

const choice = (codes: readonly string[]) => Type.Optional(Type.Union([NOTHING, ...codes.map((code) => Type.Literal(code))]))

const QuerySchema = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  state: choice(STATE_CHOICES),
  kind: choice(KIND_CODES),
  method: choice(METHOD_CODES),
  agencyId: Type.Optional(Type.Union([NOTHING, Type.String({ pattern: AGENCY_ID_PATTERN })])),
  after: Type.Optional(Type.String({ pattern: CURSOR_PATTERN })),
  lang: Lang
})

/** What the selects offer. */
const CHOICES = { states: STATE_CHOICES, kinds: KIND_CODES, methods: METHOD_CODES }
type Query = Static<typeof QuerySchema>

export const searchPages: PageRoutes = (app, { context, pages }) => {
  const schema = { querystring: QuerySchema }

  app.get('/tenders', { schema }, async (request, reply) => {
    const query = request.query as Query
    const { items, next } = await search(query, PAGE_ITEMS)
    return await pages.send(request, reply, {
      template: 'search.eta',
      title: (t) => t.tenders,
      data: {
        ...CHOICES,
        query,
        items,
        nextUrl: next === null ? null : addressOf('/tenders', { ...query, after: cursorOf(next) }),
        atomUrl: addressOf('/tenders.atom', query),
        calendarUrl: addressOf('/tenders.ics', query),
        csvUrl: addressOf('/tenders.csv', query),
        saveUrl: addressOf('/my/notifications', { q: query.q, kind: query.kind, method: query.method, agencyId: query.agencyId })
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

  const search = async (query: Query, limit: number): Promise<Page> => {
    const { state, ...filter } = filterOf(query, limit)
    return state === 'concluded' ? await searchConcluded(context, filter) : await searchTenders(context, { ...filter, state })
  }

  const collect = async (query: Query, limit: number): Promise<Page['items']> => {
    const all: Page['items'] = []
    for (let after = query.after; all.length < limit;) {
      const { items, next } = await search({ ...query, ...(after === undefined ? {} : { after }) }, MAX_TENDERS_PAGE)
      all.push(...items)
      if (next === null) break
      after = cursorOf(next)
    }
    return all.slice(0, limit)
  }
}

type Page = Awaited<ReturnType<typeof searchTenders>>
type Filter = Omit<Parameters<typeof searchTenders>[1], 'state'> & { state?: TenderState | 'concluded' | undefined }

function filterOf ({ q, state, kind, method, agencyId, after }: Query, limit: number): Filter {
  const given = (text: string | undefined): string | undefined => text === '' ? undefined : text
  return {
    query: given(q),
    state: given(state) as Filter['state'],
    kind: given(kind) as TenderKind | undefined,
    method: given(method) as AwardMethod | undefined,
    agencyId: given(agencyId) as AgencyId | undefined,
    after: after === undefined ? undefined : placeOf(after),
    limit
  }
}

/** A search's address; what was not chosen is left out. */
function addressOf (path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '' && pair[0] !== 'lang')
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}
