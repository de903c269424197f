/** How commands end when something is wrong: the code, and an error that people and programs can read. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { cli } from '../support/cli.ts'

const NOWHERE = 'http://127.0.0.1:9'
const launcher = join(import.meta.dirname, '..', '..', 'scripts', 'bongin.cjs')

t.test('usage', async (t) => {
  for (const args of [['frobnicate'], ['tender', 'show'], ['tender', 'show', 'x', '--server', NOWHERE], ['tender', 'list', '--limit', 'many'], ['tender', 'list', '--server', 'ftp://x'],
    ['bid', 'seal', 'R26BK00000001', '--amount', '1.555'], ['supplier', 'register'], ['verify', 'no-such-folder']]) {
    t.equal((await cli(args)).code, EXIT.usage, args.join(' '))
  }
  const json = await cli(['bid', 'seal', 'R26BK00000001', '--amount', '0', '--json'])
  t.match(json.json(), { error: { code: 'usage', detail: /whole number of won/ } })
})

t.test('help is no error', async (t) => {
  const help = await cli(['tender', 'open', '--help'])
  t.equal(help.code, EXIT.ok)
  t.match(help.out, /개찰/)
  t.match(help.out, /--passphrase-file/, 'every command shows the options that all share')
})

t.test('a server that is not there', async (t) => {
  const people = await cli(['tender', 'list', '--server', NOWHERE])
  t.equal(people.code, EXIT.unreachable)
  t.equal(people.out, '', 'nothing but results on stdout')
  t.match(people.err, /No usable answer/)
  t.match((await cli(['tender', 'list', '--server', NOWHERE, '--json'])).json(), { error: { code: 'unreachable' } })
})

t.test('keys and passphrases', async (t) => {
  const dir = t.testdir({ keys: { 'identity.json': JSON.stringify({ v: 1, server: NOWHERE, rootFingerprint: '0' }), 'key.p12': 'damaged' } })
  const keys = join(dir, 'keys')
  t.match(await cli(['whoami', '--keys', join(dir, 'none')]), { code: EXIT.local, err: /no key folder/ })
  t.match(await cli(['whoami', '--keys', keys]), { code: EXIT.local, err: /BONGIN_PASSPHRASE or --passphrase-file/ })
  const wrong = await cli(['whoami', '--keys', keys], { env: { BONGIN_PASSPHRASE: 'secret word' } })
  t.match(wrong, { code: EXIT.local, err: /wrong passphrase or damaged file/ })
  t.notMatch(wrong.err + wrong.out, /secret word/)
  t.match(await cli(['whoami', '--keys', keys], { answers: ['typed'] }), { code: EXIT.local, err: /wrong passphrase/ }, 'asked for on a terminal')
  t.equal((await cli(['whoami', '--keys', keys, '--passphrase-file', join(dir, 'none')])).code, EXIT.local)
  t.equal((await cli(['whoami', '--keys', keys, '--passphrase', 'x'])).code, EXIT.usage, 'there is no such option')
})

t.test('the launcher passes exit code and output on', async (t) => {
  const child = spawn(process.execPath, [launcher, 'tender', 'list', '--json', '--server', NOWHERE])
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
  const [code] = await once(child, 'close') as [number]
  t.equal(code, EXIT.unreachable)
  t.match(JSON.parse(out), { error: { code: 'unreachable' } })
})

t.test('the launcher passes signals on', async (t) => {
  const child = spawn(process.execPath, [launcher, 'feed', '--server', NOWHERE], { stdio: ['ignore', 'ignore', 'pipe'] })
  await once(child.stderr, 'data')
  child.kill('SIGTERM')
  const [, signal] = await once(child, 'close') as [number | null, string]
  t.equal(signal, 'SIGTERM', 'and ends as its child did')
})
