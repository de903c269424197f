/**
 * Closing records cosigned from outside, over HTTP and the command line: lines go out with the note and the record, verify
 * names them, an outage's new closing is cosigned as an extension of the first, and a cosigner signs nothing that contradicts
 * what it saw.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { checkInclusion } from '../../src/client/bids.ts'
import { cosignTender, type CosignerMemory } from '../../src/client/cosigning.ts'
import { applyOutage } from '../../src/client/outages.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getTender } from '../../src/client/tenders.ts'
import { signCheckpoint } from '../../src/crypto/checkpoint.ts'
import { openCheckpoint } from '../../src/crypto/checkpoint-verify.ts'
import { sha256, utf8 } from '../../src/crypto/bytes.ts'
import { cosign, cosignerKey, type CosignerKey } from '../../src/crypto/cosignature.ts'
import { COSIGNATURE_TYPE, verifierKey } from '../../src/crypto/signed-note.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { bidAs, openAt, publishDraft } from '../support/stage.ts'

const keyOf = (keyName: string): CosignerKey => cosignerKey({ keyName, seed: sha256(utf8(keyName)) })
const [audit, press] = [keyOf('audit.example'), keyOf('press.example')]
const vkeyOf = (key: CosignerKey): string => verifierKey({ ...key, type: COSIGNATURE_TYPE })
// The command line's key is made before the server starts, as an operator would do it.
const keyFolder = mkdtempSync(join(tmpdir(), 'bongin-cosigner-'))
t.teardown(() => { rmSync(keyFolder, { recursive: true }) })
const keyFile = join(keyFolder, 'cosigner.json')
const made = await cli(['--json', 'cosign', 'key', '--name', 'college.example', '--out', keyFile], { env: { BONGIN_PASSPHRASE: 'a long passphrase' } })
const { vkey } = made.json() as { vkey: string }
const college = { keyName: 'college.example', publicKey: Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1) }

const app = await buildApp(t, { policy: { cosigners: [audit, press, college] } })
const cast = await makeCast(app, { suppliers: 3 })
const { platform, publicApi } = cast
const now = (): number => app.clock.now()
const trustedRootDer = platform.rootDer
let tenderId = '' as TenderId

function memory (): CosignerMemory & { notes: Map<string, string> } {
  const notes = new Map<string, string>()
  return { notes, seen: async (origin) => notes.get(origin) ?? null, remember: async (origin, note) => { notes.set(origin, note) } }
}
const auditMemory = memory()
const cosignAs = async (key: CosignerKey, remembered = memory()): ReturnType<typeof cosignTender> =>
  await cosignTender(publicApi, platform, { tenderId, key, memory: remembered, now: now() })

const bid = async (actor: Actor, amountWon: number): Promise<string> => (await bidAs({ app, cast }, actor, { tenderId, amountWon })).receipt

t.test('before the closing there is nothing to cosign', async (t) => {
  tenderId = await publishDraft({ app, cast }, draftFor(cast))
  await bid(at(cast.suppliers, 0), 26_500_000)
  await t.rejects(cosignAs(audit), { code: 'mismatch' })
  await t.rejects(publicApi.post(`/v1/tenders/${tenderId}/cosignatures`, { line: 'x' }), { code: 'not-yet-open' })
  await t.rejects(publicApi.get(`/v1/tenders/${tenderId}/consistency`, { from: 0 }), { code: 'not-yet-open' })
})

t.test('the first closing, and lines that are none', async (t) => {
  app.clock.set(parseInstant('2026-11-24T10:00:00+09:00'))
  await app.scheduler.tick()
  t.match(await cosignAs(audit, auditMemory), { tenderId, size: 1, extends: null })
  const { checkpoint } = await getTender(publicApi, tenderId)
  t.match(checkpoint, /\n— audit\.example \S+\n$/)
  const again = await cosignAs(audit, auditMemory)
  t.equal(again.checkpoint, checkpoint, 'a second line by the same cosigner changes nothing')
  const post = async (line: string): Promise<unknown> => await publicApi.post(`/v1/tenders/${tenderId}/cosignatures`, { line })
  const refused = { code: 'cosignature-invalid', field: '/line' }
  await t.rejects(cosignAs(keyOf('stranger.example')), refused, 'a key that nobody named')
  const note = auditMemory.notes.values().next().value ?? ''
  const other = note.replace(/\n1\n/, '\n2\n')
  await t.rejects(post(cosign({ text: other, key: press, at: now() }).trimEnd()), refused, 'another closing record')
  await t.rejects(post(cosign({ text: note, key: press, at: now() + 6 * 60_000 }).trimEnd()), refused, 'a time to come')
  for (const line of ['', 'x', '— press.example AAAA', `${cosign({ text: note, key: press, at: now() })}— press.example AAAA`]) await t.rejects(post(line), refused, line)
  await t.rejects(publicApi.get(`/v1/tenders/${tenderId}/consistency`, { from: 2 }), { code: 'invalid-request', field: '/from' })
  t.equal((await getTender(publicApi, tenderId)).checkpoint, checkpoint, 'nothing of it was kept')
})

t.test('a closing that an outage undid, and the one that extends it', async (t) => {
  app.clock.set(parseInstant('2026-11-24T10:40:00+09:00'))
  const chief = await cast.login(cast.chief)
  const period = { fromAt: parseInstant('2026-11-24T09:30:00+09:00'), recoveredAt: parseInstant('2026-11-24T10:30:00+09:00') }
  await applyOutage(chief.api, { ...platform, serverTime: '2026-11-24T10:40:00.000+09:00' }, { identity: chief.identity, period, reason: '통신 장애' })
  const receipt = await bid(at(cast.suppliers, 1), 26_900_000)
  await bid(at(cast.suppliers, 2), 26_700_000)
  const { closesAt } = await getTender(publicApi, tenderId)
  app.clock.set(parseInstant(closesAt))
  await app.scheduler.tick()
  t.match(await cosignAs(audit, auditMemory), { size: 3, extends: 1 })
  const { api } = await cast.login(at(cast.suppliers, 1))
  t.match((await checkInclusion(api, platform, receipt)).checkpoint, /— audit\.example/)
  const env = { BONGIN_PASSPHRASE: 'a long passphrase' }
  const args = ['--json', '--server', app.baseUrl, 'cosign', 'tender', tenderId, '--key', keyFile]
  const done = await cli(args, { env, now })
  t.equal(done.code, 0, done.err)
  t.match(done.json(), { tenderId, size: 3, extends: null })
  t.match(JSON.parse(readFileSync(`${keyFile}.seen.json`, 'utf8')), { [`${platform.name}/tenders/${tenderId}`]: /\n3\n/ })
  t.match((await cli(args, { env, now })).json(), { extends: 3 })
  t.equal((await cli(args, { env: { BONGIN_PASSPHRASE: 'another passphrase' }, now })).code, 4)
})

t.test('a record that contradicts what was seen is not cosigned, and what was seen stays', async (t) => {
  const origin = `${platform.name}/tenders/${tenderId}`
  const { privateKey } = { privateKey: app.installation.platform.checkpointKey }
  for (const [name, size] of [['another root', 2], ['more leaves than now', 9]] as const) {
    const forged = signCheckpoint({ keyName: platform.name, privateKey, origin, size, root: sha256(utf8(name)) })
    const remembered = memory()
    remembered.notes.set(origin, forged)
    await t.rejects(cosignAs(press, remembered), { code: 'mismatch', message: /Cosigned before:[^]*Shown now:/ }, name)
    t.equal(remembered.notes.get(origin), forged)
  }
})

t.test('the record: every line is checked, and wanted cosigners are', async (t) => {
  const { opensAt } = await getTender(publicApi, tenderId)
  await openAt({ app, cast }, tenderId, opensAt)
  const record = await downloadRecord(publicApi, tenderId)
  t.same(record.cosigners, [vkeyOf(audit), vkey].sort())
  const report = await verifyRecord(record, { trustedRootDer, cosigners: [vkeyOf(audit), vkey] })
  t.equal(report.failure, null)
  t.match(report.steps.find(({ name }) => name === 'checkpoint')?.detail, /Cosigned by (?:audit|college)\.example at 2026-11-24T.*, (?:audit|college)\.example at/)
  const failure = async (change: Partial<typeof record>, cosigners: string[] = []): Promise<unknown> =>
    (await verifyRecord({ ...record, ...change }, { trustedRootDer, cosigners })).failure
  const at = (detail: RegExp): object => ({ step: 'checkpoint', detail })
  t.match(await failure({}, [vkeyOf(press)]), at(/not cosigned by press\.example/))
  t.match(await failure({ cosigners: [vkey] }), at(/somebody whom the record does not name/))
  t.match(await failure({ cosigners: [...record.cosigners, vkeyOf(press)].sort() }), at(/signed nothing/))
  t.match(await failure({ cosigners: [...record.cosigners].reverse() }), at(/not sorted/))
  t.match(await failure({ checkpoint: record.checkpoint.replace(/(— audit\.example \S{30})./, '$1_') }), at(/no checkpoint/))
  const early = cosign({ text: record.checkpoint, key: press, at: parseInstant(record.notices.length > 0 ? '2026-11-24T09:59:00+09:00' : '') })
  t.match(await failure({ checkpoint: record.checkpoint + early, cosigners: [...record.cosigners, vkeyOf(press)].sort() }), at(/before the deadline/))
  const flipped = record.checkpoint.split('\n').map((line) => line.startsWith('— audit') ? flipLast(line) : line).join('\n')
  t.match(await failure({ checkpoint: flipped }), at(/cosignature of audit\.example does not hold/))
  t.equal(openCheckpoint({ text: record.checkpoint, keyName: platform.name, publicKey: platform.checkpointKey }).size, 3, 'others read past the lines')
})

/** Another signature of the same length, in canonical base64. */
function flipLast (line: string): string {
  const [dash, name, text = ''] = line.split(' ')
  const bytes = Buffer.from(text, 'base64')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return `${dash} ${name} ${bytes.toString('base64')}`
}
