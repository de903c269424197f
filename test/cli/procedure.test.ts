/** The main job as people type it: from the first officer to a verified award, each command against a real server. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { cli, type CliResult } from '../support/cli.ts'

const app = await buildApp(t)
const dir = t.testdir()
const passphrase = '충분히 긴 암호문'
const file = (name: string): string => join(dir, name)
const env = { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: passphrase }

/** Runs as the holder of a key folder. */
async function as (keys: string, ...args: string[]): Promise<CliResult> {
  return await cli([...args, '--keys', file(keys)], { env, now: () => app.clock.now() })
}

async function ok (keys: string, ...args: string[]): Promise<Record<string, unknown>> {
  const result = await as(keys, ...args, '--json')
  if (result.code !== EXIT.ok) throw new Error(`${args.join(' ')}: ${result.out}`)
  return result.json()
}

const OFFICER = ['--agency-id', '1230000', '--agency-name', '조달청', '--phone', '02-1', '--email', 'a@b.kr', '--rsa-bits', '2048']
const supplierArgs = (businessNumber: string): string[] => [
  'supplier', 'register', '--company', `주식회사 ${businessNumber}`, '--business-number', businessNumber, '--representative', '대표', '--address', '서울',
  '--phone', '02-2', '--email', 's@b.kr', '--line', '0001', '--region', '서울특별시', '--rsa-bits', '2048'
]
let tenderId = ''

t.test('registration: the first officer, a committee, two suppliers', async (t) => {
  writeFileSync(file('code'), `${app.firstOfficerCode}\n`)
  const first = await ok('chief', 'init', '--name', '김플랫폼', '--code-file', file('code'), ...OFFICER)
  t.match(first, { status: 'approved', holderId: 'O00000001' })
  t.equal(statSync(file('chief')).mode & 0o777, 0o700)

  await Promise.all([
    ok('executing', 'officer', 'enrol', '--name', '이집행', '--role', 'executing', ...OFFICER),
    ok('witness', 'officer', 'enrol', '--name', '박입회', '--role', 'witness', ...OFFICER),
    ok('s0', ...supplierArgs(BUSINESS_NUMBERS[0])),
    ok('s1', ...supplierArgs(BUSINESS_NUMBERS[1]))
  ])
  t.match(await ok('executing', 'officer', 'status'), { status: 'pending', certificateSaved: false })
  const { items } = await ok('chief', 'registrations', 'list') as { items: Array<{ registrationId: string, kind: string }> }
  t.equal(items.length, 4)
  const shown = await as('chief', 'registrations', 'list')
  t.match(shown.out, /이집행/, 'people see a table')
  await ok('chief', 'registrations', 'approve', ...items.map(({ registrationId }) => registrationId))
  for (const [keys, kind] of [['executing', 'officer'], ['witness', 'officer'], ['s0', 'supplier'], ['s1', 'supplier']] as const) {
    t.match(await ok(keys, kind, 'status'), { status: 'approved', certificateSaved: true })
  }
  t.match(await ok('s0', 'whoami'), { holderId: BUSINESS_NUMBERS[0], roles: ['supplier'] })
  t.match(await ok('s0', 'supplier', 'renew'), { holderId: BUSINESS_NUMBERS[0] })
})

t.test('publication goes as far as it can, and further when it is run again', async (t) => {
  writeFileSync(file('설계서.txt'), '설계')
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  const { holderId: witness } = await ok('witness', 'whoami')
  writeFileSync(file('notice.json'), JSON.stringify({
    ...example,
    price: { ...example['price'] as object, method: 'multiple-sealed' },
    committee: { witness },
    attachments: [{ path: '설계서.txt' }],
    schedule: { closesAt: '2026-11-24T10:00:00+09:00' }
  }))
  writeFileSync(file('prices.json'), JSON.stringify(Array.from({ length: 15 }, (_, i) => 29_100_000 + i * 80_000)))
  const publish = ['tender', 'publish', '--file', file('notice.json')]
  const first = await ok('executing', ...publish)
  t.match(first, { published: false, missing: [witness] })
  tenderId = String(first['tenderId'])
  t.match(await as('executing', ...publish), { code: EXIT.ok, out: new RegExp(`witness runs: bongin tender contribute ${tenderId}`) })
  await ok('witness', 'tender', 'contribute', tenderId)
  t.match(await as('executing', ...publish), { code: EXIT.usage, err: /--prices/ })
  t.match(await ok('executing', ...publish, '--prices', file('prices.json')), { published: true, revision: '000', tenderId })
  t.match(await ok('executing', ...publish), { published: true, state: 'published' }, 'once more does no harm')
  const notice = JSON.parse(readFileSync(file('notice.json'), 'utf8')) as object
  writeFileSync(file('changed.json'), JSON.stringify({ ...notice, title: '청사 보수공사 (정정)' }))
  const revise = ['tender', 'revise', tenderId, '--file', file('changed.json'), '--reason', '제목 정정']
  t.match(await ok('executing', ...revise), { revision: '001', tenderId })
  t.match(await as('executing', 'tender', 'list'), { out: /청사 보수공사 \(정정\)/ })
  t.match(await cli(['tender', 'show', tenderId], { env }), { code: EXIT.ok, out: /joint key are in order/ })
})

