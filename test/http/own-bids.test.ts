/** A supplier's list of its own bids: each tender once, in keyset pages, for its owner alone and kept by nobody. */
import t from 'tap'
import { withdrawBid } from '../../src/client/bids.ts'
import { publish, updateDraft } from '../../src/client/ceremony.ts'
import { myBids } from '../../src/client/own-bids.ts'
import { openSession } from '../../src/client/sessions.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs, publishDraft, scheduleOf } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const [first, second] = cast.suppliers as [Actor, Actor]
const stage = { app, cast }
const tenderIds: TenderId[] = []
for (const title of ['가', '나', '다']) tenderIds.push(await publishDraft(stage, draftFor(cast, { title, schedule: scheduleOf('2026-11-25') })))
const [oldest, middle, newest] = tenderIds as [TenderId, TenderId, TenderId]

const bid = async (actor: Actor, tenderId: TenderId): Promise<unknown> => await bidAs(stage, actor, { tenderId, amountWon: 27_600_000 })

t.test('each tender once, newest first, with its state and the state of the bid', async (t) => {
  for (const tenderId of tenderIds) await bid(first, tenderId)
  await bid(second, middle)
  await withdrawBid(first.api, cast.platform, { identity: first.identity, tenderId: oldest, reason: '금액 오기' })
  const { items, nextCursor } = await myBids(first.api)
  t.same(items.map(({ tenderId, title, status, state }) => [tenderId, title, status, state]), [
    [newest, '다', 'sealed', 'published'], [middle, '나', 'sealed', 'published'], [oldest, '가', 'withdrawn', 'published']
  ])
  t.equal(nextCursor, null)
  t.equal(items[0]?.closesAt, '2026-11-25T10:00:00.000+09:00')
})

t.test('pages of one give the same list', async (t) => {
  const seen: string[] = []
  for (let cursor: TenderId | undefined; ;) {
    const { items, nextCursor } = await myBids(first.api, { limit: 1, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...items.map(({ tenderId }) => tenderId))
    if (nextCursor === null) break
    cursor = nextCursor
  }
  t.same(seen, [newest, middle, oldest])
})

t.test('a bid under changed terms takes the place of the superseded one, and others see their own alone', async (t) => {
  t.same((await myBids(second.api)).items.map(({ tenderId }) => tenderId), [middle], 'the rival has one')
  const draft = draftFor(cast, { title: '나, 정정', estimatedPriceWon: 26_990_000, changeReason: '추정가격 정정', schedule: scheduleOf('2026-11-25') })
  await updateDraft(cast.executing.api, { tenderId: middle, draft })
  await publish(cast.executing.api, cast.platform, { identity: cast.executing.identity, tenderId: middle, expected: draft, now: app.clock.now() })
  t.equal((await myBids(first.api)).items[1]?.status, 'superseded')
  await bid(first, middle)
  const { items } = await myBids(first.api)
  t.same(items.map(({ tenderId, status }) => [tenderId, status]), [[newest, 'sealed'], [middle, 'sealed'], [oldest, 'withdrawn']])
  t.equal((await myBids(second.api)).items[0]?.status, 'superseded', 'nobody bids for another')
})

t.test('it is private', async (t) => {
  const anonymous = await fetch(`${app.baseUrl}/v1/me/bids`)
  t.equal(anonymous.status, 401, 'not without a session')
  t.equal(anonymous.headers.get('cache-control'), 'no-store')
  const own = await fetch(`${app.baseUrl}/v1/me/bids`, { headers: { authorization: `Bearer ${(await openSession(cast.publicApi, first.identity, cast.platform.name)).token}` } })
  t.equal(own.headers.get('cache-control'), 'no-store')
  t.equal(own.headers.get('etag'), null)
  await t.rejects(myBids(cast.executing.api), { code: 'forbidden' }, 'nor for officers')
  await t.rejects(first.api.get('/v1/me/bids', { cursor: 'x' }), { code: 'invalid-request' })
  await t.rejects(first.api.get('/v1/me/bids', { limit: 101 }), { code: 'invalid-request' })
})
