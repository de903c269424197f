/**
 * Replacing the key-encryption key of an installation that has secrets in every place: seeds of both keys, revealed seeds,
 * revealed shares, the platform's own keys. A tender sealed under the old key opens under the new one. (What a kill leaves is
 * in rotate-killed.test.ts.)
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { Api } from '../../src/client/api.ts'
import { reveal, revealShares, waitForOpening } from '../../src/client/openings.ts'
import { openSession } from '../../src/client/sessions.ts'
import { readProposals } from '../../src/client/technical.ts'
import { readConfig } from '../../src/config.ts'
import { fromHex, randomBytes, toHex } from '../../src/crypto/bytes.ts'
import { keyMark, makeKek } from '../../src/crypto/secret-wrap.ts'
import { openInstallation } from '../../src/installation.ts'
import { kekStatus, rotateKek, tryRotation } from '../../src/rotate-kek.ts'
import { admin } from '../support/admin.ts'
import { makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp, type TestApp } from '../support/build-app.ts'
import { OPENING_TIMEOUT_MS } from '../support/stage.ts'
import { bidWith, ESTIMATE_WON, evaluateAll, idOf, moveTo, negotiatedDraft, proposalOf, publishTwo, revealAll } from '../support/two-envelopes.ts'

const folder = t.testdir()
const dataDir = join(folder, 'data')
const app = await buildApp(t, { dataDir })
const cast = await makeCast(app, { suppliers: 2 })
const { platform } = cast
const evaluators = await Promise.all(['평가일', '평가이', '평가삼'].map(async (name) => await cast.enrol(name, 'evaluator')))
const tenderId = await publishTwo(app, cast, negotiatedDraft(cast))
for (const actor of cast.suppliers) await bidWith(app, cast, { actor, tenderId, amountWon: ESTIMATE_WON - 1_000_000, proposal: proposalOf('제안') })
await moveTo(app, '2026-11-24T11:00:00+09:00')
// The witness is missing: its seed comes from two shares, so that there are shares as well as seeds.
const desk = await cast.login(cast.executing)
await reveal(desk.api, platform, { identity: desk.identity, tenderId, now: app.clock.now() })
for (const { api, identity } of [await cast.login(cast.audit), desk]) await revealShares(api, platform, { identity, tenderId, now: app.clock.now() })
await waitForOpening(desk.api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS, envelope: 'technical' })

/** Seeds of two keys; three technical seeds revealed, the platform's among them; two shares. */
const SECRETS = 7
const readKeys = (dir: string): string[] => readFileSync(join(dir, 'secrets', 'kek'), 'utf8').trim().split('\n')
const [oldHex = ''] = readKeys(dataDir)
const oldKek = makeKek(fromHex(oldHex))
const envOf = (dir: string): Record<string, string> => ({ BONGIN_DATA_DIR: dir })
const jobOf = (env: Record<string, string>): Parameters<typeof rotateKek>[0] => ({ config: readConfig({ ...env }), now: app.clock.now() })
let copies = 0
function copyOf (dir: string): string {
  const copy = join(folder, `copy-${copies++}`)
  cpSync(dir, copy, { recursive: true })
  return copy
}

/** A server on this folder, which refuses to start where a secret would not open. */
async function serverOn (dir: string): Promise<TestApp> {
  return await buildApp(t, { dataDir: dir, clock: app.clock })
}

t.test('while the server runs: a look and a dry run, no rotation', async (t) => {
  const status = admin(['kek', 'status', '--json'], { env: envOf(dataDir) })
  t.match(status.json(), { keyId: oldKek.id, olderKeyIds: [], secrets: { [oldKek.id]: SECRETS }, platformKeys: { [oldKek.id]: 2 }, unknown: 0 })
  t.notOk(status.out.includes(oldHex))
  const dry = admin(['kek', 'rotate', '--dry-run', '--json'], { env: envOf(dataDir) })
  t.match(dry.json(), { dryRun: true, madeKey: true, opened: SECRETS, rewrapped: SECRETS, rewrappedPlatformKeys: 2 })
  const refused = admin(['kek', 'rotate', '--json'], { env: envOf(dataDir) })
  t.equal(refused.code, 1)
  t.match(refused.json(), { error: { code: 'failed', detail: /stop the server first/ } })
  t.same(readKeys(dataDir), [oldHex], 'nothing was changed')
  await app.close()
})

