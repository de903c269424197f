/** Criteria and marks of an evaluator's sheet: thousandths counted exactly, and every fault by its place. */
import fc from 'fast-check'
import t from 'tap'
import { markText, readCriteria, readMark, sheetLine, sumOf } from '../../src/domain/mark-sheet.ts'

t.test('criteria have names and full marks, and come to the whole', async (t) => {
  const [a, b] = [{ name: ' 이해도 ', max: '30' }, { name: '수행계획', max: '49.999' }]
  t.same(readCriteria([a, { ...b, max: '50' }], 80_000), { criteria: [{ name: '이해도', maxMilli: 30_000 }, { name: '수행계획', maxMilli: 50_000 }], fault: null })
  t.same(readCriteria([a, b], 80_000).fault, { at: null, sumMilli: 79_999 })
  t.same(readCriteria([a, { ...b, name: ' ' }], 80_000).fault, { at: 1, field: 'name' })
  t.same(readCriteria([{ ...a, name: '가'.repeat(61) }], 80_000).fault, { at: 0, field: 'name' })
  for (const max of ['', '0', '-1', 'x', '1.2345', '1e3']) t.same(readCriteria([{ ...a, max }], 80_000).fault, { at: 0, field: 'max' }, max)
})

t.test('marks from nothing to the most', async (t) => {
  t.same(['0', '29.999', ' 30 ', '', ' ', '30.001', '1.0001', '-1', '삼', '.5'].map((text) => readMark(text, 30_000)),
    [0, 29_999, 30_000, 'missing', 'missing', 'too-many', 'malformed', 'malformed', 'malformed', 'malformed'])
})

t.test('sums are exact, whatever the marks', async (t) => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 20 }), (marks) => {
    const read = marks.map((mark) => readMark(markText(mark), 100_000))
    return sumOf(read) === marks.reduce((sum, mark) => sum + mark, 0)
  }))
  t.equal(sumOf([1, 'missing', 2]), null)
  t.equal(sheetLine('1018116406', [{ name: '이해도', maxMilli: 30_000 }, { name: '계획', maxMilli: 50_000 }], [18_500, 40_000]), '1018116406: 이해도 18.5, 계획 40 = 58.5')
})
