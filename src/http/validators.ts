/**
 * Public documents carry a strong validator, the digest of their bytes (RFC 9110 §8.8.3), and a reader that has them already is
 * answered 304 without a body (§13.1.2). `no-cache` lets caches keep them but ask each time: a tender changes when its
 * officer or the clock says so. What needs a session has no validator and is kept by nobody.
 */
import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Sha256Hex } from '../domain/ids.ts'

export const validatorsPlugin = fastifyPlugin(async (app) => {
  app.addHook('onSend', async (request, reply, payload) => {
    const { access } = request.routeOptions.config
    if (access === undefined || !isReading(request)) return payload
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

function answerWith (payload: string | Buffer, request: FastifyRequest, reply: FastifyReply): string | Buffer {
  const etag = `"${hash('sha256', payload, 'base64url')}"`
  reply.header('etag', etag)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache')
  return unlessKnown(payload, request, reply)
}

/** The answer has its validator. */
function unlessKnown<Payload> (payload: Payload, request: FastifyRequest, reply: FastifyReply): Payload | '' {
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
