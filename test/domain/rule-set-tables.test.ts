/**
 * The tables of the rule book: every row against the published one, against the published floors, and against the identity
 * that ties a floor to its rule.
 */
import t from 'tap'
import { floorRateOf, priceRatioPpm, priceScoreMilli } from '../../src/domain/eligibility-review.ts'
import type { EligibilityReviewRule } from '../../src/domain/notice.ts'
import { checkDraft } from '../../src/domain/notice-rules.ts'
import { RULE_SETS, type RuleSet, ruleSetNamed, SERVICE_CATEGORIES, suggestedRule, TRADES } from '../../src/domain/rule-sets.ts'
import { makeTerms } from '../support/notice-terms.ts'
import vectors from '../vectors/formulas-koneps.json' with { type: 'json' }

const MILLION = 1_000_000

/** B, k, R %, Q, T, flat from % and marks, floor %; as a published table has a row. */
type Row = [B: number, k: number, R: number, Q: number, T: number, flatFrom: number | null, flat: number | null, floor: number]
function rowOf (rule: EligibilityReviewRule, floorRatePpm: number): Row {
  const { priceMarksMilli, slopeMilli, referenceRatePpm, capabilityMarksMilli, passMarkMilli, flat } = rule
  return [
    priceMarksMilli / 1000, slopeMilli / 1000, referenceRatePpm / 10_000, capabilityMarksMilli / 1000, passMarkMilli / 1000,
    flat === null ? null : flat.fromRatioPpm / 10_000, flat === null ? null : flat.marksMilli / 1000, floorRatePpm / 10_000
  ]
}
/** Set, subject, estimated price in millions of won: the row. Prices stand on both sides of every threshold. */
const WORKS: Array<[price: number, subject: 'general' | 'specialised', row: Row]> = [
  [9_999.999_999, 'general', [50, 2, 90, 50, 95, 92.5, 45, 87.495]],
  [5_000, 'specialised', [50, 2, 90, 50, 95, 92.5, 45, 87.495]],
  [4_999.999_999, 'general', [70, 4, 90, 30, 95, 91.25, 65, 88.745]],
  [1_000, 'specialised', [70, 4, 90, 30, 95, 91.25, 65, 88.745]],
  [999.999_999, 'specialised', [70, 20, 90, 30, 95, 90.25, 65, 89.745]],
  [999.999_999, 'general', [80, 20, 90, 20, 95, 90.25, 75, 89.745]],
  [300, 'specialised', [70, 20, 90, 30, 95, 90.25, 65, 89.745]],
  [300, 'general', [80, 20, 90, 20, 95, 90.25, 75, 89.745]],
  [299.999_999, 'specialised', [90, 20, 90, 10, 95, 90.25, 85, 89.745]],
  [0.000_001, 'general', [90, 20, 90, 10, 95, 90.25, 85, 89.745]]
]
const LOCAL_LARGE: typeof WORKS = [
  [29_999.999_999, 'general', [30, 1, 90, 70, 92, 98, 22, 81.995]],
  [10_000, 'specialised', [30, 1, 90, 70, 92, 98, 22, 81.995]]
]
/** The same rows with R two percent lower. */
const at88 = (rows: typeof WORKS): typeof WORKS => rows.map(([price, subject, [B, k, R, Q, T, from, flat, floor]]) =>
  [price, subject, [B, k, R - 2, Q, T, from === null ? null : from - 2, flat, Math.round((floor - 2) * 1000) / 1000]])

const shown = (ruleSet: string, millions: number, subject: object): Row | null => {
  const band = suggestedRule({ ruleSet, estimatedPriceWon: Math.round(millions * MILLION), ...subject })
  return band?.rule == null ? null : rowOf(band.rule, band.floorRatePpm)
}

await t.test('works: the published tables', async (t) => {
  const tables: Array<[string, typeof WORKS]> = [
    ['pps-works-2026-01-30', WORKS], ['pps-works-before-2026-01-30', at88(WORKS)],
    ['local-works-2025-07-01', [...LOCAL_LARGE, ...WORKS]], ['local-works-before-2025-07-01', at88([...LOCAL_LARGE, ...WORKS])]
  ]
  for (const [ruleSet, rows] of tables) {
    for (const [price, trade, row] of rows) t.same(shown(ruleSet, price, { trade }), row, `${ruleSet}, ${price} million, ${trade}`)
  }
  for (const day of ['2026-01-30', 'before-2026-01-30']) {
    t.equal(shown(`pps-works-${day}`, 10_000, { trade: 'general' }), null, `${day}: comprehensive evaluation from ten billion won`)
  }
  for (const day of ['2025-07-01', 'before-2025-07-01']) t.equal(shown(`local-works-${day}`, 30_000, { trade: 'general' }), null, day)
  t.same(shown('pps-works-2026-01-30', 400, {}), shown('pps-works-2026-01-30', 400, { trade: 'general' }), 'general unless it is said')
})

