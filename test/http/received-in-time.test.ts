/** What counts is when the last byte of a bid was read, and not how long the server then looks at it: the closing waits for it. */
import t from 'tap'
import { sealFor } from '../../src/client/bids.ts'
import { getTender } from '../../src/client/tenders.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { formatKst, parseInstant } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { sendRaw, tokenOf, type RawRequest } from '../support/refusals.ts'
import { publishDraft, scheduleOf } from '../support/stage.ts'

const app = await buildApp(t, { options: { bidThread: true } })
const cast = await makeCast(app, { suppliers: 2 })
const [early, late] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
const draft = draftFor(cast)
const closesAt = parseInstant(draft.schedule.closesAt)

/** Holds the next bid back before the thread gets it. */
function holdNext (): { reached: Promise<void>, release: () => void } {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const checks = app.context.bidChecks
  app.context.bidChecks = {
    check: async (bid) => {
      app.context.bidChecks = checks
      reached.resolve()
      await released.promise
      return await checks.check(bid)
    }
  }
  return { reached: reached.promise, release: released.resolve }
}

async function bidOf ({ identity }: Actor, tenderId: TenderId): Promise<RawRequest> {
  const content = { amountWon: 26_300_000, picks: [1, 2] as const }
  const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity, tenderId, content, now: app.clock.now() })
  return { path: `/v1/tenders/${tenderId}/bids`, token: await tokenOf(app, identity, cast.platform.name), contentType: 'application/jose', body: envelope }
}

t.test('a bid received a millisecond before the deadline is in the closing record, however long its checks take', async (t) => {
  const tenderId = await publishDraft({ app, cast }, draft)
  app.clock.set(closesAt - 1)
  const [inTime, tooLate] = [await bidOf(early, tenderId), await bidOf(late, tenderId)]
  const held = holdNext()
  const answer = sendRaw(app, inTime)
  await held.reached

  app.clock.set(closesAt)
  let isClosed = false
  const closing = app.scheduler.tick().then(() => { isClosed = true })
  t.match(await (await sendRaw(app, tooLate)).json(), { status: 410, code: 'bid-late' }, 'one received at the deadline is late')
  t.equal((await getTender(cast.publicApi, tenderId)).state, 'published')
  t.equal(isClosed, false, 'the closing waits')

  held.release()
  const accepted = await answer
  t.equal(accepted.status, 201)
  t.match(await accepted.json(), { acceptedAt: formatKst(closesAt - 1) })
  await closing
  t.match(await getTender(cast.publicApi, tenderId), { state: 'closed', checkpoint: /^.+\n1\n/ })
  const { path, token } = inTime
  const proof = await sendRaw(app, { path: `${path}/mine/inclusion`, method: 'GET', contentType: null, token })
  t.match(await proof.json(), { leafIndex: 0, size: 1 })
})

t.test('one that is refused in the end holds up nothing', async (t) => {
  const schedule = scheduleOf('2026-11-25')
  const tenderId = await publishDraft({ app, cast }, { ...draft, schedule })
  app.clock.set(parseInstant(schedule.closesAt) - 1)
  const request = await bidOf(early, tenderId)
  const held = holdNext()
  const answer = sendRaw(app, { ...request, body: `${String(request.body)}AAAA` })
  await held.reached
  app.clock.set(parseInstant(schedule.closesAt))
  const closing = app.scheduler.tick()
  held.release()
  t.match(await (await answer).json(), { code: 'signature-invalid' })
  await closing
  t.match(await getTender(cast.publicApi, tenderId), { state: 'closed', checkpoint: /^.+\n0\n/ })
})