t.test('bids: seal, submit, receipt', async (t) => {
  const seal = async (keys: string, amount: string, picks: string): Promise<string> => {
    const sealed = await ok(keys, 'bid', 'seal', tenderId, '--amount', amount, '--picks', picks, '--out', file(`${keys}.jws`))
    return String(sealed['envelopeSha256'])
  }
  t.match(await as('s0', 'bid', 'seal', tenderId, '--amount', '26300000', '--out', file('x.jws')), { code: EXIT.usage, err: /--picks/ })
  t.match(await as('s0', 'bid', 'seal', tenderId, '--amount', '26300000', '--picks', '3,3', '--out', file('x.jws')), { code: EXIT.usage, err: /invalid-picks/ })
  const fraction = ['bid', 'seal', tenderId, '--amount', '26300000.5', '--picks', '1,2', '--out', file('x.jws')]
  t.match(await as('s0', ...fraction), { code: EXIT.usage, err: /whole number of won/ }, 'this tender counts whole won')
  t.notOk(existsSync(file('x.jws')))
  const digest = await seal('s0', '26,300,000', '3,7')
  await seal('s1', '26400000', '1,2')
  t.notMatch(readFileSync(file('s0.jws'), 'utf8'), /26300000/)
  t.match(await as('s0', 'bid', 'seal', tenderId, '--amount', '1', '--picks', '1,2', '--out', file('s0.jws')), { code: EXIT.local, err: /nothing is overwritten/ })

  t.match(await ok('s0', 'bid', 'submit', file('s0.jws')), { envelopeSha256: digest, repeated: false })
  t.match(await ok('s0', 'bid', 'submit', file('s0.jws')), { envelopeSha256: digest, repeated: true })
  await ok('s1', 'bid', 'submit', file('s1.jws'), '--receipt', file('s1.receipt'))
  t.match(await as('s0', 'bid', 'submit', file('s1.jws')), { code: EXIT.refused, err: /signature-invalid/ }, 'not somebody else\'s')
  t.match(await ok('s0', 'bid', 'receipt', file('s0.jws.receipt')), { envelopeSha256: digest, status: 'sealed', inclusion: null })
  t.match(await as('s0', 'bid', 'withdraw', tenderId, '--reason', '오기'), { code: EXIT.refused, err: /--yes/ })
})

