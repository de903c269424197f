/**
 * The way back in for an installation whose platform officers are all gone: the operator's one-time code, on the server's machine and beside
 * the running server. While one can still log in it takes an explicit word, and it always stands on the audit trail.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { readConfig } from '../../src/config.ts'
import { firstOfficerCodePath } from '../../src/installation.ts'
import { makeOfficerCode } from '../../src/officer-admin.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { admin } from '../support/admin.ts'
import { buildApp } from '../support/build-app.ts'
import { makePeople, OFFICER } from '../support/cli-people.ts'
import type { CliResult } from '../support/cli.ts'

const app = await buildApp(t)
const { as, ok } = await makePeople(t, app, { suppliers: 0 })
const env = { BONGIN_DATA_DIR: app.dataDir }
const path = firstOfficerCodePath(app.dataDir)
const made = async () => (await listAudit(app.context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 20 }))
  .filter(({ action }) => action === 'first-officer-code.made').map(({ actor, detail }) => ({ actor, detail }))
const init = async (keys: string): Promise<CliResult> => await as(keys, 'init', '--name', '새 담당관', ...OFFICER, '--code-file', path)
const revoke = async (by: string, holder: string): Promise<unknown> => {
  const { thumbprint } = await ok(holder, 'whoami')
  return await ok(by, 'certificate', 'revoke', String(thumbprint), '--reason', '키 분실')
}

t.test('while a platform officer can log in, nothing is made without an explicit word', async (t) => {
  const attempt = makeOfficerCode(readConfig(env), { reason: '키 분실', evenIfCertified: false, now: app.clock.now() })
  await t.rejects(attempt, /still have a valid certificate: 1\./)
  t.same(await made(), [])
  t.match(admin(['officer', 'code'], { env }), { code: 2, err: /--reason/ })
  t.match(admin(['officer', 'code', '--reason', ' '], { env }), { code: 2, err: /Say why/ })
  t.equal((await init('nobody')).code, EXIT.local, 'there is no code')
})

t.test('whose key is lost: the new officer enrols with the code, once, and takes the old certificate away', async (t) => {
  const { code, out } = admin(['officer', 'code', '--reason', '키 분실', '--even-if-certified'], { env })
  t.equal(code, 0)
  const secret = readFileSync(path, 'utf8').trim()
  t.match(out, path)
  t.notMatch(out, secret)
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.same(await made(), [{ actor: 'operator', detail: { reason: '키 분실', certifiedOfficers: 1 } }])
  t.equal((await init('second')).code, EXIT.ok)
  t.equal((await init('third')).code, EXIT.refused, 'once')
  await revoke('second', 'chief')
  t.equal((await as('chief', 'registrations', 'list')).code, EXIT.refused)
})

t.test('with nobody left it needs no more than a reason', async (t) => {
  await revoke('second', 'second')
  t.match(admin(['officer', 'code', '--reason', '모두 폐지', '--json'], { env }).json(), { path, certifiedOfficers: 0 })
  t.equal((await made()).length, 2)
  t.equal((await init('fourth')).code, EXIT.ok)
  t.match(await ok('fourth', 'registrations', 'list'), { items: [] })
})

t.test('no installation, no code', (t) => {
  t.match(admin(['officer', 'code', '--reason', 'x'], { env: { BONGIN_DATA_DIR: join(t.testdir(), 'none') } }), { code: 1, err: /admin: / })
  t.end()
})
