/**
 * A rotation of the key-encryption key killed before or after each lasting step: a real process, a real SIGKILL. What is left
 * opens everything, and the next run finishes.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { draftTender } from '../../src/client/ceremony.ts'
import { readConfig } from '../../src/config.ts'
import { fromHex } from '../../src/crypto/bytes.ts'
import { makeKek } from '../../src/crypto/secret-wrap.ts'
import { openInstallation } from '../../src/installation.ts'
import { kekStatus, rotateKek, tryRotation } from '../../src/rotate-kek.ts'
import { admin } from '../support/admin.ts'
import { makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { negotiatedDraft } from '../support/two-envelopes.ts'

const folder = t.testdir()
const dataDir = join(folder, 'data')
const app = await buildApp(t, { dataDir })
const cast = await makeCast(app, { suppliers: 0 })
for (const title of ['가', '나']) await draftTender(cast.executing.api, negotiatedDraft(cast, { title }))
await app.close()

/** The platform's seeds of two keys each. */
const SECRETS = 4
const readKeys = (dir: string): string[] => readFileSync(join(dir, 'secrets', 'kek'), 'utf8').trim().split('\n')
const [oldHex = ''] = readKeys(dataDir)
let copies = 0
function copyOf (dir: string): string {
  const copy = join(folder, `copy-${copies++}`)
  cpSync(dir, copy, { recursive: true })
  return copy
}

t.test('killed before or after any step, the server runs, and the next run finishes', async (t) => {
  const killed: string[] = []
  for (const killAt of ['before 1', 'after 1', 'before 2', 'after 2', 'after 3', 'after 4', 'before 5']) {
    const dir = copyOf(dataDir)
    const env = { BONGIN_DATA_DIR: dir }
    const job = { config: readConfig({ ...env }), now: app.clock.now() }
    const { signal, code } = admin(['kek', 'rotate'], { env, killAt })
    if (code === 0) break
    t.equal(signal, 'SIGKILL', killAt)
    killed.push(killAt)
    await openInstallation(job.config, app.clock.now())
    t.match(await tryRotation(job), { opened: SECRETS }, `${killAt}: every secret opens`)
    await rotateKek(job)
    const [left = '', ...more] = readKeys(dir)
    t.same(more, [], 'one key is left')
    t.same(readdirSync(join(dir, 'secrets')).sort(), ['ca.passphrase', 'kek'], 'and no other file')
    t.not(left, oldHex)
    const { id } = makeKek(fromHex(left))
    t.match(await kekStatus(job), { keyId: id, olderKeyIds: [], secrets: { [id]: SECRETS }, platformKeys: { [id]: 2 } }, 'which wraps everything')
  }
  t.equal(killed.length, 6, 'new key kept, transaction, platform keys, old key dropped: there is no fifth step')
})
