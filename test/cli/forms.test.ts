/** Joint bids and unit prices on the command line: agreements in files, the amount worked out here, the winner's prices out of the record. */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { makePeople } from '../support/cli-people.ts'

const app = await buildApp(t)
const { file, as, ok } = await makePeople(t, app, { suppliers: 3 })
const LINES = [{ name: '레미콘', unit: 'm3', quantity: 300 }, { name: '아스콘', unit: 'ton', quantity: 7 }]
const [LEADER, PARTNER] = BUSINESS_NUMBERS

t.test('a joint bid with unit prices, from the agreement to the schedule of the winner', async (t) => {
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  const { holderId: witness } = await ok('witness', 'whoami')
  writeFileSync(file('notice.json'), JSON.stringify({
    ...example,
    committee: { witness },
    unitPrices: LINES,
    jointBids: { maxMembers: 2, minimumSharePpm: 100_000 },
    schedule: { closesAt: '2026-11-24T10:00:00+09:00' }
  }))
  const publish = ['tender', 'publish', '--file', file('notice.json')]
  const { tenderId } = await ok('executing', ...publish) as { tenderId: string }
  await ok('witness', 'tender', 'contribute', tenderId)
  t.match(await ok('executing', ...publish), { published: true })

  const shares = ['--leader', LEADER, '--member', `${LEADER}=60`, '--member', `${PARTNER}=40`]
  t.match(await as('s0', 'bid', 'agree', tenderId, ...shares), { code: EXIT.refused, err: /nothing to agree to/ }, 'the leader has nothing to sign')
  t.match(await as('s1', 'bid', 'agree', tenderId, '--leader', LEADER, '--member', `${LEADER}=60`, '--member', `${PARTNER}=39.9999`), { err: /joint-bid-invalid/ })
  t.match(await as('s1', 'bid', 'agree', tenderId, '--leader', LEADER, '--member', `${LEADER}=sixty`), { code: EXIT.usage, err: /share in percent/ })
  t.match(await ok('s1', 'bid', 'agree', tenderId, ...shares, '--out', file('s1.json')), { members: [{ sharePpm: 600_000 }, { sharePpm: 400_000 }] })

  const request = ['bid', 'agree', tenderId, '--request', file('request.json')]
  writeFileSync(file('request.json'), JSON.stringify({ tenderId, leaderId: LEADER, members: [{ supplierId: LEADER, sharePpm: 600_000 }, { supplierId: PARTNER, sharePpm: 400_000 }] }))
  t.match(await ok('s1', ...request, '--out', file('again.json')), { leaderId: LEADER }, 'the leader\'s file says the same')
  t.equal(readFileSync(file('again.json'), 'utf8'), readFileSync(file('s1.json'), 'utf8'))
  t.match(await as('s1', ...request, '--leader', LEADER), { code: EXIT.usage, err: /leave --leader and --member out/ })
  t.match(await as('s1', 'bid', 'agree', tenderId, '--leader', LEADER), { code: EXIT.usage, err: /--request, or/ })

  const seal = ['bid', 'seal', tenderId, '--picks', '3,7']
  const joint = ['--agreement', file('s1.json'), '--out', file('s0.jws')]
  t.match(await as('s0', ...seal, ...joint, '--amount', '27500000'), { code: EXIT.usage, err: /line 1 \(레미콘\) is missing/ })
  t.match(await as('s0', ...seal, ...joint, '--unit-price', '1=91,000.333', '--unit-price', '2=1'), { code: EXIT.usage, err: /no unit price/ })
  t.match(await as('s0', ...seal, ...joint, '--unit-price', '1=1', '--unit-price', '2=1', '--unit-price', '3=1'), { code: EXIT.usage, err: /no line 3/ })
  const prices = ['--unit-price', '1=91,000.33', '--unit-price', '2=28571.42']
  t.match(await as('s0', ...seal, ...joint, ...prices, '--amount', '27500099'), { code: EXIT.usage, err: /come to 27,500,098 won/ })
  const others = ['--member', `${LEADER}=70`, '--member', `${PARTNER}=30`]
  t.match(await as('s0', ...seal, ...joint, ...prices, ...others), { code: EXIT.refused, err: /joint-bid-invalid/ }, 'other shares than were agreed to')
  const sealed = await as('s0', ...seal, ...joint, ...prices)
  t.match(sealed, { code: EXIT.ok, out: /27,500,098/ })
  t.match(sealed.out, new RegExp(`${LEADER} 60 %, ${PARTNER} 40 %`))
  t.match(sealed.out, /91,000\.33/)
  writeFileSync(file('prices.json'), JSON.stringify(['92000', 0.01]))
  t.match(await ok('s2', ...seal, '--unit-prices', file('prices.json'), '--out', file('s2.jws')), { amountWon: 27_600_000, members: [] })
  for (const keys of ['s0', 's2']) await ok(keys, 'bid', 'submit', file(`${keys}.jws`))

  app.clock.set('2026-11-24T10:00:00+09:00')
  await app.scheduler.tick()
  app.clock.set('2026-11-24T11:00:00+09:00')
  await ok('executing', 'tender', 'open', tenderId)
  t.match((await as('witness', 'tender', 'open', tenderId)).out, new RegExp(`${LEADER} 외 1`))
  await ok('executing', 'tender', 'evaluate', tenderId, '--qualified', '--reason', '적격')
  t.match(await ok('executing', 'tender', 'award', tenderId, '--reason', '낙찰'), { supplierId: LEADER, amountWon: 27_500_098 })
  const url = `${app.baseUrl}/v1/tenders/${tenderId}`
  const schedule = await ok('s2', 'record', 'schedule', url)
  t.match(schedule, { supplierId: LEADER, amountWon: 27_500_098, lines: [{ name: '레미콘', unitPriceCenti: 9_100_033 }, { unitPriceCenti: 2_857_142 }] })
  t.match(await as('s2', 'record', 'schedule', url, '--supplier', String(BUSINESS_NUMBERS[2])), { out: /92,000\.00/ })
  t.match(await as('s2', 'record', 'schedule', url, '--supplier', PARTNER), { code: EXIT.refused, err: /no bid that was opened/ })
})
