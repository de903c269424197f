/**
 * The draws: no modulo bias, uniform by chi-squared with fixed seeds, the slots of every plan, published draws with their
 * ties, and the exact words that a second program must read.
 */
import fc from 'fast-check'
import t from 'tap'
import type { Picks } from '../../src/domain/bid.ts'
import {
  countPicks, derivePreliminaryPrices, drawNumbers, drawOrder, plannedPrice, priceRange, priceSlots, shuffle, uniform
} from '../../src/domain/draw.ts'
import type { PriceTerms } from '../../src/domain/notice.ts'
import { holds } from '../support/holds.ts'
import { makeTerms } from '../support/notice-terms.ts'
import { listedSource, seededSource } from '../support/seeded-source.ts'
import vectors from '../vectors/formulas-koneps.json' with { type: 'json' }

const LAST_WORD = 2n ** 64n - 1n
/** Critical values of chi-squared at 0.1 %, by degrees of freedom. */
const CRITICAL = { 14: 36.12, 23: 49.73, 9: 27.88 } as const

function chiSquared (counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function tally (size: number, rounds: number, draw: () => number): number[] {
  const counts = new Array<number>(size).fill(0)
  for (let i = 0; i < rounds; i++) counts[draw()]! += 1 // eslint-disable-line @typescript-eslint/no-non-null-assertion
  return counts
}

await t.test('uniform rejects the words that would bias it', async (t) => {
  // 2^64 = 15 × 1229782938247303441 + 1: the last word alone is thrown away
  t.equal(uniform(listedSource([LAST_WORD, 7n]), 15), 7)
  t.equal(uniform(listedSource([LAST_WORD - 1n]), 15), 14)
  const source = listedSource([3n, 4n])
  t.equal(uniform(source, 1), 0)
  t.equal(source.left(), 1, 'a choice of one reads a word')
  t.equal(uniform(listedSource([LAST_WORD]), 2 ** 53), 2 ** 53 - 1)
  for (const n of [0, -1, 1.5, 2 ** 53 + 2, Number.NaN]) t.throws(() => uniform(listedSource([1n]), n), /invariant/, String(n))
})

await t.test('uniform is uniform', async (t) => {
  const source = seededSource(20260130n)
  t.ok(chiSquared(tally(15, 30_000, () => uniform(source, 15))) < CRITICAL[14])
  const large = 3 * 2 ** 51
  t.ok(chiSquared(tally(10, 20_000, () => Math.floor(uniform(source, large) / (large / 10)))) < CRITICAL[9])
})

await t.test('shuffle: every order equally likely, nothing lost', async (t) => {
  const source = seededSource(7n)
  const orders = new Map<string, number>()
  for (let i = 0; i < 24_000; i++) {
    const order = shuffle(['a', 'b', 'c', 'd'], source).join('')
    orders.set(order, (orders.get(order) ?? 0) + 1)
  }
  t.equal(orders.size, 24)
  t.ok(chiSquared([...orders.values()]) < CRITICAL[23])
  t.same(shuffle(['a', 'b', 'c'], listedSource([0n, 1n])), ['c', 'b', 'a'], 'i = 2 with word 0, then i = 1 with word 1')
  t.same(shuffle([], listedSource([])), [])
  t.same(shuffle(['a'], listedSource([])), ['a'])
})

await t.test('drawOrder does not see the order given', async (t) => {
  holds(t, fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.bigInt({ min: 0n, max: LAST_WORD }), (ids, seed) => {
    const drawn = drawOrder(ids, seededSource(seed))
    const again = drawOrder([...ids].reverse(), seededSource(seed))
    return JSON.stringify(drawn) === JSON.stringify(again) && JSON.stringify([...drawn].sort()) === JSON.stringify([...ids].sort())
  }))
})

const somePrice = fc.record({
  baseAmountWon: fc.integer({ min: 1_000_000, max: 970_000_000_000_000 }),
  rangePpm: fc.constantFrom(20_000, 30_000),
  slotPlan: fc.constantFrom<PriceTerms['slotPlan']>('equal-15', 'upper-7', 'upper-8'),
  priceUnitWon: fc.constantFrom(1, 10, 100, 1000)
}).map((price) => makeTerms({ price }).price)
const seeds = fc.bigInt({ min: 0n, max: LAST_WORD })

await t.test('15 prices: in range, in the unit, all different, as many above the base amount as the plan says', async (t) => {
  holds(t, fc.property(somePrice, seeds, (price, seed) => {
    const base = price.baseAmountWon ?? 0
    const prices = derivePreliminaryPrices(price, seededSource(seed))
    const { lowestWon, highestWon } = priceRange(base, price.rangePpm)
    const above = prices.filter((won) => won > base).length
    const wanted = { 'equal-15': [7, 8], 'upper-7': [7], 'upper-8': [8] }[price.slotPlan]
    return new Set(prices).size === 15 && wanted.includes(above) &&
      prices.every((won) => won >= lowestWon && won <= highestWon && won % price.priceUnitWon === 0)
  }))
})

