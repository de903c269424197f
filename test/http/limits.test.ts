/** A supplier that sends too much waits; nobody else does, and no bid is lost by it. */
import t from 'tap'
import { sealFor } from '../../src/client/bids.ts'
import { REPEATS_FOR_EACH, SupplierCounts } from '../../src/services/supplier-counts.ts'
import { openSession, type Session } from '../../src/client/sessions.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { publishDraft } from '../support/stage.ts'

const LIMIT = 4
const app = await buildApp(t, { policy: { supplierRequestsPerMinute: LIMIT } })
const cast = await makeCast(app, { suppliers: 2 })
const tenderId = await publishDraft({ app, cast }, draftFor(cast))
const bidders = await Promise.all(cast.suppliers.map(async ({ identity }): Promise<Bidder> => {
  const content = { amountWon: 27_500_000, picks: [1, 2] as const }
  const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity, tenderId, content, now: app.clock.now() })
  return { ...await openSession(cast.publicApi, identity, cast.platform.name), envelope }
}))
const [busy, calm] = bidders as [Bidder, Bidder]

type Bidder = Session & { envelope: string }

async function send ({ token, envelope }: Pick<Bidder, 'token' | 'envelope'>): Promise<Response> {
  return await fetch(`${app.baseUrl}/v1/tenders/${tenderId}/bids`, {
    method: 'POST', body: envelope, headers: { 'content-type': 'application/jose', authorization: `Bearer ${token}` }
  })
}

t.test('past its limit a supplier is told how long to wait', async (t) => {
  t.equal((await send(busy)).status, 201)
  for (let i = 1; i < LIMIT; i++) t.equal((await send({ ...busy, envelope: 'none' })).status, 400)
  const refused = await send(busy)
  t.equal(refused.status, 429)
  const wait = Number(refused.headers.get('retry-after'))
  t.ok(wait > 0 && wait <= 60, `${wait} s`)
  t.match(refused.headers.get('content-type'), 'application/problem+json')
  const problem = await refused.json() as { code: string, detailKo: string, retryAfterSeconds: number }
  t.equal(problem.code, 'too-many-requests')
  t.match(problem.detailKo, `1분에 ${LIMIT}건`)
  t.equal(problem.retryAfterSeconds, wait)
})

t.test('others are not held up, and the bid that was acknowledged stands', async (t) => {
  t.equal((await send(calm)).status, 201)
  t.match(await busy.api.get(`/v1/tenders/${tenderId}/bids/mine`), { status: 'sealed' })
})

t.test('who is not logged in is refused as such, and counts for nobody', async (t) => {
  t.equal((await send({ ...calm, token: 'A'.repeat(43) })).status, 401)
})

t.test('the same bid again fetches its receipt and does not count; what is no bid counts as ever', async (t) => {
  for (let i = 0; i < 3 * LIMIT; i++) t.equal((await send(calm)).status, 200, 'the old receipt')
  for (let i = 1; i < LIMIT; i++) t.equal((await send({ ...calm, envelope: 'none' })).status, 400)
  t.equal((await send({ ...calm, envelope: 'none' })).status, 429)
})

t.test('a repeat without end is held up after all', (t) => {
  const window = 60_000
  let now = 0
  const counts = new SupplierCounts({ max: LIMIT, now: () => now })
  const count = (): number => {
    let current = 0
    counts.incr('1018116406', (_error, counted) => { current = counted?.current ?? Number.NaN }, window)
    return current
  }
  for (let i = 0; i < REPEATS_FOR_EACH * LIMIT; i++) {
    t.equal(count(), 1)
    counts.giveBack('1018116406')
  }
  t.equal(count(), 1)
  counts.giveBack('1018116406')
  t.equal(count(), 2, 'nothing more is given back')
  counts.giveBack('2208162517')
  now = window
  t.equal(count(), 1, 'a new window')
  t.end()
})

t.test('a server that is behind says so, and for how long', async (t) => {
  // Its clock of the event loop ticks every 10 ms: no loop is less late than that.
  const { baseUrl } = await buildApp(t, { options: { maxLoopDelayMs: 1 } })
  let refused = await fetch(`${baseUrl}/v1/tenders`)
  // The delay is looked at once a second.
  while (refused.status === 200) refused = await fetch(`${baseUrl}/v1/tenders`)
  t.equal(refused.status, 503)
  t.match(refused.headers.get('retry-after'), /^[1-9]\d?$/)
  t.equal(refused.headers.get('cache-control'), 'no-store')
  t.match(await refused.json(), { code: 'overloaded', title: 'The server is busy', titleKo: '서버가 혼잡합니다' })
})
