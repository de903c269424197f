/** The feed: every event once and in order, also over a line that breaks. */
import t from 'tap'
import { followFeed, MAX_BACKOFF_MS, MIN_BACKOFF_MS } from '../../src/client/feed.ts'
import type { FeedEvent } from '../../src/client/types.ts'

/** A socket that the test plays: what it was opened for, and what comes in. */
class FakeSocket extends EventTarget {
  static readonly opened: FakeSocket[] = []
  static onOpen: (socket: FakeSocket) => void = () => {}
  readonly url: URL
  isClosed = false
  constructor (url: string | URL) {
    super()
    this.url = new URL(url)
    FakeSocket.opened.push(this)
    queueMicrotask(() => { FakeSocket.onOpen(this) })
  }

  close (): void { this.isClosed = true }
  say (frame: unknown): void { this.dispatchEvent(new MessageEvent('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) })) }
  drop (): void { this.dispatchEvent(new CloseEvent('close', { code: 1006 })) }
}
const WebSocket = FakeSocket as unknown as typeof globalThis.WebSocket
const event = (position: number): object => ({ position, at: '', type: 'tender.published', tenderId: 'R26BK00000001', data: {} })

/** Plays one script a connection, and ends after the last. */
async function play (scripts: Array<(socket: FakeSocket) => void>, options: { from?: number, tenderIds?: string[], types?: string[] } = {}): Promise<{
  seen: number[], urls: URL[], waits: number[], lost: string[], position: number | undefined
}> {
  FakeSocket.opened.length = 0
  const stop = new AbortController()
  const [seen, waits, lost]: [number[], number[], string[]] = [[], [], []]
  FakeSocket.onOpen = (socket) => {
    const script = scripts[FakeSocket.opened.length - 1]
    if (script === undefined) stop.abort()
    else script(socket)
  }
  const position = await followFeed({
    baseUrl: 'https://server.test/base/',
    ...options,
    onEvent: (e: FeedEvent) => { seen.push(e.position) },
    onLost: (reason) => { lost.push(reason) },
    signal: stop.signal,
    WebSocket,
    wait: async (ms) => { waits.push(ms) }
  })
  return { seen, urls: FakeSocket.opened.map(({ url }) => url), waits, lost, position }
}

t.test('a broken line is taken up behind the last event', async (t) => {
  const { seen, urls, lost, position } = await play([
    (s) => { s.say({ type: 'hello', position: 5 }); s.say(event(6)); s.say(event(7)); s.drop() },
    (s) => { s.say({ type: 'hello', position: 7 }); s.say(event(7)); s.say(event(8)); s.drop() }
  ], { from: 5, tenderIds: ['R26BK00000001', 'R26BK00000002'], types: ['tender.opened'] })
  t.same(seen, [6, 7, 8], 'nothing missed, nothing twice')
  t.same(urls.map((url) => url.searchParams.get('from')), ['5', '7', '8'])
  t.equal(urls[0]?.href, 'wss://server.test/base/v1/feed?from=5&tender=R26BK00000001&tender=R26BK00000002&type=tender.opened')
  t.match(lost, [/1006/, /1006/])
  t.equal(position, 8)
})

t.test('without a position it begins live, and goes on from there', async (t) => {
  const { urls, seen } = await play([(s) => { s.say({ type: 'hello', position: 41 }); s.drop() }, (s) => { s.say(event(42)); s.drop() }])
  t.same(urls.map((url) => url.searchParams.get('from')), [null, '41', '42'])
  t.same(seen, [42])
})

t.test('waits grow up to a bound, and start again once frames come', async (t) => {
  const dead = (s: FakeSocket): void => { s.drop() }
  const { waits } = await play([...Array.from({ length: 9 }, () => dead), (s) => { s.say({ type: 'hello', position: 1 }); s.drop() }, dead])
  t.equal(waits[0], MIN_BACKOFF_MS)
  t.equal(Math.max(...waits), MAX_BACKOFF_MS)
  t.equal(waits[9], MIN_BACKOFF_MS)
})

t.test('what is no frame is passed over', async (t) => {
  const { seen } = await play([(s) => {
    for (const frame of ['{', 'null', '7', { type: 'ping' }, { position: '9', type: 'x' }]) s.say(frame)
    s.say(event(3))
    s.drop()
  }], { from: 2 })
  t.same(seen, [3])
})

t.test('the end comes at once, and closes the socket', async (t) => {
  const stop = new AbortController()
  FakeSocket.opened.length = 0
  FakeSocket.onOpen = () => { stop.abort() }
  t.equal(await followFeed({ baseUrl: 'http://server.test', from: 3, onEvent: () => {}, signal: stop.signal, WebSocket }), 3)
  t.equal(FakeSocket.opened[0]?.isClosed, true)
})
