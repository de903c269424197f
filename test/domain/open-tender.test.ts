/**
 * The opening: every outcome, every remark, ties, unusable prices; and against a second, deliberately naive
 * implementation that knows the rules only from docs/rules.md, on generated tenders.
 */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON, type OpenedBid, type Picks } from '../../src/domain/bid.ts'
import { drawOrder } from '../../src/domain/draw.ts'
import type { SupplierId } from '../../src/domain/ids.ts'
import type { NoticeTerms } from '../../src/domain/notice.ts'
import { arePricesUsable, openTender, type OpenedTender } from '../../src/domain/open-tender.ts'
import { holds } from '../support/holds.ts'
import { aValueOf, makeTerms, openBid, supplier, voidBid } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

const PRICES = Array.from({ length: 15 }, (_, i) => 98_500_000 + i * 200_000)
const open = (bids: readonly OpenedBid[], terms: NoticeTerms = makeTerms(), prices: readonly number[] | null = PRICES): OpenedTender =>
  openTender({ terms, bids, preliminaryPricesWon: prices, tieSource: seededSource(5n) })
const outcomeOf = ({ outcome, outcomeReason, tieOrder }: OpenedTender): unknown[] => [outcome, outcomeReason, tieOrder.length]
const ranksOf = ({ rows }: OpenedTender): unknown[] => rows.map(({ rank, amountWon, remark }) => [rank, amountWon, remark])

// picks 1 and 2 only: numbers 1 to 4 are drawn, their mean is 98,800,000, the floor 86,944,000
const PLANNED = 98_800_000
const FLOOR = 86_944_000

await t.test('rows: valid by rank, then those above the planned price, others by amount, void as accepted', async (t) => {
  const opened = open([
    voidBid(0, 'undecryptable'), openBid(1, PLANNED + 1), openBid(2, FLOOR - 1), openBid(3, PLANNED), openBid(4, FLOOR), openBid(5, FLOOR - 1),
    voidBid(6, 'withdrawn'), openBid(7, FLOOR + 1), voidBid(8, 'superseded')
  ])
  t.equal(opened.prices.plannedPriceWon, PLANNED)
  t.equal(opened.prices.floorPriceWon, FLOOR)
  t.same(opened.prices.drawnNumbers, [1, 2, 3, 4])
  t.same(ranksOf(opened), [
    [1, FLOOR, 'normal'], [2, FLOOR + 1, 'normal'], [3, PLANNED, 'normal'],
    [4, PLANNED + 1, 'abovePlanned'], [null, FLOOR - 1, 'belowFloor'], [null, FLOOR - 1, 'belowFloor'],
    [null, null, 'void'], [null, null, 'withdrawn'], [null, null, 'void']
  ])
  t.same(opened.rows.map(({ voidReason }) => voidReason).filter((reason) => reason !== null), ['undecryptable', 'withdrawn', 'superseded'])
  t.same(opened.rows.slice(4, 6).map(({ supplierId }) => supplierId), [supplier(2), supplier(5)], 'equals below the floor in order of acceptance')
  t.same(outcomeOf(opened), ['ranked', null, 1])
  t.match(opened.rows[0], { supplierId: supplier(4), bidRateMilliPercent: 88_000, picks: [1, 2], acceptedAt: /^\d{4}-\d\d-\d\dT.*\+09:00$/ })
})

await t.test('outcomes', async (t) => {
  const above = PLANNED + 1
  const cases: Array<[string, OpenedBid[], unknown[]]> = [
    ['no bids', [], ['failed', 'no-bids', 0]],
    ['all void', [voidBid(0, 'withdrawn'), voidBid(1, 'undecryptable')], ['failed', 'fewer-than-two-valid', 0]],
    ['one bid', [openBid(0, FLOOR)], ['failed', 'fewer-than-two-valid', 0]],
    ['one bid and a withdrawn one', [openBid(0, FLOOR), voidBid(1, 'withdrawn')], ['failed', 'fewer-than-two-valid', 0]],
    ['one above the planned price', [openBid(0, above)], ['failed', 'fewer-than-two-valid', 0]],
    ['a valid one and one below the floor', [openBid(0, FLOOR), openBid(1, 1)], ['ranked', null, 1]],
    ['a valid one and one above', [openBid(0, FLOOR), openBid(1, above)], ['ranked', null, 1]],
    ['all above', [openBid(0, above), openBid(1, MAX_AMOUNT_WON)], ['rebid', 'all-above-planned', 0]],
    ['all above and one void', [openBid(0, above), openBid(1, above), voidBid(2, 'withdrawn')], ['rebid', 'all-above-planned', 0]],
    ['all below the floor', [openBid(0, 1), openBid(1, 2)], ['failed', 'no-valid-amount', 0]],
    ['below and above', [openBid(0, 1), openBid(1, above)], ['failed', 'no-valid-amount', 0]]
  ]
  for (const [name, bids, expected] of cases) t.same(outcomeOf(open(bids)), expected, name)
})

