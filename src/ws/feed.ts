/**
 * The live feed of tender status at `/v1/feed` (WebSocket). A reader that comes back with the position of its last event
 * gets everything since, in order, once. One frame is built for all subscribers, broadcasts go out in slices so that the
 * event loop is never held, and a client that does not read is dropped.
 */
import type { WebSocket } from '@fastify/websocket'
import fastifyPlugin from 'fastify-plugin'
import { Type } from 'typebox'
import { formatKst } from '../domain/time.ts'
import type { TenderId } from '../domain/ids.ts'
import { TENDER_ID_PATTERN } from '../domain/ids.ts'
import type { Context } from '../services/context.ts'
import { MAX_EVENTS_PAGE, newestPosition, readEvents } from '../services/read-tender.ts'

/** Bytes that may wait for one client; the kernel hides some 4 MB more. */
export const MAX_BUFFERED_BYTES = 64 * 1024
/** Sends between two turns of the event loop. */
export const BROADCAST_SLICE = 250
export const HEARTBEAT_MS = 30_000
export const MAX_CONNECTIONS = 20_000
/** A client says nothing here: anything longer than a close frame is a mistake. */
export const MAX_CLIENT_FRAME_BYTES = 1024

interface Subscriber { socket: WebSocket, position: number, tenderId: TenderId | undefined, live: boolean, alive: boolean }
type Event = Awaited<ReturnType<typeof readEvents>>[number]

function frameOf (event: Event): string {
  return JSON.stringify({ position: event.position, at: formatKst(event.at), type: event.type, tenderId: event.tenderId, data: event.data })
}

const turn = async (): Promise<void> => { await new Promise((resolve) => setImmediate(resolve)) }

/** Subscribers and the position up to which the live ones have been told. */
class Hub {
  readonly #context: Context
  readonly #subscribers = new Set<Subscriber>()
  #position = 0
  #pumping: Promise<void> | null = null
  #again = false

  constructor (context: Context) { this.#context = context }

  async start (): Promise<void> {
    this.#position = await newestPosition(this.#context)
    this.#context.db.onCommit(() => { this.#wake() })
  }

  get size (): number { return this.#subscribers.size }

  #wake (): void {
    this.#again = true
    this.#pumping ??= this.#pump()
      .catch((error: unknown) => { this.#context.reportError(error, 'feed') })
      .finally(() => { this.#pumping = null })
  }

  async #pump (): Promise<void> {
    while (this.#again) {
      this.#again = false
      const events = await readEvents(this.#context, { after: this.#position, limit: MAX_EVENTS_PAGE })
      for (const event of events) {
        this.#position = event.position
        await this.#broadcast(event)
      }
      if (events.length === MAX_EVENTS_PAGE) this.#again = true
    }
  }

  async #broadcast (event: Event): Promise<void> {
    const frame = frameOf(event)
    let sent = 0
    for (const subscriber of this.#subscribers) {
      if (!subscriber.live || subscriber.position >= event.position) continue
      subscriber.position = event.position
      if (subscriber.tenderId !== undefined && subscriber.tenderId !== event.tenderId) continue
      this.#send(subscriber, frame)
      if (++sent % BROADCAST_SLICE === 0) await turn()
    }
  }

  #send ({ socket }: Subscriber, frame: string): void {
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate()
    else socket.send(frame)
  }

  /** Catching up may take as long as the reader's line needs; one that stops reading altogether falls to the heartbeat. */
  async #sendWhenDrained ({ socket }: Subscriber, frame: string): Promise<void> {
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES / 2) await new Promise((resolve) => { socket.send(frame, resolve) })
    else socket.send(frame)
  }

  /** Sends what the reader missed, then lets it follow live; events committed meanwhile are part of what it missed. */
  async subscribe (socket: WebSocket, from: number | undefined, tenderId: TenderId | undefined): Promise<void> {
    const subscriber: Subscriber = { socket, position: from ?? this.#position, tenderId, live: false, alive: true }
    this.#subscribers.add(subscriber)
    socket.on('close', () => { this.#subscribers.delete(subscriber) })
    socket.on('pong', () => { subscriber.alive = true })
    socket.on('error', () => { socket.terminate() })
    this.#send(subscriber, JSON.stringify({ type: 'hello', position: subscriber.position }))
    while (socket.readyState === socket.OPEN) {
      const told = this.#position
      const missed = await readEvents(this.#context, { after: subscriber.position, limit: MAX_EVENTS_PAGE, tenderId })
      for (const event of missed) {
        subscriber.position = event.position
        await this.#sendWhenDrained(subscriber, frameOf(event))
      }
      // Nothing was broadcast since before the read, so nothing was missed: from here on the broadcasts reach it.
      subscriber.live = missed.length < MAX_EVENTS_PAGE && told === this.#position
      if (subscriber.live) break
      await turn()
    }
  }

  /** Drops those that did not answer the last ping, pings the others. */
  heartbeat (): void {
    for (const subscriber of this.#subscribers) {
      if (!subscriber.alive) { subscriber.socket.terminate(); continue }
      subscriber.alive = false
      subscriber.socket.ping()
    }
  }

  close (): void {
    for (const { socket } of this.#subscribers) socket.close(1001, 'server is closing')
  }
}

export const feedPlugin = fastifyPlugin<{ context: Context }>(async (app, { context }) => {
  const hub = new Hub(context)
  await hub.start()
  const timer = setInterval(() => { hub.heartbeat() }, HEARTBEAT_MS)
  timer.unref()
  app.addHook('preClose', async () => {
    clearInterval(timer)
    hub.close()
  })

  app.get('/v1/feed', {
    websocket: true,
    config: { access: 'public' },
    schema: {
      tags: ['events'],
      summary: '실시간 소식 — WebSocket feed of tender status; `from` resumes after a position',
      querystring: Type.Object({
        from: Type.Optional(Type.Integer({ minimum: 0 })),
        tenderId: Type.Optional(Type.String({ pattern: TENDER_ID_PATTERN }))
      }, { additionalProperties: false })
    }
  }, (socket, request) => {
    if (hub.size >= MAX_CONNECTIONS) { socket.close(1013, 'too many readers, try again later'); return }
    const { from, tenderId } = request.query as { from?: number, tenderId?: TenderId }
    hub.subscribe(socket, from, tenderId).catch((error: unknown) => {
      context.reportError(error, 'feed')
      socket.terminate()
    })
  })
}, { name: 'feed' })
