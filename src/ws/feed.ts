/**
 * The live feed of tender status: `/v1/feed` as WebSocket (RFC 6455), `/v1/feed/sse` as Server-Sent Events (WHATWG HTML §9.2)
 * for those whose networks let no WebSocket through. The same hub, limits and positions behind both.
 */
import type { ServerResponse } from 'node:http'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Type } from 'typebox'
import { BonginError } from '../domain/errors.ts'
import { EVENT_TYPES, PROGRESS_TYPE } from '../domain/events.ts'
import type { TenderId } from '../domain/ids.ts'
import { TENDER_ID_PATTERN } from '../domain/ids.ts'
import type { Context } from '../services/context.ts'
import { Hub, type Line } from './hub.ts'

export const HEARTBEAT_MS = 30_000
/** A client says nothing here: anything longer than a close frame is a mistake. */
export const MAX_CLIENT_FRAME_BYTES = 1024

/** Tenders that one reader may name; whoever follows more follows all. */
export const MAX_FOLLOWED_TENDERS = 50
const FRAME_TYPES = [...EVENT_TYPES, PROGRESS_TYPE] as const

const Query = Type.Object({
  from: Type.Optional(Type.Integer({ minimum: 0 })),
  tender: Type.Optional(Type.Array(Type.String({ pattern: TENDER_ID_PATTERN }), { maxItems: MAX_FOLLOWED_TENDERS })),
  type: Type.Optional(Type.Array(Type.Union(FRAME_TYPES.map((type) => Type.Literal(type))), { maxItems: FRAME_TYPES.length }))
}, { additionalProperties: false })

interface Asked { from?: number, tender?: TenderId[], type?: string[] }

/** Frames go to the connection itself: `ws` writes whole frames too, so the two never mix. */
function webSocketLine (socket: WebSocket, request: FastifyRequest): Line {
  const connection = request.raw.socket
  return {
    address: request.ip,
    isOpen: () => socket.readyState === socket.OPEN,
    buffered: () => connection.writableLength,
    write: ({ webSocket }, onDrained) => { connection.write(webSocket, onDrained === undefined ? undefined : () => { onDrained() }) },
    drop: () => { socket.terminate() },
    close: () => { socket.close(1001, 'server is closing') }
  }
}

function sseLine (response: ServerResponse, request: FastifyRequest): Line {
  return {
    address: request.ip,
    isOpen: () => !response.destroyed && !response.writableEnded,
    buffered: () => response.writableLength,
    write: ({ sse }, onDrained) => { response.write(sse, onDrained === undefined ? undefined : () => { onDrained() }) },
    drop: () => { response.destroy() },
    close: () => { response.end('event: bye\ndata: server is closing\n\n') }
  }
}

export const feedPlugin = fastifyPlugin<{ context: Context }>(async (app, { context }) => {
  const hub = new Hub(context)
  await hub.start()
  const heartbeats = new Set<() => void>()
  const timer = setInterval(() => { for (const beat of heartbeats) beat() }, HEARTBEAT_MS)
  timer.unref()
  app.addHook('preClose', async () => {
    clearInterval(timer)
    hub.close()
  })
  const follow = (line: Line, { from, tender, type }: Asked): void => {
    hub.subscribe(line, { from, tenderIds: tender && [...new Set(tender)], types: type && new Set(type) }).catch((error: unknown) => {
      context.reportError(error, 'feed')
      line.drop()
    })
  }

  app.get('/v1/feed', {
    websocket: true,
    config: { access: 'public' },
    schema: { tags: ['events'], summary: '실시간 소식 — WebSocket feed of tender status; `from` resumes after a position, `tender` and `type` (each as often as wanted) choose', querystring: Query }
  }, (socket, request) => {
    if (!hub.hasRoomFor(request.ip)) { socket.close(1013, 'too many readers, try again later'); return }
    const line = webSocketLine(socket, request)
    let alive = true
    // Drops those that did not answer the last ping, pings the others.
    const beat = (): void => {
      if (!alive) { socket.terminate(); return }
      alive = false
      socket.ping()
    }
    heartbeats.add(beat)
    socket.on('pong', () => { alive = true })
    socket.on('error', () => { socket.terminate() })
    socket.on('close', () => {
      heartbeats.delete(beat)
      hub.ended(line)
    })
    follow(line, request.query as Asked)
  })

  app.get('/v1/feed/sse', {
    config: { access: 'public' },
    schema: {
      tags: ['events'],
      summary: '실시간 소식(SSE) — the same feed as Server-Sent Events; `from` or the header Last-Event-ID resumes after a position',
      querystring: Query
    }
  }, async (request, reply) => {
    if (!hub.hasRoomFor(request.ip)) throw new BonginError('overloaded')
    const query = request.query as Asked
    const last = /^\d{1,15}$/.exec(String(request.headers['last-event-id'] ?? ''))?.[0]
    reply.hijack()
    const response = reply.raw
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
    response.writeHead(200, { ...reply.getHeaders() as Record<string, string>, ...headers })
    const line = sseLine(response, request)
    let taken = true
    // A comment: nothing to the reader, a sign of life to whatever is in between. Where the last one still waits, nobody reads.
    const beat = (): void => {
      if (!taken) { response.destroy(); return }
      taken = false
      response.write(':\n\n', () => { taken = true })
    }
    heartbeats.add(beat)
    response.on('error', () => { response.destroy() })
    response.on('close', () => {
      heartbeats.delete(beat)
      hub.ended(line)
    })
    follow(line, last === undefined ? query : { ...query, from: Number(last) })
  })
}, { name: 'feed' })
