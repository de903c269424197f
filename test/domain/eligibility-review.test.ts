/** Price marks, pass marks and floor rates of an eligibility review: published figures, and the identity of floor and rule. */
import fc from 'fast-check'
import t from 'tap'
import { floorRateOf, priceRatioPpm, priceScoreMilli, review } from '../../src/domain/eligibility-review.ts'
import type { EligibilityReviewRule } from '../../src/domain/notice.ts'
import { floorPrice } from '../../src/domain/price.ts'
import { holds } from '../support/holds.ts'
import { ppmOf as toPpm } from '../../src/cli/replay/decimals.ts'
import { REVIEW_RULE } from '../support/notice-terms.ts'
import vectors from '../vectors/formulas-koneps.json' with { type: 'json' }

const milli = (marks: number): number => Math.round(marks * 1000)
const withoutFlat: EligibilityReviewRule = { ...REVIEW_RULE, flat: null }

await t.test('published marks', async (t) => {
  for (const { rule: name, priceMarks, slope, referencePct, plannedPrice, bid, ratio, marks } of vectors.score) {
    const rule = { ...withoutFlat, priceMarksMilli: milli(priceMarks), slopeMilli: milli(slope), referenceRatePpm: toPpm(referencePct) }
    const ratioPpm = priceRatioPpm({ bidWon: bid, plannedPriceWon: plannedPrice, aValueWon: 0 })
    t.equal(ratioPpm, ratio * 1_000_000, name)
    t.equal(priceScoreMilli(rule, ratioPpm), milli(marks), name)
  }
})

await t.test('the floor rates of fifteen published rules', async (t) => {
  for (const { priceMarks, slope, referencePct, passMark, capabilityMarks, floorRatePct } of vectors.floorRateFromRule) {
    const rule = {
      ...withoutFlat,
      priceMarksMilli: milli(priceMarks),
      slopeMilli: milli(slope),
      referenceRatePpm: toPpm(referencePct),
      passMarkMilli: milli(passMark),
      capabilityMarksMilli: milli(capabilityMarks)
    }
    t.equal(floorRateOf(rule), toPpm(floorRatePct), `${priceMarks} marks, slope ${slope}, R ${referencePct}`)
  }
})

await t.test('r is rounded half up at the fifth decimal, without the A value', async (t) => {
  const ratio = (bidWon: number, aValueWon = 0): number => priceRatioPpm({ bidWon, plannedPriceWon: 1_000_000 + aValueWon, aValueWon })
  t.equal(ratio(874_949), 874_900)
  t.equal(ratio(874_950), 875_000)
  t.equal(ratio(874_950 + 333, 333), 875_000)
  t.throws(() => priceRatioPpm({ bidWon: 1, plannedPriceWon: 5, aValueWon: 5 }), /invariant/)
})

await t.test('marks: both sides of R, the flat part, the minimum', async (t) => {
  t.equal(priceScoreMilli(REVIEW_RULE, 900_000), 50_000)
  t.equal(priceScoreMilli(REVIEW_RULE, 890_000), 48_000)
  t.equal(priceScoreMilli(REVIEW_RULE, 910_000), 48_000)
  t.equal(priceScoreMilli(REVIEW_RULE, 924_900), 45_020)
  t.equal(priceScoreMilli(REVIEW_RULE, 925_000), 45_000)
  t.equal(priceScoreMilli(REVIEW_RULE, 1_000_000), 45_000, 'flat')
  t.equal(priceScoreMilli({ ...REVIEW_RULE, flat: { fromRatioPpm: 925_000, marksMilli: 40_000 } }, 925_000), 40_000, 'flat from the ratio itself')
  t.equal(priceScoreMilli(withoutFlat, 1_000_000), 30_000)
  t.equal(priceScoreMilli(REVIEW_RULE, 500_000), 2_000, 'the minimum')
  t.equal(priceScoreMilli({ ...withoutFlat, slopeMilli: 375 }, 899_900), 49_996, '49.99625 truncated')
})

await t.test('a review adds up and compares with the pass mark', async (t) => {
  const input = { rule: REVIEW_RULE, bidWon: 875_000, plannedPriceWon: 1_000_000, aValueWon: 0 }
  t.same(review({ ...input, capabilityMarksMilli: 50_000 }), { ratioPpm: 875_000, priceMarksMilli: 45_000, totalMarksMilli: 95_000, passes: true })
  t.equal(review({ ...input, capabilityMarksMilli: 49_999 }).passes, false)
})

/** Rules as a notice may state them. */
const rules = fc.record({
  priceMarksMilli: fc.integer({ min: 30, max: 90 }).map((marks) => marks * 1000),
  slopeMilli: fc.integer({ min: 375, max: 20_000 }),
  referenceRatePpm: fc.integer({ min: 85, max: 95 }).map((percent) => percent * 10_000),
  spareMilli: fc.integer({ min: 0, max: 8000 })
}).map(({ spareMilli, ...rule }): EligibilityReviewRule => ({
  ...rule,
  capabilityMarksMilli: 100_000 - rule.priceMarksMilli,
  passMarkMilli: 100_000 - spareMilli,
  minimumPriceMarksMilli: 2_000,
  flat: null
})).filter((rule) => floorRateOf(rule) > 0)

await t.test('at the floor price full capability marks pass; one won below they do not', async (t) => {
  const prices = fc.tuple(rules, fc.integer({ min: 10 ** 6, max: 10 ** 15 }), fc.double({ min: 0, max: 0.5, noNaN: true }))
  holds(t, fc.property(prices, ([rule, plannedPriceWon, share]) => {
    const aValueWon = Math.floor(plannedPriceWon * share)
    const floor = floorPrice({ plannedPriceWon, aValueWon, floorRatePpm: floorRateOf(rule) })
    const passes = (bidWon: number): boolean =>
      review({ rule, bidWon, plannedPriceWon, aValueWon, capabilityMarksMilli: rule.capabilityMarksMilli }).passes
    return passes(floor) && !passes(floor - 1)
  }), { numRuns: 500 })
})
