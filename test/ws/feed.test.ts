/** The live feed over real sockets: resuming by position, one tender's events alone, and a reader that does not read. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { followFeed } from '../../src/client/feed.ts'
import type { FeedEvent } from '../../src/client/types.ts'
import type { EventType } from '../../src/domain/events.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { MAX_EVENTS_PAGE } from '../../src/services/read-tender.ts'
import { appendEvent } from '../../src/storage/events.ts'
import { MAX_BUNDLE } from '../../src/ws/bundle.ts'
import { buildApp } from '../support/build-app.ts'

const app = await buildApp(t)
const [A, B] = ['R26BK00000001', 'R26BK00000002'] as [TenderId, TenderId]
/** More than the kernel's buffers on both sides and the server's own bound can take. */
const FLOOD_EVENTS = 160
const FLOOD_EVENT_CHARS = 128 * 1024
const FOLLOW_TIMEOUT_MS = 60_000

async function commit (
  tenderIds: readonly TenderId[], data: Record<string, unknown> = {}, type: EventType = 'tender.published'
): Promise<void> {
  await commitAll(tenderIds.map((tenderId) => ({ tenderId, type, data })))
}

/** In one transaction. */
async function commitAll (events: ReadonlyArray<{ tenderId: TenderId, type: EventType, data?: Record<string, unknown> }>): Promise<void> {
  await app.context.db.write(async (tx) => {
    for (const { data = {}, ...event } of events) await appendEvent(tx, { at: app.clock.now(), ...event, data })
  })
}

/** Follows until `count` events are there; `meanwhile` runs at the first. */
async function follow (options: {
  from?: number, tenderIds?: TenderId[], types?: EventType[], count: number, meanwhile?: () => Promise<void>
}): Promise<FeedEvent[]> {
  const { count, meanwhile, ...query } = options
  const stop = new AbortController()
  const seen: FeedEvent[] = []
  let side: Promise<void> | undefined
  await followFeed({
    baseUrl: app.baseUrl,
    ...query,
    onEvent: (event) => {
      side ??= meanwhile?.()
      if (seen.push(event) === count) stop.abort()
    },
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(FOLLOW_TIMEOUT_MS)])
  })
  await side
  return seen
}

const positions = (events: readonly FeedEvent[]): number[] => events.map(({ position }) => position)
const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

t.test('a reader that comes back gets what it missed and what comes meanwhile, in order and once', async (t) => {
  const total = 2 * MAX_EVENTS_PAGE + 100
  await commit(Array.from({ length: total }, (_, i) => i % 2 === 0 ? A : B))
  const meanwhile = async (): Promise<void> => { for (let i = 0; i < 50; i++) await commit([i % 2 === 0 ? A : B]) }
  const all = await follow({ from: 0, count: total + 50, meanwhile })
  t.same(positions(all), range(1, total + 50), 'no gap, no repeat, over several pages and into the live part')
  const rest = await follow({ from: 700, count: total + 50 - 700 })
  t.same(rest, all.slice(700), 'from a position: the very same events behind it')
})

t.test('one tender alone, missed and live', async (t) => {
  const response = await fetch(`${app.baseUrl}/v1/events?tenderId=${B}&limit=${MAX_EVENTS_PAGE}&from=1000`)
  const { items } = await response.json() as { items: FeedEvent[] }
  const meanwhile = async (): Promise<void> => { for (let i = 0; i < 10; i++) await commit([A, B]) }
  const events = await follow({ from: 1000, tenderIds: [B], count: items.length + 10, meanwhile })
  t.same(events.slice(0, items.length), items, 'what is missed is what /v1/events gives')
  t.same(new Set(events.map(({ tenderId }) => tenderId)), new Set([B]))
  t.equal(new Set(positions(events)).size, events.length)
})

t.test('some tenders and some types, missed and live, each event once', async (t) => {
  const from = await newestPosition()
  const [C, D] = ['R26BK00000003', 'R26BK00000004'] as [TenderId, TenderId]
  const round = async (): Promise<void> => {
    await commit([A, C, D])
    await commit([D, C, A], {}, 'tender.closed')
    await commit([C, D], {}, 'tender.opened')
  }
  for (let i = 0; i < MAX_EVENTS_PAGE / 2; i++) await commit([B])
  await round()
  const events = await follow({ from, tenderIds: [C, D, C], types: ['tender.closed', 'tender.opened'], count: 8, meanwhile: round })
  t.same(events.map(({ tenderId, type }) => [tenderId, type]), [...half(C, D), ...half(C, D)])
  t.same(positions(events), positions(events).toSorted((a, b) => a - b))
  const [, , third] = events
  const rest = await follow({ from: third?.position ?? 0, tenderIds: [C, D], types: ['tender.closed', 'tender.opened'], count: 5 })
  t.same(rest, events.slice(3), 'behind an event that was told, whatever was left out before')
  const rare = await follow({ from: 0, types: ['tender.opened'], count: 4 })
  t.same(new Set(rare.map(({ type }) => type)), new Set(['tender.opened']), 'of all tenders, over many pages without one')
})

