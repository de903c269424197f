/** From the opening to the winner under each of the seven award methods: order, equals, passing to the next, refused decisions. */
import t from 'tap'
import { evaluate, type Evaluation, type EvaluationDecision } from '../../src/domain/evaluation.ts'
import { AWARD_METHODS, type AwardMethod, type ComprehensiveRule, type NoticeTerms } from '../../src/domain/notice.ts'
import { checkDraft } from '../../src/domain/notice-rules.ts'
import { openTender, type OpenedTender } from '../../src/domain/open-tender.ts'
import type { TechnicalScore } from '../../src/domain/technical.ts'
import { COMPREHENSIVE_RULE, METHOD_TERMS } from '../support/method-terms.ts'
import { aValueOf, makeTerms, openBid, supplier, type TermsChange } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

const PLANNED = 1_000_000_000

function termsOf (method: AwardMethod, { price, ...change }: TermsChange = {}): NoticeTerms {
  const { price: own, ...rest } = METHOD_TERMS[method]
  return makeTerms({ estimatedPriceWon: PLANNED, ...rest, ...change, price: { baseAmountWon: PLANNED, ...own, ...price } })
}

/** Supplier n bids the n-th amount. */
function opened (terms: NoticeTerms, amounts: readonly number[], planned = PLANNED): OpenedTender {
  const bids = amounts.map((won, i) => openBid(i, won, null))
  return openTender({ terms, bids, preliminaryPricesWon: terms.price.method === 'none' ? [] : [planned], tieSource: seededSource(3n) })
}

type Stated = Partial<EvaluationDecision>
interface Case { terms: NoticeTerms, record: OpenedTender, technical?: readonly TechnicalScore[] }

/** Decides on whoever is next, in turn. */
function run ({ terms, record, technical = [] }: Case, ...stated: readonly Stated[]): Evaluation {
  const decisions: EvaluationDecision[] = []
  let evaluation = evaluate({ terms, record, technical, decisions })
  for (const said of stated) {
    const { next } = evaluation.outcome
    if (next === null) throw new Error('nobody is next')
    decisions.push({ supplierId: next, qualified: true, remark: null, capabilityMarksMilli: null, socialMarksMilli: null, reason: '심사', ...said })
    evaluation = evaluate({ terms, record, technical, decisions })
  }
  return evaluation
}

const yes: Stated = {}
const no: Stated = { qualified: false }
const marks = (capability: number, social: number): Stated => ({ capabilityMarksMilli: capability, socialMarksMilli: social })
const open = (n: number): unknown => ({ state: 'open', next: supplier(n), winner: null })
const won = (n: number): unknown => ({ state: 'passed', next: null, winner: supplier(n) })
const EXHAUSTED = { state: 'exhausted', next: null, winner: null }
const placesOf = ({ order }: Evaluation): unknown => order.map(({ supplierId, rank }) => [supplierId, rank])

await t.test('the terms used here are such as a notice may have', async (t) => {
  for (const method of AWARD_METHODS) t.doesNotThrow(() => checkDraft(termsOf(method)), method)
})

await t.test('the first qualified of the price order: whom each method lets in', async (t) => {
  const amounts = [900_000_000, 890_000_000, PLANNED + 1, 1, 880_000_000]
  const orders: Array<[AwardMethod, Array<[number, number]>]> = [
    ['lowest', [[3, 1], [4, 2], [1, 3], [0, 4]]],
    ['restricted-lowest', [[4, 1], [1, 2], [0, 3]]],
    ['private-quote', [[0, 1]]],
    ['two-stage', [[3, 1], [4, 2], [1, 3], [0, 4]]]
  ]
  for (const [method, expected] of orders) {
    const terms = termsOf(method)
    const at = { terms, record: opened(terms, amounts) }
    t.same(placesOf(run(at)), expected.map(([n, rank]) => [supplier(n), rank]), method)
    const [first = 0] = expected[0] ?? []
    const second = expected[1]?.[0]
    t.same(run(at).outcome, open(first))
    t.same(run(at, yes).outcome, won(first))
    t.same(run(at, no).outcome, second === undefined ? EXHAUSTED : open(second), `${method}: the turn passes on`)
    t.same(run(at, ...expected.map(() => no)).outcome, EXHAUSTED)
    t.same(run(at, no, ...(second === undefined ? [] : [yes])).results.map(({ passes, review }) => [passes, review]),
      second === undefined ? [[false, null]] : [[false, null], [true, null]])
  }
})

