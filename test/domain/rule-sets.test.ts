/**
 * The rule book: which set is in force when, for every law, kind and method; what a draft takes from it; notices as they
 * were published. The tables themselves are in rule-set-tables.test.ts.
 */
import t from 'tap'
import { AWARD_METHODS, type AwardMethod, type Law, LAWS, TENDER_KINDS, type TenderKind } from '../../src/domain/notice.ts'
import { floorPrice, netCostFloor } from '../../src/domain/price.ts'
import { type Institution, INSTITUTIONS, PRICE_POLICIES, RULE_SETS, ruleSetFor, ruleSetNamed, suggestedRule, suggestedTerms } from '../../src/domain/rule-sets.ts'
import { parseInstant } from '../../src/domain/time.ts'

const MILLION = 1_000_000
const BILLION = 1000 * MILLION
const midnight = (day: string): number => parseInstant(`${day}T00:00:00+09:00`)

/** The sets of a law, a group of kinds and methods, from new to old: name and first day. */
type Timeline = ReadonlyArray<readonly [name: string, firstDay: string]>
const GOODS_AND_FOREIGN: Readonly<Record<Law, Timeline>> = {
  national: [['pps-general', '2000-01-01']],
  local: [['local-general', '2006-01-01']]
}
const TIMELINES: Readonly<Record<Law, Readonly<Record<TenderKind, Timeline>>>> = {
  national: {
    works: [['pps-works-2026-01-30', '2026-01-30'], ['pps-works-before-2026-01-30', '2000-01-01']],
    services: [
      ['pps-services-2026-07-27', '2026-07-27'], ['pps-services-2026-05-26', '2026-05-26'], ['pps-services-before-2026-05-26', '2000-01-01']
    ],
    goods: GOODS_AND_FOREIGN.national,
    foreign: GOODS_AND_FOREIGN.national
  },
  local: {
    works: [['local-works-2025-07-01', '2025-07-01'], ['local-works-before-2025-07-01', '2006-01-01']],
    services: GOODS_AND_FOREIGN.local,
    goods: GOODS_AND_FOREIGN.local,
    foreign: GOODS_AND_FOREIGN.local
  }
}
const QUOTES: Readonly<Record<Law, { works: Timeline, others: Timeline }>> = {
  national: {
    works: [['pps-works-quotes-2026-01-30', '2026-01-30'], ['pps-works-quotes-before-2026-01-30', '2000-01-01']],
    others: [['pps-quotes-2026-05-26', '2026-05-26'], ['pps-quotes-before-2026-05-26', '2000-01-01']]
  },
  local: {
    works: [['local-works-quotes-2025-05-01', '2025-05-01'], ['local-works-quotes-before-2025-05-01', '2006-01-01']],
    others: [['local-quotes-2026-05-26', '2026-05-26'], ['local-quotes-before-2026-05-26', '2006-01-01']]
  }
}

function timelineOf (law: Law, kind: TenderKind, method: AwardMethod): Timeline {
  if (method !== 'private-quote') return TIMELINES[law][kind]
  return kind === 'works' ? QUOTES[law].works : QUOTES[law].others
}

await t.test('a notice falls under the set of its day in Korea: every law, kind and method, at every midnight', async (t) => {
  for (const law of LAWS) {
    for (const kind of TENDER_KINDS) {
      for (const method of AWARD_METHODS) {
        const at = (noticeAt: number): string => ruleSetFor({ law, kind, method, noticeAt })
        const timeline = timelineOf(law, kind, method)
        for (const [i, [name, firstDay]] of timeline.entries()) {
          const what = `${law} ${kind} ${method} on ${firstDay}`
          t.equal(at(midnight(firstDay)), name, what)
          const before = timeline[i + 1]?.[0]
          if (before === undefined) t.throws(() => at(midnight(firstDay) - 1), { code: 'rule-set-invalid', context: { field: '/kind' } }, `before ${what}`)
          else t.equal(at(midnight(firstDay) - 1), before, `the millisecond before ${what}`)
        }
        t.equal(at(midnight('2099-12-31')), timeline[0]?.[0], `${law} ${kind} ${method}: the newest stays in force`)
      }
    }
  }
})

