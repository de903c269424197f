/** The server's time and its precision: what the operator states, what is measured, and where people see it. */
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { Timekeeping } from '../../src/services/timekeeping.ts'
import { formatKst } from '../../src/domain/time.ts'
import { buildApp } from '../support/build-app.ts'

interface Delay { from: string, until: string, p50Ms: number, p99Ms: number, maxMs: number }
interface Answer { serverTime: string, epochMs: number, clock: object, eventLoop: Delay[] }

const { clock: stated } = readConfig({ BONGIN_CLOCK_OFFSET_MS: '-3', BONGIN_CLOCK_UNCERTAINTY_MS: '12' })
const app = await buildApp(t, { policy: { clock: stated } })

t.test('it is that of the server\'s clock, with what the operator states, and nobody keeps it', async (t) => {
  const response = await fetch(`${app.baseUrl}/v1/time`)
  const { serverTime, epochMs, clock, eventLoop } = await response.json() as Answer
  t.equal(epochMs, app.clock.now())
  t.equal(serverTime, formatKst(epochMs))
  t.same(clock, { offsetMs: -3, uncertaintyMs: 12 })
  t.equal(eventLoop.length, 1, 'no window is over yet')
  t.equal(response.headers.get('cache-control'), 'no-store')
  t.equal(response.headers.get('bongin-time'), serverTime)
})

t.test('a window that is over is told beside the one under way', async (t) => {
  const from = app.clock.now()
  app.clock.set(from + 60_000)
  app.context.timekeeping.turnOver()
  app.clock.set(from + 61_000)
  const { eventLoop } = await (await fetch(`${app.baseUrl}/v1/time`)).json() as Answer
  t.match(eventLoop, [
    { from: formatKst(from), until: formatKst(from + 60_000) },
    { from: formatKst(from + 60_000), until: formatKst(from + 61_000) }
  ])
  for (const { p50Ms, p99Ms, maxMs } of eventLoop) t.ok(p50Ms >= 0 && p99Ms >= p50Ms && maxMs >= p99Ms)
})

t.test('a turn of the event loop that was held shows', async (t) => {
  const timekeeping = new Timekeeping(() => 0)
  t.teardown(() => { timekeeping.close() })
  const beat = async (): Promise<void> => { await new Promise((resolve) => setTimeout(resolve, 15)) }
  await beat()
  const heldUntil = performance.now() + 300
  while (performance.now() < heldUntil);
  await beat()
  t.ok((timekeeping.delays[0]?.maxMs ?? 0) >= 200)
})

t.test('without a statement nothing is claimed, and a statement that is none is refused', async (t) => {
  t.same(readConfig({}).clock, { offsetMs: null, uncertaintyMs: null })
  t.throws(() => readConfig({ BONGIN_CLOCK_UNCERTAINTY_MS: '-1' }))
})

t.test('people read it on the help page', async (t) => {
  const page = async (language: string): Promise<string> => await (await fetch(`${app.baseUrl}/help?lang=${language}`, { headers: { 'accept-language': language } })).text()
  t.match(await page('ko'), /표준시와의 차이<\/dt><dd>-3 ms \(±12 ms\)/)
  t.match(await page('en'), /Ahead of national time<\/dt><dd>-3 ms \(±12 ms\)/)
})
