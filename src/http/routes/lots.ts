/** The lots (분류) of a notice, without login. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { readLots } from '../../services/lots.ts'
import { StateSchema, strict, TenderIdSchema, Text, Time, Won } from '../schemas.ts'
import type { Routes } from '../server.ts'
import { revisionText } from './tenders.ts'

const LotItem = strict({
  number: Type.Integer(),
  tenderId: TenderIdSchema,
  revision: Text,
  title: Text,
  state: StateSchema,
  estimatedPriceWon: Won,
  publishedAt: Time,
  closesAt: Time,
  opensAt: Time
})

export const lotRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/tenders/:tenderId/lots',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '입찰분류 — the published lots of the notice that this tender is one of, by number',
        params: strict({ tenderId: TenderIdSchema }),
        response: { 200: strict({ noticeId: TenderIdSchema, count: Type.Integer(), items: Type.Array(LotItem) }) }
      }
    },
    async (request) => {
      const { noticeId, count, lots } = await readLots(context, request.params.tenderId)
      const items = lots.map(({ lotNumber, revision, publishedAt, closesAt, opensAt, ...lot }) => ({
        ...lot,
        number: lotNumber ?? 0,
        revision: revisionText(revision),
        publishedAt: formatKst(publishedAt ?? 0),
        closesAt: formatKst(closesAt),
        opensAt: formatKst(opensAt)
      }))
      return { noticeId, count, items }
    }
  )
}
