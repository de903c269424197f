/**
 * Every price function for itself: agreement with the naive rules up to 10^15 won, scale, monotonicity, and the slots of the
 * preliminary prices.
 */
import fc from 'fast-check'
import t from 'tap'
import { aValueWon } from '../../../src/domain/a-value.ts'
import { MAX_AMOUNT_WON } from '../../../src/domain/bid.ts'
import { countPicks, derivePreliminaryPrices, drawNumbers, plannedPrice, priceSlots } from '../../../src/domain/draw.ts'
import type { PriceTerms } from '../../../src/domain/notice.ts'
import { bidRateMilliPercent, floorPrice, MAX_RATE_MILLI_PERCENT, netCostFloor } from '../../../src/domain/price.ts'
import { classify, competitionRanks } from '../../../src/domain/ranking.ts'
import { holds } from '../../support/holds.ts'
import {
  ceilingOf, floorOf, naiveAValue, naiveCounts, naiveDraw, naiveFloorPrice, naiveNetCostFloor, naivePlannedPrice, naiveRank, naiveRate,
  naiveRemark
} from '../../support/naive-rules.ts'
import { makeTerms } from '../../support/notice-terms.ts'
import { seededSource } from '../../support/seeded-source.ts'
import { MAX_BASE_WON, MAX_FACTOR, picksAmong, seeds } from '../../support/some-tenders.ts'

const RUNS = 1000
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
/** Amounts of every size, the last won before 10^15 and the first ones among them. */
const amountsTo = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max }), fc.integer({ min: Math.max(1, max - 1000), max }), fc.integer({ min: 1, max: Math.min(max, 1000) }))
const amounts = amountsTo(MAX_AMOUNT_WON)
const rates = fc.integer({ min: 1, max: 1_000_000 })
const roundings = fc.constantFrom('up-1', 'up-1000', 'down-1')
const fours = (won: fc.Arbitrary<number>): fc.Arbitrary<number[]> => fc.array(won, { minLength: 4, maxLength: 4 })
const FOUR = [1, 2, 3, 4]
/** A planned price and an A value below it. */
const openPrices = (max: number): fc.Arbitrary<{ plannedPriceWon: number, aValueWon: number }> => amountsTo(max)
  .chain((plannedPriceWon) => fc.integer({ min: 0, max: plannedPriceWon - 1 }).map((aValueWon) => ({ plannedPriceWon, aValueWon })))
/** A planned price within ±10 % of the base amount, and a net cost up to the base amount. */
const netCosts = (max: number): fc.Arbitrary<{ netCostWon: number, baseAmountWon: number, plannedPriceWon: number }> =>
  fc.integer({ min: 10, max: Math.floor(max / 1.1) }).chain((baseAmountWon) => fc.record({
    baseAmountWon: fc.constant(baseAmountWon),
    netCostWon: fc.integer({ min: 1, max: baseAmountWon }),
    plannedPriceWon: fc.integer({ min: Math.ceil(baseAmountWon * 0.9), max: Math.floor(baseAmountWon * 1.1) })
  }))

/** A few won off whole thousands, so that a mean of four misses them by a quarter of a won. */
const aroundThousands = fc.tuple(fc.integer({ min: 1, max: MAX_AMOUNT_WON / 4000 - 1 }), fc.integer({ min: -1, max: 1 }))
  .map(([fours, won]) => fours * 4000 + won)

await t.test('every price equals the naive one, up to 10^15 won', async (t) => {
  holds(t, fc.property(fc.oneof(fours(amounts), fours(aroundThousands)), roundings, (prices, rounding) =>
    BigInt(plannedPrice(prices, FOUR, rounding)) === naivePlannedPrice(prices.map(BigInt), rounding)), { numRuns: RUNS })
  holds(t, fc.property(openPrices(MAX_AMOUNT_WON), rates, ({ plannedPriceWon, aValueWon }, floorRatePpm) =>
    BigInt(floorPrice({ plannedPriceWon, aValueWon, floorRatePpm })) ===
      naiveFloorPrice({ planned: BigInt(plannedPriceWon), aValue: BigInt(aValueWon), ratePpm: BigInt(floorRatePpm) })), { numRuns: RUNS })
  holds(t, fc.property(netCosts(MAX_AMOUNT_WON), (input) => BigInt(netCostFloor(input)) === naiveNetCostFloor({
    netCost: BigInt(input.netCostWon), base: BigInt(input.baseAmountWon), planned: BigInt(input.plannedPriceWon)
  })), { numRuns: RUNS })
  holds(t, fc.property(amounts, amounts, (amount, planned) => {
    const exact = naiveRate(BigInt(amount), BigInt(planned))
    return BigInt(bidRateMilliPercent(amount, planned)) === (exact > MAX_RATE_MILLI_PERCENT ? BigInt(MAX_RATE_MILLI_PERCENT) : exact)
  }), { numRuns: RUNS })
})

