/**
 * A key-encryption key behind a command: made once, wrapped by it, unwrapped at each start, replaced by a rotation; what a
 * command may answer, and how its failures are told without a secret.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { toHex } from '../../src/crypto/bytes.ts'
import { unwrapSecret, wrapSecret } from '../../src/crypto/secret-wrap.ts'
import { openInstallation } from '../../src/installation.ts'
import { MAX_COMMAND_OUTPUT_BYTES, parseCommand, unwrapByCommand, wrapByCommand } from '../../src/kek/command.ts'
import { kekStatus, rotateKek } from '../../src/rotate-kek.ts'
import { openDatabase } from '../../src/storage/database.ts'

const NOW = Date.parse('2026-11-24T09:00:00+09:00')
const KMS = new URL('../support/fake-kms.mjs', import.meta.url).pathname
const folder = t.testdir({ kms: { master: 'a master key' } })
const [kms, dataDir] = [join(folder, 'kms'), join(folder, 'data')]
const env = { BONGIN_DATA_DIR: dataDir, BONGIN_KEK_COMMAND: `${process.execPath} ${KMS}  ${kms}` }
const config = readConfig({ ...env })
interface Call { verb: string, context: string, args: string[], env: Record<string, string> }
const calls = (): Call[] => readFileSync(join(kms, 'calls'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Call)
interface Stored { v: number, keys: Array<{ keyId: string, wrapped: string }> }
const stored = (): Stored => JSON.parse(readFileSync(join(dataDir, 'pki', 'kek.json'), 'utf8')) as Stored

t.test('first start, next start, rotation', async (t) => {
  const first = await openInstallation(config, NOW)
  const { current } = first.kek
  t.match(stored(), { v: 1, keys: [{ keyId: current.id, wrapped: /^kms:v1:/ }] })
  t.equal(statSync(join(dataDir, 'pki', 'kek.json')).mode & 0o777, 0o600)
  t.same(first.secretsInDataFolder, [join(dataDir, 'secrets', 'ca.passphrase')], 'no key lies in the data folder')
  t.same(calls().map(({ verb, context }) => [verb, context]), [
    ['wrap', `bongin kek v1/bongin.localhost/${current.id}`], ['unwrap', `bongin kek v1/bongin.localhost/${current.id}`]
  ], 'what was wrapped is opened again before anything rests on it')
  const secret = new Uint8Array(32).fill(7)
  const wrapped = wrapSecret({ kek: first.kek, secret, context: 'x' })
  const second = await openInstallation(config, NOW)
  t.same(unwrapSecret({ kek: second.kek, wrapped, context: 'x' }), secret, 'the same key after a restart')
  t.equal(calls().length, 3, 'one call at a start')

  await openDatabase(first.databasePath).close()
  const done = await rotateKek({ config, now: NOW })
  t.match(done, { madeKey: true, rewrappedPlatformKeys: 2, noLongerNeeded: [current.id] })
  t.same(stored().keys.map(({ keyId }) => keyId), [done.keyId])
  t.equal((await openInstallation(config, NOW)).kek.current.id, done.keyId)
  t.match(await kekStatus({ config }), { source: 'BONGIN_KEK_COMMAND', keyId: done.keyId, platformKeys: { [done.keyId]: 2 } })
  const keys = [current.key, second.kek.current.key].flatMap((key) => [toHex(key), Buffer.from(key).toString('base64')])
  const onDisk = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { parentPath, name } of onDisk) {
    const bytes = readFileSync(join(parentPath, name))
    for (const key of keys) t.notOk(bytes.includes(key), `${name}: no key, nor in what the command was called with`)
  }
})

t.test('a stored key that the command opens to another, or not at all', async (t) => {
  const path = join(dataDir, 'pki', 'kek.json')
  const text = readFileSync(path, 'utf8')
  const [one] = stored().keys
  const attempt = async (content: string): Promise<unknown> => {
    writeFileSync(path, content)
    return await openInstallation(config, NOW)
  }
  await t.rejects(attempt(text.replace(one?.keyId ?? '', '0123456789abcdef')), /BONGIN_KEK_COMMAND unwrap: it ended with exit code 1/, 'the context is bound')
  for (const content of ['', '{}', '{"v":1,"keys":[]}', '{"v":1,"keys":[{"keyId":"a"}]}', '{"v":2,"keys":[{"keyId":"a","wrapped":"b"}]}']) {
    await t.rejects(attempt(content), /kek\.json is no file of wrapped key-encryption keys/, content)
  }
  writeFileSync(path, text)
  await t.resolves(openInstallation(config, NOW))
})

t.test('from the data folder\'s key to a command: the old key beside it, then a rotation', async (t) => {
  const data = join(folder, 'moved')
  const plain = await openInstallation(readConfig({ BONGIN_DATA_DIR: data }), NOW)
  await openDatabase(plain.databasePath).close()
  const guarded = { ...env, BONGIN_DATA_DIR: data }
  await t.rejects(openInstallation(readConfig({ ...guarded }), NOW), new RegExp(`is wrapped by the key-encryption key ${plain.kek.current.id}; given are`))
  const both = readConfig({ ...guarded, BONGIN_KEK_OLD_FILE: join(data, 'secrets', 'kek') })
  const { kek } = await openInstallation(both, NOW)
  t.same(kek.older.map(({ id }) => id), [plain.kek.current.id], 'the server runs with both')
  t.match(await rotateKek({ config: both, now: NOW }), { madeKey: false, keyId: kek.current.id, rewrappedPlatformKeys: 2 }, 'the key that was made at the start is taken')
  t.equal((await openInstallation(readConfig({ ...guarded }), NOW)).kek.current.id, kek.current.id, 'and the old one is not needed')
})

const KEY = new Uint8Array(32).fill(0xa5)
const SECRET = Buffer.from(KEY).toString('base64')
const sh = (script: string, timeoutMs?: number) => ({ command: ['sh', '-c', script], context: 'test', timeoutMs })

t.test('answers that are none', async (t) => {
  const wrap = async (script: string, timeoutMs?: number): Promise<string> => await wrapByCommand(sh(script, timeoutMs), KEY)
  const unwrap = async (script: string): Promise<Uint8Array> => await unwrapByCommand(sh(script), 'wrapped')
  t.equal(await wrap('cat >/dev/null; echo " vault:v1:abc "'), 'vault:v1:abc')
  t.equal(await wrap('echo early'), 'early', 'a command that does not read')
  await t.rejects(wrap('echo denied by policy >&2; echo half; exit 7'), /^BONGIN_KEK_COMMAND wrap: it ended with exit code 7: denied by policy$/)
  await t.rejects(wrap('cat >&2; exit 1'), /^BONGIN_KEK_COMMAND wrap: it ended with exit code 1$/, 'a key on stderr goes nowhere')
  await t.rejects(wrap('kill -9 $$'), /it was ended by SIGKILL/)
  await t.rejects(wrap('exec sleep 600', 200), /no answer within 200 ms/)
  await t.rejects(wrap(`head -c ${MAX_COMMAND_OUTPUT_BYTES + 1} /dev/zero | tr "\\\\0" a`), /it wrote more than 16384 bytes/)
  await t.rejects(wrap('head -c 9000 /dev/zero | tr "\\\\0" a'), /one line of at most 8192 printable ASCII/)
  for (const script of ['', 'echo; echo', 'echo a; echo b', 'echo 키']) await t.rejects(wrap(script), /one line of at most 8192 printable ASCII/, script)
  await t.rejects(wrap('cat'), /has the key in it as it is/)
  await t.rejects(wrapByCommand({ command: [join(folder, 'nowhere')], context: 'test' }, KEY), /it cannot be started \(ENOENT\)/)
  t.same(await unwrap(`echo ${SECRET}`), Buffer.from(KEY))
  for (const answer of ['', 'pKU', SECRET.slice(1), `${SECRET}${SECRET}`, SECRET.replace('=', ''), toHex(KEY)]) {
    await t.rejects(unwrap(`echo "${answer}"`), /the answer must be 32 bytes in base64/, answer)
  }
  const half: unknown = await unwrap(`echo ${SECRET}; exit 1`).catch((error: unknown) => error)
  t.ok(half instanceof Error && !JSON.stringify(half, ['message', 'stack', 'cause', 'stdout', 'cmd']).includes(SECRET), 'what it said before it failed is not told')
  t.ok(MAX_COMMAND_OUTPUT_BYTES > 8192)
})

t.test('words of a command: no quotes, no shell', async (t) => {
  t.same(parseCommand('  /usr/bin/kms  --key "a b" '), ['/usr/bin/kms', '--key', '"a', 'b"'])
  t.throws(() => parseCommand(' '), /BONGIN_KEK_COMMAND: a program/)
  t.throws(() => parseCommand('x '.repeat(33)), /BONGIN_KEK_COMMAND: a program/)
  await t.rejects(wrapByCommand({ command: parseCommand('echo;id'), context: 'test' }, KEY), /cannot be started/)
})

t.test('settings: one source, named in every refusal; the variable does not stay', async (t) => {
  const hex = 'ab'.repeat(32)
  const file = join(folder, 'kek')
  writeFileSync(file, `${hex}\n`)
  const set: NodeJS.ProcessEnv = { BONGIN_KEK: hex }
  t.match(readConfig(set).kek, { given: { source: 'BONGIN_KEK' }, command: null, old: [] })
  t.notOk('BONGIN_KEK' in set, 'nor for a child process')
  t.same(readConfig({ BONGIN_KEK_FILE: file }).kek.given, { key: Buffer.from(hex, 'hex'), source: 'BONGIN_KEK_FILE' })
  const two = join(folder, 'two')
  writeFileSync(two, `${'cd'.repeat(32)}\n\n${hex}\n`)
  t.equal(readConfig({ BONGIN_KEK_OLD_FILE: two }).kek.old.length, 2)
  const refuse = (given: NodeJS.ProcessEnv, message: RegExp): void => {
    t.throws(() => readConfig(given), message)
  }
  refuse({ BONGIN_KEK: 'a secret' }, /^BONGIN_KEK: a key-encryption key must be 64 lower-case hex digits$/)
  refuse({ BONGIN_KEK_FILE: two }, /^BONGIN_KEK_FILE: a key-encryption key must be 64/)
  refuse({ BONGIN_KEK_FILE: join(folder, 'none') }, /^BONGIN_KEK_FILE: the file cannot be read \(ENOENT\)$/)
  writeFileSync(two, '')
  refuse({ BONGIN_KEK_OLD_FILE: two }, /^BONGIN_KEK_OLD_FILE: from one to 8 keys, one a line$/)
  for (const pair of [{ BONGIN_KEK: hex, BONGIN_KEK_FILE: file }, { BONGIN_KEK: hex, BONGIN_KEK_COMMAND: 'x' }, { BONGIN_KEK_FILE: file, BONGIN_KEK_COMMAND: 'x' }]) {
    refuse(pair, /only one of them/)
  }
})
