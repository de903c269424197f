/** A technical opening tells how far it is, stops when the server ends, and is done by the next one, as an opening of prices is. */
import t from 'tap'
import { reveal } from '../../src/client/openings.ts'
import { getTechnicalOpening } from '../../src/storage/technical.ts'
import { makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidWith, moveTo, negotiatedDraft, proposalOf, publishTwo } from '../support/two-envelopes.ts'

const first = await buildApp(t)
const { clock, dataDir } = first
const cast = await makeCast(first, { suppliers: 2 })
const tenderId = await publishTwo(first, cast, negotiatedDraft(cast))
for (const [i, amountWon] of [90_000_000, 91_000_000].entries()) {
  await bidWith(first, cast, { actor: at(cast.suppliers, i), tenderId, amountWon, proposal: proposalOf(`제안 ${i}`) })
}

t.test('it ends once the proposals are open, before anything is stored', async (t) => {
  await moveTo(first, '2026-11-24T11:00:00+09:00')
  const ended = new Promise<void>((resolve, reject) => {
    first.context.progress.listen((progress) => {
      t.same(progress, { tenderId, done: 2, total: 2 })
      first.close().then(resolve, reject)
    })
  })
  for (const actor of [cast.executing, cast.witness]) {
    const { api, identity } = await cast.login(actor)
    await reveal(api, cast.platform, { identity, tenderId, envelope: 'technical', now: clock.now() })
  }
  await ended
  t.same(first.logLines.filter((line) => line.includes('background work failed')), [])
})

t.test('the next one finds it due and opens it', async (t) => {
  const next = await buildApp(t, { clock, dataDir })
  t.equal(await getTechnicalOpening(next.context.db.read, tenderId), null, 'nothing was stored')
  await next.scheduler.tick()
  t.not(await getTechnicalOpening(next.context.db.read, tenderId), null)
})
