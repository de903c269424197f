/**
 * Eligibility review (적격심사): ratio, price marks, pass or fail and floor rate against the naive rules up to 10^15 won, and
 * what a cheaper bid, a better capability or a multiple of all prices does to them.
 */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../../src/domain/bid.ts'
import { floorRateOf, priceScoreMilli, review } from '../../../src/domain/eligibility-review.ts'
import type { EligibilityReviewRule } from '../../../src/domain/notice.ts'
import { floorPrice } from '../../../src/domain/price.ts'
import { holds } from '../../support/holds.ts'
import { naiveFloorPrice, naiveFloorRate, naivePriceMarks, naiveRatio } from '../../support/naive-rules.ts'
import { MAX_FACTOR } from '../../support/some-tenders.ts'

const RUNS = 1000
/** For a property that tries thousands of ratios by itself. */
const TRYING_RUNS = 200
const STEP_PPM = 100

/** Rules as a notice may state them, with flat parts and minimums that let nobody pass by themselves. */
const rules = fc.record({
  priceMarks: fc.integer({ min: 30, max: 90 }),
  slopeMilli: fc.oneof(fc.constantFrom(375, 2_000, 4_000, 5_000, 20_000), fc.integer({ min: 375, max: 20_000 })),
  referenceRatePpm: fc.integer({ min: 85, max: 95 }).map((percent) => percent * 10_000),
  spareMilli: fc.integer({ min: 0, max: 8_000 }),
  minimumPriceMarksMilli: fc.integer({ min: 0, max: 20_000 }),
  flat: fc.option(fc.record({ steps: fc.integer({ min: 1, max: 400 }), lossMilli: fc.integer({ min: 0, max: 10_000 }) }))
}).map(({ priceMarks, spareMilli, flat, ...rule }): EligibilityReviewRule => ({
  ...rule,
  priceMarksMilli: priceMarks * 1000,
  capabilityMarksMilli: 100_000 - priceMarks * 1000,
  passMarkMilli: 100_000 - spareMilli,
  flat: flat === null
    ? null
    : { fromRatioPpm: rule.referenceRatePpm + flat.steps * STEP_PPM, marksMilli: priceMarks * 1000 - flat.lossMilli }
})).filter((rule) => rule.minimumPriceMarksMilli + rule.capabilityMarksMilli < rule.passMarkMilli && floorRateOf(rule) > 0)

/** A planned price, an A value below it and a bid: anywhere up to the planned price, below the A value too. */
const prices = (max: number): fc.Arbitrary<{ plannedPriceWon: number, aValueWon: number, bidWon: number }> =>
  fc.oneof(fc.integer({ min: 1_000, max: 1_000_000 }), fc.integer({ min: 1_000_000, max }), fc.integer({ min: max - 1000, max }))
    .chain((plannedPriceWon) => fc.record({
      plannedPriceWon: fc.constant(plannedPriceWon),
      aValueWon: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Math.floor(plannedPriceWon / 2) })),
      bidWon: fc.oneof(fc.integer({ min: Math.floor(plannedPriceWon * 0.8), max: plannedPriceWon }), fc.integer({ min: 1, max: plannedPriceWon }))
    }))
const ratios = fc.integer({ min: 0, max: 10_000 }).map((steps) => steps * STEP_PPM)
const naiveOf = ({ plannedPriceWon, aValueWon, bidWon }: { plannedPriceWon: number, aValueWon: number, bidWon: number }): bigint =>
  naiveRatio({ bid: BigInt(bidWon), planned: BigInt(plannedPriceWon), aValue: BigInt(aValueWon) })

await t.test('ratio, marks and decision equal the naive ones, up to 10^15 won', async (t) => {
  holds(t, fc.property(rules, prices(MAX_AMOUNT_WON), fc.integer({ min: 0, max: 100_000 }), (rule, price, lossMilli) => {
    const capabilityMarksMilli = Math.max(0, rule.capabilityMarksMilli - (lossMilli < 50_000 ? 0 : lossMilli - 50_000))
    const ratio = naiveOf(price)
    const marks = naivePriceMarks(rule, ratio)
    const total = marks + BigInt(capabilityMarksMilli)
    const { ratioPpm, priceMarksMilli, totalMarksMilli, passes } = review({ rule, ...price, capabilityMarksMilli })
    return BigInt(ratioPpm) === ratio * 100n && BigInt(priceMarksMilli) === marks && BigInt(totalMarksMilli) === total &&
      passes === (total >= BigInt(rule.passMarkMilli))
  }), { numRuns: RUNS })
  holds(t, fc.property(rules, ratios, fc.integer({ min: -2, max: 2 }), (rule, anyPpm, steps) => {
    const turningPoints = [rule.referenceRatePpm, rule.flat?.fromRatioPpm ?? rule.referenceRatePpm].map((ppm) => ppm + steps * STEP_PPM)
    return [anyPpm, ...turningPoints].every((ppm) => BigInt(priceScoreMilli(rule, ppm)) === naivePriceMarks(rule, BigInt(ppm / STEP_PPM)))
  }), { numRuns: RUNS })
})

