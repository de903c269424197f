/** Whoever watches an opening is told how far it is: live, a few times, without a position; the result is an event like any other. */
import t from 'tap'
import { followFeed } from '../../src/client/feed.ts'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import type { OpeningProgress } from '../../src/client/types.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { openAt, publishDraft } from '../support/stage.ts'

const OTHER = 'R26BK00000099' as TenderId
const app = await buildApp(t)

t.test('an opening over HTTP, watched', async (t) => {
  const cast = await makeCast(app, { suppliers: 2 })
  const tenderId = await publishDraft({ app, cast }, draftFor(cast))
  for (const supplier of cast.suppliers) {
    const content = { amountWon: 27_500_000, picks: [1, 2] as const }
    const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity: supplier.identity, tenderId, content, now: app.clock.now() })
    await submitBid(supplier.api, cast.platform, envelope)
  }
  const told: OpeningProgress[] = []
  const stop = new AbortController()
  const watching = followFeed({
    baseUrl: app.baseUrl,
    tenderIds: [tenderId],
    from: 0,
    onProgress: (progress) => told.push(progress),
    onEvent: ({ type }) => { if (type === 'tender.opened') stop.abort() },
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)])
  })
  await openAt({ app, cast }, tenderId, draftFor(cast).schedule.opensAt)
  await watching
  t.ok(stop.signal.aborted, 'the opening is an event')
  t.same(told, [{ type: 'progress', tenderId, done: 2, total: 2 }])
})

t.test('of a large opening twenty words at most reach a reader, and none that follows another tender', async (t) => {
  const total = 10_000
  const [own, others]: [OpeningProgress[], OpeningProgress[]] = [[], []]
  const stop = new AbortController()
  const ready: Array<Promise<void>> = []
  const follow = async (tenderId: TenderId, seen: OpeningProgress[]): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    ready.push(promise)
    return await followFeed({
      baseUrl: app.baseUrl,
      tenderIds: [tenderId],
      onHello: () => { resolve() },
      onEvent: () => {},
      onProgress: (progress) => {
        seen.push(progress)
        if (progress.done === total) stop.abort()
      },
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)])
    })
  }
  const readers = [follow(OTHER, own), follow('R26BK00000098' as TenderId, others)]
  await Promise.all(ready)
  // Greeted is not live yet: a reader becomes live once it has read that it missed nothing.
  await fetch(`${app.baseUrl}/v1/platform`)
  const tell = app.context.progress.of(OTHER, total)
  for (let done = 1; done <= total; done++) tell(done)
  await Promise.all(readers)
  t.ok(own.length >= 1 && own.length <= 20, `${own.length} words`)
  t.match(own.at(-1), { tenderId: OTHER, done: total, total })
  t.same(own.map(({ done }) => done), own.map(({ done }) => done).sort((a, b) => a - b), 'forwards only')
  t.same(others, [])
})