await t.test('the A value adds up all of its seven parts', async (t) => {
  const part = fc.nat(MAX_AMOUNT_WON / 10)
  const aValues = fc.option(fc.record({
    nationalPensionWon: part,
    healthInsuranceWon: part,
    longTermCareWon: part,
    retirementMutualAidWon: part,
    industrialSafetyWon: part,
    safetyManagementWon: part,
    qualityManagementWon: part
  }))
  holds(t, fc.property(aValues, (aValue) => BigInt(aValueWon({ aValue })) === naiveAValue(aValue)), { numRuns: RUNS })
})

await t.test('the draw equals the naive one, however few numbers are picked, and needs no order', async (t) => {
  const picks = fc.integer({ min: 2, max: 15 }).chain((numbers) => fc.array(picksAmong(numbers), { maxLength: 60, size: 'max' }))
  holds(t, fc.property(picks, (picks) => {
    const [counts, naive] = [countPicks(picks), naiveCounts(picks)]
    const turned = countPicks(picks.map(([first, second]) => [second, first] as const).reverse())
    return same([counts, drawNumbers(counts)], [naive, naiveDraw(naive)]) && same(turned, counts)
  }), { numRuns: RUNS })
  const counts = fc.array(fc.nat(4), { minLength: 15, maxLength: 15 })
  holds(t, fc.property(counts, fc.nat(1_000_000), (counts, more) =>
    same(drawNumbers(counts), drawNumbers(counts.map((count) => count + more)))), { numRuns: RUNS })
})

await t.test('remarks and ranks equal the naive ones on any limits', async (t) => {
  const near = fc.integer({ min: 1, max: 12 }) // twelve amounts only: most of them meet a limit or each other
  const limit = fc.option(near)
  const lists = fc.array(near, { maxLength: 30, size: 'max' })
  holds(t, fc.property(lists, limit, limit, limit, (list, plannedPriceWon, low, netCostFloorWon) => {
    const floorPriceWon = low === null ? null : Math.min(low, plannedPriceWon ?? low)
    const big = (won: number | null): bigint | null => won === null ? null : BigInt(won)
    const limits = { planned: big(plannedPriceWon), floor: big(floorPriceWon), netCostFloor: big(netCostFloorWon) }
    const bids = [...list].sort((a, b) => a - b).map((won) => ({ amount: BigInt(won), remark: naiveRemark(BigInt(won), limits) }))
    const remarks = bids.map(({ amount }) => classify(Number(amount), { plannedPriceWon, floorPriceWon, netCostFloorWon }))
    const valid = bids.filter(({ remark }) => remark === 'normal')
    const ranks = competitionRanks(valid.map(({ amount }) => Number(amount)))
    return same([remarks, ranks], [bids.map(({ remark }) => remark), valid.map((bid) => naiveRank(bid, bids))])
  }), { numRuns: RUNS })
})

await t.test('times a factor: exactly so where nothing is rounded, and never more than rounding takes elsewhere', async (t) => {
  const max = MAX_AMOUNT_WON / MAX_FACTOR
  const factors = fc.integer({ min: 2, max: MAX_FACTOR })
  /** once × factor and the scaled result are the same where the first was exact; a value rounded up loses less than the factor. */
  const scales = (once: number, after: number, factor: number, isExact: boolean): boolean =>
    isExact ? after === once * factor : after <= once * factor && after > (once - 1) * factor
  holds(t, fc.property(fours(amountsTo(max)), factors, (prices, factor) => {
    const [once, after] = [prices, prices.map((won) => won * factor)].map((four) => plannedPrice(four, FOUR, 'up-1'))
    return scales(once ?? 0, after ?? 0, factor, prices.reduce((sum, won) => sum + won) % 4 === 0)
  }), { numRuns: RUNS })
  holds(t, fc.property(openPrices(max), rates, factors, ({ plannedPriceWon: planned, aValueWon: a }, floorRatePpm, factor) => {
    const once = floorPrice({ plannedPriceWon: planned, aValueWon: a, floorRatePpm })
    const after = floorPrice({ plannedPriceWon: planned * factor, aValueWon: a * factor, floorRatePpm })
    return scales(once, after, factor, BigInt(planned - a) * BigInt(floorRatePpm) % 1_000_000n === 0n)
  }), { numRuns: RUNS })
  holds(t, fc.property(netCosts(max), factors, (net, factor) => {
    const once = netCostFloor(net)
    const after = netCostFloor({
      netCostWon: net.netCostWon * factor, baseAmountWon: net.baseAmountWon * factor, plannedPriceWon: net.plannedPriceWon * factor
    })
    return after <= once * factor && after > (once - 2) * factor // two roundings, the first one then taken to 98 %
  }), { numRuns: RUNS })
  holds(t, fc.property(amountsTo(max), amountsTo(max), factors, (amount, planned, factor) =>
    bidRateMilliPercent(amount, planned) === bidRateMilliPercent(amount * factor, planned * factor)), { numRuns: RUNS })
})

