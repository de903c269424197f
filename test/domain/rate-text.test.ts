/** Shares in percent to the part per million, cut off and never rounded up. */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'
import { percentText, shareText } from '../../src/domain/rate-text.ts'

t.test('known shares', async (t) => {
  t.equal(percentText(877_450), '87.7450')
  t.equal(shareText({ amount: 26_000_000, base: 29_678_000 }), '87.6069', '87.60698… is cut off')
  t.equal(shareText({ amount: 29_678_000, base: 29_678_000 }), '100.0000')
  t.equal(shareText({ amount: MAX_AMOUNT_WON, base: 1 }), '100,000,000,000,000,000.0000')
})

t.test('the text is the largest part per million that does not exceed the share', async () => {
  const amounts = fc.integer({ min: 1, max: MAX_AMOUNT_WON })
  fc.assert(fc.property(amounts, amounts, (amount, base) => {
    const ppm = BigInt(shareText({ amount, base }).replace(/[,.]/g, ''))
    const exact = BigInt(amount) * 1_000_000n
    return ppm * BigInt(base) <= exact && (ppm + 1n) * BigInt(base) > exact
  }), { numRuns: 2_000 })
})
