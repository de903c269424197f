/** The feed as Server-Sent Events over real connections: the same events as by WebSocket, resumed by Last-Event-ID, and its end. */
import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import t from 'tap'
import type { FeedEvent } from '../../src/client/types.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { appendEvent } from '../../src/storage/events.ts'
import { buildApp } from '../support/build-app.ts'

const app = await buildApp(t)
const [A, B] = ['R26BK00000001', 'R26BK00000002'] as [TenderId, TenderId]

async function commit (...tenderIds: TenderId[]): Promise<void> {
  await app.context.db.write(async (tx) => {
    for (const tenderId of tenderIds) await appendEvent(tx, { at: app.clock.now(), type: 'tender.published', tenderId, data: { title: '한글' } })
  })
}

interface Stream { sent: ClientRequest, response: IncomingMessage, next: () => Promise<Record<string, string>> }

/** Reads one event after the other, as the standard says; comments are passed over. */
async function open (path: string, headers: Record<string, string> = {}): Promise<Stream> {
  const sent = request(app.baseUrl + path, { headers })
  sent.end()
  const [response] = await once(sent, 'response') as [IncomingMessage]
  response.setEncoding('utf8')
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<string>
  let rest = ''
  const next = async (): Promise<Record<string, string>> => {
    for (;;) {
      const end = rest.indexOf('\n\n')
      if (end >= 0) {
        const fields = rest.slice(0, end).split('\n').filter((line) => !line.startsWith(':')).map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string])
        rest = rest.slice(end + 2)
        if (fields.length > 0) return Object.fromEntries(fields)
        continue
      }
      const { value, done } = await chunks.next()
      if (done === true) return { event: 'end' }
      rest += value
    }
  }
  return { sent, response, next }
}

t.test('the same events, live and behind a position', async (t) => {
  const live = await open('/v1/feed/sse')
  t.match(live.response.headers['content-type'], 'text/event-stream')
  t.equal(live.response.headers['cache-control'], 'no-store')
  t.match(await live.next(), { event: 'hello', id: '0', retry: /^\d+$/ })
  await commit(A, B, A)
  const events = [await live.next(), await live.next(), await live.next()]
  t.same(events.map(({ id }) => id), ['1', '2', '3'])
  const { items } = await (await fetch(`${app.baseUrl}/v1/events`)).json() as { items: FeedEvent[] }
  t.same(events.map(({ data = '' }) => JSON.parse(data) as FeedEvent), items, 'as /v1/events gives them')
  live.sent.destroy()

  const again = await open('/v1/feed/sse', { 'last-event-id': '1' })
  t.match(await again.next(), { event: 'hello', id: '1' })
  t.equal((await again.next())['id'], '2', 'behind the last one that was seen')
  again.sent.destroy()

  const one = await open(`/v1/feed/sse?from=0&tender=${B}`)
  await one.next()
  t.equal((await one.next())['id'], '2', 'one tender alone, missed')
  await commit(A, B)
  t.equal((await one.next())['id'], '5', 'and live')
  one.sent.destroy()
})

t.test('what it does not understand is refused', async (t) => {
  for (const query of ['from=-1', 'tender=nonsense', `tender=${A}&tender=nonsense`, 'type=nonsense', 'tenderId=R26BK00000001', 'other=1']) {
    const { response, sent } = await open(`/v1/feed/sse?${query}`)
    t.equal(response.statusCode, 400, query)
    sent.destroy()
  }
})

t.test('a server that closes says so', async (t) => {
  const reader = await open('/v1/feed/sse')
  await reader.next()
  const closed = app.close()
  t.match(await reader.next(), { event: 'bye' })
  t.match(await reader.next(), { event: 'end' }, 'and the line ends')
  await closed
})
