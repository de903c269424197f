/**
 * Whole openings of generated tenders, every price method among them: agreement with the naive rules, the order of bids,
 * what one bid can do to the others, every limit to the won, and the scale of the prices.
 */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON, VOID_REASONS, type OpenedBid } from '../../../src/domain/bid.ts'
import { openTender, type OpenedTender } from '../../../src/domain/open-tender.ts'
import type { OpeningRow } from '../../../src/domain/opening.ts'
import { holds } from '../../support/holds.ts'
import { factsOf, limitsOf, naiveFacts, picksOfBids, type SomeTender } from '../../support/naive-opening.ts'
import type { NaiveCompetition } from '../../support/naive-rules.ts'
import { supplier, voidBid } from '../../support/notice-terms.ts'
import { seededSource } from '../../support/seeded-source.ts'
import { MAX_FACTOR, scalableTenders, scaled, seeds, tenders } from '../../support/some-tenders.ts'

const RUNS = 500
const TWO: NaiveCompetition = { minimumBids: 2, belowFloorCounts: true }
const competitions = fc.oneof(fc.constant(TWO), fc.record({ minimumBids: fc.integer({ min: 1, max: 15 }), belowFloorCounts: fc.boolean() }))

function open ({ terms, bids, prices }: SomeTender, { seed = 5n, competition = TWO } = {}): OpenedTender {
  const preliminaryPricesWon = terms.price.method === 'none' ? null : prices
  return openTender({ terms, bids, preliminaryPricesWon, tieSource: seededSource(seed), competition })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const withAmount = (bid: OpenedBid, amountWon: number): OpenedBid => bid.outcome === 'void' ? bid : { ...bid, content: { ...bid.content, amountWon } }
const byId = (rows: readonly OpeningRow[], id: string): OpeningRow | undefined => rows.find(({ supplierId }) => supplierId === id)

await t.test('agrees with the naive rules, up to 10^15 won', async (t) => {
  holds(t, fc.property(tenders, competitions, (tender, competition) => {
    const [source, naive] = [factsOf(open(tender, { competition })), naiveFacts(tender, competition)].map((facts) => JSON.stringify(facts))
    if (source !== naive) throw new Error(`source ${source}\nnaive  ${naive}`)
  }), { numRuns: RUNS })
})

await t.test('the generated tenders reach every outcome, remark and tie', async (t) => {
  const seen = new Set<string>()
  for (const tender of fc.sample(tenders, { numRuns: RUNS, seed: 1 })) {
    const { rows, outcome, outcomeReason, prices } = open(tender)
    for (const { remark, voidReason } of rows) seen.add(voidReason ?? remark)
    seen.add(outcomeReason ?? outcome)
    if (rows.filter(({ rank }) => rank === 1).length > 1) seen.add('tie')
    if (prices.drawnNumbers.some((n) => prices.pickCounts[n - 1] === 0)) seen.add('unpicked')
  }
  const wanted = ['normal', 'belowFloor', 'belowNetCost', 'abovePlanned', ...VOID_REASONS, 'ranked', 'no-bids', 'fewer-than-two-valid',
    'no-valid-amount', 'all-above-planned', 'tie', 'unpicked']
  t.same(wanted.filter((name) => !seen.has(name)), [])
})

await t.test('equal lowest bids: every one of them once in the draw, first in the rows; who came first is of no account', async (t) => {
  holds(t, fc.property(tenders, seeds, (tender, seed) => {
    const { rows, outcome, tieOrder } = open(tender, { seed })
    if (outcome !== 'ranked') return tieOrder.length === 0
    const first = rows.filter(({ rank }) => rank === 1).map(({ supplierId }) => supplierId)
    const backwards = tender.bids.map((bid) => ({ ...bid, leafIndex: 99 - bid.leafIndex, acceptedAt: 2_000_000_000_000 - bid.acceptedAt }))
    return first.length > 0 && same(tieOrder, first) && same(first, rows.slice(0, first.length).map(({ supplierId }) => supplierId)) &&
      same(open({ ...tender, bids: backwards }, { seed }).tieOrder, tieOrder)
  }), { numRuns: RUNS })
})

await t.test('the order in which bids are handed over never matters', async (t) => {
  holds(t, fc.property(tenders.chain((tender) => fc.record({
    tender: fc.constant(tender), mixed: fc.shuffledSubarray(tender.bids, { minLength: tender.bids.length })
  })), ({ tender, mixed }) => same(open(tender), open({ ...tender, bids: mixed }))), { numRuns: RUNS })
})

await t.test('ranks rise with amounts: lower is better, equal is equal', async (t) => {
  holds(t, fc.property(tenders, (tender) => {
    const ranked = open(tender).rows.flatMap(({ amountWon, rank }) => amountWon === null || rank === null ? [] : [{ amountWon, rank }])
    return ranked.every((one) => ranked.every((other) => Math.sign(one.amountWon - other.amountWon) === Math.sign(one.rank - other.rank)))
  }), { numRuns: RUNS })
})

await t.test('rows: ranked ones by rank, then the others by falling amount, then void ones; acceptance orders equals outside the draw', async (t) => {
  holds(t, fc.property(tenders, (tender) => {
    const part = ({ rank, amountWon }: OpeningRow): number => rank !== null ? 0 : amountWon !== null ? 1 : 2
    const isBefore = (one: OpeningRow, other: OpeningRow): boolean => {
      if (part(one) !== part(other)) return part(one) < part(other)
      const apart = (one.rank ?? 0) - (other.rank ?? 0) || (other.amountWon ?? 0) - (one.amountWon ?? 0)
      return apart < 0 || (apart === 0 && (one.remark === 'normal' || one.acceptedAt < other.acceptedAt))
    }
    const { rows } = open(tender)
    return rows.every((one, i) => rows.every((other, j) => i >= j || isBefore(one, other)))
  }), { numRuns: RUNS })
})

await t.test('a bid lowered to a valid amount never ranks worse', async (t) => {
  holds(t, fc.property(tenders, fc.nat(), fc.nat(1000), (tender, who, permille) => {
    const before = open(tender)
    const ranked = before.rows.filter(({ rank }) => rank !== null)
    const chosen = ranked[who % Math.max(ranked.length, 1)]
    if (chosen === undefined || chosen.amountWon === null || chosen.rank === null) return true
    const { planned, floor, netCostFloor } = limitsOf(tender.terms, tender.prices, picksOfBids(tender.bids))
    const lowest = [1n, floor ?? 1n, netCostFloor ?? 1n].reduce((a, b) => a > b ? a : b)
    const highest = [BigInt(chosen.amountWon), planned ?? BigInt(chosen.amountWon)].reduce((a, b) => a < b ? a : b)
    const lower = Number(lowest + (highest - lowest) * BigInt(permille) / 1000n)
    const bids = tender.bids.map((bid) => bid.supplierId === chosen.supplierId ? withAmount(bid, lower) : bid)
    const after = byId(open({ ...tender, bids }).rows, chosen.supplierId)
    return after?.remark === 'normal' && after.rank !== null && after.rank <= chosen.rank
  }), { numRuns: RUNS })
})

await t.test('every limit to the won: valid at both ends, out one won beyond', async (t) => {
  holds(t, fc.property(tenders, (tender) => {
    const chosen = tender.bids.find(({ outcome }) => outcome === 'open')
    if (chosen === undefined) return true
    const { planned, floor, netCostFloor } = limitsOf(tender.terms, tender.prices, picksOfBids(tender.bids))
    // the picks stay, and with them every limit
    const remarkAt = (won: bigint): string | undefined => {
      const bids = tender.bids.map((bid) => bid === chosen ? withAmount(bid, Number(won)) : bid)
      return byId(open({ ...tender, bids }).rows, chosen.supplierId)?.remark
    }
    const lowest = [floor ?? 1n, netCostFloor ?? 1n].reduce((a, b) => a > b ? a : b)
    const expected: Array<[bigint, string]> = [[lowest, 'normal']]
    if (floor !== null) expected.push([floor - 1n, 'belowFloor'])
    if (netCostFloor !== null && netCostFloor > (floor ?? 0n)) expected.push([netCostFloor - 1n, 'belowNetCost'])
    if (planned !== null) expected.push([planned, 'normal'], [planned + 1n, 'abovePlanned'])
    return expected.every(([won, remark]) => won < 1n || won > BigInt(MAX_AMOUNT_WON) || remarkAt(won) === remark)
  }), { numRuns: RUNS })
})

await t.test('a void bid changes nothing for the others', async (t) => {
  holds(t, fc.property(tenders, fc.constantFrom(...VOID_REASONS), (tender, reason) => {
    const before = open(tender)
    const after = open({ ...tender, bids: [voidBid(99, reason), ...tender.bids] })
    const others = after.rows.filter(({ supplierId }) => supplierId !== supplier(99))
    const outcome = tender.bids.length === 0 ? ['failed', 'fewer-than-two-valid'] : [before.outcome, before.outcomeReason]
    return after.rows.length === before.rows.length + 1 && same(others, before.rows) && same(after.prices, before.prices) &&
      same(after.tieOrder, before.tieOrder) && same([after.outcome, after.outcomeReason], outcome)
  }), { numRuns: RUNS })
})

await t.test('no amount, however bad, moves the prices, the remarks or the order of the others', async (t) => {
  holds(t, fc.property(tenders, fc.nat(), fc.constantFrom(1, 2, MAX_AMOUNT_WON - 1, MAX_AMOUNT_WON), (tender, who, amountWon) => {
    const opened = tender.bids.filter(({ outcome }) => outcome === 'open')
    const chosen = opened[who % Math.max(opened.length, 1)]
    if (chosen === undefined) return true
    const after = open({ ...tender, bids: tender.bids.map((bid) => bid === chosen ? withAmount(bid, amountWon) : bid) })
    const before = open(tender)
    // the draw between equals may come out anew where the tie has changed: amounts and remarks tell the order
    const order = ({ rows }: OpenedTender): unknown => rows.filter(({ supplierId }) => supplierId !== chosen.supplierId)
      .map(({ amountWon, remark, bidRateMilliPercent, voidReason }) => [amountWon, remark, bidRateMilliPercent, voidReason])
    return same(after.prices, before.prices) && same(order(after), order(before)) && same(after.rows.length, before.rows.length)
  }), { numRuns: RUNS })
})

await t.test('prices times any factor: every price and limit times it, the same ranks, rates, remarks and outcome', async (t) => {
  holds(t, fc.property(scalableTenders, fc.integer({ min: 2, max: MAX_FACTOR }), (tender, factor) => {
    const once = open(tender)
    const after = open(scaled(tender, factor))
    const times = (won: number | null): number | null => won === null ? null : won * factor
    const { preliminaryPricesWon, plannedPriceWon, floorPriceWon, netCostFloorWon, ...draw } = once.prices
    const prices = {
      preliminaryPricesWon: preliminaryPricesWon.map((won) => won * factor),
      plannedPriceWon: times(plannedPriceWon),
      floorPriceWon: times(floorPriceWon),
      netCostFloorWon: times(netCostFloorWon)
    }
    const { pickCounts, drawnNumbers, ...scaledPrices } = after.prices
    return same(scaledPrices, prices) && same({ pickCounts, drawnNumbers }, draw) && same(after.tieOrder, once.tieOrder) &&
      same(after.rows, once.rows.map((row) => ({ ...row, amountWon: times(row.amountWon) }))) &&
      same([after.outcome, after.outcomeReason], [once.outcome, once.outcomeReason])
  }), { numRuns: RUNS })
})
