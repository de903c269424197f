/** Award methods as people type them: from `tender example --method` to a verified award, in one server. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { parseJws } from '../../src/crypto/jws.ts'
import { AWARD_METHODS, type AwardMethod } from '../../src/domain/notice.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { cli, type CliResult } from '../support/cli.ts'
import { COMPREHENSIVE_RULE } from '../support/method-terms.ts'

const app = await buildApp(t)
const dir = t.testdir()
const file = (name: string): string => join(dir, name)
const env = { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }

/** Runs as the holder of a key folder. */
async function as (keys: string, ...args: string[]): Promise<CliResult> {
  return await cli([...args, '--keys', file(keys)], { env, now: () => app.clock.now() })
}

async function ok (keys: string, ...args: string[]): Promise<Record<string, unknown>> {
  const result = await as(keys, ...args, '--json')
  if (result.code !== EXIT.ok) throw new Error(`${args.join(' ')}: ${result.out}`)
  return result.json()
}

const [LOW = '', HIGH = ''] = BUSINESS_NUMBERS
let witness: unknown

t.before(async () => {
  const officer = ['--agency-id', '1230000', '--agency-name', '조달청', '--phone', '02-1', '--email', 'a@b.kr', '--rsa-bits', '2048']
  const company = ['--representative', '대표', '--address', '서울', '--phone', '02-2', '--email', 's@b.kr', '--line', '0001', '--region', '서울특별시']
  writeFileSync(file('code'), app.firstOfficerCode)
  await ok('chief', 'init', '--name', '김플랫폼', '--code-file', file('code'), ...officer)
  for (const role of ['executing', 'witness']) await ok(role, 'officer', 'enrol', '--name', role, '--role', role, ...officer)
  for (const number of [LOW, HIGH]) {
    await ok(number, 'supplier', 'register', '--company', number, '--business-number', number, ...company, '--rsa-bits', '2048')
  }
  const { items } = await ok('chief', 'registrations', 'list') as { items: Array<{ registrationId: string }> }
  await ok('chief', 'registrations', 'approve', ...items.map(({ registrationId }) => registrationId))
  for (const keys of ['executing', 'witness']) await ok(keys, 'officer', 'status')
  witness = (await ok('witness', 'whoami'))['holderId']
  for (const keys of [LOW, HIGH]) await ok(keys, 'supplier', 'status')
})

/** The printed example of a method with the times of this clock and the real witness; closes in an hour. */
async function noticeFile (method: AwardMethod, change: object = {}): Promise<string> {
  const { out } = await cli(['tender', 'example', '--method', method], { now: () => app.clock.now() })
  const example = JSON.parse(out) as { technical?: object }
  const [closesAt, technicalOpensAt, opensAt] = [1, 2, 3].map((hours) => formatKst(app.clock.now() + hours * HOUR_MS))
  const schedule = example.technical === undefined ? { closesAt, opensAt } : { closesAt, technicalOpensAt, opensAt }
  writeFileSync(file(`${method}.json`), JSON.stringify({ ...example, committee: { witness }, schedule, ...change }))
  return file(`${method}.json`)
}

t.test('every example is a draft that the server takes', async (t) => {
  for (const method of AWARD_METHODS) {
    t.match(await ok('executing', 'tender', 'draft', '--file', await noticeFile(method)), { state: 'draft', created: true }, method)
  }
})

/** Published from its file, two bids (the lower one first), opened. */
async function opened (method: AwardMethod, low: string, high: string, change: object = {}): Promise<string> {
  const path = await noticeFile(method, change)
  const { tenderId } = await ok('executing', 'tender', 'publish', '--file', path) as { tenderId: string }
  await ok('witness', 'tender', 'contribute', tenderId)
  await ok('executing', 'tender', 'publish', '--file', path)
  for (const [keys, amount, picks] of [[LOW, low, '1,2'], [HIGH, high, '3,4']] as const) {
    const envelope = file(`${method}-${keys}.jws`)
    await ok(keys, 'bid', 'seal', tenderId, '--amount', amount, '--picks', picks, '--out', envelope)
    await ok(keys, 'bid', 'submit', envelope)
  }
  app.clock.set(app.clock.now() + 3 * HOUR_MS)
  await app.scheduler.tick()
  await ok('executing', 'tender', 'open', tenderId)
  await ok('witness', 'tender', 'open', tenderId)
  return tenderId
}