t.test('a key of the operator\'s: new and old given side by side, then the old one is gone', async (t) => {
  const dir = copyOf(dataDir)
  const [newFile, oldFile] = [join(dir, 'new.kek'), join(dir, 'old.kek')]
  const next = makeKek(randomBytes(32))
  writeFileSync(newFile, `${toHex(next.key)}\n`)
  writeFileSync(oldFile, `${oldHex}\n`)
  const alone = { ...envOf(dir), BONGIN_KEK_FILE: newFile }
  const both = { ...alone, BONGIN_KEK_OLD_FILE: oldFile }
  const missing = new RegExp(`platform.json is wrapped by the key-encryption key ${oldKek.id}; given are ${next.id}`)
  await t.rejects(rotateKek(jobOf(alone)), missing)
  await t.rejects(openInstallation(jobOf(alone).config, app.clock.now()), missing, 'nor does a server start')
  await t.rejects(rotateKek(jobOf({ ...alone, BONGIN_DATA_DIR: join(dir, 'none') })), /there is no installation in/)
  t.match(await tryRotation(jobOf(both)), { madeKey: false, rewrapped: SECRETS, rewrappedPlatformKeys: 2, keyId: next.id })
  const done = await rotateKek(jobOf(both))
  t.match(done, { madeKey: false, keyId: next.id, opened: SECRETS, rewrapped: SECRETS, rewrappedPlatformKeys: 2, noLongerNeeded: [oldKek.id] })
  const again = await rotateKek(jobOf(alone))
  t.match(again, { opened: SECRETS, rewrapped: 0, rewrappedPlatformKeys: 0, noLongerNeeded: [] }, 'nothing is left to do')
  t.equal(readFileSync(newFile, 'utf8'), `${toHex(next.key)}\n`, 'the operator\'s file is left alone')
})

t.test('the database under another key than the platform\'s file: refused with the ids, by server and program', async (t) => {
  const dir = copyOf(dataDir)
  await rotateKek(jobOf(envOf(dir)))
  cpSync(join(dataDir, 'secrets', 'kek'), join(dir, 'secrets', 'kek'))
  cpSync(join(dataDir, 'pki', 'platform.json'), join(dir, 'pki', 'platform.json'))
  await t.rejects(serverOn(dir), /the database has secrets that no key-encryption key given here opens: 7 by [0-9a-f]{16}; given are/)
  await t.rejects(rotateKek(jobOf(envOf(dir))), /the database has secrets that no key-encryption key given here opens: 7 by/)
  const db = new Sqlite(join(dir, 'bongin.db'))
  db.prepare('UPDATE tenders SET platform_seed_wrapped = ?').run('AQ'.repeat(30))
  db.close()
  await t.rejects(serverOn(dir), /1 in a form that this program does not know/)
})

t.test('one damaged secret: nothing is changed, and it is named', async (t) => {
  const dir = copyOf(dataDir)
  const db = new Sqlite(join(dir, 'bongin.db'))
  const rows = db.prepare('SELECT rowid, share_wrapped FROM share_reveals').all() as Array<{ rowid: number, share_wrapped: string }>
  const last = at(rows, -1)
  db.prepare('UPDATE share_reveals SET share_wrapped = ? WHERE rowid = ?').run(`${last.share_wrapped.slice(0, -4)}AAAA`, last.rowid)
  db.close()
  const named = new RegExp(`bongin revealed share v1/${tenderId}/technical/${idOf(cast.witness)}/`)
  await t.rejects(tryRotation(jobOf(envOf(dir))), named)
  t.match(admin(['kek', 'rotate'], { env: envOf(dir) }), { code: 1, out: '', err: named })
  t.match(await kekStatus(jobOf(envOf(dir))), { secrets: { [oldKek.id]: SECRETS } })
})

t.test('what was sealed under the old key opens under the new one; nothing of the old key is left on disk', async (t) => {
  t.match(admin(['kek', 'rotate'], { env: envOf(dataDir) }), {
    code: 0, out: /^New key [0-9a-f]{16}: 7 of 7 secrets and 2 platform keys wrapped anew\. No longer needed, except for backups/
  })
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name))
    t.notOk(bytes.includes(keyMark(oldKek)) || bytes.includes(oldHex), `${name}: neither the old key nor what it wrapped`)
  }
  t.notOk(existsSync(join(dataDir, 'bongin.db-wal')))
  const again = await serverOn(dataDir)
  const publicApi = new Api({ baseUrl: again.baseUrl })
  const login = async ({ identity }: Actor): Promise<Actor> => ({ identity, api: (await openSession(publicApi, identity, platform.name)).api })
  const later = { ...cast, publicApi, login }
  t.equal((await readProposals((await login(cast.executing)).api, tenderId)).proposals.length, 2, 'the proposals')
  await evaluateAll(later, { tenderId, evaluators, suppliers: cast.suppliers, rows: [[70_000, 75_000], [70_000, 75_000], [70_000, 75_000]] })
  await moveTo(again, '2026-11-24T14:00:00+09:00')
  t.equal(await revealAll(again, later, tenderId, 'price'), 'opened', 'and the prices')
  const { items } = await (await login(cast.chief)).api.get<{ items: Array<{ action: string, detail: unknown }> }>('/v1/audit')
  t.match(items.find(({ action }) => action === 'kek.rotated'), { actor: 'operator', detail: { rewrapped: SECRETS } })
})