await t.test('price marks: rise up to R, fall from there to the flat part, never leave minimum and maximum', async (t) => {
  holds(t, fc.property(rules, ratios, ratios, (rule, one, other) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)]
    const [atLow, atHigh] = [priceScoreMilli(rule, low), priceScoreMilli(rule, high)]
    const least = Math.min(rule.minimumPriceMarksMilli, rule.flat?.marksMilli ?? rule.minimumPriceMarksMilli)
    const isInside = [atLow, atHigh].every((marks) => marks >= least && marks <= rule.priceMarksMilli)
    if (high <= rule.referenceRatePpm) return isInside && atLow <= atHigh
    if (rule.flat !== null && low >= rule.flat.fromRatioPpm) return isInside && atLow === atHigh
    return isInside && (low < rule.referenceRatePpm || (rule.flat !== null && high >= rule.flat.fromRatioPpm) || atLow >= atHigh)
  }), { numRuns: RUNS })
})

await t.test('prices times a factor: the same ratio, marks and decision', async (t) => {
  holds(t, fc.property(rules, prices(MAX_AMOUNT_WON / MAX_FACTOR), fc.integer({ min: 2, max: MAX_FACTOR }), (rule, price, factor) => {
    const { capabilityMarksMilli } = rule
    const large = { plannedPriceWon: price.plannedPriceWon * factor, aValueWon: price.aValueWon * factor, bidWon: price.bidWon * factor }
    return JSON.stringify(review({ rule, ...price, capabilityMarksMilli })) === JSON.stringify(review({ rule, ...large, capabilityMarksMilli }))
  }), { numRuns: RUNS })
})

await t.test('better capability marks never fail where lesser ones pass', async (t) => {
  const steps = fc.integer({ min: -2, max: 2 })
  holds(t, fc.property(rules, prices(MAX_AMOUNT_WON), steps, fc.nat(5), (rule, price, step, more) => {
    const missing = rule.passMarkMilli - Number(naivePriceMarks(rule, naiveOf(price)))
    const marks = Math.max(0, missing + step)
    const passes = (capabilityMarksMilli: number): boolean => review({ rule, ...price, capabilityMarksMilli }).passes
    return !passes(marks) || passes(marks + more)
  }), { numRuns: RUNS })
})

await t.test('the floor rate is R − (B + Q − T) ÷ k − 0.005 %, on the next step of r where that falls between two', async (t) => {
  holds(t, fc.property(rules, (rule) => {
    const { over, under } = naiveFloorRate(rule)
    const floorRate = BigInt(floorRateOf(rule))
    const apart = floorRate * under - over
    return (floorRate + 50n) % 100n === 0n && apart >= 0n && apart < 100n * under
  }), { numRuns: RUNS })
})

await t.test('the floor rate is half a step under the lowest r that passes, found by trying every r', async (t) => {
  holds(t, fc.property(rules, (rule) => {
    const passes = (steps: number): boolean => naivePriceMarks(rule, BigInt(steps)) + BigInt(rule.capabilityMarksMilli) >= BigInt(rule.passMarkMilli)
    let steps = rule.referenceRatePpm / STEP_PPM
    while (steps > 0 && passes(steps - 1)) steps -= 1
    return floorRateOf(rule) === steps * STEP_PPM - STEP_PPM / 2
  }), { numRuns: TRYING_RUNS })
})

await t.test('no bid under the floor price passes; one at it does where a won weighs no more than a step of r', async (t) => {
  holds(t, fc.property(rules, prices(MAX_AMOUNT_WON), (rule, { plannedPriceWon, aValueWon }) => {
    const floorRatePpm = floorRateOf(rule)
    const floor = Number(naiveFloorPrice({ planned: BigInt(plannedPriceWon), aValue: BigInt(aValueWon), ratePpm: BigInt(floorRatePpm) }))
    const passes = (bidWon: number): boolean =>
      review({ rule, bidWon, plannedPriceWon, aValueWon, capabilityMarksMilli: rule.capabilityMarksMilli }).passes
    // under 10,000 won the next whole won may lie past R already, where marks fall again
    const isFine = plannedPriceWon - aValueWon >= 10_000
    return floor === floorPrice({ plannedPriceWon, aValueWon, floorRatePpm }) && !passes(floor - 1) && (passes(floor) || !isFine)
  }), { numRuns: RUNS })
})
