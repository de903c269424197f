/**
 * The second client (second-client.mjs, written from docs/protocol.md alone) beside Bongin's own, at a real server: it registers, bids,
 * checks its receipt and its leaf, and computes its row anew. A second client that binds its seal wrongly is void and stops nothing.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { getTender } from '../../src/client/tenders.ts'
import { approve } from '../../src/client/registration.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast, BUSINESS_NUMBERS } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { openAt, publishDraft, scheduleOf } from '../support/stage.ts'

const SECOND_CLIENT = new URL('second-client.mjs', import.meta.url).pathname
const [, , SECOND, WRONG] = BUSINESS_NUMBERS
/** Between the highest possible floor and the lowest possible planned price of `draftFor`, whatever is drawn. */
const [SECOND_WON, OWN_WON, OTHER_WON] = [27_400_000, 27_500_000, 27_600_000]

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const stage = { app, cast }
const { platform, publicApi } = cast
const root = sha256Hex(platform.rootDer)
const folders = t.testdir()
const folderOf = (businessNumber: string): string => join(folders, businessNumber)

interface Run { code: number, out: string, err: string }

/** Runs a command of the second client as this supplier; `onLine` sees what it prints while it runs. */
async function second (command: string, supplier: string, args: readonly string[], onLine?: (line: string) => Promise<void>): Promise<Run> {
  const child = spawn(process.execPath, ['--no-warnings', SECOND_CLIENT, command, app.baseUrl, folderOf(supplier), '--root', root, ...args])
  const lines: string[] = []
  const handled: Array<Promise<void>> = []
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line)
    if (onLine !== undefined) handled.push(onLine(line))
  })
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
  const [code] = await once(child, 'close') as [number]
  await Promise.all(handled)
  return { code, out: lines.join('\n'), err }
}

async function mustRun (...call: Parameters<typeof second>): Promise<string> {
  const { code, out, err } = await second(...call)
  if (code !== 0) throw new Error(`second client, ${call[0]}: ${err}`)
  return out
}

async function ownBids (tenderId: TenderId): Promise<void> {
  for (const [index, amountWon] of [OWN_WON, OTHER_WON].entries()) {
    const { api, identity } = await cast.login(at(cast.suppliers, index))
    const content = { amountWon, picks: [3, 7] } as const
    await submitBid(api, platform, (await sealFor(publicApi, platform, { identity, tenderId, content, now: app.clock.now() })).envelope)
  }
}

t.test('the second client registers, with a request that node-forge makes', async (t) => {
  await Promise.all([SECOND, WRONG].map(async (supplier) => {
    const out = await mustRun('register', supplier, [supplier], async (registrationId) => { await approve(cast.chief.api, registrationId) })
    t.match(out, /^[0-9a-f]{32}$/)
  }))
})

t.test('it bids beside Bongin\'s own client and computes its row from the public record', async (t) => {
  const tenderId = await publishDraft(stage, draftFor(cast))
  await ownBids(tenderId)
  const envelopeSha256 = await mustRun('bid', SECOND, [tenderId, String(SECOND_WON), '3', '15'])
  t.match(await second('bid', SECOND, [tenderId, '1', '1', '2']), { code: 1, err: /409 bid-exists/ })
  const { api, identity } = await openAt(stage, tenderId, '2026-11-24T11:00:00+09:00')
  await evaluate(api, identity, { tenderId, qualified: true, reason: '적격' })
  t.match(await award(api, identity, { tenderId, reason: '낙찰' }), { decision: 'awarded', supplierId: SECOND, amountWon: SECOND_WON })

  const { opening } = await getTender(publicApi, tenderId)
  const expected = { rank: 1, supplierId: SECOND, envelopeSha256, amountWon: SECOND_WON, picks: [3, 15], remark: 'normal', voidReason: null }
  t.match(opening?.rows[0], expected)
  t.same(JSON.parse(await mustRun('verify', SECOND, [tenderId])), opening?.rows[0], 'receipt, inclusion, draw and row hold')
  t.equal((await cli(['verify', `${app.baseUrl}/v1/tenders/${tenderId}`])).code, EXIT.ok)
})

t.test('a second client that binds its seal to another submission is void, and stops nothing', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const tenderId = await publishDraft(stage, draftFor(cast, { schedule: scheduleOf('2026-11-25') }))
  await ownBids(tenderId)
  await mustRun('bid', SECOND, [tenderId, String(SECOND_WON), '1', '2'])
  await mustRun('bid', WRONG, [tenderId, '27000000', '1', '2', '--spoil', 'aad'])
  await openAt(stage, tenderId, '2026-11-25T11:00:00+09:00')
  const { opening } = await getTender(publicApi, tenderId)
  t.equal(opening?.outcome, 'ranked')
  t.same(opening?.rows.map(({ rank, amountWon, voidReason }) => [rank, amountWon, voidReason]), [
    [1, SECOND_WON, null], [2, OWN_WON, null], [3, OTHER_WON, null], [null, null, 'undecryptable']
  ])
  t.match(JSON.parse(await mustRun('verify', SECOND, [tenderId])), { rank: 1, amountWon: SECOND_WON })
  t.match(JSON.parse(await mustRun('verify', WRONG, [tenderId])), { rank: null, voidReason: 'undecryptable' })
  t.equal((await cli(['verify', `${app.baseUrl}/v1/tenders/${tenderId}`])).code, EXIT.ok)
})

t.test('it trusts no other root, and shares no code with the server', async (t) => {
  const { code, err } = await second('bid', SECOND, ['R26BK00000001', '1', '1', '2', '--root', '0'.repeat(64)])
  t.match({ code, err }, { code: 1, err: /another root/ })
  for (const name of ['second-client.mjs', 'second-record.mjs']) {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8')
    const imports = [...text.matchAll(/\b(?:from|import)\s*'([^']+)'/g)].map((match) => match[1])
    t.ok(imports.length > 2, `imports of ${name} were found`)
    t.equal(imports.length, text.match(/^import\b/gm)?.length, 'all of them')
    t.notMatch(text, /\bimport\s*\(|\brequire\b/, 'and none at run time')
    const allowed = /^(?:node:\w[\w/]*|\.\/second-record\.mjs|hpke|jose|canonicalize|node-forge|@noble\/curves\/ed25519\.js)$/
    for (const imported of imports) t.match(imported, allowed, `${name} imports ${imported}`)
  }
})