t.test('opening, evaluation, award', async (t) => {
  t.match(await as('executing', 'tender', 'open', tenderId), { code: EXIT.refused, err: /too-early/ })
  app.clock.set('2026-11-24T10:00:00+09:00')
  await app.scheduler.tick()
  t.match(await ok('s0', 'bid', 'receipt', tenderId, '--inclusion'), { inclusion: { leafIndex: 0, size: 2 } })
  app.clock.set('2026-11-24T11:00:00+09:00')
  const first = await as('executing', 'tender', 'open', tenderId)
  t.match(first, { code: EXIT.ok, out: /officer O\d{8} runs "bongin tender open/ })
  const opened = await as('witness', 'tender', 'open', tenderId)
  t.match(opened.out, /26,300,000/)
  t.match(opened.out, /정상/)
  t.match(await as('executing', 'tender', 'evaluate', tenderId), { out: /1018116406.*next/ })
  t.match(await as('executing', 'tender', 'evaluate', tenderId, '--qualified'), { code: EXIT.usage, err: /--reason/ })
  t.match(await ok('executing', 'tender', 'evaluate', tenderId, '--qualified', '--reason', '적격'), { outcome: { winner: BUSINESS_NUMBERS[0] } })
  t.match(await ok('executing', 'tender', 'award', tenderId, '--reason', '낙찰'), { decision: 'awarded', amountWon: 26_300_000 })
})

t.test('record and verification', async (t) => {
  const url = `${app.baseUrl}/v1/tenders/${tenderId}`
  const record = file('record')
  await ok('s0', 'record', 'download', tenderId, '--out', record)
  t.same(readdirSync(join(record, 'envelopes')), ['000000.jws', '000001.jws'])
  t.match(await ok('s0', 'verify', record, '--receipt', file('s1.receipt')), { ok: true, tenderId, failure: null })
  await ok('s0', 'certificate', 'crl', '--out', file('before.crl'))
  t.match(await ok('s0', 'verify', record, '--crl', file('before.crl')), { ok: true, failure: null })
  const { thumbprint } = await ok('s1', 'whoami') as { thumbprint: string }
  t.match(await as('chief', 'certificate', 'revoke', thumbprint, '--reason', '분실', '--code', 'lost'), { code: EXIT.usage, err: /keyCompromise/ })
  const hyphen = `-${'A'.repeat(42)}`
  t.match(await as('chief', 'certificate', 'revoke', hyphen, '--reason', '분실', '--code', 'lost'), { code: EXIT.usage, err: /keyCompromise/ })
  t.match(await as('chief', 'certificate', 'revoke', hyphen, '--reason', '분실'), { code: EXIT.refused, err: /certificate-unknown/ })
  t.match(await ok('chief', 'certificate', 'revoke', thumbprint, '--reason', '분실', '--code', 'keyCompromise'), { revoked: true })
  t.match(await as('s1', 'whoami'), { code: EXIT.refused, err: /certificate-revoked/ })
  t.match(await as('s0', 'certificate', 'crl', '--out', file('after.crl')), { code: EXIT.ok, out: /Number +│ 2 [\s\S]*keyCompromise/ })
  t.match(await ok('s0', 'verify', record, '--crl', file('after.crl')), { ok: true, failure: null }, 'its bid is older')
  t.match(await as('s0', 'verify', record, '--crl', file('s1.jws')), { code: EXIT.refused, out: /FAILED at platform: This is not a complete revocation list/ })
  const people = await cli(['verify', url], { env })
  t.match(people, { code: EXIT.ok, out: /Verified: R26BK/ })
  t.match(people.out, /the record's own root [0-9a-f]{64}: compare it/)
  t.match(await cli(['verify', url, '--root', '0'.repeat(64)], { env }), { code: EXIT.refused, out: /FAILED at platform/ })

  const archive = file('record.tar')
  const saved = await ok('s0', 'record', 'download', tenderId, '--archive', archive)
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex')
  t.match(saved, { tenderId, archive, sha256, sizeBytes: statSync(archive).size, leaves: 2 })
  t.match(await as('s0', 'record', 'download', tenderId, '--archive', archive), { code: EXIT.local, err: /EEXIST/ }, 'no file is overwritten')
  t.match(await as('s0', 'record', 'download', tenderId, '--archive', file('x'), '--out', file('y')), { code: EXIT.usage })
  renameSync(archive, file('anything.zip'))
  const checked = await ok('s0', 'verify', file('anything.zip'), '--receipt', file('s1.receipt'))
  t.match(checked, { ok: true, tenderId, failure: null, archive: { sha256, files: saved['files'] } }, 'content decides, not the name')
  t.match(await cli(['verify', `${url}/record.tar`, '--json'], { env }).then(({ json }) => json()), { ok: true, archive: { sha256 } }, 'the same bytes again')
  t.equal((await ok('s0', 'verify', record))['archive'], null)
  const damaged = readFileSync(file('anything.zip'))
  // The first letter of the award's header: no signed statement begins like that.
  damaged[512] = (damaged[512] ?? 0) ^ 1
  writeFileSync(archive, damaged)
  t.match(await cli(['verify', archive]), { code: EXIT.refused, out: /FAILED at award/ })
  writeFileSync(archive, damaged.subarray(0, 5000))
  const short = await cli(['verify', archive, '--json'])
  t.match([short.code, short.json()], [EXIT.refused, { error: { code: 'archive-malformed' } }])

  const opening = join(record, 'opening.json')
  writeFileSync(opening, readFileSync(opening, 'utf8').replace('26300000', '26300001'))
  const failed = await cli(['verify', record, '--json'])
  t.equal(failed.code, EXIT.refused)
  t.match(failed.json(), { ok: false, failure: { step: 'opening', detail: /\/rows\/0\/amountWon/ } })
})