await t.test('services: the published tables', async (t) => {
  const [NEW, MIDDLE, OLD] = ['pps-services-2026-07-27', 'pps-services-2026-05-26', 'pps-services-before-2026-05-26'] as const
  const general = (R: number, ...floors: [high: number, low: number]): Row[] => [
    [60, 2, R, 40, 85, R + 7.5, 45, floors[0]], [70, 2, R, 30, 85, R + 7.5, 55, floors[0]], [70, 4, R, 30, 85, R + 3.75, 55, floors[1]]
  ]
  const generals: Array<[string, Row[]]> =
    [[NEW, general(90, 82.495, 86.245)], [MIDDLE, general(90, 82.495, 86.245)], [OLD, general(88, 80.495, 84.245)]]
  for (const [ruleSet, rows] of generals) {
    t.same([90_000, 500].map((price) => shown(ruleSet, price, { category: 'general' })), [rows[0], rows[0]], `${ruleSet} from 500 million`)
    t.same([499.999_999, 230].map((price) => shown(ruleSet, price, {})), [rows[1], rows[1]], `${ruleSet} from the notice amount`)
    t.same([229.999_999, 1].map((price) => shown(ruleSet, price, {})), [rows[2], rows[2]], `${ruleSet} below the notice amount`)
  }
  const pair = (R: number, k: number, T: number, flat: [number, number, number] | null, floor: number): Row[] => [
    [60, k, R, 40, T, flat?.[0] ?? null, flat?.[1] ?? null, floor], [70, k, R, 30, T, flat?.[0] ?? null, flat?.[2] ?? null, floor]
  ]
  const rows: Array<[ruleSet: string, category: typeof SERVICE_CATEGORIES[number], rows: Row[]]> = [
    [NEW, 'facility', pair(93, 5, 85, [96, 45, 55], 89.995)],
    [MIDDLE, 'facility', pair(93, 5, 85, [96, 45, 55], 89.995)],
    [OLD, 'facility', pair(91, 5, 85, [94, 45, 55], 87.995)],
    [NEW, 'small-firm-software', pair(93, 4, 88, [96, 48, 58], 89.995)],
    [MIDDLE, 'small-firm-software', pair(91, 4, 88, [94, 48, 58], 87.995)],
    [OLD, 'small-firm-software', pair(91, 4, 88, [94, 48, 58], 87.995)],
    [NEW, 'passenger-transport', pair(93, 4, 88, [96, 48, 58], 89.995)],
    [MIDDLE, 'passenger-transport', pair(91, 4, 88, [94, 48, 58], 87.995)],
    [OLD, 'passenger-transport', pair(91, 4, 88, [94, 48, 58], 87.995)],
    ...[NEW, MIDDLE, OLD].map((set): [string, 'insurance', Row[]] => [set, 'insurance', pair(88, 0.375, 85, null, 47.995)])
  ]
  for (const [ruleSet, category, [high, low]] of rows) {
    for (const price of [90_000, 500]) t.same(shown(ruleSet, price, { category }), high, `${ruleSet} ${category} ${price}`)
    for (const price of [499.999_999, 1]) t.same(shown(ruleSet, price, { category }), low, `${ruleSet} ${category} ${price}`)
  }
})

await t.test('private quotes: a floor and no review, for any subject and price', async (t) => {
  const floors: Array<[string, number]> = [
    ['pps-works-quotes-2026-01-30', 897_450], ['pps-works-quotes-before-2026-01-30', 877_450], ['pps-quotes-2026-05-26', 900_000],
    ['pps-quotes-before-2026-05-26', 880_000], ['local-works-quotes-2025-05-01', 897_450], ['local-works-quotes-before-2025-05-01', 877_450],
    ['local-quotes-2026-05-26', 900_000], ['local-quotes-before-2026-05-26', 880_000]
  ]
  for (const [ruleSet, floorRatePpm] of floors) {
    for (const subject of [{}, ...TRADES.map((trade) => ({ trade })), ...SERVICE_CATEGORIES.map((category) => ({ category }))]) {
      t.match(suggestedRule({ ruleSet, estimatedPriceWon: 20 * MILLION, ...subject }), { rule: null, floorRatePpm }, ruleSet)
    }
  }
})

