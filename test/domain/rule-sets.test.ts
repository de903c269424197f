/** Rule sets: which is in force when, and the works table against the published floors. */
import t from 'tap'
import { checkDraft } from '../../src/domain/notice-rules.ts'
import { RULE_SETS, ruleSetFor, ruleSetNamed, suggestedRule } from '../../src/domain/rule-sets.ts'
import { TENDER_KINDS } from '../../src/domain/notice.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { makeTerms } from '../support/notice-terms.ts'

const NEW = 'pps-works-2026-01-30'
const OLD = 'pps-works-before-2026-01-30'
const BILLION = 1_000_000_000

await t.test('a notice falls under the set of its day in Korea', async (t) => {
  t.equal(ruleSetFor({ kind: 'works', noticeAt: parseInstant('2026-01-29T23:59:59.999+09:00') }), OLD)
  t.equal(ruleSetFor({ kind: 'works', noticeAt: parseInstant('2026-01-30T00:00:00+09:00') }), NEW)
  t.throws(() => ruleSetFor({ kind: 'works', noticeAt: parseInstant('1999-12-31T23:59:59+09:00') }), { code: 'rule-set-invalid', context: { field: '/kind' } })
  for (const kind of TENDER_KINDS) t.ok(ruleSetNamed(ruleSetFor({ kind, noticeAt: parseInstant('2026-11-24T10:00:00+09:00') })).kinds.includes(kind), kind)
})

await t.test('names are unique and sets of a kind go from new to old', async (t) => {
  t.equal(new Set(RULE_SETS.map(({ name }) => name)).size, RULE_SETS.length)
  for (const kind of TENDER_KINDS) {
    const dates = RULE_SETS.filter(({ kinds }) => kinds.includes(kind)).map(({ effectiveFrom }) => effectiveFrom)
    t.same(dates, [...dates].sort().reverse(), kind)
  }
  t.throws(() => ruleSetNamed('no such set'), { code: 'rule-set-invalid', context: { field: '/ruleSet' } })
})

await t.test('works: the published table', async (t) => {
  const row = (ruleSet: string, estimatedPriceWon: number, trade: 'general' | 'specialised' = 'general'): unknown => {
    const band = suggestedRule({ ruleSet, estimatedPriceWon, trade })
    if (band === null) return null
    const { priceMarksMilli, slopeMilli, flat } = band.rule
    return [priceMarksMilli / 1000, slopeMilli / 1000, flat?.fromRatioPpm, (flat?.marksMilli ?? 0) / 1000, band.floorRatePpm]
  }
  t.same(row(NEW, 7 * BILLION), [50, 2, 925_000, 45, 874_950])
  t.same(row(NEW, BILLION), [70, 4, 912_500, 65, 887_450])
  t.same(row(NEW, BILLION - 1, 'specialised'), [70, 20, 902_500, 65, 897_450])
  t.same(row(NEW, 0.3 * BILLION), [80, 20, 902_500, 75, 897_450])
  t.same(row(NEW, 0.3 * BILLION - 1), [90, 20, 902_500, 85, 897_450])
  t.same([7, 3, 0.5, 0.1].map((billion) => (row(OLD, billion * BILLION) as number[])[4]), [854_950, 867_450, 877_450, 877_450])
  t.equal(row(NEW, 10 * BILLION), null, 'no table from ten billion won')
  t.equal(row('pps-general', BILLION), null)
})

await t.test('every rule of every set can stand in a notice', async (t) => {
  for (const { name, reviews, price } of RULE_SETS) {
    for (const { rule, floorRatePpm, fromWon } of reviews) {
      const terms = makeTerms({ method: 'eligibility-review', eligibilityReview: rule, floorRatePpm, price })
      t.doesNotThrow(() => checkDraft(terms), `${name} from ${fromWon}`)
    }
  }
})