await t.test('below-floor bids count towards the two unless the policy says otherwise', async (t) => {
  const bids = [openBid(0, FLOOR), openBid(1, FLOOR - 1)]
  const strict = openTender({
    terms: makeTerms(), bids, preliminaryPricesWon: PRICES, tieSource: seededSource(5n), competition: { minimumBids: 2, belowFloorCounts: false }
  })
  t.same(outcomeOf(strict), ['failed', 'fewer-than-two-valid', 0])
  const competition = { minimumBids: 1, belowFloorCounts: true }
  const single = openTender({ terms: makeTerms(), bids: bids.slice(0, 1), preliminaryPricesWon: PRICES, tieSource: seededSource(5n), competition })
  t.same(outcomeOf(single), ['ranked', null, 1])
})

await t.test('equal bids: the draw decides, the lowest group first', async (t) => {
  const bids = [openBid(0, FLOOR + 5), openBid(1, FLOOR), openBid(2, FLOOR + 5), openBid(3, FLOOR), openBid(4, FLOOR), openBid(5, PLANNED)]
  const opened = open(bids)
  const source = seededSource(5n)
  const lowest = drawOrder([supplier(1), supplier(3), supplier(4)], source)
  const second = drawOrder([supplier(0), supplier(2)], source)
  t.same(opened.tieOrder, lowest)
  t.same(opened.rows.map(({ supplierId }) => supplierId), [...lowest, ...second, supplier(5)])
  t.same(opened.rows.map(({ rank }) => rank), [1, 1, 1, 4, 4, 6])
})

await t.test('limits that the notice sets', async (t) => {
  const bids = [openBid(0, 90_000_000), openBid(1, 95_000_000)]
  const opened = open(bids, makeTerms({ aValue: aValueOf(10_000_000), netCostWon: 93_000_000 }))
  t.equal(opened.prices.floorPriceWon, 88_144_000)
  t.equal(opened.prices.netCostFloorWon, Math.ceil(93_000_000 * 0.988 * 0.98))
  t.same(ranksOf(opened), [[1, 95_000_000, 'normal'], [null, 90_000_000, 'belowNetCost']])
  t.equal(open(bids, makeTerms({ floorRatePpm: 0 })).prices.floorPriceWon, null)
})

await t.test('price methods without a draw', async (t) => {
  const bids = [openBid(0, 80_000_000, null), openBid(1, 95_000_000, null), openBid(2, 99_000_000, null)]
  const single = open(bids, makeTerms({ price: { method: 'single-sealed' } }), [98_765_432])
  t.match(single.prices, { preliminaryPricesWon: [98_765_432], pickCounts: [], drawnNumbers: [], plannedPriceWon: 98_765_432 })
  t.same(ranksOf(single), [[1, 95_000_000, 'normal'], [2, 99_000_000, 'abovePlanned'], [null, 80_000_000, 'belowFloor']])
  const none = open(bids, makeTerms({ price: { method: 'none', baseAmountWon: null }, floorRatePpm: 0 }), null)
  t.match(none.prices, { preliminaryPricesWon: [], plannedPriceWon: null, floorPriceWon: null, netCostFloorWon: null })
  t.same(none.rows.map(({ rank, bidRateMilliPercent }) => [rank, bidRateMilliPercent]), [[1, null], [2, null], [3, null]])
})

await t.test('sealed prices that cannot be used', async (t) => {
  const terms = makeTerms({ price: { method: 'multiple-sealed' } })
  const bids = [openBid(0, FLOOR), openBid(1, PLANNED), voidBid(2, 'withdrawn')]
  const unusable: Array<readonly number[] | null> = [null, [], PRICES.slice(1), [...PRICES, 99_000_000], [97_999_999, ...PRICES.slice(1)],
    [102_000_001, ...PRICES.slice(1)], [0, ...PRICES.slice(1)], [99_000_000.5, ...PRICES.slice(1)]]
  for (const prices of unusable) {
    const opened = open(bids, terms, prices)
    t.same(outcomeOf(opened), ['failed', 'sealed-prices-invalid', 0], JSON.stringify(prices))
    t.same(ranksOf(opened), [[null, PLANNED, 'unpriced'], [null, FLOOR, 'unpriced'], [null, null, 'withdrawn']])
  }
  t.same(open(bids, terms, null).prices.pickCounts.slice(0, 3), [2, 2, 0], 'the picks are counted all the same')
  t.same(outcomeOf(open([], terms, null)), ['failed', 'no-bids', 0], 'no bids is the plainer reason')
  t.ok(arePricesUsable(terms.price, [98_000_000, 102_000_000, ...PRICES.slice(2)]), 'both ends of the range belong to it')
  t.notOk(arePricesUsable(makeTerms({ price: { method: 'single-sealed' } }).price, [5_000_000], 5_000_000), 'a price at the A value leaves nothing to compete on')
})

