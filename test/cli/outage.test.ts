/** `bongin outage …` as a platform officer types it: look, apply, list; what was held; and what others may not do. */
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { approve } from '../../src/client/registration.ts'
import { noteSilence } from '../../src/services/silence.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { cli, type CliResult } from '../support/cli.ts'
import { countRows } from '../support/refusals.ts'

const app = await buildApp(t)
const dir = t.testdir()
const env = { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }
const kst = (time: string): string => `2026-11-24T${time}:00.000+09:00`

async function as (keys: string, ...args: string[]): Promise<CliResult> {
  return await cli([...args, '--keys', join(dir, keys)], { env, now: () => app.clock.now() })
}

const cast = await makeCast(app, { suppliers: 0 })
for (const role of ['platform', 'audit']) {
  const applied = await as(role, 'officer', 'enrol', '--name', role, '--role', role, '--agency-id', '1230000', '--agency-name', '조달청',
    '--phone', '02-1', '--email', 'a@b.kr', '--rsa-bits', '2048', '--json')
  await approve(cast.chief.api, String(applied.json()['registrationId']))
  await as(role, 'officer', 'status')
}
const { executing, witness, platform } = cast
const tenderId = await draftTender(executing.api, draftFor(cast))
for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: app.clock.now() })
await publish(executing.api, platform, { identity: executing.identity, tenderId, now: app.clock.now() })

const apply = (from: string, recovered: string): string[] => ['outage', 'apply', '--from', from, '--recovered', recovered, '--reason', '서버 장애']

t.test('nothing yet', async (t) => {
  t.match(await cli(['outage', 'list'], { env }), { code: EXIT.ok, out: /no outage/ })
  t.match(await as('platform', 'outage', 'hold'), { code: EXIT.ok, out: /No closing is held/ })
  t.match((await as('platform', 'outage', 'dismiss', '--reason', '점검', '--json')).json(), { released: false, hold: null })
})

t.test('values that make no sense', async (t) => {
  t.match(await as('platform', ...apply('2026-11-24 09:30', kst('10:30'))), { code: EXIT.usage, err: /zone.*\n.*\n.*invalid-time, --from/ })
  t.match(await as('platform', ...apply(kst('09:30'), 'now')), { code: EXIT.usage, err: /--recovered/ })
  t.match(await as('platform', 'outage', 'apply', '--from', kst('09:30'), '--recovered', kst('10:30')), { code: EXIT.usage, err: /--reason/ })
})

t.test('a dry run lists, applying does it, and once more is refused', async (t) => {
  app.clock.set(kst('10:31'))
  const before = countRows(app)
  const dry = await as('platform', ...apply(kst('09:30'), kst('10:30')), '--dry-run')
  t.match(dry, { code: EXIT.ok, out: new RegExp(`${tenderId} .*10:00:00.* 2026-11-24T13:00:00.* 2026-11-24T14:00:00.*deadline-in-outage`) })
  t.match(dry.out, /Nothing was changed/)
  t.match((await as('platform', ...apply(kst('09:30'), kst('10:30')), '--dry-run', '--json')).json(), {
    applied: false, passedOver: [], extensions: [{ tenderId, rule: 'deadline-in-outage', previous: { closesAt: kst('10:00') }, closesAt: kst('13:00'), opensAt: kst('14:00') }]
  })
  t.same({ ...countRows(app), sessions: 0 }, { ...before, sessions: 0 })
  t.match(await as('audit', ...apply(kst('09:30'), kst('10:30')), '--dry-run'), { code: EXIT.refused, err: /forbidden/ })
  t.match(await as('audit', ...apply(kst('09:30'), kst('10:30'))), { code: EXIT.refused, err: /forbidden/ })

  const done = (await as('platform', ...apply(kst('09:30'), kst('10:30')), '--json')).json()
  t.match(done, { applied: true, outageSha256: /^[0-9a-f]{64}$/, announcedAt: kst('10:31'), extensions: [{ tenderId, closesAt: kst('13:00') }], passedOver: [] })
  t.match(done, { repeated: false })
  t.match((await as('platform', ...apply(kst('09:30'), kst('10:30')), '--json')).json(), { repeated: true, outageSha256: done['outageSha256'] }, 'the same statement')
  app.clock.advance(1000)
  t.match(await as('platform', ...apply(kst('09:30'), kst('10:30'))), { code: EXIT.refused, err: /outage-exists/ }, 'another one')
  t.match(await as('platform', ...apply(kst('10:30'), kst('10:31'))), { code: EXIT.ok, out: /No tender is concerned(.|\n)*0 tenders moved/ })
  t.match(await cli(['outage', 'list'], { env }), { code: EXIT.ok, out: /09:30:00(.|\n)*서버 장애/ })
  t.match((await cli(['outage', 'list', '--json'], { env })).json(), { items: [{ tenders: 0 }, { tenders: 1, outageSha256: done['outageSha256'] }] })
  t.match(await cli(['tender', 'show', tenderId], { env }), { code: EXIT.ok, out: /13:00:00(.|\n)*Moved by an outage.*deadline-in-outage, closing was 2026-11-24T10:00/ })
})

t.test('what was held after a silence', async (t) => {
  await noteSilence(app.context)
  app.clock.set(kst('13:20'))
  await noteSilence(app.context)
  t.match((await as('platform', 'outage', 'hold', '--json')).json(), { hold: { fromAt: '2026-11-24T10:31:01.000+09:00', untilAt: kst('13:20'), heldUntil: kst('15:20') } })
  t.match(await as('platform', 'outage', 'hold'), { out: /while the server was away(.|\n)*outage dismiss/ })
  t.match(await as('audit', 'outage', 'dismiss', '--reason', '점검'), { code: EXIT.refused, err: /forbidden/ })
  t.match(await as('platform', 'outage', 'dismiss', '--reason', '점검'), { code: EXIT.ok, out: /released/ })
  t.match((await as('platform', 'outage', 'hold', '--json')).json(), { hold: null })
})
