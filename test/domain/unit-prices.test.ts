/** Unit prices: the total in exact arithmetic, truncated to the tender's unit, and every way in which prices and amount can disagree. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { PriceDecimals } from '../../src/domain/notice.ts'
import { assertUnitPrices, centiText, lineTotalCenti, MAX_UNIT_PRICE_CENTI, scheduleTotal } from '../../src/domain/unit-prices.ts'

const lines = [{ quantity: 3 }, { quantity: 1_000 }]

function totalWon (of: typeof lines, unitPricesCenti: readonly unknown[], decimals: PriceDecimals = 0): number | null {
  return scheduleTotal({ lines: of, unitPricesCenti, decimals })
}

t.test('a total is truncated to whole won, once', async (t) => {
  t.equal(totalWon(lines, [33, 100]), 1_000, '3 × 0.33 + 1,000 × 1.00 = 1,000.99')
  t.equal(totalWon(lines, [34, 100]), 1_001, '1,001.02')
  t.equal(totalWon([{ quantity: 3 }, { quantity: 3 }], [33, 33]), 1, '1.98: not 0 + 0')
  t.equal(totalWon([{ quantity: 1 }], [99]), null, '0.99 won is no amount')
  t.equal(totalWon([{ quantity: 100 }], [MAX_UNIT_PRICE_CENTI]), 1_000_000_000_000_000, 'the greatest amount')
  t.equal(totalWon([{ quantity: 101 }], [MAX_UNIT_PRICE_CENTI]), null, 'above it')
  t.equal(totalWon([{ quantity: 1 }], [MAX_UNIT_PRICE_CENTI]), 10_000_000_000_000)
})

t.test('a line is shown as it is counted, whatever its size', async (t) => {
  t.equal(centiText(0n), '0.00')
  t.equal(centiText(7n), '0.07')
  t.equal(centiText(lineTotalCenti({ quantity: 3, unitPriceCenti: 411_522_60 })), '1,234,567.80')
  t.equal(centiText(lineTotalCenti({ quantity: 1_000_000_000, unitPriceCenti: MAX_UNIT_PRICE_CENTI - 1 })), '9,999,999,999,999,990,000,000.00')
})

t.test('a total in hundredths of a won loses nothing', async (t) => {
  t.equal(totalWon(lines, [33, 100], 2), 100_099, '1,000.99')
  t.equal(totalWon([{ quantity: 1 }], [1], 2), 1, 'a hundredth of a won is an amount')
  t.equal(totalWon([{ quantity: 1 }], [MAX_UNIT_PRICE_CENTI], 2), 1_000_000_000_000_000, 'the greatest amount')
  t.equal(totalWon([{ quantity: 2 }], [MAX_UNIT_PRICE_CENTI], 2), null, 'above it, though not in won')
})

t.test('no total of what is no list of prices', async (t) => {
  const tooMuch = MAX_UNIT_PRICE_CENTI + 1
  for (const prices of [[], [1], [1, 2, 3], [0, 1], [1, -1], [1, 1.5], [1, Number.NaN], [1, tooMuch], [1, '2'], [1, null], [[1], 2]]) {
    t.equal(totalWon(lines, prices), null, JSON.stringify(prices))
  }
})

t.test('the same as counting by hand', async (t) => {
  const line = fc.tuple(fc.integer({ min: 1, max: 1_000_000_000 }), fc.integer({ min: 1, max: MAX_UNIT_PRICE_CENTI }))
  const priced = fc.array(line, { minLength: 1, maxLength: 20 })
  t.doesNotThrow(() => {
    fc.assert(fc.property(priced, (list) => {
      const centi = list.reduce((sum, [quantity, price]) => sum + BigInt(quantity) * BigInt(price), 0n)
      const won = Number(centi.toString().slice(0, -2))
      const [of, prices] = [list.map(([quantity]) => ({ quantity })), list.map(([, price]) => price)]
      assert.equal(totalWon(of, prices), won >= 1 && won <= 1e15 ? won : null)
      assert.equal(totalWon(of, prices, 2), centi <= 1_000_000_000_000_000n ? Number(centi) : null)
    }), { seed: 12, numRuns: 500 })
  })
})

t.test('refusals name the price at fault', async (t) => {
  const check = (unitPricesCenti: number[] | null, amountWon: number, of = lines, decimals: PriceDecimals = 0): void => {
    assertUnitPrices({ lines: of, unitPricesCenti, decimals, amountWon })
  }
  t.doesNotThrow(() => { check([33, 100], 100_099, lines, 2) })
  const whole = { code: 'unit-prices-invalid', context: { field: '/amountWon', detail: 'The unit prices come to 1,000.99 won.' } }
  t.throws(() => { check([33, 100], 1_000, lines, 2) }, whole, 'an amount in won where hundredths count')
  t.doesNotThrow(() => { check([33, 100], 1_000) })
  t.doesNotThrow(() => { check(null, 1_000, []) })
  const cases: Array<[string, number[] | null, number, typeof lines, string]> = [
    ['superfluous', [1], 1, [], '/unitPricesCenti'],
    ['an empty list where none is asked', [], 1, [], '/unitPricesCenti'],
    ['missing', null, 1_000, lines, '/unitPricesCenti'],
    ['one too few', [33], 1_000, lines, '/unitPricesCenti'],
    ['a price of zero', [33, 0], 1_000, lines, '/unitPricesCenti/1'],
    ['a fraction of a hundredth', [33.5, 100], 1_000, lines, '/unitPricesCenti/0'],
    ['a total of nothing', [1], 0, [{ quantity: 1 }], '/unitPricesCenti'],
    ['an amount above', [33, 100], 1_001, lines, '/amountWon'],
    ['an amount below', [33, 100], 999, lines, '/amountWon']
  ]
  for (const [name, prices, amountWon, of, field] of cases) {
    t.throws(() => { check(prices, amountWon, of) }, { code: 'unit-prices-invalid', context: { field } }, name)
  }
})