interface NaiveRow { id: SupplierId, amount: number | null, rank: number | null, remark: string, rate: number | null }

interface NaiveOpening { planned: bigint, floor: bigint, drawn: number[], rows: NaiveRow[] }

/** The rules word for word, with no care for speed: quadratic ranks, exact fractions by BigInt. */
function naiveOpening (terms: NoticeTerms, bids: readonly OpenedBid[], prices: readonly number[]): NaiveOpening {
  const drawn: number[] = []
  const pickedBy = (n: number): number => bids.filter((bid) => bid.outcome === 'open' && bid.content.picks?.includes(n) === true).length
  while (drawn.length < 4) {
    let best = 0
    for (let n = 15; n >= 1; n--) if (!drawn.includes(n) && (best === 0 || pickedBy(n) >= pickedBy(best))) best = n
    drawn.push(best)
  }
  const sum = drawn.map((n) => BigInt(prices[n - 1] ?? 0)).reduce((a, b) => a + b)
  const planned = sum % 4n === 0n ? sum / 4n : sum / 4n + 1n
  const [a, rate] = [BigInt(Object.values(terms.aValue ?? {}).reduce((sum, won) => sum + won, 0)), BigInt(terms.floorRatePpm)]
  let floor = (planned - a) * rate / 1_000_000n + a
  if ((floor - a) * 1_000_000n < (planned - a) * rate) floor += 1n
  const isValid = (won: number): boolean => BigInt(won) >= floor && BigInt(won) <= planned
  const valid = bids.flatMap((bid) => bid.outcome === 'open' && isValid(bid.content.amountWon) ? [bid.content.amountWon] : [])
  const above = bids.flatMap((bid) => bid.outcome === 'open' && BigInt(bid.content.amountWon) > planned ? [bid.content.amountWon] : [])
  const below = (amounts: readonly number[], won: number): number => amounts.filter((other) => other < won).length
  const rows = bids.map((bid): NaiveRow => {
    if (bid.outcome === 'void') return { id: bid.supplierId, amount: null, rank: null, remark: bid.reason === 'withdrawn' ? 'withdrawn' : 'void', rate: null }
    const won = bid.content.amountWon
    return {
      id: bid.supplierId,
      amount: won,
      rank: isValid(won) ? 1 + below(valid, won) : BigInt(won) > planned ? 1 + valid.length + below(above, won) : null,
      remark: isValid(won) ? 'normal' : BigInt(won) < floor ? 'belowFloor' : 'abovePlanned',
      rate: Math.min(Number(BigInt(won) * 100_000n / planned), 1_000_000_000)
    }
  })
  return { planned, floor, drawn, rows }
}

const picks = fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { minLength: 2, maxLength: 2 }).map(([a, b]) => [a, b] as unknown as Picks)
/** Amounts around the floor and the planned price, a few steps apart, so that ties and boundaries are common. */
const amount = (scale: number): fc.Arbitrary<number> => fc.oneof(
  fc.integer({ min: 860, max: 1030 }).map((permille) => permille * 100_000 * scale),
  fc.integer({ min: -3, max: 3 }).map((step) => (FLOOR + step) * scale),
  fc.integer({ min: 1, max: MAX_AMOUNT_WON })
)
const someBids = (scale: number): fc.Arbitrary<OpenedBid[]> => fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ won: amount(scale), pair: picks }).map(({ won, pair }) => (i: number) => openBid(i, won, pair)) },
  { weight: 1, arbitrary: fc.constantFrom('withdrawn', 'undecryptable', 'invalid-picks').map((reason) => (i: number) => voidBid(i, reason as 'withdrawn')) }
), { maxLength: 40 }).map((makers) => makers.map((make, i) => make(i)))
const tenders = fc.constantFrom(1, 1000, 9_000_000).chain((scale) => fc.record({
  terms: fc.tuple(fc.integer({ min: 800_000, max: 950_000 }), fc.integer({ min: 0, max: 20 })).map(([floorRatePpm, share]) => makeTerms({
    price: { method: 'multiple-sealed', baseAmountWon: 100_000_000 * scale, rangePpm: 30_000 },
    floorRatePpm,
    aValue: aValueOf(share * 1_234_567 * scale)
  })),
  bids: someBids(scale),
  prices: fc.array(fc.integer({ min: 97_000_000 * scale, max: 103_000_000 * scale }), { minLength: 15, maxLength: 15 })
}))

