/**
 * Chance is even: Pearson's chi-squared test on everything that is drawn, with fixed seeds. Each test states its degrees of
 * freedom; the critical values are those of 0.1 %, so one seed in a thousand would fail by chance, and these do not.
 */
import t, { type Test } from 'tap'
import { derivePreliminaryPrices, priceSlots, type RandomSource, uniform } from '../../../src/domain/draw.ts'
import type { PriceTerms } from '../../../src/domain/notice.ts'
import { openTender } from '../../../src/domain/open-tender.ts'
import { makeTerms, openBid } from '../../support/notice-terms.ts'
import { seededSource } from '../../support/seeded-source.ts'

const SEED = 20_260_130n
const ROUNDS = 6000

/** Σ (observed − expected)² ÷ expected over cells that are all equally likely. */
function chiSquared (counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** Critical values of chi-squared at 0.1 %, by degrees of freedom. */
const CRITICAL = { 2: 13.82, 5: 20.52, 6: 22.46, 9: 27.88, 12: 32.91, 13: 34.53, 14: 36.12, 97: 145.79, 135: 191.52, 196: 262.92 } as const

function below (t: Test, statistic: number, degrees: keyof typeof CRITICAL): void {
  t.ok(statistic < CRITICAL[degrees], `chi-squared ${statistic.toFixed(1)} with ${degrees} degrees of freedom, critical ${CRITICAL[degrees]}`)
}

function filled (length: number, value: number): number[] {
  return new Array<number>(length).fill(value)
}

function count (counts: number[] | undefined, cell: number): void {
  if (counts?.[cell] === undefined) throw new Error(`no cell ${cell}`)
  counts[cell] += 1
}

/** Terms whose slots hold the same few prices each, or seven and eight in the two halves; n slots of m prices have n × (m − 1) degrees. */
const FEW_A_SLOT: ReadonlyArray<{ price: Partial<PriceTerms>, sizes: number[], degrees: keyof typeof CRITICAL }> = [
  { price: { slotPlan: 'equal-15', baseAmountWon: 37_500, priceUnitWon: 10 }, sizes: filled(15, 10), degrees: 135 },
  { price: { slotPlan: 'equal-15', baseAmountWon: 2_500_000, rangePpm: 30_000, priceUnitWon: 1000 }, sizes: filled(15, 10), degrees: 135 },
  { price: { slotPlan: 'upper-7', baseAmountWon: 2_800_000, priceUnitWon: 1000 }, sizes: [...filled(8, 7), ...filled(7, 8)], degrees: 97 },
  { price: { slotPlan: 'upper-8', baseAmountWon: 2_800_000, priceUnitWon: 1000 }, sizes: [...filled(7, 8), ...filled(8, 7)], degrees: 97 }
]

await t.test('positions: every price of every slot equally often (135 or 97 degrees of freedom)', async (t) => {
  for (const { price: change, sizes, degrees } of FEW_A_SLOT) {
    const { price } = makeTerms({ price: change })
    const slots = priceSlots(price)
    t.same(slots.map(({ first, last }) => last - first + 1), sizes)
    const source = seededSource(SEED)
    const positions = sizes.map((size) => filled(size, 0))
    for (let round = 0; round < ROUNDS; round++) {
      const rising = derivePreliminaryPrices(price, source).sort((a, b) => a - b)
      slots.forEach(({ first }, i) => count(positions[i], (rising[i] ?? 0) / price.priceUnitWon - first))
    }
    below(t, positions.map(chiSquared).reduce((sum, value) => sum + value), degrees)
  }
})

await t.test('numbers: every slot under every number equally often, and no number tells the next', async (t) => {
  const { price } = makeTerms()
  const source = seededSource(SEED)
  const numbers = Array.from({ length: 15 }, () => filled(15, 0))
  const apart = filled(14, 0)
  for (let round = 0; round < ROUNDS; round++) {
    const prices = derivePreliminaryPrices(price, source)
    const rising = [...prices].sort((a, b) => a - b)
    const numbered = rising.map((won) => prices.indexOf(won))
    numbered.forEach((number, slot) => count(numbers[slot], number))
    const [first, second] = numbered
    count(apart, ((second ?? 0) - (first ?? 0) + 15) % 15 - 1)
  }
  // rows and columns both add up to the rounds: 14 × 14 degrees of freedom, and the sum over a table of permutations is 15/14 of chi-squared
  below(t, chiSquared(numbers.flat()) * 14 / 15, 196)
  below(t, chiSquared(apart), 13)
})

await t.test('equal lowest bids: every order of three equally often (5 degrees), each of seven first equally often (6)', async (t) => {
  const drawn = (bidders: number, seed: bigint): number[] => {
    const bids = Array.from({ length: bidders }, (_, i) => openBid(i, 95_000_000))
    const { tieOrder } = openTender({
      terms: makeTerms(), bids, preliminaryPricesWon: filled(15, 100_000_000), tieSource: seededSource(seed)
    })
    return tieOrder.map((id) => bids.findIndex(({ supplierId }) => supplierId === id))
  }
  const orders = new Map(['012', '021', '102', '120', '201', '210'].map((order) => [order, 0]))
  const firsts = filled(7, 0)
  for (let round = 0; round < ROUNDS; round++) {
    const order = drawn(3, SEED + BigInt(round)).join('')
    orders.set(order, (orders.get(order) ?? 0) + 1)
    count(firsts, drawn(7, SEED + BigInt(round))[0] ?? -1)
  }
  t.equal(orders.size, 6)
  below(t, chiSquared([...orders.values()]), 5)
  below(t, chiSquared(firsts), 6)
})

/**
 * Bounds that do not divide 2^64, most of them with a long tail of words that must be thrown away, and the cells into which
 * the numbers below them fall: one degree of freedom fewer.
 */
const AWKWARD: ReadonlyArray<{ bound: bigint, cells: number, degrees: keyof typeof CRITICAL }> = [
  { bound: 3n, cells: 3, degrees: 2 }, { bound: 7n, cells: 7, degrees: 6 }, { bound: 13n, cells: 13, degrees: 12 },
  { bound: 15n, cells: 15, degrees: 14 }, { bound: 1000n, cells: 10, degrees: 9 }, { bound: 10n ** 15n, cells: 10, degrees: 9 },
  { bound: 3n * 2n ** 51n, cells: 3, degrees: 2 }
]

/** Only the last whole run of the bound's words and the tail behind it, where rejection decides. */
function lastWords (bound: bigint): RandomSource {
  const source = seededSource(SEED)
  const size = bound + 2n ** 64n % bound
  return { next64: () => 2n ** 64n - size + source.next64() % size }
}

await t.test('rejection: even on awkward bounds, among the very words that would bias them', async (t) => {
  for (const { bound, cells, degrees } of AWKWARD) {
    const cellOf = (number: bigint): number => Number(number * BigInt(cells) / bound)
    const [kept, biased] = [filled(cells, 0), filled(cells, 0)]
    const [source, same] = [lastWords(bound), lastWords(bound)]
    for (let round = 0; round < ROUNDS; round++) {
      count(kept, cellOf(BigInt(uniform(source, Number(bound)))))
      count(biased, cellOf(same.next64() % bound))
    }
    below(t, chiSquared(kept), degrees)
    t.ok(chiSquared(biased) > CRITICAL[degrees], `${bound}: the remainder alone would be seen`)
  }
})