t.test('a burst goes out in bundles: each reader gets what it wants of them, in order and once', async (t) => {
  const tenderIds = ['R26BK00000005', 'R26BK00000006', 'R26BK00000007'] as TenderId[]
  const [E, F, G] = tenderIds as [TenderId, TenderId, TenderId]
  const types = ['tender.published', 'tender.closed'] as const
  interface Sent { tenderId: TenderId, type: EventType }
  const signs: Sent[] = types.flatMap((type) => tenderIds.map((tenderId) => ({ tenderId, type })))
  const burst: Sent[] = Array.from({ length: 3 * MAX_BUNDLE + 5 }, (_, i) => ({ tenderId: [E, F, G][i % 3] ?? E, type: types[i % 2] ?? 'tender.closed' }))
  const wanted: Array<{ tenderIds?: TenderId[], types?: EventType[] }> =
    [{}, { tenderIds: [E] }, { tenderIds: [F, G] }, { types: ['tender.closed'] }, { tenderIds: [G, E], types: ['tender.published'] }]
  const expected = wanted.map((one) => [...signs, ...burst].filter(({ tenderId, type }) =>
    one.tenderIds?.includes(tenderId) !== false && one.types?.includes(type) !== false))
  const from = await newestPosition()
  let following = 0
  const allFollow = Promise.withResolvers<undefined>()
  const meanwhile = async (): Promise<void> => { if (++following === wanted.length) allFollow.resolve(undefined) }
  const readers = wanted.map(async (one, i) => await follow({ ...one, from, count: expected[i]?.length ?? 0, meanwhile }))
  await commitAll(signs)
  await allFollow.promise
  await commitAll(burst)
  const told = await Promise.all(readers)
  t.same(told.map((events) => events.map(({ tenderId, type }) => ({ tenderId, type }))), expected)
  for (const events of told) t.same(positions(events), positions(events).toSorted((a, b) => a - b))
})

const half = (c: TenderId, d: TenderId): Array<[TenderId, EventType]> =>
  [[d, 'tender.closed'], [c, 'tender.closed'], [c, 'tender.opened'], [d, 'tender.opened']]

t.test('what the feed does not understand is refused before the handshake', async (t) => {
  for (const query of ['from=-1', 'from=x', 'tender=nonsense', 'type=tender.unknown', `${'tender=R26BK00000001&'.repeat(50)}tender=R26BK00000002`, 'other=1']) {
    const socket = await handshake(`/v1/feed?${query}`)
    const [head] = await once(socket, 'data') as [Buffer]
    t.match(head.toString('latin1'), /^HTTP\/1\.1 400 /, query)
    socket.destroy()
  }
})

/** A bare socket that has asked for the feed. */
async function handshake (path: string): Promise<Socket> {
  const { hostname, port, host } = new URL(app.baseUrl)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => { /* A reader that is dropped may see a reset. */ })
  await once(socket, 'connect')
  const key = randomBytes(16).toString('base64')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`)
  return socket
}

t.test('a reader that does not read is dropped, and the others lose nothing', async (t) => {
  const slow = await handshake('/v1/feed')
  const [head] = await once(slow, 'data') as [Buffer]
  t.match(head.toString('latin1'), /^HTTP\/1\.1 101 /)
  let received = 0
  slow.on('data', (chunk: Buffer) => { received += chunk.length })
  slow.pause()
  const closed = once(slow, 'close')
  const data = { filler: 'x'.repeat(FLOOD_EVENT_CHARS) }
  const newest = await newestPosition()
  await commit([A])
  const flood = async (): Promise<void> => { for (let i = 0; i < FLOOD_EVENTS; i++) await commit([A], data) }
  const fast = await follow({ from: newest, count: FLOOD_EVENTS + 1, meanwhile: flood })
  t.same(positions(fast), range(newest + 1, newest + 1 + FLOOD_EVENTS), 'the reader that reads has everything')
  slow.resume()
  await closed
  t.ok(received < FLOOD_EVENTS * FLOOD_EVENT_CHARS, `the slow one got ${received} bytes, then the end`)
})

async function newestPosition (): Promise<number> {
  for (let from = 0; ;) {
    const response = await fetch(`${app.baseUrl}/v1/events?from=${from}&limit=${MAX_EVENTS_PAGE}`)
    const { items, next } = await response.json() as { items: unknown[], next: number }
    if (items.length === 0) return from
    from = next
  }
}
