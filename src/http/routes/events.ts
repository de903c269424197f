/** Public events by position, for those who poll; the WebSocket feed is `ws/feed.ts`. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { MAX_EVENTS_PAGE, readEvents } from '../../services/read-tender.ts'
import type { Routes } from '../server.ts'
import { Document, strict, TenderIdSchema, Text, Time } from '../schemas.ts'

const DEFAULT_PAGE = 100

export const eventRoutes: Routes = async (app, { context }) => {
  app.get('/v1/events', {
    config: { access: 'public' },
    schema: {
      tags: ['events'],
      summary: '공고 소식 — public events after a position, in commit order',
      querystring: strict({
        from: Type.Optional(Type.Integer({ minimum: 0 })),
        tenderId: Type.Optional(TenderIdSchema),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_EVENTS_PAGE }))
      }),
      response: {
        200: strict({
          items: Type.Array(strict({ position: Type.Integer(), at: Time, type: Text, tenderId: TenderIdSchema, data: Document })),
          next: Type.Integer()
        })
      }
    }
  }, async (request) => {
    const { from = 0, limit = DEFAULT_PAGE, tenderId } = request.query
    const events = await readEvents(context, { after: from, limit, tenderIds: tenderId === undefined ? undefined : [tenderId] })
    return { items: events.map((event) => ({ ...event, at: formatKst(event.at) })), next: events.at(-1)?.position ?? from }
  })
}
