/**
 * Public documents carry a strong validator, the digest of their bytes (RFC 9110 §8.8.3), and a reader that has them already is
 * answered 304 without a body (§13.1.2). `no-cache` lets caches keep them but ask each time: a tender changes when its
 * officer or the clock says so. What needs a session has no validator and is kept by nobody, and so has no refusal. What time it
 * is stands in a header of every answer, so that it changes no body; a cache that asked again has the header of that answer.
 */
import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Sha256Hex } from '../domain/ids.ts'
import { formatKst, TIME_HEADER } from '../domain/time.ts'
import type { Context } from '../services/context.ts'

export const validatorsPlugin = fastifyPlugin<{ context: Context }>(async (app, { context }) => {
  app.addHook('onSend', async (request, reply, payload) => {
    const { access } = request.routeOptions.config
    if (access === undefined || !isReading(request)) return payload
    reply.header(TIME_HEADER, formatKst(context.clock.now()))
    if (access !== 'public') {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
      return payload
    }
    if (reply.statusCode !== 200) return payload
    if (reply.hasHeader('etag')) return unlessKnown(payload, request, reply)
    return typeof payload === 'string' || Buffer.isBuffer(payload) ? answerWith(payload, request, reply) : payload
  })
}, { name: 'validators' })

const YEAR_SECONDS = 31_536_000

/** For what stands under its address for ever: its validator is its digest, and nobody need ask again. */
export function immutableHeaders (sha256: Sha256Hex): Record<string, string> {
  return { etag: `"${Buffer.from(sha256, 'hex').toString('base64url')}"`, 'cache-control': `public, max-age=${YEAR_SECONDS}, immutable` }
}

function isReading ({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** The digest of a body's bytes. */
export function etagOf (payload: string | Buffer): string {
  return `"${hash('sha256', payload, 'base64url')}"`
}

function answerWith (payload: string | Buffer, request: FastifyRequest, reply: FastifyReply): string | Buffer {
  reply.header('etag', etagOf(payload))
  return unlessKnown(payload, request, reply)
}

/** The answer has its validator. */
function unlessKnown<Payload> (payload: Payload, request: FastifyRequest, reply: FastifyReply): Payload | '' {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache')
  if (!names(request.headers['if-none-match'], String(reply.getHeader('etag')))) return payload
  if (payload instanceof Readable) payload.destroy()
  reply.code(304).removeHeader('content-length')
  return ''
}

/** By the weak comparison that §13.1.2 asks for. Our own tags hold no comma. */
function names (ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
