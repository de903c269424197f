/** Floor price, net-cost floor and bid rate: published figures, boundaries, exactness up to 10^15 won. */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'
import { bidRateMilliPercent, floorPrice, MAX_RATE_MILLI_PERCENT, netCostFloor } from '../../src/domain/price.ts'
import { classify, competitionRanks } from '../../src/domain/ranking.ts'
import { roundUpTo, scaleDown, scaleHalfUp, scaleUp } from '../../src/domain/rounding.ts'
import { holds } from '../support/holds.ts'
import { ppmOf as toPpm } from '../../src/cli/replay/decimals.ts'
import vectors from '../vectors/formulas-koneps.json' with { type: 'json' }

const amounts = fc.integer({ min: 1, max: MAX_AMOUNT_WON })
const rates = fc.integer({ min: 1, max: 1_000_000 })

await t.test('published floors', async (t) => {
  for (const { noticeNo, plannedPrice, aValue, floorRatePct, floorPrice: published } of vectors.floor) {
    t.equal(floorPrice({ plannedPriceWon: plannedPrice, aValueWon: aValue, floorRatePpm: toPpm(floorRatePct) }), published, noticeNo)
  }
})

await t.test('published net-cost floor', async (t) => {
  for (const { noticeNo, baseAmount, netCost, plannedNetCost, plannedPrice, netCostFloor: published } of vectors.netCost) {
    t.equal(netCostFloor({ netCostWon: netCost, baseAmountWon: baseAmount, plannedPriceWon: plannedPrice }), published, noticeNo)
    t.equal(scaleUp({ value: netCost, by: plannedPrice, over: baseAmount }), plannedNetCost, noticeNo)
  }
})

await t.test('the floor is the lowest amount at or above the rate', async (t) => {
  const cases = fc.tuple(amounts, fc.double({ min: 0, max: 0.9, noNaN: true }), rates)
  holds(t, fc.property(cases, ([planned, share, rate]) => {
    const aValueWon = Math.floor(planned * share)
    const floor = BigInt(floorPrice({ plannedPriceWon: planned, aValueWon, floorRatePpm: rate }))
    const open = BigInt(planned - aValueWon) * BigInt(rate)
    const reaches = (won: bigint): boolean => (won - BigInt(aValueWon)) * 1_000_000n >= open
    return reaches(floor) && !reaches(floor - 1n) && floor <= BigInt(planned)
  }))
})

await t.test('the floor scales with the price, up to what rounding adds', async (t) => {
  holds(t, fc.property(fc.integer({ min: 1, max: 10 ** 11 }), rates, fc.integer({ min: 1, max: 10_000 }), (planned, rate, factor) => {
    const once = floorPrice({ plannedPriceWon: planned, aValueWon: 0, floorRatePpm: rate })
    const scaled = floorPrice({ plannedPriceWon: planned * factor, aValueWon: 0, floorRatePpm: rate })
    return scaled <= once * factor && scaled > (once - 1) * factor
  }))
})

await t.test('one won decides at every boundary', async (t) => {
  const limits = { plannedPriceWon: 3_126_847_675, floorPriceWon: 2_735_324_000, netCostFloorWon: 2_740_000_000 }
  const withoutNetCost = { ...limits, netCostFloorWon: null }
  t.equal(classify(2_735_323_999, withoutNetCost), 'belowFloor')
  t.equal(classify(2_735_324_000, withoutNetCost), 'normal', 'R25BK00912453-000 was won by exactly the floor')
  t.equal(classify(3_126_847_675, withoutNetCost), 'normal')
  t.equal(classify(3_126_847_676, withoutNetCost), 'abovePlanned')
  t.equal(classify(2_735_323_999, limits), 'belowFloor', 'below both floors: the floor price names it')
  t.equal(classify(2_739_999_999, limits), 'belowNetCost')
  t.equal(classify(2_740_000_000, limits), 'normal')
  t.equal(classify(1, { plannedPriceWon: null, floorPriceWon: null, netCostFloorWon: null }), 'normal', 'no limits')
})

await t.test('bid rates are truncated', async (t) => {
  t.equal(bidRateMilliPercent(35_354_000, 40_118_500), 88_123) // R25BK00596147-000
  t.equal(bidRateMilliPercent(1_999_999, 2_000_000), 99_999)
  t.equal(bidRateMilliPercent(2_000_000, 2_000_000), 100_000)
  t.equal(bidRateMilliPercent(1, MAX_AMOUNT_WON), 0)
  t.equal(bidRateMilliPercent(MAX_AMOUNT_WON, 1), MAX_RATE_MILLI_PERCENT, 'shown as the greatest rate rather than stopping the opening')
  t.equal(bidRateMilliPercent(20_001, 2), MAX_RATE_MILLI_PERCENT, 'no fraction beyond it')
  holds(t, fc.property(amounts, amounts, (amount, planned) => {
    const rate = bidRateMilliPercent(amount, planned)
    const exact = BigInt(amount) * 100_000n / BigInt(planned)
    return BigInt(rate) === (exact < BigInt(MAX_RATE_MILLI_PERCENT) ? exact : BigInt(MAX_RATE_MILLI_PERCENT))
  }))
})

await t.test('rounding, by definition', async (t) => {
  const whole = fc.integer({ min: -(10 ** 12), max: 10 ** 12 })
  const scales = fc.tuple(whole, fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 10 ** 9 }))
  holds(t, fc.property(scales, ([value, by, over]) => {
    const [exact, divisor] = [BigInt(value) * BigInt(by), BigInt(over)]
    const down = BigInt(scaleDown({ value, by, over })) * divisor
    const up = BigInt(scaleUp({ value, by, over })) * divisor
    const near = BigInt(scaleHalfUp({ value, by, over })) * divisor
    return down <= exact && exact - down < divisor && up >= exact && up - exact < divisor &&
      2n * (exact - near) < divisor && 2n * (near - exact) <= divisor
  }))
  t.equal(roundUpTo(1001, 100), 1100)
  t.equal(roundUpTo(1000, 100), 1000)
  t.throws(() => scaleUp({ value: MAX_AMOUNT_WON, by: 1000, over: 1 }), /invariant/, 'a result past 2^53 is never returned')
  t.throws(() => scaleUp({ value: 1, by: 1, over: 0 }), /invariant/)
})

await t.test('competition ranks', async (t) => {
  t.same(competitionRanks([10, 10, 20, 30, 30, 30, 40]), [1, 1, 3, 4, 4, 4, 7])
  t.same(competitionRanks([]), [])
})
