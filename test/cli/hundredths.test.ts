/**
 * A tender in hundredths of a won on the command line: files and options take won with two decimals and no more, every table
 * shows them, and the record verifies. Programs get whole units and their decimals.
 */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { makePeople } from '../support/cli-people.ts'

const app = await buildApp(t)
const { file, as, ok } = await makePeople(t, app, { suppliers: 2 })
const now = (): number => app.clock.now()
const env = { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }
let tenderId = ''

t.test('the notice file and the sealed prices: won with two decimals, as text', async (t) => {
  const example = JSON.parse((await cli(['tender', 'example', '--method', 'private-quote', '--unit-price'], { now })).out) as { price: object }
  const { holderId: witness } = await ok('witness', 'whoami')
  const write = (price: object): void => {
    writeFileSync(file('notice.json'), JSON.stringify({
      ...example,
      price: { ...example.price, method: 'multiple-sealed', ...price },
      unitPrices: [],
      estimatedPriceWon: 137_745,
      committee: { witness },
      schedule: { closesAt: '2026-11-24T10:00:00+09:00' }
    }))
  }
  const publish = ['tender', 'publish', '--file', file('notice.json')]
  for (const [baseAmountWon, err] of [[151_520, /written as text/], ['151,520.005', /up to 2 decimals/], ['151.520,00', /up to 2 decimals/]] as const) {
    write({ baseAmountWon })
    const refused = await as('executing', ...publish)
    t.match(refused, { code: EXIT.usage, err: /price\.baseAmountWon/ }, String(baseAmountWon))
    t.match(refused.err, err)
  }
  write({ baseAmountWon: '151,520.00' })
  tenderId = String((await ok('executing', ...publish))['tenderId'])
  await ok('witness', 'tender', 'contribute', tenderId)

  const texts = Array.from({ length: 15 }, (_, i) => `151520.${String(i + 1).padStart(2, '0')}`)
  writeFileSync(file('numbers.json'), JSON.stringify(texts.map(Number)))
  t.match(await as('executing', ...publish, '--prices', file('numbers.json')), { code: EXIT.usage, err: /written as text/ })
  writeFileSync(file('prices.json'), JSON.stringify(texts))
  t.match(await ok('executing', 'tender', 'seal-prices', tenderId, '--prices', file('prices.json')), { sealedPricesSha256: String })
  t.match(await ok('executing', ...publish, '--prices', file('prices.json')), { published: true })
  t.match(await cli(['tender', 'show', tenderId], { env }), { code: EXIT.ok, out: /137,745 [\s\S]*151,520\.00 {2}±2 % {2}multiple-sealed/ })
})

t.test('bids: two decimals and no more, on the line or unseen', async (t) => {
  const seal = ['bid', 'seal', tenderId, '--picks', '3,7']
  const out = (keys: string): string[] => ['--out', file(`${keys}.jws`)]
  for (const amount of ['136368.045', '1,36368.04', '0.00', '136368,04', '1e5']) {
    t.match(await as('s0', ...seal, ...out('s0'), '--amount', amount), { code: EXIT.usage, err: /An amount is/ }, amount)
  }
  const sealed = await as('s0', ...seal, ...out('s0'), '--amount', '136,368.04')
  t.match(sealed, { code: EXIT.ok, out: /Amount \(won\) +.? *136,368\.04 / })
  const unseen = await cli([...seal, ...out('s1'), '--keys', file('s1'), '--json'], { env, now, answers: ['136368.5'] })
  t.match(unseen.json(), { amountWon: 13_636_850, decimals: 2 })
  for (const keys of ['s0', 's1']) await ok(keys, 'bid', 'submit', file(`${keys}.jws`))
})

t.test('opening, evaluation, award and record show hundredths', async (t) => {
  app.clock.set('2026-11-24T10:00:00+09:00')
  await app.scheduler.tick()
  app.clock.set('2026-11-24T11:00:00+09:00')
  await ok('executing', 'tender', 'open', tenderId)
  const opened = await as('witness', 'tender', 'open', tenderId)
  // The mean of .03, .07, .01 and .02 is .0325; 90 % of 151,520.04 is 136,368.036.
  for (const shown of [/예정가격\) +.? *151,520\.04 /, /낙찰하한가\) +.? *136,368\.04 /, /3: 151,520\.03 {2}7: 151,520\.07/, /136,368\.50 .*정상/]) t.match(opened.out, shown)
  t.match((await as('executing', 'tender', 'evaluate', tenderId)).out, /136,368\.04 .*next/)
  await ok('executing', 'tender', 'evaluate', tenderId, '--qualified', '--reason', '적격')
  t.match(await as('executing', 'tender', 'award', tenderId, '--reason', '낙찰'), { code: EXIT.ok, out: /Amount \(won\) +.? *136,368\.04 / })
  t.match((await cli(['tender', 'show', tenderId, '--json'], { env })).json(), {
    notice: { terms: { price: { decimals: 2, baseAmountWon: 15_152_000, priceUnitWon: 1 } } },
    opening: { prices: { plannedPriceWon: 15_152_004, floorPriceWon: 13_636_804 } }
  })

  await ok('s1', 'record', 'download', tenderId, '--out', file('record'))
  const verified = await cli(['verify', file('record')], { env })
  t.match(verified, { code: EXIT.ok, out: /planned price 151,520\.04 won[\s\S]*136,368\.04/ })
  t.match(verified.out, new RegExp(`Awarded to ${BUSINESS_NUMBERS[0]}`))
})

t.test('the rule book: steps of KONEPS unit prices', async (t) => {
  const suggest = ['rules', 'suggest', '--law', 'national', '--kind', 'services', '--method', 'private-quote', '--price', '137745']
  const people = await cli([...suggest, '--institution', 'koneps-unit-price'], { now })
  t.match(people, { code: EXIT.ok, out: /steps of 0\.01 won, mean up-1, 2 decimals/ })
  const json = await cli([...suggest, '--institution', 'koneps-unit-price', '--json'], { now })
  t.match(json.json(), { price: { decimals: 2, priceUnitWon: 1, plannedPriceRounding: 'up-1' } })
})
