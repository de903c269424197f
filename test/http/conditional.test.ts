/** Public documents have a validator and are not sent twice; private answers have none; HEAD says what GET would. */
import t from 'tap'
import { buildTown, NEWEST_PUBLISHED_AT } from '../../bench/tender-town.ts'
import { buildApp } from '../support/build-app.ts'
import { ManualClock } from '../support/manual-clock.ts'

const app = await buildApp(t, { clock: new ManualClock(new Date(NEWEST_PUBLISHED_AT).toISOString()) })
buildTown(app.context.db.path, { tenders: 20 })

async function get (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return await fetch(app.baseUrl + path, { method, headers })
}

t.test('a document that the reader has is answered 304, without a body', async (t) => {
  const first = await get('/v1/tenders')
  const etag = first.headers.get('etag') ?? ''
  t.match(etag, /^"[A-Za-z0-9_-]{43}"$/)
  t.equal(first.headers.get('cache-control'), 'no-cache')
  for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await get('/v1/tenders', { 'if-none-match': condition })
    t.equal(again.status, 304, condition)
    t.equal(await again.text(), '')
    t.equal(again.headers.get('etag'), etag)
  }
  const other = await get('/v1/tenders', { 'if-none-match': `"${'A'.repeat(43)}"` })
  t.equal(other.status, 200)
  t.equal(await other.text(), await first.text())
})

t.test('a list that changed has another validator', async (t) => {
  const [all, some] = [await get('/v1/tenders'), await get('/v1/tenders?limit=3')]
  t.not(all.headers.get('etag'), some.headers.get('etag'))
})

t.test('HEAD has the headers of GET, and no body', async (t) => {
  const [got, head] = [await get('/v1/tenders'), await get('/v1/tenders', {}, 'HEAD')]
  t.equal(head.status, 200)
  t.equal(await head.text(), '')
  for (const name of ['etag', 'content-length', 'content-type', 'cache-control']) t.equal(head.headers.get(name), got.headers.get(name), name)
  t.equal((await get('/v1/tenders', { 'if-none-match': head.headers.get('etag') ?? '' }, 'HEAD')).status, 304)
})

t.test('a refusal has no validator and is never 304', async (t) => {
  const response = await get('/v1/tenders/R26BK99999999', { 'if-none-match': '*' })
  t.equal(response.status, 404)
  t.equal(response.headers.get('cache-control'), 'no-store')
  t.equal(response.headers.get('etag'), null)
})

t.test('what needs a session is kept by nobody', async (t) => {
  const response = await get('/v1/tenders/R26BK00000001/bids/mine')
  t.equal(response.status, 401)
  t.equal(response.headers.get('cache-control'), 'no-store')
  t.equal(response.headers.get('etag'), null)
})
