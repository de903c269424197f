/** A tender that cannot be opened, here one whose seed the database's owner damaged, holds up nobody else of its hour. */
import { sql } from 'drizzle-orm'
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { reveal } from '../../src/client/openings.ts'
import { getTender } from '../../src/client/tenders.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { publishDraft } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const { platform, publicApi, suppliers } = cast
const { schedule } = draftFor(cast)

async function publishWithBids (): Promise<TenderId> {
  const tenderId = await publishDraft({ app, cast }, draftFor(cast))
  for (const [index, { api, identity }] of suppliers.entries()) {
    // Above any floor and below any planned price of this notice.
    const content = { amountWon: 27_500_000 + index, picks: [1, 2] as const }
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content, now: app.clock.now() })
    await submitBid(api, platform, envelope)
  }
  return tenderId
}

t.test('one seed that does not unwrap', async (t) => {
  const [good, bad, other] = [await publishWithBids(), await publishWithBids(), await publishWithBids()]
  app.clock.set(parseInstant(schedule.opensAt))
  await app.scheduler.tick()
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  await app.context.db.write(async (tx) => {
    tx.run(sql`UPDATE tenders SET platform_seed_wrapped = (SELECT platform_seed_wrapped FROM tenders WHERE tender_id = ${good}) WHERE tender_id = ${bad}`)
  })
  // All keys are there before the clock's next round, which finds three tenders due.
  for (const tenderId of [bad, good, other]) {
    for (const { api, identity } of [executing, witness]) {
      await reveal(api, platform, { identity, tenderId, now: app.clock.now() }).catch((error: unknown) => { if (tenderId !== bad) throw error })
    }
  }
  await app.scheduler.tick()
  await app.scheduler.tick()
  t.equal((await getTender(publicApi, good)).state, 'opened')
  t.equal((await getTender(publicApi, other)).state, 'opened')
  t.equal((await getTender(publicApi, bad)).state, 'closed', 'it waits for somebody to look')
  const reported = app.logLines.filter((line) => line.includes('background work failed') && line.includes(bad))
  t.ok(reported.length >= 1, 'the failure is reported with its tender')
  t.notOk(app.logLines.some((line) => line.includes('background work failed') && (line.includes(good) || line.includes(other))))
})
