/** What a supplier is told (알림): notices on its own pages, and the saved searches (맞춤공고) that some of them come from. */
import { Type } from 'typebox'
import { MAX_SAVED_SEARCHES, MAX_SEARCH_NAME_CHARS, TOPICS, type SearchConditions } from '../../domain/notification.ts'
import { formatKst, parseInstant } from '../../domain/time.ts'
import { forgetSearch, readSearches, saveSearch } from '../../services/notify/saved-searches.ts'
import { MAX_NOTICES_PAGE, MAX_UNREAD, readNotices, readUpTo } from '../../services/notify/read-notices.ts'
import { typeOf } from '../../services/notify/compose.ts'
import { supplierOf } from '../auth.ts'
import { LIMITED } from '../limits.ts'
import type { Routes } from '../server.ts'
import { AgencyIdSchema, Document, KindSchema, MethodSchema, nullable, oneOf, RegionSchema, strict, TenderIdSchema, Text, Time, WonCondition } from '../schemas.ts'

const DEFAULT_PAGE = 50

const Count = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Unread = Type.Integer({ minimum: 0, maximum: MAX_UNREAD, description: `counted up to ${MAX_UNREAD}` })
const Notice = strict({
  number: Count, at: Time, type: oneOf(TOPICS.map(typeOf)), tenderId: TenderIdSchema, title: Text, data: Document, read: Type.Boolean()
})
const conditions = {
  kind: Type.Optional(KindSchema),
  method: Type.Optional(MethodSchema),
  agencyId: Type.Optional(AgencyIdSchema),
  closesFrom: Type.Optional(Time),
  closesUntil: Type.Optional(Time),
  estimatedFrom: Type.Optional(WonCondition),
  estimatedUntil: Type.Optional(WonCondition),
  region: Type.Optional(RegionSchema),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))
}
const SearchName = Type.String({ minLength: 1, maxLength: MAX_SEARCH_NAME_CHARS, pattern: '\\S' })
const Search = strict({ number: Count, name: SearchName, ...conditions, createdAt: Time })

export const notificationRoutes: Routes = async (app, { context }) => {
  app.get('/v1/me/notices', {
    config: { access: ['supplier'] },
    schema: {
      tags: ['notifications'],
      summary: '알림 — what I was told, newest first: matches of saved searches, news of tenders that I bid for or asked about',
      querystring: strict({ cursor: Type.Optional(Count), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_NOTICES_PAGE })) }),
      response: { 200: strict({ items: Type.Array(Notice), unread: Unread, nextCursor: nullable(Count) }) }
    }
  }, async (request) => {
    const { cursor = Number.MAX_SAFE_INTEGER, limit = DEFAULT_PAGE } = request.query
    const { items, unread, next } = await readNotices(context, supplierOf(request), { before: cursor, limit })
    return {
      items: items.map(({ at, topic, isRead, ...same }) => ({ ...same, at: formatKst(at), type: typeOf(topic), read: isRead })),
      unread,
      nextCursor: next
    }
  })

  app.post('/v1/me/notices/read', {
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['notifications'],
      summary: '알림 읽음 표시 — marks notices as read, up to and with a number',
      body: strict({ upTo: Count }),
      response: { 200: strict({ unread: Unread }) }
    }
  }, async (request) => ({ unread: await readUpTo(context, supplierOf(request), request.body.upTo) }))

  app.get('/v1/me/searches', {
    config: { access: ['supplier'] },
    schema: {
      tags: ['notifications'],
      summary: '저장 검색 — my saved searches',
      response: { 200: strict({ items: Type.Array(Search), limit: Type.Integer() }) }
    }
  }, async (request) => ({
    items: (await readSearches(context, supplierOf(request))).map(({ number, name, conditions, createdAt }) => {
      const { query, closesFrom, closesUntil, ...equal } = conditions
      return {
        number,
        name,
        ...equal,
        ...(closesFrom === undefined ? {} : { closesFrom: formatKst(closesFrom) }),
        ...(closesUntil === undefined ? {} : { closesUntil: formatKst(closesUntil) }),
        ...(query === undefined ? {} : { q: query }),
        createdAt: formatKst(createdAt)
      }
    }),
    limit: MAX_SAVED_SEARCHES
  }))

  app.post('/v1/me/searches', {
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['notifications'],
      summary: '검색 저장 — be told of notices that are published from now on and answer all conditions, as GET /v1/tenders has them',
      body: strict({ name: SearchName, ...conditions }),
      response: { 201: strict({ number: Count }) }
    }
  }, async (request, reply) => {
    const { name, q, closesFrom, closesUntil, ...equal } = request.body
    const wanted: SearchConditions = {
      ...equal,
      ...(closesFrom === undefined ? {} : { closesFrom: parseInstant(closesFrom, '/closesFrom') }),
      ...(closesUntil === undefined ? {} : { closesUntil: parseInstant(closesUntil, '/closesUntil') }),
      ...(q === undefined ? {} : { query: q })
    }
    return await reply.code(201).send({ number: await saveSearch(context, supplierOf(request), { name, conditions: wanted }) })
  })

  app.delete('/v1/me/searches/:number', {
    config: { access: ['supplier'] },
    schema: { tags: ['notifications'], summary: '저장 검색 삭제', params: strict({ number: Count }), response: { 204: Type.Null() } }
  }, async (request, reply) => {
    await forgetSearch(context, supplierOf(request), request.params.number)
    return await reply.code(204).send(null)
  })
}