await t.test('names are unique, each set governs somebody, and a set found fits what was asked', async (t) => {
  t.equal(new Set(RULE_SETS.map(({ name }) => name)).size, RULE_SETS.length)
  const named = [...LAWS.flatMap((law) => [...Object.values(TIMELINES[law]), QUOTES[law].works, QUOTES[law].others])].flat()
  t.same([...new Set(named.map(([name]) => name))].sort(), RULE_SETS.map(({ name }) => name).sort(), 'the timelines know every set')
  for (const [name, firstDay] of named) t.equal(ruleSetNamed(name).effectiveFrom, firstDay, name)
  for (const { name, source, law, price, competition } of RULE_SETS) {
    t.match(source, /[가-힣]/, `${name} names its source`)
    t.same([price.rangePpm, price.slotPlan], law === 'national' ? [20_000, 'equal-15'] : [30_000, 'upper-7'], name)
    t.same([price.priceUnitWon, price.plannedPriceRounding], [100, 'up-1'], name)
    t.same(competition, { minimumBids: 2, belowFloorCounts: true }, name)
  }
  t.throws(() => ruleSetNamed('no such set'), { code: 'rule-set-invalid', context: { field: '/ruleSet' } })
})

await t.test('names that notices carry stay valid', async (t) => {
  for (const name of ['pps-works-2026-01-30', 'pps-works-before-2026-01-30', 'pps-general']) t.equal(ruleSetNamed(name).name, name)
  t.same(ruleSetNamed('pps-general').kinds, ['goods', 'services', 'foreign'])
})

/** A published notice: its number and day, estimated price (base amount without VAT) in millions of won, prices as opened. */
interface Published {
  no: string
  query: { law: Law, kind: TenderKind, method: AwardMethod }
  day: string
  millions: number
  prices: [planned: number, a: number, floor: number]
}

await t.test('notices as they were published', async (t) => {
  const review = { method: 'eligibility-review' } as const
  const [local, national, services] = [
    { ...review, law: 'local', kind: 'works' }, { ...review, law: 'national', kind: 'works' }, { ...review, law: 'national', kind: 'services' }
  ] as const
  const quote = { law: 'local', kind: 'services', method: 'private-quote' } as const
  const notices: Published[] = [
    { no: 'R25BK00912453-000', query: local, day: '2025-06-20', millions: 2_842, prices: [3_126_847_675, 173_066_647, 2_735_324_000] },
    { no: 'R25BK01167422-000', query: local, day: '2025-11-18', millions: 805, prices: [876_096_575, 52_692_859, 791_656_524] },
    { no: 'R26BK01351109-000', query: national, day: '2026-02-20', millions: 650, prices: [716_547_025, 52_422_946, 648_441_101] },
    { no: '20240417225-00', query: services, day: '2024-04-15', millions: 1_578, prices: [1_735_349_250, 0, 1_396_869_379] },
    { no: 'R25BK00580667-000', query: quote, day: '2025-01-13', millions: 27, prices: [29_600_875, 0, 26_048_770] }
  ]
  for (const { no, query, day, millions, prices: [plannedPriceWon, aValueWon, floorWon] } of notices) {
    const { floorRatePpm } = suggestedTerms({ ...query, noticeAt: midnight(day), estimatedPriceWon: millions * MILLION })
    t.equal(floorPrice({ plannedPriceWon, aValueWon, floorRatePpm: floorRatePpm ?? 0 }), floorWon, no)
  }
  // 20240102416-00, base amount 261,770,000 won with VAT: 80.495 % below 500 million won, above the notice amount.
  t.equal(suggestedRule({ ruleSet: 'pps-services-before-2026-05-26', estimatedPriceWon: 237_972_727 })?.floorRatePpm, 804_950)
})

