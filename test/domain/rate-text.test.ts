/** Rates in percent to the part per million: every digit of a stated one, shares cut off and never rounded up. */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'
import { readDecimals } from '../../src/domain/price-unit.ts'
import { percentText, ratioText, shareText, PERCENT_PLACES } from '../../src/domain/rate-text.ts'
import { holds } from '../support/holds.ts'

t.test('a stated rate has every digit, and no zero that says nothing', async (t) => {
  const known: ReadonlyArray<readonly [number, string]> = [
    [877_451, '87.7451'], [877_450, '87.745'], [874_950, '87.495'], [912_500, '91.25'], [20_000, '2'], [900_000, '90'], [1_000_000, '100'], [1, '0.0001'], [0, '0'],
    [100_000_000, '10,000']
  ]
  for (const [ppm, text] of known) t.equal(percentText(ppm), text)
  t.equal(ratioText(900_000), '90.0000', 'a ratio says where it was cut off')
})

t.test('what is read back is the rate', async (t) => {
  holds(t, fc.property(fc.integer({ min: 0, max: 10_000_000 }), (ppm) => readDecimals(percentText(ppm), PERCENT_PLACES) === ppm))
})

t.test('known shares', async (t) => {
  t.equal(shareText({ amount: 26_000_000, base: 29_678_000 }), '87.6069', '87.60698… is cut off')
  t.equal(shareText({ amount: 29_678_000, base: 29_678_000 }), '100.0000')
  t.equal(shareText({ amount: MAX_AMOUNT_WON, base: 1 }), '100,000,000,000,000,000.0000')
})

t.test('the text is the largest part per million that does not exceed the share', async (t) => {
  const amounts = fc.integer({ min: 1, max: MAX_AMOUNT_WON })
  holds(t, fc.property(amounts, amounts, (amount, base) => {
    const ppm = BigInt(shareText({ amount, base }).replace(/[,.]/g, ''))
    const exact = BigInt(amount) * 1_000_000n
    return ppm * BigInt(base) <= exact && (ppm + 1n) * BigInt(base) > exact
  }), { numRuns: 2_000 })
})