await t.test('more in, never less out', async (t) => {
  const more = fc.tuple(amounts, amounts).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
  holds(t, fc.property(fours(amounts), more, roundings, ([, ...three], [low, high], rounding) =>
    plannedPrice([low, ...three], FOUR, rounding) <= plannedPrice([high, ...three], FOUR, rounding)), { numRuns: RUNS })
  holds(t, fc.property(openPrices(MAX_AMOUNT_WON), rates, rates, fc.nat(1_000_000_000), (price, one, other, more) => {
    const floorAt = (floorRatePpm: number, plannedPriceWon = price.plannedPriceWon): number => floorPrice({ ...price, plannedPriceWon, floorRatePpm })
    const [low, high] = [Math.min(one, other), Math.max(one, other)]
    const planned = Math.min(price.plannedPriceWon + more, MAX_AMOUNT_WON)
    return floorAt(low) <= floorAt(high) && floorAt(low) <= floorAt(low, planned) &&
      floorAt(high) <= price.plannedPriceWon && floorAt(low) > price.aValueWon
  }), { numRuns: RUNS })
  holds(t, fc.property(more, amounts, ([low, high], planned) =>
    bidRateMilliPercent(low, planned) <= bidRateMilliPercent(high, planned) &&
      bidRateMilliPercent(planned, low) >= bidRateMilliPercent(planned, high)), { numRuns: RUNS })
  holds(t, fc.property(netCosts(MAX_AMOUNT_WON), fc.nat(1_000_000_000), (net, less) => {
    const lower = netCostFloor({ ...net, netCostWon: Math.max(1, net.netCostWon - less) })
    return lower <= netCostFloor(net) && netCostFloor(net) <= Math.ceil(net.plannedPriceWon * 0.98) + 1
  }), { numRuns: RUNS })
})

const plans = fc.constantFrom<PriceTerms['slotPlan']>('equal-15', 'upper-7', 'upper-8')
/** How many of the 15 slots lie at or below the base amount; null where the plan knows no middle. */
const LOWER_SLOTS = { 'equal-15': null, 'upper-7': 8, 'upper-8': 7 }
const slotTerms = fc.record({
  baseAmountWon: fc.oneof(fc.integer({ min: 1_000_000, max: 1_000_000_000 }), fc.integer({ min: MAX_BASE_WON - 1000, max: MAX_BASE_WON })),
  rangePpm: fc.constantFrom(20_000, 30_000),
  slotPlan: plans,
  priceUnitWon: fc.constantFrom(1, 10, 100, 1000)
})

await t.test('slots: side by side over the whole range, equally wide, the base amount between the halves', async (t) => {
  holds(t, fc.property(slotTerms, (price) => {
    const slots = priceSlots(price)
    const [base, unit, range] = [BigInt(price.baseAmountWon), BigInt(price.priceUnitWon), BigInt(price.rangePpm)]
    const lowest = ceilingOf({ over: base * (1_000_000n - range), under: 1_000_000n })
    const highest = floorOf({ over: base * (1_000_000n + range), under: 1_000_000n })
    const [first, last] = [BigInt(slots[0]?.first ?? 0) * unit, BigInt(slots[14]?.last ?? 0) * unit]
    // a slot is above its lower bound, so the lowest won itself is in none
    const isWhole = first > lowest && first - unit <= lowest && last <= highest && last + unit > highest
    const lower = LOWER_SLOTS[price.slotPlan]
    const halves = lower === null ? [slots] : [slots.slice(0, lower), slots.slice(lower)]
    const isEven = halves.every((half) => {
      const sizes = half.map((slot) => slot.last - slot.first + 1)
      return Math.max(...sizes) - Math.min(...sizes) <= 1
    })
    const isSplit = lower === null || BigInt(slots[lower - 1]?.last ?? 0) === base / unit
    return slots.length === 15 && isWhole && isEven && isSplit && slots.every(({ first }, i) => i === 0 || first === (slots[i - 1]?.last ?? 0) + 1)
  }), { numRuns: RUNS })
})

await t.test('preliminary prices: one of each slot in whole units; times a factor with the unit, where the bounds are whole', async (t) => {
  const made = (price: Partial<PriceTerms>, seed: bigint): number[] => derivePreliminaryPrices(makeTerms({ price }).price, seededSource(seed))
  holds(t, fc.property(slotTerms, seeds, (price, seed) => {
    const rising = made(price, seed).sort((a, b) => a - b)
    return priceSlots(price).every(({ first, last }, i) => {
      const won = rising[i] ?? 0
      return won % price.priceUnitWon === 0 && won >= first * price.priceUnitWon && won <= last * price.priceUnitWon
    })
  }), { numRuns: RUNS })
  // 15, 7 and 8 divide both ranges of every multiple of 42,000,000 won
  const whole = fc.record({ grains: fc.integer({ min: 1, max: 100 }), slotPlan: plans, rangePpm: fc.constantFrom(20_000, 30_000) })
  holds(t, fc.property(whole, fc.integer({ min: 2, max: 1000 }), seeds, ({ grains, ...plan }, factor, seed) => {
    const price = { ...plan, baseAmountWon: grains * 42_000_000, priceUnitWon: 100 }
    const large = { ...plan, baseAmountWon: price.baseAmountWon * factor, priceUnitWon: price.priceUnitWon * factor }
    return same(made(large, seed), made(price, seed).map((won) => won * factor))
  }), { numRuns: RUNS })
})
