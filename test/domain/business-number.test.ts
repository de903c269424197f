/** Business registration numbers: known numbers, and what the check digit catches. */
import fc from 'fast-check'
import t from 'tap'
import { assertBusinessNumber, isBusinessNumber, makeBusinessNumber } from '../../src/domain/business-number.ts'
import { holds } from '../support/holds.ts'

/** Published by their companies: Samsung Electronics, Naver. */
const KNOWN = ['1248100998', '2208162517']
const nineDigits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 }).map((digits) => digits.join(''))

await t.test('known numbers', async (t) => {
  for (const number of KNOWN) {
    t.ok(isBusinessNumber(number), number)
    t.equal(makeBusinessNumber(number.slice(0, 9)), number)
  }
})

await t.test('exactly one check digit fits', async (t) => {
  holds(t, fc.property(nineDigits, (digits) => {
    const fitting = Array.from({ length: 10 }, (_, i) => `${digits}${i}`).filter(isBusinessNumber)
    return fitting.length === 1 && fitting[0] === makeBusinessNumber(digits)
  }))
})

await t.test('one wrong digit among the first eight shows', async (t) => {
  const slip = fc.record({ digits: nineDigits, at: fc.integer({ min: 0, max: 7 }), by: fc.integer({ min: 1, max: 9 }) })
  holds(t, fc.property(slip, ({ digits, at, by }) => {
    const number = makeBusinessNumber(digits)
    return !isBusinessNumber(number.slice(0, at) + String((Number(number[at]) + by) % 10) + number.slice(at + 1))
  }))
})

await t.test('other spellings are refused with their field', async (t) => {
  for (const text of ['', '124-81-00998', '124810099', '12481009980', '1248100997', '１２４８１００９９８', ' 1248100998', '124810099a', '1248100998\n']) {
    t.throws(() => assertBusinessNumber(text, '/businessNumber'), { code: 'invalid-business-number', context: { field: '/businessNumber' } }, JSON.stringify(text))
  }
  t.doesNotThrow(() => assertBusinessNumber('1248100998', '/businessNumber'))
  t.throws(() => makeBusinessNumber('12345678'), /invariant/)
})
