/** A server that ends in the middle of an opening stores nothing of it and blames nobody; the next one opens the tender. */
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { reveal } from '../../src/client/openings.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { getOpening } from '../../src/storage/openings.ts'
import { getTender } from '../../src/storage/tenders.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { publishDraft } from '../support/stage.ts'

const first = await buildApp(t)
const { clock, dataDir } = first
const cast = await makeCast(first, { suppliers: 2 })
const draft = draftFor(cast)
const tenderId = await publishDraft({ app: first, cast }, draft)
for (const { api, identity } of cast.suppliers) {
  const content = { amountWon: 27_500_000, picks: [1, 2] as const }
  const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity, tenderId, content, now: clock.now() })
  await submitBid(api, cast.platform, envelope)
}

t.test('it ends once the bids are open, before the record is stored', async (t) => {
  clock.set(parseInstant(draft.schedule.opensAt))
  await first.scheduler.tick()
  const ended = new Promise<void>((resolve, reject) => {
    first.context.progress.listen(({ done, total }) => {
      t.same({ done, total }, { done: 2, total: 2 })
      first.close().then(resolve, reject)
    })
  })
  for (const actor of [cast.executing, cast.witness]) {
    const { api, identity } = await cast.login(actor)
    await reveal(api, cast.platform, { identity, tenderId, now: clock.now() })
  }
  await ended
  t.same(first.logLines.filter((line) => line.includes('background work failed')), [])
})

t.test('the next one finds it due and opens it', async (t) => {
  const next = await buildApp(t, { clock, dataDir })
  t.equal(await getOpening(next.context.db.read, tenderId), null, 'nothing was stored')
  t.match(await getTender(next.context.db.read, tenderId), { state: 'closed' })
  await next.scheduler.tick()
  t.match(await getTender(next.context.db.read, tenderId), { state: 'opened' })
  t.not(await getOpening(next.context.db.read, tenderId), null)
})
