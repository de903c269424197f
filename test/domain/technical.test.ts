/** Technical evaluation: means and pass mark of several evaluators, and every set of marks that is refused. */
import t from 'tap'
import type { OfficerId, SupplierId } from '../../src/domain/ids.ts'
import type { TechnicalRule } from '../../src/domain/notice.ts'
import { assertEvaluatorMarks, technicalScores, type EvaluatorMarks } from '../../src/domain/technical.ts'
import { supplier } from '../support/notice-terms.ts'

const RULE: TechnicalRule = { marksMilli: 90_000, passMarkMilli: 76_500, minimumEvaluators: 3, dropExtremes: false }
const PROPOSALS = [supplier(1), supplier(2), supplier(3)]

/** One evaluator's marks in the order of the proposals. */
const by = (n: number, ...marks: number[]): EvaluatorMarks => ({
  evaluatorId: `O${String(n).padStart(8, '0')}` as OfficerId,
  marks: marks.map((marksMilli, i) => ({ supplierId: PROPOSALS[i] ?? supplier(9), marksMilli }))
})

await t.test('the mean of all evaluators, each proposal for itself', async (t) => {
  const scores = technicalScores(RULE, PROPOSALS, [by(1, 80_000, 70_000, 90_000), by(2, 82_000, 71_000, 90_000), by(3, 82_000, 90_000, 90_000)])
  t.same(scores, [
    { supplierId: supplier(1), marksE4: 813_333, passes: true },
    { supplierId: supplier(2), marksE4: 770_000, passes: true },
    { supplierId: supplier(3), marksE4: 900_000, passes: true }
  ])
})

await t.test('neither the order of the evaluators nor that of their marks matters', async (t) => {
  const evaluators = [by(1, 80_000, 70_000, 90_000), by(2, 82_000, 71_000, 0), by(3, 82_000, 90_000, 1)]
  const mixed = evaluators.toReversed().map(({ evaluatorId, marks }) => ({ evaluatorId, marks: marks.toReversed() }))
  t.same(technicalScores(RULE, PROPOSALS, mixed), technicalScores(RULE, PROPOSALS, evaluators))
  t.same(technicalScores(RULE, PROPOSALS.toReversed(), evaluators).map(({ supplierId }) => supplierId), PROPOSALS.toReversed(), 'in the order asked for')
})

await t.test('every proposal\'s own highest and lowest marks are dropped where the notice says so', async (t) => {
  const evaluators = [by(1, 90_000, 0), by(2, 80_000, 80_000), by(3, 70_000, 90_000), by(4, 10_000, 90_000)]
  const two = PROPOSALS.slice(0, 2)
  const scores = (dropExtremes: boolean): unknown =>
    technicalScores({ ...RULE, dropExtremes }, two, evaluators).map(({ marksE4, passes }) => [marksE4, passes])
  t.same(scores(false), [[625_000, false], [650_000, false]])
  t.same(scores(true), [[750_000, false], [850_000, true]])
})

await t.test('a mean at the pass mark passes, a ten-thousandth of a mark below it does not', async (t) => {
  const passes = (...marks: number[]): unknown => {
    const evaluators = marks.map((milli, i) => by(i, milli))
    return technicalScores({ ...RULE, minimumEvaluators: 1 }, [supplier(1)], evaluators).map((score) => [score.marksE4, score.passes])
  }
  t.same(passes(76_500), [[765_000, true]])
  t.same(passes(76_499), [[764_990, false]])
  t.same(passes(76_500, 76_500, 76_499), [[764_997, false]])
  t.same(passes(76_501, 76_500, 76_499), [[765_000, true]])
})

await t.test('no proposals: no scores, and the evaluators mark nothing', async (t) => {
  t.same(technicalScores(RULE, [], [by(1), by(2), by(3)]), [])
})

await t.test('too few evaluators, or one twice', async (t) => {
  const refused = { code: 'evaluation-invalid', context: { field: '/evaluators', detail: String, detailKo: String } }
  const all = [by(1, 1, 2, 3), by(2, 1, 2, 3), by(3, 1, 2, 3)]
  t.doesNotThrow(() => technicalScores(RULE, PROPOSALS, all))
  t.doesNotThrow(() => technicalScores(RULE, PROPOSALS, [...all, by(4, 1, 2, 3)]), 'more than the notice promises')
  t.throws(() => technicalScores(RULE, PROPOSALS, all.slice(1)), refused, 'two where the notice promises three')
  t.throws(() => technicalScores(RULE, PROPOSALS, []), refused)
  t.throws(() => technicalScores(RULE, PROPOSALS, [...all.slice(1), by(3, 4, 5, 6)]), refused, 'the same head is not counted twice')
  t.throws(() => technicalScores(RULE, PROPOSALS, [...all, by(3, 4, 5, 6)]), refused, 'nor do its marks weigh double')
})

await t.test('marks that do not fit, each with its field', async (t) => {
  const marks = (...given: Array<[SupplierId, number]>): EvaluatorMarks =>
    ({ evaluatorId: 'O00000001' as OfficerId, marks: given.map(([supplierId, marksMilli]) => ({ supplierId, marksMilli })) })
  const two = PROPOSALS.slice(0, 2)
  const refused = (given: EvaluatorMarks, field: string, name: string): void => {
    const expected = { code: 'evaluation-invalid', context: { field, detail: String, detailKo: String } }
    t.throws(() => assertEvaluatorMarks(RULE, two, given), expected, name)
    t.throws(() => technicalScores({ ...RULE, minimumEvaluators: 1 }, two, [given]), expected, `${name}: in the scores too`)
  }
  t.doesNotThrow(() => assertEvaluatorMarks(RULE, two, marks([supplier(2), 0], [supplier(1), 90_000])), 'both ends belong to it')
  refused(marks([supplier(1), 1], [supplier(9), 1]), '/marks/1/supplierId', 'a supplier without a proposal')
  refused(marks([supplier(1), 1], [supplier(1), 1]), '/marks/1/supplierId', 'one proposal twice')
  refused(marks([supplier(2), 1]), '/marks', 'one proposal left out')
  refused(marks(), '/marks', 'no marks')
  for (const wrong of [-1, 90_001, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    refused(marks([supplier(1), 1], [supplier(2), wrong]), '/marks/1/marksMilli', `${wrong} thousandths`)
  }
})
