/** The HTTP line: problems as errors with their codes, retries only where they are safe, no wait without a bound. */
import t from 'tap'
import { Api, ApiProblem, MAX_RETRIES, MAX_RETRY_AFTER_MS, segment, ServerUnreachable } from '../../src/client/api.ts'
import { at } from '../support/attacks.ts'

interface Sent { url: string, method: string, body: string | null, headers: Record<string, string> }

/** Answers one after the other; the last one for ever. */
function scripted (...answers: Array<() => Response>): { api: Api, sent: Sent[], waits: number[] } {
  const sent: Sent[] = []
  const waits: number[] = []
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    sent.push({ url: String(url), method: init.method ?? '', body: init.body as string | null, headers: init.headers as Record<string, string> })
    return at(answers, Math.min(sent.length, answers.length) - 1)()
  }
  const wait = async (ms: number): Promise<void> => { waits.push(ms) }
  return { api: new Api({ baseUrl: 'http://server.test/base/', fetch, wait }), sent, waits }
}

const json = (value: unknown, status = 200): Response => new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } })
const busy = (after = '2') => (): Response => new Response(JSON.stringify({ code: 'overloaded', detail: 'busy' }), { status: 503, headers: { 'retry-after': after } })

t.test('paths, queries, bodies and tokens', async (t) => {
  const { api, sent } = scripted(() => json({ ok: true }))
  await api.withToken('secret').get('/v1/tenders', { q: '청사 보수', cursor: undefined, limit: 5 })
  await api.post('/v1/x', { a: 1 })
  t.equal(at(sent, 0).url, 'http://server.test/base/v1/tenders?q=%EC%B2%AD%EC%82%AC+%EB%B3%B4%EC%88%98&limit=5')
  t.equal(at(sent, 0).headers['authorization'], 'Bearer secret')
  t.equal(at(sent, 1).headers['authorization'], undefined, 'the line without a token stays without')
  t.same([at(sent, 1).body, at(sent, 1).headers['content-type']], ['{"a":1}', 'application/json'])
  t.equal(segment('a/../b'), 'a%2F..%2Fb')
})

t.test('an envelope goes as it is, with its own type', async (t) => {
  const { api, sent } = scripted(() => json({ receipt: 'r' }, 201))
  const answer = await api.postRepeatable('/v1/tenders/T/bids', 'a.b.c', { contentType: 'application/jose' })
  t.same(answer, { status: 201, body: { receipt: 'r' } })
  t.same([at(sent, 0).body, at(sent, 0).headers['content-type']], ['a.b.c', 'application/jose'])
})

t.test('a problem becomes an error with its members', async (t) => {
  const problem = { code: 'bid-late', title: 'Too late', titleKo: '마감', detail: 'The deadline has passed.', detailKo: '마감되었습니다.', field: '/x', serverTime: 'now' }
  const { api } = scripted(() => json(problem, 410))
  const error = await api.get('/v1/x').then(() => null, (e: unknown) => e)
  t.ok(error instanceof ApiProblem)
  t.match(error, { status: 410, code: 'bid-late', titleKo: '마감', detailKo: '마감되었습니다.', field: '/x', message: 'The deadline has passed.' })
  t.equal((error as ApiProblem).problem['serverTime'], 'now')
})

t.test('an answer that is no problem document still has a status', async (t) => {
  const { api } = scripted(() => new Response('<html>', { status: 502 }))
  await t.rejects(api.get('/v1/x'), { status: 502, code: 'http-502', field: null })
})

t.test('a busy server is asked again, for repeatable calls, a bounded number of times', async (t) => {
  const recovering = scripted(busy(), busy('3'), () => json({ ok: true }))
  t.same(await recovering.api.get('/v1/x'), { ok: true })
  t.same(recovering.waits, [2000, 3000])

  const patient = scripted(busy('99999'))
  await t.rejects(patient.api.postRepeatable('/v1/x', 'a', { contentType: 'application/jose' }), { code: 'overloaded' })
  t.equal(patient.sent.length, MAX_RETRIES + 1)
  t.same(new Set(patient.waits), new Set([MAX_RETRY_AFTER_MS]), 'the server cannot make us wait for hours')

  const once = scripted(busy())
  await t.rejects(once.api.post('/v1/x', {}), { code: 'overloaded' })
  t.equal(once.sent.length, 1, 'an ordinary post is never repeated')

  const silent = scripted(() => new Response(null, { status: 503 }))
  await t.rejects(silent.api.get('/v1/x'), { code: 'http-503' })
  t.equal(silent.sent.length, 1, 'without Retry-After nobody asked us to come again')
})

t.test('no answer, or half of one, is unreachable', async (t) => {
  const refused = scripted(() => { throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }) })
  const error = await refused.api.get('/v1/x').then(() => null, (e: unknown) => e)
  t.ok(error instanceof ServerUnreachable)
  t.match(error, { message: /ECONNREFUSED/ })
  await t.rejects(scripted(() => new Response('{"half":')).api.get('/v1/x'), ServerUnreachable)
  t.equal(refused.sent.length, 1, 'whether the server acted is unknown: the caller decides')
})
