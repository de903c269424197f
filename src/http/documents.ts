/** Answers out of kept documents: routes with `document: 'tender'` in their config are served from memory while nothing has changed. */
import fastifyPlugin from 'fastify-plugin'
import type { TenderId } from '../domain/ids.ts'
import type { Context } from '../services/context.ts'
import { etagOf } from './validators.ts'

declare module 'fastify' {
  /** The answer depends on one tender alone, and on nothing else: neither on who asks nor on the time. */
  interface FastifyContextConfig { document?: 'tender' }
  interface FastifyRequest { changesBefore: number | null }
}

const JSON_TYPE = 'application/json; charset=utf-8'

export const documentsPlugin = fastifyPlugin<{ context: Context }>(async (app, { context: { documents } }) => {
  app.decorateRequest('changesBefore', null)

  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.document === undefined) return
    const kept = documents.get(tenderOf(request))
    if (kept !== undefined) return await reply.type(JSON_TYPE).header('etag', kept.etag).send(kept.body)
    request.changesBefore = documents.changes
  })

  app.addHook('onSend', async (request, reply, payload) => {
    if (request.changesBefore === null || reply.statusCode !== 200 || typeof payload !== 'string') return payload
    const document = { body: Buffer.from(payload), etag: etagOf(payload) }
    documents.keep(tenderOf(request), document, request.changesBefore)
    reply.header('etag', document.etag)
    return document.body
  })
}, { name: 'documents' })

function tenderOf (request: { params: unknown }): TenderId {
  return (request.params as { tenderId: TenderId }).tenderId
}