await t.test('agrees with the naive implementation, up to 10^15 won', async (t) => {
  holds(t, fc.property(tenders, ({ terms, bids, prices }) => {
    const opened = open(bids, terms, prices)
    const naive = naiveOpening(terms, bids, prices)
    const rows = opened.rows.map(({ supplierId, amountWon, rank, remark, bidRateMilliPercent }): NaiveRow =>
      ({ id: supplierId, amount: amountWon, rank, remark, rate: bidRateMilliPercent }))
    const byId = (a: NaiveRow, b: NaiveRow): number => a.id < b.id ? -1 : 1
    const facts = (x: { planned: unknown, floor: unknown, drawn: readonly number[], rows: NaiveRow[] }): string =>
      JSON.stringify([String(x.planned), String(x.floor), x.drawn, [...x.rows].sort(byId)])
    const { plannedPriceWon: planned, floorPriceWon: floor, drawnNumbers: drawn } = opened.prices
    return facts({ planned, floor, drawn, rows }) === facts(naive)
  }), { numRuns: 300 })
})

await t.test('the order of bids never matters', async (t) => {
  holds(t, fc.property(tenders, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), ({ terms, bids, prices }, seed) => {
    const source = seededSource(seed)
    const mixed = [...bids].map((bid) => ({ bid, key: source.next64() })).sort((a, b) => a.key < b.key ? -1 : 1).map(({ bid }) => bid)
    return JSON.stringify(open(bids, terms, prices)) === JSON.stringify(open(mixed, terms, prices))
  }))
})

await t.test('a lower valid amount never ranks worse', async (t) => {
  const cut = fc.record({ tender: tenders, who: fc.nat(), by: fc.integer({ min: 1, max: 5_000_000 }) })
  holds(t, fc.property(cut, ({ tender: { terms, bids, prices }, who, by }) => {
    const before = open(bids, terms, prices)
    const ranked = before.rows.filter(({ rank }) => rank !== null)
    const chosen = ranked[who % Math.max(ranked.length, 1)]
    if (chosen === undefined) return true
    const lower = Math.max((chosen.amountWon ?? 0) - by, before.prices.floorPriceWon ?? 1)
    const cutBids = bids.map((bid) => {
      return bid.outcome === 'open' && bid.supplierId === chosen.supplierId ? { ...bid, content: { ...bid.content, amountWon: lower } } : bid
    })
    const after = open(cutBids, terms, prices).rows.find(({ supplierId }) => supplierId === chosen.supplierId)
    return after !== undefined && after.rank !== null && after.rank <= (chosen.rank ?? 0)
  }))
})

await t.test('prices times ten: the same ranks and rates, everything ten times as much', async (t) => {
  const whole = fc.array(fc.integer({ min: 970_000, max: 1_030_000 }).map((hundreds) => hundreds * 4000), { minLength: 15, maxLength: 15 })
  holds(t, fc.property(whole, someBids(40), (prices, bids) => {
    const terms = (scale: number): NoticeTerms =>
      makeTerms({ price: { method: 'multiple-sealed', baseAmountWon: 4_000_000_000 * scale, rangePpm: 30_000 }, floorRatePpm: 880_000 })
    const small = bids.filter((bid) => bid.outcome === 'void' || bid.content.amountWon < 10 ** 14)
    const large = small.map((bid) => bid.outcome === 'void' ? bid : { ...bid, content: { ...bid.content, amountWon: bid.content.amountWon * 10 } })
    const once = open(small, terms(1), prices)
    const tenfold = open(large, terms(10), prices.map((won) => won * 10))
    const shape = ({ rows }: OpenedTender): string =>
      JSON.stringify(rows.map((row) => [row.supplierId, row.rank, row.remark, row.bidRateMilliPercent]))
    return shape(once) === shape(tenfold) && tenfold.prices.plannedPriceWon === (once.prices.plannedPriceWon ?? 0) * 10
  }))
})

await t.test('nothing overflows at the greatest amounts', async (t) => {
  const base = Math.floor(MAX_AMOUNT_WON / 1.03)
  const terms = makeTerms({
    price: { method: 'multiple-sealed', baseAmountWon: base, rangePpm: 30_000 }, aValue: aValueOf(base - 10 ** 14), netCostWon: base - 1
  })
  const highest = Math.floor(base * 1.03)
  const opened = open([openBid(0, highest), openBid(1, MAX_AMOUNT_WON), openBid(2, 1)], terms, new Array<number>(15).fill(highest))
  for (const won of Object.values(opened.prices).flat()) t.ok(Number.isSafeInteger(won))
  t.equal(opened.rows.length, 3)
})