await t.test('the prices by the documented algorithm, written again', async (t) => {
  holds(t, fc.property(somePrice, seeds, (price, seed) => {
    const base = BigInt(price.baseAmountWon ?? 0)
    const [million, range, unit] = [1_000_000n, BigInt(price.rangePpm), BigInt(price.priceUnitWon)]
    const low = (base * (million - range) + million - 1n) / million
    const high = base * (million + range) / million
    const split = (from: bigint, to: bigint, n: bigint): bigint[] => Array.from({ length: Number(n) }, (_, i) => from + (to - from) * BigInt(i) / n)
    const above = price.slotPlan === 'upper-7' ? 7n : 8n
    const bounds = price.slotPlan === 'equal-15'
      ? [...split(low, high, 15n), high]
      : [...split(low, base, 15n - above), ...split(base, high, above), high]
    const source = seededSource(seed)
    const below = (n: bigint): bigint => {
      for (;;) {
        const word = source.next64()
        if (word < 2n ** 64n / n * n) return word % n
      }
    }
    const numbered: bigint[] = []
    for (let slot = 0; slot < 15; slot++) {
      const [from, to] = [bounds[slot] ?? 0n, bounds[slot + 1] ?? 0n]
      const count = to / unit - from / unit
      numbered.push((from / unit + 1n + below(count)) * unit)
    }
    for (let i = 14; i > 0; i--) {
      const j = Number(below(BigInt(i + 1)))
      const [a, b] = [numbered[i] ?? 0n, numbered[j] ?? 0n]
      numbered[i] = b
      numbered[j] = a
    }
    return JSON.stringify(derivePreliminaryPrices(price, seededSource(seed))) === JSON.stringify(numbered.map(Number))
  }))
})

await t.test('every price of a slot and every number of a slot equally likely', async (t) => {
  const { price } = makeTerms({ price: { baseAmountWon: 37_500, priceUnitWon: 10 } }) // slots of ten prices each
  t.same(priceSlots(price).map(({ first, last }) => last - first + 1), new Array(15).fill(10))
  const source = seededSource(99n)
  const lowest = priceSlots(price)[0]?.first ?? 0
  const places = new Array<number>(10).fill(0)
  const numbers = new Array<number>(15).fill(0)
  for (let i = 0; i < 6000; i++) {
    const prices = derivePreliminaryPrices(price, source)
    const smallest = Math.min(...prices)
    places[smallest / 10 - lowest]! += 1 // eslint-disable-line @typescript-eslint/no-non-null-assertion
    numbers[prices.indexOf(smallest)]! += 1 // eslint-disable-line @typescript-eslint/no-non-null-assertion
  }
  t.ok(chiSquared(places) < CRITICAL[9])
  t.ok(chiSquared(numbers) < CRITICAL[14])
})

await t.test('a unit too coarse for the range is a broken invariant here', async (t) => {
  t.throws(() => derivePreliminaryPrices(makeTerms({ price: { baseAmountWon: 20_000 } }).price, seededSource(1n)), /invariant/)
})

await t.test('published draws: ties go to the lowest number', async (t) => {
  for (const { noticeNo, prices, pickCounts, drawnNumbers, plannedPrice: published } of vectors.draws) {
    const drawn = drawNumbers(pickCounts)
    t.same([...drawn].sort((a, b) => a - b), drawnNumbers, noticeNo)
    t.equal(plannedPrice(prices, drawn, 'up-1'), published, noticeNo)
  }
})

await t.test('counting and drawing', async (t) => {
  const picks: Picks[] = [[3, 15], [3, 1], [15, 3]]
  t.same(countPicks(picks), [1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2])
  t.same(drawNumbers(countPicks(picks)), [3, 15, 1, 2], 'fewer than four picked: the lowest unpicked fills up')
  t.same(drawNumbers(countPicks([])), [1, 2, 3, 4])
  t.throws(() => countPicks([[16, 1]]), /invariant/)
})

await t.test('planned price: each rounding', async (t) => {
  const prices = [1_000_001, 1_000_000, 1_000_000, 1_000_000]
  t.equal(plannedPrice(prices, [1, 2, 3, 4], 'up-1'), 1_000_001)
  t.equal(plannedPrice(prices, [1, 2, 3, 4], 'down-1'), 1_000_000)
  t.equal(plannedPrice(prices, [1, 2, 3, 4], 'up-1000'), 1_001_000)
  t.equal(plannedPrice([5000], [1], 'up-1000'), 5000)
  t.equal(plannedPrice(new Array<number>(4).fill(10 ** 15), [1, 2, 3, 4], 'up-1'), 10 ** 15)
  t.throws(() => plannedPrice(prices, [5], 'up-1'), /invariant/)
})

await t.test('planned price scales with the prices', async (t) => {
  const four = fc.array(fc.integer({ min: 1, max: 10_000_000 }).map((units) => units * 100), { minLength: 4, maxLength: 4 })
  holds(t, fc.property(four, fc.integer({ min: 1, max: 100_000 }), (prices, factor) => {
    const scaled = prices.map((won) => won * factor)
    return plannedPrice(scaled, [1, 2, 3, 4], 'up-1') === plannedPrice(prices, [1, 2, 3, 4], 'up-1') * factor
  }))
})
