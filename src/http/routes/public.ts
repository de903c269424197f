/** For everybody, without login, from published openings alone: statistics, and what agencies and suppliers have behind them. */
import { Type } from 'typebox'
import { REMARKS, type RemarkCode } from '../../domain/bid.ts'
import { MONTH_PATTERN } from '../../domain/statistics.ts'
import { formatKst, kstOrNull } from '../../domain/time.ts'
import {
  agencyResults, MAX_RESULTS_PAGE, readAgency, supplierResults, supplierSuspensions, type ListedResult, type ResultPlace
} from '../../services/read-results.ts'
import { readStatistics } from '../../services/read-statistics.ts'

import { resultCursorOf, resultPlaceOf } from '../result-cursor.ts'
import type { Routes } from '../server.ts'
import {
  AgencyIdSchema, Decimals, KindSchema, MethodSchema, nullable, oneOf, Ppm, StateSchema, strict, SupplierIdSchema, TenderIdSchema, Text, Time, Units
} from '../schemas.ts'

const DEFAULT_PAGE = 20
const Month = Type.String({ pattern: MONTH_PATTERN, description: 'YYYY-MM, KST' })
const Count = Type.Integer({ minimum: 0 })
const counts = { tenders: Count, failed: Count, awarded: Count, competed: Count, bids: Count, rated: Count, ratePpmSum: Count }
const Counted = Type.Array(strict({ value: Text, ...counts }))

const StatisticsSchema = strict({
  from: Month,
  until: Month,
  total: strict(counts),
  months: Counted,
  kinds: Counted,
  methods: Counted,
  regions: Counted,
  agencies: Type.Array(strict({ value: Text, name: Text, ...counts })),
  competition: Type.Array(strict({ bids: Count, untilBids: nullable(Count), tenders: Count })),
  awardRates: Type.Array(strict({ fromPpm: Ppm, awards: Count }))
})

const result = {
  tenderId: TenderIdSchema,
  title: Text,
  agencyId: AgencyIdSchema,
  agencyName: Text,
  kind: KindSchema,
  method: MethodSchema,
  state: StateSchema,
  concludedAt: Time,
  bids: nullable(Count),
  decimals: Decimals,
  plannedPrice: nullable(Units),
  winnerId: nullable(SupplierIdSchema),
  awardAmount: nullable(Units),
  awardRatePpm: nullable(Ppm)
}
const own = { leads: Type.Boolean(), rank: nullable(Count), amount: nullable(Units), remark: oneOf(Object.keys(REMARKS) as RemarkCode[]) }
const querystring = strict({
  cursor: Type.Optional(Type.String({ maxLength: 40 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_RESULTS_PAGE }))
})
const Suspensions = Type.Array(strict({ from: Time, until: Time, liftedAt: nullable(Time) }))

export const publicRoutes: Routes = async (app, { context }) => {
  app.get('/v1/statistics', {
    config: { access: 'public' },
    schema: {
      tags: ['statistics'],
      summary: '통계 — sums over opened tenders by month, kind, method, region and agency; competition and award rates',
      querystring: strict({ from: Type.Optional(Month), until: Type.Optional(Month) }),
      response: { 200: StatisticsSchema }
    }
  }, async (request) => await readStatistics(context, request.query))

  app.get('/v1/agencies/:agencyId', {
    config: { access: 'public' },
    schema: {
      tags: ['statistics'],
      summary: '수요기관 조회 — its name, and sums over its opened tenders',
      params: strict({ agencyId: AgencyIdSchema }),
      response: { 200: strict({ agencyId: AgencyIdSchema, name: Text, counts: strict(counts) }) }
    }
  }, async (request) => await readAgency(context, request.params.agencyId))

  app.get('/v1/agencies/:agencyId/results', {
    config: { access: 'public' },
    schema: {
      tags: ['statistics'],
      summary: '수요기관 개찰·낙찰 현황 — its opened and failed tenders, newest first',
      params: strict({ agencyId: AgencyIdSchema }),
      querystring,
      response: { 200: strict({ items: Type.Array(strict(result)), nextCursor: nullable(Text) }) }
    }
  }, async (request) => {
    const page = await agencyResults(context, { agencyId: request.params.agencyId, ...placeIn(request.query) })
    return { items: page.items.map(shown), nextCursor: nextOf(page) }
  })

  app.get('/v1/suppliers/:supplierId/results', {
    config: { access: 'public' },
    schema: {
      tags: ['statistics'],
      summary: '조달업체 입찰 현황 — its bids in published opening records, newest first',
      params: strict({ supplierId: SupplierIdSchema }),
      querystring,
      response: { 200: strict({ items: Type.Array(strict({ ...result, ...own })), nextCursor: nullable(Text) }) }
    }
  }, async (request) => {
    const page = await supplierResults(context, { supplierId: request.params.supplierId, ...placeIn(request.query) })
    return { items: page.items.map(shown), nextCursor: nextOf(page) }
  })

  app.get('/v1/suppliers/:supplierId/suspensions', {
    config: { access: 'public' },
    schema: {
      tags: ['statistics'],
      summary: '제재 이력 — suspensions of a supplier, the latest first; lifted ones stay on record',
      params: strict({ supplierId: SupplierIdSchema }),
      response: { 200: strict({ items: Suspensions }) }
    }
  }, async (request) => ({
    items: (await supplierSuspensions(context, request.params.supplierId)).map(({ fromAt, untilAt, liftedAt }) => ({
      from: formatKst(fromAt), until: formatKst(untilAt), liftedAt: kstOrNull(liftedAt)
    }))
  }))
}

function placeIn ({ cursor, limit = DEFAULT_PAGE }: { cursor?: string, limit?: number }): { after: ResultPlace | undefined, limit: number } {
  return { after: cursor === undefined ? undefined : resultPlaceOf(cursor), limit }
}

function nextOf ({ next }: { next: ResultPlace | null }): string | null {
  return next === null ? null : resultCursorOf(next)
}

/** What the schema does not name is not sent. */
function shown<Item extends ListedResult> (item: Item): Omit<Item, 'concludedAt'> & { concludedAt: string } {
  return { ...item, concludedAt: formatKst(item.concludedAt) }
}