await t.test('lowest without a planned price: any amount counts, equals in the order of the draw', async (t) => {
  const terms = termsOf('lowest', { price: { method: 'none', baseAmountWon: null } })
  const record = opened(terms, [500, 500, 700, 500])
  const [first, second, third] = record.tieOrder
  t.equal(new Set(record.tieOrder).size, 3)
  t.same(placesOf(run({ terms, record })), [[first, 1], [second, 1], [third, 1], [supplier(2), 4]])
  t.equal(run({ terms, record }, no, yes).outcome.winner, second)
  t.same(run({ terms, record }, no, no, no, yes).outcome, won(2))
})

/** Planned price, A value 0: r is the amount in thousandths of the planned price. R = 88 %, a mark for each percent. */
await t.test('comprehensive: everybody is judged, price + capability + social marks, the highest score wins', async (t) => {
  const terms = termsOf('comprehensive')
  const at = { terms, record: opened(terms, [900_000_000, 880_000_000, 950_000_000, PLANNED + 1]) }
  t.same(placesOf(run(at)), [[supplier(1), 1], [supplier(0), 2], [supplier(2), 3]], 'in price order')
  t.same(run(at).outcome, open(1))
  t.same(run(at, marks(50_000, 10_000)).outcome, open(0), 'even full marks do not end it')
  const judged = run(at, marks(30_000, 5_000), marks(33_000, 4_000), marks(50_000, 10_000))
  t.same(judged.results.map(({ review }) => [review?.ratioPpm, review?.priceMarksMilli, review?.totalMarksMilli]),
    [[880_000, 40_000, 75_000], [900_000, 38_000, 75_000], [950_000, 33_000, 93_000]])
  t.same(judged.outcome, won(2), 'the dearest, with the highest score')
  t.same(run(at, marks(50_000, 10_000), marks(50_000, 10_000), marks(50_000, 10_000)).outcome, won(1), 'equal in all but the price')
  t.same(run(at, { ...marks(50_000, 10_000), ...no }, no, marks(0, 0)).outcome, won(2), 'marks do not help the unqualified')
  t.same(run(at, no, no, no).outcome, EXHAUSTED)
  t.match(run(at, { ...no, capabilityMarksMilli: 1 }).results, [{ passes: false, review: null }], 'half the marks of somebody unqualified make no score')
})

await t.test('comprehensive: the A value takes no part in the ratio; flat part and minimum are the rule\'s', async (t) => {
  const priceMarks = (rule: Partial<ComprehensiveRule>, amount: number, aWon = 0): unknown => {
    const terms = termsOf('comprehensive', { comprehensive: { ...COMPREHENSIVE_RULE, ...rule }, aValue: aWon === 0 ? null : aValueOf(aWon) })
    const { results } = run({ terms, record: opened(terms, [amount, PLANNED]) }, marks(0, 0))
    return [results[0]?.review?.ratioPpm, results[0]?.review?.priceMarksMilli]
  }
  t.same(priceMarks({}, 900_000_000), [900_000, 38_000])
  t.same(priceMarks({}, 900_000_000, 500_000_000), [800_000, 32_000], '400 million of 500 million')
  t.same(priceMarks({ flat: { fromRatioPpm: 900_000, marksMilli: 35_000 } }, 900_000_000), [900_000, 35_000])
  t.same(priceMarks({ minimumPriceMarksMilli: 30_000 }, 10), [0, 30_000])
  t.same(priceMarks({}, 10), [0, 0])
})

