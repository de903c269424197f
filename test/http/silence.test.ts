/**
 * A server that was away over a deadline closes nothing before a platform officer could call that time an outage; a short
 * absence changes nothing. The second server takes over the data of the first, at a later time by the same clock.
 */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { applyOutage, closingHold, dismissHold } from '../../src/client/outages.ts'
import { openSession } from '../../src/client/sessions.ts'
import { Api } from '../../src/client/api.ts'
import { getTender } from '../../src/client/tenders.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { noteSilence } from '../../src/services/silence.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { draftFor, makeCast, type Actor, type Cast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp, type TestApp } from '../support/build-app.ts'
import { tokenOf, sendRaw } from '../support/refusals.ts'

const kst = (time: string): string => `2026-11-24T${time}:00.000+09:00`
const today = (time: string): number => parseInstant(kst(time))

/** One round of the scheduler as the process runs it. */
async function run ({ scheduler }: TestApp): Promise<void> {
  scheduler.start()
  await scheduler.stop()
}

interface Scene { app: TestApp, cast: Cast, tenderId: TenderId, login: (actor: Actor) => Promise<Actor>, state: () => Promise<string> }

/** A tender that closes at 10:00 and opens at 11:00, and a server that was last alive at `alive` and is back at `back`. */
async function afterSilence (t: Test, back: string, alive = '09:40'): Promise<Scene> {
  const dataDir = join(t.testdir(), 'data')
  const first = await buildApp(t, { dataDir })
  const cast = await makeCast(first, { suppliers: 1 })
  const { executing, witness, platform } = cast
  const tenderId = await draftTender(executing.api, draftFor(cast))
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: first.clock.now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, now: first.clock.now() })
  first.clock.set(kst(alive))
  await run(first)
  await first.close()
  first.clock.set(kst(back))
  const app = await buildApp(t, { dataDir, clock: first.clock })
  await run(app)
  const api = new Api({ baseUrl: app.baseUrl })
  return {
    app,
    cast,
    tenderId,
    login: async ({ identity }) => ({ identity, api: (await openSession(api, identity, platform.name)).api }),
    state: async () => (await getTender(api, tenderId)).state
  }
}

t.test('after a long silence the closing waits, takes no bids, and is done when the officer dismisses the outage', async (t) => {
  const { app, cast, tenderId, login, state } = await afterSilence(t, '11:30')
  t.equal(await state(), 'published', 'neither closed nor failed, though its opening time has passed')
  const chief = await login(cast.chief)
  t.same(await closingHold(chief.api), { fromAt: kst('09:40'), untilAt: kst('11:30'), heldUntil: kst('13:30') })
  t.match(at(await listAudit(app.context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 1 }), 0), { action: 'closings.held', detail: { tenders: 1 } })
  await app.scheduler.tick()
  t.equal(await state(), 'published')
  const { api, identity } = await login(at(cast.suppliers, 0))
  const content = { amountWon: 27_500_000, picks: [3, 7] as const }
  const { envelope } = await sealFor(api, cast.platform, { identity, tenderId, content, now: app.clock.now() })
  await t.rejects(submitBid(api, cast.platform, envelope), { code: 'bid-late' })
  const token = await tokenOf(app, cast.executing.identity, cast.platform.name)
  t.equal((await sendRaw(app, { path: '/v1/outages/hold/dismissal', body: { reason: '아님' }, token })).status, 403, 'a platform officer\'s word')
  t.equal((await sendRaw(app, { path: '/v1/outages/hold', method: 'GET', contentType: null, token })).status, 403)
  t.match(await dismissHold(chief.api, '정기 점검'), { fromAt: kst('09:40') })
  t.equal(await dismissHold(chief.api, '정기 점검'), null)
  t.equal(await closingHold(chief.api), null)
  await app.scheduler.tick()
  t.not(await state(), 'published')
})

t.test('an outage that covers the silence moves what was held', async (t) => {
  const { app, cast, tenderId, login, state } = await afterSilence(t, '11:30')
  const { api, identity } = await login(cast.chief)
  const period = { fromAt: today('09:40'), recoveredAt: today('11:30') }
  const { extensions } = await applyOutage(api, { ...cast.platform, serverTime: kst('11:30') }, { identity, period, reason: '서버 중단' })
  t.match(extensions, [{ tenderId, closesAt: kst('14:00'), opensAt: kst('15:00') }])
  t.equal(await closingHold(api), null)
  await app.scheduler.tick()
  t.equal(await state(), 'published')
  const supplier = await login(at(cast.suppliers, 0))
  const content = { amountWon: 27_500_000, picks: [3, 7] as const }
  const { envelope } = await sealFor(supplier.api, cast.platform, { identity: supplier.identity, tenderId, content, now: app.clock.now() })
  t.equal((await submitBid(supplier.api, cast.platform, envelope)).repeated, false, 'bids again')
  app.clock.set(kst('14:00'))
  await app.scheduler.tick()
  t.equal(await state(), 'closed')
})

t.test('without an officer\'s word the hold ends by itself', async (t) => {
  const { app, state } = await afterSilence(t, '10:30')
  app.clock.set(today('12:30') - 1)
  await app.scheduler.tick()
  t.equal(await state(), 'published')
  app.clock.set(kst('12:30'))
  await app.scheduler.tick()
  t.not(await state(), 'published')
})

t.test('a silence of ten minutes, or one in which nothing fell due, holds nothing', async (t) => {
  const short = await afterSilence(t, '10:05', '09:55')
  t.equal(await closingHold((await short.login(short.cast.chief)).api), null)
  t.equal(await short.state(), 'closed')
  short.app.clock.set(kst('10:45'))
  t.equal(await noteSilence(short.app.context), null, 'the deadline lay in it, and was closed before')
})
