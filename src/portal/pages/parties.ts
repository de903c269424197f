/**
 * Public pages of an agency and of a supplier: what they have behind them. A supplier's page has its bids of published opening
 * records and nothing else, so that it says the same whether or not a sealed bid of it lies somewhere.
 */
import { Type } from 'typebox'
import { RESULT_CURSOR_PATTERN, resultCursorOf, resultPlaceOf } from '../../http/result-cursor.ts'
import { AgencyIdSchema, SupplierIdSchema } from '../../http/schemas.ts'
import { readSupplier } from '../../services/holders.ts'
import { companyNames } from '../../services/read-opening.ts'
import { agencyResults, readAgency, supplierResults, supplierSuspensions, type ResultPlace } from '../../services/read-results.ts'
import type { PageRoutes } from '../plugin.ts'
import { Lang } from './parts.ts'

const PAGE_ITEMS = 50
const querystring = Type.Object({
  after: Type.Optional(Type.String({ pattern: RESULT_CURSOR_PATTERN })),
  lang: Lang
})
const AgencyParams = Type.Object({ agencyId: AgencyIdSchema })
const SupplierParams = Type.Object({ supplierId: SupplierIdSchema })

export const partyPages: PageRoutes = (app, { context, pages }) => {
  app.get('/agencies/:agencyId', { schema: { params: AgencyParams, querystring } }, async (request, reply) => {
    const { agencyId } = request.params
    const agency = await readAgency(context, agencyId)
    const { items, next } = await agencyResults(context, { agencyId, after: placeIn(request.query), limit: PAGE_ITEMS })
    const names = await companyNames(context, items.flatMap(({ winnerId }) => winnerId ?? []))
    return await pages.send(request, reply, {
      template: 'agency.eta', title: agency.name, data: { agency, items, names, nextUrl: nextUrl(`/agencies/${agencyId}`, next) }
    })
  })

  app.get('/suppliers/:supplierId', { schema: { params: SupplierParams, querystring } }, async (request, reply) => {
    const { supplierId } = request.params
    const { supplier: { profile } } = await readSupplier(context, supplierId)
    const { items, next } = await supplierResults(context, { supplierId, after: placeIn(request.query), limit: PAGE_ITEMS })
    return await pages.send(request, reply, {
      template: 'supplier.eta',
      title: profile.companyName,
      data: { supplierId, profile, items, suspensions: await supplierSuspensions(context, supplierId), nextUrl: nextUrl(`/suppliers/${supplierId}`, next) }
    })
  })
}

function placeIn (query: unknown): ResultPlace | undefined {
  const { after } = query as { after?: string }
  return after === undefined ? undefined : resultPlaceOf(after)
}

function nextUrl (path: string, next: ResultPlace | null): string | null {
  return next === null ? null : `${path}?after=${resultCursorOf(next)}`
}