await t.test('comprehensive: equal scores by capability and social marks, then by amount, then by the draw', async (t) => {
  const terms = termsOf('comprehensive')
  const at = { terms, record: opened(terms, [890_000_000, 880_000_000]) }
  t.same(run(at, marks(40_000, 5_000), marks(41_000, 5_000)).outcome, won(0), 'a mark less for the price, one more for capability')
  t.same(run(at, marks(40_000, 5_000), marks(40_000, 6_000)).outcome, won(0), 'social marks count alike')
  t.same(run(at, marks(40_000, 5_000), marks(40_999, 5_000)).outcome, won(1), 'a thousandth of a mark less')
  t.same(run(at, marks(40_000, 10_000), marks(41_001, 10_000)).outcome, won(0), 'a thousandth more')
  // Both sides of R = 88 %: equal price marks at 87 % and 89 %, so that only the amount is left.
  const around = { terms, record: opened(terms, [890_000_000, 870_000_000]) }
  t.same(run(around, marks(40_000, 5_000), marks(38_000, 7_000)).outcome, won(1), 'equal sums: the lower amount')
  const equals = { terms, record: opened(terms, [880_000_000, 880_000_000, 880_000_000]) }
  const { tieOrder } = equals.record
  t.equal(new Set(tieOrder).size, 3)
  t.equal(run(equals, marks(40_000, 5_000), marks(38_000, 7_000), marks(45_000, 0)).outcome.winner, tieOrder[0])
  t.equal(run(equals, no, marks(38_000, 7_000), marks(45_000, 0)).outcome.winner, tieOrder[1])
})

/** 80 technical and 20 price marks; the estimate is the planned price. */
await t.test('negotiated: technical and price marks make the order, the first agreement wins', async (t) => {
  const terms = termsOf('negotiated')
  const scores = (...marksE4: number[]): TechnicalScore[] => marksE4.map((score, i) => ({ supplierId: supplier(i), marksE4: score, passes: true }))
  const at = { terms, record: opened(terms, [850_000_000, 900_000_000, 950_000_000]), technical: scores(700_000, 720_000, 720_000) }
  const order = run(at).order.map(({ supplierId, rank, amountWon, marks }) => [supplierId, rank, amountWon, marks])
  t.same(order, [
    [supplier(1), 1, 900_000_000, { technicalMarksE4: 720_000, priceMarksE4: 188_889, totalMarksE4: 908_889 }],
    [supplier(0), 2, 850_000_000, { technicalMarksE4: 700_000, priceMarksE4: 200_000, totalMarksE4: 900_000 }],
    [supplier(2), 3, 950_000_000, { technicalMarksE4: 720_000, priceMarksE4: 178_947, totalMarksE4: 898_947 }]
  ])
  t.same(run(at).outcome, open(1))
  t.same(run(at, no).outcome, open(0), 'no agreement: the next in the order of marks, not of amounts')
  t.same(run(at, no, yes).outcome, won(0))
  t.same(run(at, yes).outcome, won(1))
  t.same(run(at, no, no, no).outcome, EXHAUSTED)
  t.same(run({ ...at, technical: scores(711_111, 720_000, 0) }).order.map(({ supplierId }) => supplierId), [supplier(0), supplier(1), supplier(2)])
})

await t.test('negotiated: the same marks where bids count in hundredths of a won and the estimate in won', async (t) => {
  const terms = termsOf('negotiated')
  const technical = [0, 1, 2].map((i): TechnicalScore => ({ supplierId: supplier(i), marksE4: 700_000, passes: true }))
  const amounts = [650_000_000, 850_000_000, 900_000_001]
  const scored = ({ order }: Evaluation): unknown => order.map(({ marks }) => marks)
  const centi = { ...terms, price: { ...terms.price, decimals: 2 } } as const
  const inCenti = scored(run({ terms: centi, record: opened(centi, amounts.map((won) => won * 100), PLANNED * 100), technical }))
  t.match(inCenti, [{ priceMarksE4: 177_500 }, {}, {}])
  t.same(inCenti, scored(run({ terms, record: opened(terms, amounts), technical })))
})

