/** Search with filters that stand in the address, so that a search can be kept, sent and subscribed to. */
import { Type, type Static } from 'typebox'
import { AGENCY_ID_PATTERN, TENDER_ID_PATTERN, type AgencyId, type TenderId } from '../../domain/ids.ts'
import type { AwardMethod, TenderKind } from '../../domain/notice.ts'
import type { TenderState } from '../../domain/tender.ts'
import { searchTenders } from '../../services/read-tender.ts'
import { KIND_CODES, METHOD_CODES, STATE_CODES } from '../format.ts'
import { languageOf, LANGUAGES, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'

const PAGE_ITEMS = 50
const NOTHING = Type.Literal('')
const choice = (codes: readonly string[]) => Type.Optional(Type.Union([NOTHING, ...codes.map((code) => Type.Literal(code))]))

const QuerySchema = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  state: choice(STATE_CODES),
  kind: choice(KIND_CODES),
  method: choice(METHOD_CODES),
  agencyId: Type.Optional(Type.Union([NOTHING, Type.String({ pattern: AGENCY_ID_PATTERN })])),
  before: Type.Optional(Type.String({ pattern: TENDER_ID_PATTERN })),
  lang: Type.Optional(Type.Union(LANGUAGES.map((code) => Type.Literal(code))))
})
/** What the selects offer. */
const CHOICES = { states: STATE_CODES, kinds: KIND_CODES, methods: METHOD_CODES }
type Query = Static<typeof QuerySchema>

export const searchPages: PageRoutes = (app, { context, pages }) => {
  app.get('/tenders', { schema: { querystring: QuerySchema } }, async (request, reply) => {
    const query = request.query as Query
    const { items, next } = await searchTenders(context, filterOf(query))
    return await pages.send(request, reply, {
      template: 'search.eta',
      title: TEXTS[languageOf(request)].tenders,
      data: { query, items, nextUrl: next === null ? null : addressOf({ ...query, before: next }), ...CHOICES }
    })
  })
}

function filterOf ({ q, state, kind, method, agencyId, before }: Query): Parameters<typeof searchTenders>[1] {
  const given = (text: string | undefined): string | undefined => text === '' ? undefined : text
  const states = given(state)
  return {
    query: given(q),
    states: states === undefined ? undefined : [states as TenderState],
    kind: given(kind) as TenderKind | undefined,
    method: given(method) as AwardMethod | undefined,
    agencyId: given(agencyId) as AgencyId | undefined,
    before: before as TenderId | undefined,
    limit: PAGE_ITEMS
  }
}

/** A search's address; what was not chosen is left out. */
export function addressOf (query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
  return `/tenders?${new URLSearchParams(given).toString()}`
}
