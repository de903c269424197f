/** From rank to winner: price order, passing to the next, equals by draw or by capability marks, refused decisions. */
import t from 'tap'
import { evaluate, MAX_REASON_LENGTH, type Candidate, type Evaluation, type EvaluationDecision, type EvaluationOutcome } from '../../src/domain/evaluation.ts'
import { openTender, type OpenedTender } from '../../src/domain/open-tender.ts'
import type { NoticeTerms } from '../../src/domain/notice.ts'
import { makeTerms, openBid, REVIEW_RULE, supplier } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

const PLANNED = 1_000_000_000
const lowest = makeTerms({ price: { method: 'single-sealed', baseAmountWon: PLANNED }, floorRatePpm: 874_950 })
const reviewed: NoticeTerms = { ...lowest, method: 'eligibility-review', eligibilityReview: REVIEW_RULE }

function opened (amounts: readonly number[], terms = lowest): OpenedTender {
  const bids = amounts.map((won, i) => openBid(i, won, null))
  return openTender({ terms, bids, preliminaryPricesWon: [PLANNED], tieSource: seededSource(3n) })
}

type Stated = Pick<EvaluationDecision, 'qualified' | 'capabilityMarksMilli'> & Partial<EvaluationDecision>

/** Decides on whoever is next, in turn. */
function run (terms: NoticeTerms, record: OpenedTender, stated: readonly Stated[]): Evaluation {
  return stated.reduce<Evaluation & { decisions: EvaluationDecision[] }>((before, said) => {
    const { next } = before.outcome
    if (next === null) throw new Error('nobody is next')
    const decisions = [...before.decisions, { supplierId: next, remark: null, socialMarksMilli: null, reason: '서류 확인', ...said }]
    return { decisions, ...evaluate({ terms, record, technical: [], decisions }) }
  }, { decisions: [], ...evaluate({ terms, record, technical: [], decisions: [] }) })
}

const orderOf = (record: OpenedTender): Candidate[] => run(lowest, record, []).order
const outcomeOf = (record: OpenedTender, stated: readonly Stated[]): EvaluationOutcome => run(lowest, record, stated).outcome

const yes: Stated = { qualified: true, capabilityMarksMilli: null }
const no: Stated = { qualified: false, capabilityMarksMilli: null }
const marks = (capabilityMarksMilli: number): Stated => ({ qualified: true, capabilityMarksMilli })

await t.test('the order: valid bids only, none unless ranked', async (t) => {
  const record = opened([900_000_000, PLANNED + 1, 880_000_000, 1])
  t.same(orderOf(record), [
    { supplierId: supplier(2), rank: 1, amountWon: 880_000_000 }, { supplierId: supplier(0), rank: 2, amountWon: 900_000_000 }
  ])
  t.same(run(lowest, opened([900_000_000]), []), { decisions: [], order: [], results: [], outcome: { state: 'exhausted', next: null, winner: null } },
    'a failed tender has nobody to evaluate')
})

await t.test('restricted lowest: the first that qualifies wins', async (t) => {
  const record = opened([900_000_000, 880_000_000, 890_000_000])
  t.same(outcomeOf(record, []), { state: 'open', next: supplier(1), winner: null })
  t.same(outcomeOf(record, [no]), { state: 'open', next: supplier(2), winner: null })
  t.same(outcomeOf(record, [no, yes]), { state: 'passed', next: null, winner: supplier(2) })
  t.same(outcomeOf(record, [no, no, no]), { state: 'exhausted', next: null, winner: null })
})

await t.test('restricted lowest: equals in the order of the draw', async (t) => {
  const record = opened([880_000_000, 880_000_000, 880_000_000])
  t.same(orderOf(record).map(({ supplierId }) => supplierId), record.tieOrder)
  t.equal(outcomeOf(record, [yes]).winner, record.tieOrder[0])
  t.equal(outcomeOf(record, [no, yes]).winner, record.tieOrder[1])
})

await t.test('eligibility review: marks decide, a failing bidder passes the turn on', async (t) => {
  const record = opened([875_000_000, 900_000_000], reviewed)
  const { results, outcome } = run(reviewed, record, [marks(49_999), marks(45_000)])
  t.match(results[0], { passes: false, review: { ratioPpm: 875_000, priceMarksMilli: 45_000, totalMarksMilli: 94_999 } })
  t.match(results[1], { passes: true, review: { ratioPpm: 900_000, priceMarksMilli: 50_000, totalMarksMilli: 95_000 } })
  t.equal(outcome.winner, supplier(1))
  const unqualified = run(reviewed, record, [{ qualified: false, capabilityMarksMilli: 50_000, reason: '면허 없음' }, no])
  t.same(unqualified.results.map(({ passes, review }) => [passes, review === null]), [[false, false], [false, true]], 'marks do not help the unqualified')
  t.equal(unqualified.outcome.state, 'exhausted')
})

await t.test('eligibility review: equals are all judged, the better capability wins, then the draw', async (t) => {
  const record = opened([900_000_000, 900_000_000, 900_000_000, 950_000_000], reviewed)
  const winner = (...stated: Stated[]): unknown => {
    const { outcome } = run(reviewed, record, stated)
    return outcome.winner === null ? outcome.state : record.tieOrder.indexOf(outcome.winner)
  }
  t.equal(winner(marks(50_000)), 'open', 'the others of the same amount come first')
  t.equal(winner(marks(46_000), marks(48_000), marks(47_000)), 1)
  t.equal(winner(marks(40_000), marks(47_000), marks(47_000)), 1, 'equal marks: the draw')
  t.equal(winner(no, marks(40_000), marks(45_000)), 2)
  t.equal(winner(no, no, no), 'open', 'the next amount')
})

await t.test('refused decisions, each with its field', async (t) => {
  const refused = (terms: NoticeTerms, decision: Partial<EvaluationDecision>, field: string, earlier: Stated[] = []): void => {
    const record = opened([880_000_000, 890_000_000], terms)
    const { results } = run(terms, record, earlier)
    const full = { supplierId: supplier(0), qualified: true, remark: null, capabilityMarksMilli: null, socialMarksMilli: null, reason: '확인', ...decision }
    t.throws(() => evaluate({ terms, record, technical: [], decisions: [...results, full] }),
      { code: 'evaluation-invalid', context: { field } }, `${field} ${JSON.stringify(decision)}`)
  }
  refused(lowest, { supplierId: supplier(1) }, '/supplierId')
  refused(lowest, { supplierId: supplier(9) }, '/supplierId')
  refused(lowest, {}, '/supplierId', [yes])
  refused(lowest, { qualified: false, reason: ' ' }, '/reason')
  refused(lowest, { reason: '가'.repeat(MAX_REASON_LENGTH + 1) }, '/reason')
  refused(lowest, { capabilityMarksMilli: 1 }, '/capabilityMarksMilli')
  refused(lowest, { socialMarksMilli: 1 }, '/socialMarksMilli')
  refused(lowest, { remark: 'missingDocuments' }, '/remark')
  refused(reviewed, { capabilityMarksMilli: 1, socialMarksMilli: 1 }, '/socialMarksMilli')
  refused(reviewed, {}, '/capabilityMarksMilli')
  for (const capabilityMarksMilli of [-1, 50_001, 1.5, Number.NaN]) refused(reviewed, { capabilityMarksMilli }, '/capabilityMarksMilli')
})