await t.test('negotiated: equal totals by technical marks, then by amount, then by the draw', async (t) => {
  const terms = termsOf('negotiated')
  const scores = (...marksE4: number[]): TechnicalScore[] => marksE4.map((score, i) => ({ supplierId: supplier(i), marksE4: score, passes: true }))
  const totals = (record: OpenedTender, technical: TechnicalScore[]): unknown => placesOf(run({ terms, record, technical }))
  const apart = opened(terms, [850_000_000, 900_000_000])
  t.same(totals(apart, scores(700_000, 711_111)), [[supplier(1), 1], [supplier(0), 1]], 'the better proposal first, at the same place')
  t.same(totals(apart, scores(700_001, 711_111)), [[supplier(0), 1], [supplier(1), 2]])
  // So near that the price marks are the same: only the amounts differ.
  const near = opened(terms, [850_000_001, 850_000_000, 999_000_000])
  t.same(totals(near, scores(700_000, 700_000, 0)), [[supplier(1), 1], [supplier(0), 1], [supplier(2), 3]], 'the lower amount first')
  const equals = opened(terms, [850_000_000, 850_000_000, 850_000_000])
  t.same(totals(equals, scores(700_000, 700_000, 700_000)), equals.tieOrder.map((supplierId) => [supplierId, 1]), 'as drawn')
})

await t.test('nobody ranked: nobody to judge, under every method', async (t) => {
  for (const method of AWARD_METHODS) {
    const terms = termsOf(method)
    const at = { terms, record: opened(terms, [950_000_000]) }
    t.same(run(at), { order: [], results: [], outcome: EXHAUSTED }, method)
  }
})

await t.test('refused decisions, each with its field', async (t) => {
  const refused = (method: AwardMethod, said: Stated, field: string, earlier: Stated[] = []): void => {
    const terms = termsOf(method)
    const record = opened(terms, [920_000_000, 930_000_000])
    const technical = [0, 1].map((n) => ({ supplierId: supplier(n), marksE4: 700_000, passes: true }))
    const { results } = run({ terms, record, technical }, ...earlier)
    const decision = { supplierId: supplier(0), qualified: true, remark: null, capabilityMarksMilli: null, socialMarksMilli: null, reason: '심사', ...said }
    t.throws(() => evaluate({ terms, record, technical, decisions: [...results, decision] }),
      { code: 'evaluation-invalid', context: { field, detail: String, detailKo: String } }, `${method}: ${field} ${JSON.stringify(said)}`)
  }
  for (const method of AWARD_METHODS) {
    const needed = method === 'eligibility-review' ? { capabilityMarksMilli: 50_000 } : method === 'comprehensive' ? marks(50_000, 10_000) : {}
    refused(method, { ...needed, supplierId: supplier(1) }, '/supplierId')
    refused(method, { ...needed, supplierId: supplier(9) }, '/supplierId')
    refused(method, { ...needed, qualified: false, reason: '' }, '/reason')
    const done = method === 'comprehensive' ? [needed, needed] : [needed]
    refused(method, { ...needed, supplierId: supplier(1) }, '/supplierId', done)
    if (method !== 'comprehensive') refused(method, { ...needed, socialMarksMilli: 0 }, '/socialMarksMilli')
    if (method !== 'comprehensive' && method !== 'eligibility-review') refused(method, { capabilityMarksMilli: 0 }, '/capabilityMarksMilli')
  }
  refused('comprehensive', {}, '/capabilityMarksMilli')
  refused('comprehensive', { capabilityMarksMilli: 1 }, '/socialMarksMilli')
  refused('comprehensive', { socialMarksMilli: 1 }, '/capabilityMarksMilli')
  for (const wrong of [-1, 0.5, Number.NaN]) {
    refused('comprehensive', marks(wrong, 0), '/capabilityMarksMilli')
    refused('comprehensive', marks(0, wrong), '/socialMarksMilli')
  }
  refused('comprehensive', marks(50_001, 0), '/capabilityMarksMilli')
  refused('comprehensive', marks(0, 10_001), '/socialMarksMilli')
})