const verified = async (tenderId: string): Promise<unknown> => (await cli(['verify', `${app.baseUrl}/v1/tenders/${tenderId}`], { env })).code

const plain: Array<[method: AwardMethod, low: string, high: string, amountWon: number]> = [
  ['lowest', '20,000,000', '40,000,000', 20_000_000],
  ['private-quote', '36,900,000', '37,000,000', 36_900_000]
]
for (const [method, low, high, amountWon] of plain) {
  t.test(`${method}: notice to verified award`, async (t) => {
    const tenderId = await opened(method, low, high)
    const judge = ['tender', 'evaluate', tenderId, '--qualified', '--reason', '적격']
    t.match(await as('executing', ...judge, '--marks', '10'), { code: EXIT.refused, err: /evaluation-invalid/ }, 'no marks under this method')
    t.match(await as('executing', ...judge, '--social-marks', '10'), { code: EXIT.refused, err: /evaluation-invalid/ })
    t.match(await ok('executing', ...judge), { outcome: { state: 'passed', winner: LOW } })
    t.match(await ok('executing', 'tender', 'award', tenderId, '--reason', '낙찰'), { decision: 'awarded', supplierId: LOW, amountWon })
    t.equal(await verified(tenderId), EXIT.ok)
  })
}

t.test('comprehensive: both marks on the command line, and the best total wins', async (t) => {
  // The file names a balanced price and leaves its settings to the defaults: of two bids it is the mean of both, 23.5 billion won.
  const { reference: _planned, ...weights } = COMPREHENSIVE_RULE
  const tenderId = await opened('comprehensive', '23,000,000,000', '24,000,000,000', { comprehensive: { ...weights, reference: { kind: 'balanced' } } })
  const { notices: [notice = ''] } = await (await fetch(`${app.baseUrl}/v1/tenders/${tenderId}`)).json() as { notices: string[] }
  t.match(parseJws(notice, 'bongin-notice').payload,
    { terms: { comprehensive: { reference: { kind: 'balanced', dropHighestPpm: 400_000, dropLowestPpm: 200_000, minimumBids: 10 } } } })
  const judge = ['tender', 'evaluate', tenderId, '--qualified', '--reason', '종합심사']
  t.match(await as('executing', ...judge, '--marks', '40'), { code: EXIT.refused, err: /evaluation-invalid/ }, 'social marks are missing')
  t.match(await as('executing', ...judge, '--social-marks', '10'), { code: EXIT.refused, err: /evaluation-invalid/ })
  t.match(await as('executing', ...judge, '--marks', '40', '--social-marks', '10.0001'), { code: EXIT.usage, err: /three decimals/ })
  t.match(await ok('executing', ...judge, '--marks', '28.5', '--social-marks', '7.125'),
    { supplierId: LOW, result: { capabilityMarksMilli: 28_500, socialMarksMilli: 7_125, review: { balancedPriceWon: 23_500_000_000 } }, outcome: { state: 'open', next: HIGH } })
  t.match(await as('executing', ...judge, '--marks', '40', '--social-marks', '10', '--supplier', LOW), { code: EXIT.refused, err: /evaluation-invalid/ }, 'another\'s turn')
  t.match(await ok('executing', ...judge, '--marks', '40', '--social-marks', '10', '--supplier', HIGH), { outcome: { state: 'passed', winner: HIGH } })
  t.match(await as('executing', 'tender', 'evaluate', tenderId), { code: EXIT.ok, out: new RegExp(`${HIGH}.*winner`) })
  t.match(await ok('executing', 'tender', 'award', tenderId, '--reason', '낙찰'), { supplierId: HIGH, amountWon: 24_000_000_000 })
  t.equal(await verified(tenderId), EXIT.ok)
})
