/** A negotiated tender as people type it: proposals, evaluators, marks, result, negotiation, each command against a real server. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { cli, type CliResult } from '../support/cli.ts'

const app = await buildApp(t)
const dir = t.testdir()
const file = (name: string): string => join(dir, name)
const env = { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }
const [FIRST, SECOND] = [BUSINESS_NUMBERS[0], BUSINESS_NUMBERS[1]]

async function as (keys: string, ...args: string[]): Promise<CliResult> {
  return await cli([...args, '--keys', file(keys)], { env, now: () => app.clock.now() })
}

async function ok (keys: string, ...args: string[]): Promise<Record<string, unknown>> {
  const result = await as(keys, ...args, '--json')
  if (result.code !== EXIT.ok) throw new Error(`${args.join(' ')}: ${result.out}`)
  return result.json()
}

async function moveTo (time: string): Promise<void> {
  app.clock.set(time)
  await app.scheduler.tick()
}

const OFFICER = ['--agency-id', '1230000', '--agency-name', '조달청', '--phone', '02-1', '--email', 'a@b.kr', '--rsa-bits', '2048']
const OFFICERS = [['executing', 'executing'], ['witness', 'witness'], ['e1', 'evaluator'], ['e2', 'evaluator']] as const
const ids = new Map<string, string>()
let tenderId = ''

t.test('a committee, two evaluators, two suppliers', async (t) => {
  writeFileSync(file('code'), app.firstOfficerCode)
  await ok('chief', 'init', '--name', '김플랫폼', '--code-file', file('code'), ...OFFICER)
  await Promise.all([
    ...OFFICERS.map(async ([keys, role]) => await ok(keys, 'officer', 'enrol', '--name', keys, '--role', role, ...OFFICER)),
    ...[FIRST, SECOND].map(async (number, i) => await ok(`s${i}`, 'supplier', 'register', '--company', `주식회사 ${i}`, '--business-number', number,
      '--representative', '대표', '--address', '서울', '--phone', '02-2', '--email', 's@b.kr', '--line', '0001', '--region', '서울특별시', '--rsa-bits', '2048'))
  ])
  const { items } = await ok('chief', 'registrations', 'list') as { items: Array<{ registrationId: string }> }
  await ok('chief', 'registrations', 'approve', ...items.map(({ registrationId }) => registrationId))
  for (const [keys] of OFFICERS) ids.set(keys, String((await ok(keys, 'officer', 'status'))['holderId']))
  for (const keys of ['s0', 's1']) await ok(keys, 'supplier', 'status')
  t.equal(ids.size, 4)
})

t.test('publication and bids with proposals', async (t) => {
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  writeFileSync(file('notice.json'), JSON.stringify({
    ...example,
    title: '정보시스템 구축',
    kind: 'services',
    method: 'negotiated',
    estimatedPriceWon: 100_000_000,
    price: { ...example['price'] as object, method: 'none', baseAmountWon: null },
    floorRatePpm: 0,
    technical: { marksMilli: 80_000, passMarkMilli: 68_000, minimumEvaluators: 2, dropExtremes: false },
    committee: { witness: ids.get('witness') },
    schedule: { closesAt: '2026-11-24T10:00:00+09:00' }
  }))
  const publish = ['tender', 'publish', '--file', file('notice.json')]
  tenderId = String((await ok('executing', ...publish))['tenderId'])
  await ok('witness', 'tender', 'contribute', tenderId)
  t.match(await ok('executing', ...publish), { published: true })
  t.match(await cli(['tender', 'show', tenderId], { env }), { code: EXIT.ok, out: /2026-11-24T11:00:00\.000\+09:00/ }, 'the technical opening is shown')

  t.match(JSON.parse((await cli(['bid', 'example-proposal'])).out), { summary: /./, documents: [{ path: /./ }, {}] })
  writeFileSync(file('제안서.pdf'), '제안 내용')
  writeFileSync(file('proposal.json'), JSON.stringify({ summary: '수행 방안', documents: [{ path: '제안서.pdf' }] }))
  const seal = (keys: string, amount: string): string[] => ['bid', 'seal', tenderId, '--amount', amount, '--out', file(`${keys}.jws`)]
  t.match(await as('s0', ...seal('s0', '70000000')), { code: EXIT.usage, err: /--proposal/ })
  writeFileSync(file('wrong.json'), JSON.stringify({ documents: [] }))
  t.match(await as('s0', ...seal('s0', '70000000'), '--proposal', file('wrong.json')), { code: EXIT.usage, err: /summary/ })
  writeFileSync(file('missing.json'), JSON.stringify({ summary: '', documents: [{ path: '없는 파일.pdf' }] }))
  t.match(await as('s0', ...seal('s0', '70000000'), '--proposal', file('missing.json')), { code: EXIT.local })
  for (const [keys, amount] of [['s0', '70,000,000'], ['s1', '82,000,000']] as const) {
    await ok(keys, ...seal(keys, amount), '--proposal', file('proposal.json'))
    await ok(keys, 'bid', 'submit', file(`${keys}.jws`))
  }
})

t.test('the technical opening, evaluators, marks, result', async (t) => {
  t.match(await as('executing', 'tender', 'open', tenderId), { code: EXIT.refused, err: /too-early/ })
  await moveTo('2026-11-24T10:00:00+09:00')
  await moveTo('2026-11-24T11:00:00+09:00')
  t.match(await as('executing', 'tender', 'open', tenderId), { code: EXIT.ok, out: /Your technical key is in/ })
  t.match(await as('witness', 'tender', 'open', tenderId), { code: EXIT.ok, out: new RegExp(`proposals are open.*\\nNext: bongin tender proposals ${tenderId}`) })
  t.match(await as('executing', 'tender', 'status', tenderId), { out: /open, not evaluated/ })
  const read = await as('executing', 'tender', 'proposals', tenderId)
  t.match(read.out, /수행 방안/)
  t.match(read.out, /제안서\.pdf \(13 bytes, SHA-256 [0-9a-f]{64}\)/)
  t.match(read.out, /Next: the executing officer appoints: bongin tender evaluators/)
  t.match(await as('e1', 'tender', 'proposals', tenderId), { code: EXIT.refused, err: /not-committee-member/ })
  t.match(await as('executing', 'tender', 'open', tenderId), { code: EXIT.refused, err: /opens at 2026-12-01T10:00.*too-early/s }, 'the price key waits for its own time')

  const [e1, e2] = [ids.get('e1') ?? '', ids.get('e2') ?? '']
  t.match(await as('executing', 'tender', 'evaluators', tenderId, 'e1'), { code: EXIT.usage })
  t.match(await as('executing', 'tender', 'evaluators', tenderId, e1), { code: EXIT.refused, err: /2 evaluators at least/ })
  t.match(await ok('executing', 'tender', 'evaluators', tenderId, e1, e2), { evaluators: [e1, e2] })
  const marks = ['--marks', `${FIRST}=70`, '--marks', `${SECOND}=75.5`, '--reason', '평가']
  t.match(await as('e1', 'tender', 'mark', tenderId, '--reason', '평가'), { code: EXIT.usage, err: /--marks, or in one --file/ })
  t.match(await as('e1', 'tender', 'mark', tenderId, '--marks', 'x=1', '--reason', '평가'), { code: EXIT.usage })
  t.match(await as('e1', 'tender', 'mark', tenderId, ...marks), { code: EXIT.ok, out: /1 of 2/ })
  t.match(await as('executing', 'tender', 'technical-result', tenderId), { code: EXIT.refused, err: /evaluators appointed/ })
  writeFileSync(file('marks.json'), JSON.stringify({ [FIRST]: 71, [SECOND]: 74.001 }))
  t.match(await as('e2', 'tender', 'mark', tenderId, '--file', file('marks.json'), '--reason', '평가'), { code: EXIT.ok, out: new RegExp(`technical-result ${tenderId}`) })
  t.match(await as('executing', 'tender', 'technical-result', tenderId), { code: EXIT.ok, out: /74\.7505.*passes/ })
})

t.test('prices, negotiation, award, verification', async (t) => {
  t.match(await as('executing', 'tender', 'open', tenderId), { code: EXIT.refused, err: /too-early/ })
  await moveTo('2026-12-01T10:00:00+09:00')
  await as('executing', 'tender', 'open', tenderId)
  t.match(await as('witness', 'tender', 'open', tenderId), { code: EXIT.ok, out: /70,000,000/ })
  t.match(await as('executing', 'tender', 'evaluate', tenderId), { out: new RegExp(`1 .*${SECOND}.*91\\.8237.*next`) }, 'the order of negotiation, with its marks')
  t.match(await ok('executing', 'tender', 'evaluate', tenderId, '--qualified', '--reason', '협상 성립'), { outcome: { winner: SECOND } })
  t.match(await ok('executing', 'tender', 'award', tenderId, '--reason', '낙찰'), { amountWon: 82_000_000 })
  await ok('s0', 'record', 'download', tenderId, '--out', file('record'))
  t.match(await ok('s0', 'verify', file('record')), { ok: true })
  await ok('s0', 'record', 'download', tenderId, '--archive', file('record.tar'))
  t.match(await ok('s0', 'verify', file('record.tar')), { ok: true }, 'with the technical evaluation as one archive')
  t.match(await cli(['verify', file('record')], { env }), { out: /기술평가/ })
})