const reviews = RULE_SETS.flatMap(({ name, bands }) => bands.flatMap(({ rule, ...band }) => rule === null ? [] : [{ name, rule, ...band }]))

await t.test('every row: its floor is the one its rule implies, its flat part where full capability just passes', async (t) => {
  t.equal(reviews.length, 49)
  for (const { name, rule, floorRatePpm, fromWon } of reviews) {
    const what = `${name} from ${fromWon}`
    t.equal(floorRateOf(rule), floorRatePpm, what)
    t.equal(rule.priceMarksMilli + rule.capabilityMarksMilli, 100_000, `${what}: Q = 100 − B`)
    t.equal(rule.minimumPriceMarksMilli, 2_000, what)
    const spared = { ...rule, flat: null }
    const needed = rule.passMarkMilli - rule.capabilityMarksMilli
    if (rule.flat === null) {
      t.ok(priceScoreMilli(spared, 1_000_000) > needed, `${what}: a bid at the planned price keeps more marks than it needs`)
      continue
    }
    t.equal(rule.flat.marksMilli, needed, what)
    t.equal(priceScoreMilli(spared, rule.flat.fromRatioPpm), needed, what)
    t.ok(priceScoreMilli(spared, rule.flat.fromRatioPpm + 100) < needed, `${what}: from there on the slope would fall short`)
  }
})

await t.test('every rule of every set can stand in a notice, with the price terms of its set', async (t) => {
  for (const { name, rule, floorRatePpm, fromWon } of reviews) {
    const terms = makeTerms({ method: 'eligibility-review', eligibilityReview: rule, floorRatePpm, price: ruleSetNamed(name).price })
    t.doesNotThrow(() => checkDraft(terms), `${name} from ${fromWon}`)
  }
})

await t.test('the fifteen published floors: each stands in a table', async (t) => {
  t.equal(vectors.floorRateFromRule.length, 15)
  for (const { priceMarks, slope, referencePct, passMark, capabilityMarks, floorRatePct } of vectors.floorRateFromRule) {
    const found = reviews.filter(({ rule, floorRatePpm }) => {
      const [B, k, R, Q, T, , , floor] = rowOf(rule, floorRatePpm)
      return B === priceMarks && k === slope && R === referencePct && Q === capabilityMarks && T === passMark && floor === floorRatePct
    })
    t.ok(found.length > 0, `B ${priceMarks}, k ${slope}, R ${referencePct}, T ${passMark} → ${floorRatePct} %`)
  }
})

await t.test('a worked score', async (t) => {
  const [score] = vectors.score
  t.ok(score)
  if (score === undefined) return
  const { plannedPrice, bid, marks } = score
  const band = suggestedRule({ ruleSet: 'pps-services-before-2026-05-26', estimatedPriceWon: plannedPrice, category: 'facility' })
  const ratioPpm = priceRatioPpm({ bidWon: bid, plannedPriceWon: plannedPrice, aValueWon: 0 })
  t.equal(band?.rule == null ? null : priceScoreMilli(band.rule, ratioPpm), marks * 1000)
})

await t.test('the prices of a table follow on each other without gap or overlap', async (t) => {
  const ends = (set: RuleSet, subject: string): Array<[number, number | null]> =>
    set.bands.filter(({ subjects }) => (subjects as readonly string[]).includes(subject))
      .map(({ fromWon, belowWon }): [number, number | null] => [fromWon, belowWon])
      .sort(([a], [b]) => a - b)
  for (const set of RULE_SETS.filter(({ bands }) => bands.length > 0)) {
    for (const subject of set.kinds.includes('works') ? TRADES : SERVICE_CATEGORIES) {
      const spans = ends(set, subject)
      t.equal(spans[0]?.[0], 0, `${set.name} ${subject} begins at nothing`)
      for (const [i, [from]] of spans.entries()) if (i > 0) t.equal(from, spans[i - 1]?.[1], `${set.name} ${subject} from ${from}`)
    }
  }
})
