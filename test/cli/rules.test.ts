/** `rules list|show|suggest`: what an officer sees before drafting, without key or server, for people and for programs. */
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { RULE_SETS, ruleSetNamed } from '../../src/domain/rule-sets.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { cli } from '../support/cli.ts'

const now = (): number => parseInstant('2026-11-24T10:00:00+09:00')
const works = ['rules', 'suggest', '--law', 'national', '--kind', 'works', '--method', 'eligibility-review', '--price', '2,842,000,000']

t.test('list: every set', async (t) => {
  const people = await cli(['rules', 'list'])
  t.equal(people.code, EXIT.ok)
  for (const { name, effectiveFrom } of RULE_SETS) t.match(people.out, new RegExp(`${name} .*${effectiveFrom}`))
  t.same((await cli(['rules', 'list', '--json'])).json(), { items: RULE_SETS })
})

t.test('show: one set, all its rows; a name that is none', async (t) => {
  const people = await cli(['rules', 'show', 'local-works-2025-07-01'])
  t.equal(people.code, EXIT.ok)
  t.match(people.out, /±3 %, upper-7, steps of 100 won, mean up-1/)
  t.match(people.out, / 98 % of it, below 10,000,000,000/)
  for (const row of [/10,000,000,000 to below 30,000,000,000 .* 30 .* 81\.995 %/, /300,000,000 to below 1,000,000,000 .* specialised .* 70 .* 89\.745 %/]) t.match(people.out, row)
  t.match((await cli(['rules', 'show', 'pps-quotes-2026-05-26'])).out, /from 0 .*all.* 90 %/)
  t.same((await cli(['rules', 'show', 'pps-general', '--json'])).json(), ruleSetNamed('pps-general'))
  t.match(await cli(['rules', 'show', 'pps-works-2099']), { code: EXIT.refused, err: /no rule set of this name[\s\S]*rule-set-invalid/ })
})

t.test('suggest: floor, marks and range, by the day of the notice', async (t) => {
  const people = await cli(works, { now })
  t.equal(people.code, EXIT.ok)
  for (const line of [/pps-works-2026-01-30/, /88\.745 %/, /70 − 4 × \|90 % − r\|, at least 2/, /65 from 91\.25 %/, /±2 %, equal-15/, /bids under 98 % of it/]) t.match(people.out, line)

  const json = (await cli([...works, '--json'], { now })).json()
  t.match(json, {
    ruleSet: 'pps-works-2026-01-30',
    noticeAt: '2026-11-24T10:00:00.000+09:00',
    price: { rangePpm: 20_000, slotPlan: 'equal-15', priceUnitWon: 100, plannedPriceRounding: 'up-1' },
    floorRatePpm: 887_450,
    eligibilityReview: { priceMarksMilli: 70_000, slopeMilli: 4_000, referenceRatePpm: 900_000, passMarkMilli: 95_000 },
    competition: { minimumBids: 2, belowFloorCounts: true }
  })
  const at = async (...args: string[]): Promise<unknown> => (await cli([...works, '--json', ...args], { now })).json()['floorRatePpm']
  t.equal(await at('--at', '2026-01-29'), 867_450)
  t.equal(await at('--at', '2026-01-30'), 887_450, 'a day begins in Korea')
  t.equal(await at('--at', '2026-01-29T23:59:59+09:00'), 867_450)
  t.match((await cli([...works, '--institution', 'lh', '--json'], { now })).json(), { price: { plannedPriceRounding: 'up-1000' } })
})

t.test('suggest: services, quotes, negotiation, and where there is no table', async (t) => {
  const suggest = async (method: string, kind: string, ...args: string[]): Promise<Record<string, unknown>> =>
    (await cli(['rules', 'suggest', '--law', 'national', '--kind', kind, '--method', method, '--price', '100000000', '--json', ...args], { now })).json()
  t.match(await suggest('eligibility-review', 'services', '--category', 'insurance'), { floorRatePpm: 479_950, ruleSet: 'pps-services-2026-07-27' })
  t.match(await suggest('private-quote', 'goods'), { floorRatePpm: 900_000, eligibilityReview: null })
  t.match(await suggest('negotiated', 'services'), { floorRatePpm: 0, technicalMarksMilli: [80_000, 90_000] })
  t.match(await suggest('eligibility-review', 'goods'), { floorRatePpm: null, eligibilityReview: null })
  const people = await cli(['rules', 'suggest', '--law', 'local', '--kind', 'goods', '--method', 'eligibility-review', '--price', '1'], { now })
  t.match(people, { code: EXIT.ok, out: /not in the set[\s\S]*the notice states its own rule and floor/ })
})

t.test('suggest: what makes no sense', async (t) => {
  for (const args of [
    works.slice(0, -2), [...works, '--category', 'facility'], [...works, '--trade', 'both'], [...works, '--at', 'yesterday'], [...works, '--institution', 'x'],
    ['rules', 'suggest', '--law', 'national', '--kind', 'services', '--method', 'lowest', '--price', '1', '--trade', 'general']
  ]) t.equal((await cli(args, { now })).code, EXIT.usage, args.join(' '))
  t.match(await cli([...works, '--at', '1999-12-31'], { now }), { code: EXIT.refused, err: /rule-set-invalid/ })
})
