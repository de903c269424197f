/** `bongin notify …` as people type it, and the operator's `admin outbox` beside the running server. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { MAX_ATTEMPTS } from '../../src/domain/notification.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import { admin } from '../support/admin.ts'
import { buildApp } from '../support/build-app.ts'
import { makePeople } from '../support/cli-people.ts'
import { cli } from '../support/cli.ts'
import { codeIn, lettersIn } from '../support/mailbox.ts'

const app = await buildApp(t)
const { file, as, ok } = await makePeople(t, app, { suppliers: 1 })
const outbox = join(app.dataDir, 'outbox')

async function publishExample (title: string): Promise<string> {
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  const { holderId: witness } = await ok('witness', 'whoami')
  const schedule = { closesAt: formatKst(Math.ceil(app.clock.now() / HOUR_MS + 1) * HOUR_MS) }
  const name = file(`${title}.json`)
  writeFileSync(name, JSON.stringify({ ...example, title, committee: { witness }, attachments: [], schedule }))
  const tenderId = String((await as('executing', 'tender', 'publish', '--file', name, '--json')).json()['tenderId'])
  await ok('witness', 'tender', 'contribute', tenderId)
  await ok('executing', 'tender', 'publish', '--file', name)
  return tenderId
}

t.test('searches, notices, e-mail', async (t) => {
  t.match((await as('s0', 'notify', 'list')).out, 'No notices.')
  t.match(await ok('s0', 'notify', 'searches', 'add', '배수', '--query', '배수펌프', '--kind', 'works'), { number: 1 })
  t.match((await as('s0', 'notify', 'searches', 'list')).out, /배수.*kind=works q=배수펌프/)
  t.equal((await as('s0', 'notify', 'searches', 'add', '빈 것')).code, EXIT.refused)
  t.match((await as('s0', 'notify', 'email', 'show')).out, 'No e-mail address.')
  t.match((await as('s0', 'notify', 'email', 'set', 'bid@supplier.example', '--language', 'en')).out, 'bongin notify email verify CODE')
  await app.notifier.tick()
  t.match(await ok('s0', 'notify', 'email', 'verify', codeIn(lettersIn(app.dataDir)[0])), { address: 'bid@supplier.example', codeExpiresAt: null })
  const tenderId = await publishExample('배수펌프장 정비공사')
  await app.notifier.tick()
  t.match((await as('s0', 'notify', 'list')).out, new RegExp(`new.*matched.*${tenderId}.*배수펌프장[\\s\\S]*Unread: 1`))
  t.match(await ok('s0', 'notify', 'read', '1'), { unread: 0 })
  const letters = lettersIn(app.dataDir).map((letter) => letter.header('subject'))
  t.ok(letters.includes('[Bongin] New notice: 배수펌프장 정비공사'))
  t.equal(readdirSync(outbox).filter((one) => !one.endsWith('.eml')).length, 0)
  t.match(await ok('s0', 'notify', 'searches', 'remove', '1'), { number: 1 })
  t.equal((await as('executing', 'notify', 'list')).code, EXIT.refused, 'officers have none')
})

t.test('webhooks', async (t) => {
  const refused = await as('s0', 'notify', 'webhooks', 'add', 'https://169.254.169.254/latest')
  t.equal(refused.code, EXIT.refused)
  t.match(refused.err, '공인 주소')
  const added = await as('s0', 'notify', 'webhooks', 'add', 'https://hooks.example.kr/bongin')
  t.match(added.out, /whsec_[\s\S]*shown this once/)
  const { items } = await ok('s0', 'notify', 'webhooks', 'list') as { items: Array<{ webhookId: string }> }
  const [{ webhookId } = { webhookId: '' }] = items
  t.match(await ok('s0', 'notify', 'webhooks', 'rotate', webhookId), { secret: /^whsec_/ })
  t.match(await ok('s0', 'notify', 'webhooks', 'remove', webhookId), { webhookId })
})

t.test('the operator sees what is dead, beside the running server, and has it tried anew', async (t) => {
  const env = { BONGIN_DATA_DIR: app.dataDir }
  // A file where the folder should be: the operator's disk is in disorder.
  rmSync(outbox, { recursive: true })
  writeFileSync(outbox, '')
  await ok('s0', 'notify', 'searches', 'add', '모든 공사', '--kind', 'works')
  await publishExample('하천 정비공사')
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await app.notifier.tick()
    app.clock.advance(12 * HOUR_MS)
  }
  t.match(admin(['outbox', 'status', '--json'], { env }).json(), { counts: [{ channel: 'email', state: 'dead', n: 1 }, { channel: 'email', state: 'sent', n: 2 }] })
  const { dead } = admin(['outbox', 'dead', '--json'], { env }).json() as { dead: Array<{ deliveryId: number }> }
  t.match(dead, [{ channel: 'email', host: 'mail', attempts: MAX_ATTEMPTS, reason: /^outbox folder: E/ }])
  t.match(admin(['outbox', 'dead'], { env }).out, /mail {2}10 tries {2}outbox folder/)
  t.match(admin(['outbox', 'retry'], { env }), { code: 2, err: /or give --all[^]*Usage: admin outbox retry/ }, 'neither named nor all')
  t.match(admin(['outbox', 'retry', 'abc'], { env }), { code: 2, err: /'abc'[^]*named by its number[^]*Usage: admin outbox retry/ })
  t.match(admin(['outbox', 'retry', '999999', '--json'], { env }).json(), { due: 0 })
  rmSync(outbox)
  mkdirSync(outbox)
  t.match(admin(['outbox', 'retry', String(dead[0]?.deliveryId), '--json'], { env }).json(), { due: 1 })
  // `retry` is due by the machine's clock.
  app.clock.set(Math.max(app.clock.now(), Date.now()))
  await app.notifier.tick()
  t.ok(existsSync(outbox) && readdirSync(outbox).length === 1)
  t.match(admin(['outbox', 'status'], { env }).out, 'email sent 3\n')
})