await t.test('a draft: what each method takes from its set', async (t) => {
  const works = { law: 'national', kind: 'works', noticeAt: midnight('2026-11-24'), estimatedPriceWon: 2 * BILLION } as const
  const floorOf = (method: AwardMethod): unknown[] => {
    const { floorRatePpm, eligibilityReview } = suggestedTerms({ ...works, method })
    return [floorRatePpm, eligibilityReview !== null]
  }
  t.same(floorOf('eligibility-review'), [887_450, true])
  t.same(floorOf('restricted-lowest'), [887_450, false])
  t.same(floorOf('private-quote'), [897_450, false])
  for (const method of ['lowest', 'comprehensive', 'negotiated', 'two-stage'] as const) t.same(floorOf(method), [0, false], method)
  const technical = AWARD_METHODS.map((method) => suggestedTerms({ ...works, method }).technicalMarksMilli)
  t.same(technical.filter((marks) => marks.length > 0), [[80_000, 90_000]], 'technical marks of a negotiated contract, 80 or 90')
  const unknown = suggestedTerms({ ...works, kind: 'goods', method: 'eligibility-review' })
  t.match(unknown, { floorRatePpm: null, eligibilityReview: null, netCost: null }, 'no table: null, not zero')
  const special = suggestedTerms({ ...works, method: 'eligibility-review', estimatedPriceWon: 400 * MILLION, trade: 'specialised' })
  t.equal(special.eligibilityReview?.priceMarksMilli, 70_000)
})

await t.test('net cost: works below ten billion won, the part that the opening excludes', async (t) => {
  const netCost = (kind: TenderKind, estimatedPriceWon: number): unknown =>
    suggestedTerms({ law: 'local', kind, method: 'restricted-lowest', noticeAt: midnight('2026-11-24'), estimatedPriceWon }).netCost
  t.same(netCost('works', 10 * BILLION - 1), { belowWon: 10 * BILLION, ratePpm: 980_000 })
  t.equal(netCost('works', 10 * BILLION), null)
  t.equal(netCost('services', BILLION), null)
  const { ratePpm } = ruleSetNamed('pps-works-2026-01-30').netCost ?? { ratePpm: 0 }
  t.equal(netCostFloor({ netCostWon: MILLION, baseAmountWon: 1, plannedPriceWon: 1 }), ratePpm)
})

await t.test('institutions: steps of prices and rounding of the mean', async (t) => {
  const steps = INSTITUTIONS.map((name) => {
    const { decimals, priceUnitWon, plannedPriceRounding } = PRICE_POLICIES[name]
    return [name, priceUnitWon / 10 ** decimals, plannedPriceRounding]
  })
  t.same(steps, [
    ['koneps-lump-sum', 100, 'up-1'], ['koneps-unit-price', 0.01, 'up-1'], ['lh', 100, 'up-1000'], ['kepco', 100, 'up-1'], ['k-water', 100, 'up-1'],
    ['defence', 100, 'down-1'], ['rail', 100, 'down-1']
  ])
  const query = { law: 'local', kind: 'works', method: 'lowest', noticeAt: midnight('2026-11-24'), estimatedPriceWon: BILLION } as const
  t.same(suggestedTerms(query).price, { rangePpm: 30_000, slotPlan: 'upper-7', decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'up-1' })
  const steppedBy = (institution: Institution): unknown => suggestedTerms({ ...query, institution }).price
  t.same(steppedBy('lh'), { rangePpm: 30_000, slotPlan: 'upper-7', decimals: 0, priceUnitWon: 100, plannedPriceRounding: 'up-1000' })
  t.same(steppedBy('koneps-unit-price'), { rangePpm: 30_000, slotPlan: 'upper-7', decimals: 2, priceUnitWon: 1, plannedPriceRounding: 'up-1' })
})
