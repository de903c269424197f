/**
 * Balanced price (균형가격) of a comprehensive evaluation: price, ratio and marks against the naive rules up to 10^15 won, and
 * what it owes to no order, no outlier and no single bid.
 */
import fc from 'fast-check'
import t from 'tap'
import { balancedPriceWon, balancedRatioPpm } from '../../../src/domain/balanced-price.ts'
import { MAX_AMOUNT_WON } from '../../../src/domain/bid.ts'
import { priceScoreMilli } from '../../../src/domain/eligibility-review.ts'
import { evaluate, type EvaluationDecision } from '../../../src/domain/evaluation.ts'
import type { BalancedPriceRule } from '../../../src/domain/notice.ts'
import { openTender } from '../../../src/domain/open-tender.ts'
import { holds } from '../../support/holds.ts'
import { COMPREHENSIVE_RULE, METHOD_TERMS } from '../../support/method-terms.ts'
import { naiveBalancedPrice, naiveBalancedRatio, naivePriceMarks } from '../../support/naive-rules.ts'
import { makeTerms, openBid } from '../../support/notice-terms.ts'
import { seededSource } from '../../support/seeded-source.ts'

const RUNS = 1000
const PPM = 1_000_000

/** Shares that leave something, in round figures and in any. */
const rules = fc.record({
  dropHighestPpm: fc.oneof(fc.constantFrom(0, 100_000, 200_000, 400_000, 333_333), fc.integer({ min: 0, max: PPM - 1 })),
  part: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  minimumBids: fc.oneof(fc.constantFrom(1, 2, 10), fc.integer({ min: 1, max: 60 }))
}).map(({ dropHighestPpm, part, minimumBids }): BalancedPriceRule =>
  ({ dropHighestPpm, dropLowestPpm: Math.floor((PPM - 1 - dropHighestPpm) * part), minimumBids }))

const anyAmount = fc.oneof(
  fc.integer({ min: 1, max: 5 }), fc.integer({ min: 900, max: 1100 }), fc.integer({ min: 1, max: MAX_AMOUNT_WON }),
  fc.integer({ min: MAX_AMOUNT_WON - 10, max: MAX_AMOUNT_WON })
)
const someAmounts = fc.array(anyAmount, { minLength: 1, maxLength: 40 })

const naiveOf = (rule: BalancedPriceRule, amounts: readonly number[]): number => Number(naiveBalancedPrice(rule, amounts.map(BigInt)))

await t.test('the price is the naive one, whatever the order of the bids', async (t) => {
  holds(t, fc.property(rules, someAmounts, (rule, amounts) => {
    const price = balancedPriceWon(rule, amounts)
    return price === naiveOf(rule, amounts) && price === balancedPriceWon(rule, [...amounts].reverse())
  }), { numRuns: RUNS })
})

await t.test('it lies between the bids, and grows with them', async (t) => {
  holds(t, fc.property(rules, someAmounts, fc.nat(), fc.integer({ min: 0, max: 1000 }), (rule, amounts, at, more) => {
    const price = balancedPriceWon(rule, amounts)
    const raised = amounts.map((amount, i) => i === at % amounts.length ? Math.min(amount + more, MAX_AMOUNT_WON) : amount)
    return price >= Math.min(...amounts) && price <= Math.max(...amounts) && balancedPriceWon(rule, raised) >= price
  }), { numRuns: RUNS })
})

await t.test('a highest or lowest bid that is left out may be anything beyond', async (t) => {
  const apart: BalancedPriceRule = { dropHighestPpm: 100_000, dropLowestPpm: 100_000, minimumBids: 10 }
  holds(t, fc.property(fc.array(fc.integer({ min: 1000, max: 2000 }), { minLength: 8, maxLength: 8 }), fc.integer({ min: 1, max: 1000 }),
    fc.integer({ min: 2000, max: MAX_AMOUNT_WON }), (inner, low, high) =>
      balancedPriceWon(apart, [high, ...inner, low]) === balancedPriceWon(apart, [2000, ...inner, 1000])), { numRuns: RUNS })
})

await t.test('examples by hand', async (t) => {
  const rule: BalancedPriceRule = { dropHighestPpm: 400_000, dropLowestPpm: 200_000, minimumBids: 10 }
  const ten = [100, 101, 103, 104, 106, 109, 120, 121, 122, 200]
  t.equal(balancedPriceWon(rule, ten), 106, '4 of the highest and 2 of the lowest go: (103 + 104 + 106 + 109) ÷ 4 = 105.5')
  t.equal(balancedPriceWon(rule, ten.slice(1)), 121, 'nine bids are fewer than ten: the mean of all, 1086 ÷ 9 = 120.67')
  t.equal(balancedPriceWon(rule, [...ten, 300]), 108, 'of eleven 4.4 and 2.2 are cut: (103 + 104 + 106 + 109 + 120) ÷ 5 = 108.4')
  t.equal(balancedPriceWon({ ...rule, minimumBids: 1 }, [7]), 7, 'one bid stays whatever the shares')
  t.equal(balancedPriceWon({ ...rule, minimumBids: 1 }, [7, 8]), 8, '7.5 goes up')
  t.throws(() => balancedPriceWon(rule, []), /made of bids/)
})

const MAX_RATIO = 10_000n * 10_000n
await t.test('the ratio is the naive one, up to ten thousand times the price', async (t) => {
  holds(t, fc.property(anyAmount, anyAmount, (bidWon, balancedWon) => {
    const naive = naiveBalancedRatio(BigInt(bidWon), BigInt(balancedWon))
    return BigInt(balancedRatioPpm({ bidWon, balancedWon })) === (naive > MAX_RATIO ? MAX_RATIO : naive) * 100n
  }), { numRuns: RUNS })
  t.equal(balancedRatioPpm({ bidWon: MAX_AMOUNT_WON, balancedWon: 1 }), 10_000 * PPM)
  for (const [times, counted] of [[9_999, 9_999], [10_000, 10_000], [10_001, 10_000], [99_999, 10_000]] as const) {
    t.equal(balancedRatioPpm({ bidWon: 3 * times + 1, balancedWon: 3 }), times < 10_000 ? counted * PPM + 333_300 : counted * PPM)
  }
  const gentlest = { ...COMPREHENSIVE_RULE, priceMarksMilli: 100_000, slopeMilli: 1, referenceRatePpm: PPM }
  t.equal(priceScoreMilli(gentlest, 10_000 * PPM), 0, 'nothing is left there at the gentlest slope')
})

/** A whole evaluation of bids below and above a planned price of a million won, with a floor of half of it. */
const PLANNED_WON = 1_000_000
const offers = fc.array(fc.integer({ min: 1, max: 1_200_000 }), { minLength: 2, maxLength: 25 })

await t.test('an evaluation: marks, total and winner as the naive rules have them; only valid bids make the price', async (t) => {
  holds(t, fc.property(rules, offers, fc.infiniteStream(fc.integer({ min: 0, max: 60_000 })), (balanced, amounts, given) => {
    const rule = { ...COMPREHENSIVE_RULE, slopeMilli: 2_500, minimumPriceMarksMilli: 1_000, reference: { kind: 'balanced', ...balanced } as const }
    const { price, ...method } = METHOD_TERMS.comprehensive
    const terms = makeTerms({ ...method, floorRatePpm: 500_000, price: { ...price, baseAmountWon: PLANNED_WON }, comprehensive: rule })
    const bids = amounts.map((won, i) => openBid(i, won, null))
    const record = openTender({ terms, bids, preliminaryPricesWon: [PLANNED_WON], tieSource: seededSource(5n) })
    const valid = amounts.filter((won) => won >= PLANNED_WON / 2 && won <= PLANNED_WON)
    const decisions: EvaluationDecision[] = []
    let evaluation = evaluate({ terms, record, technical: [], decisions })
    if (valid.length === 0) return evaluation.outcome.state === 'exhausted'
    const expected: Array<{ supplierId: string, priceMarks: bigint, total: bigint, besides: number }> = []
    const priceWon = naiveBalancedPrice(balanced, valid.map(BigInt))
    for (const { supplierId, amountWon } of evaluation.order) {
      const sum = given.next().value
      const [capabilityMarksMilli, socialMarksMilli] = [Math.min(sum, 50_000), Math.max(sum - 50_000, 0)]
      decisions.push({ supplierId, qualified: true, remark: null, capabilityMarksMilli, socialMarksMilli, reason: '심사' })
      const priceMarks = naivePriceMarks({ ...rule, referenceRatePpm: PPM }, naiveBalancedRatio(BigInt(amountWon), priceWon))
      expected.push({ supplierId, priceMarks, total: priceMarks + BigInt(sum), besides: sum })
    }
    evaluation = evaluate({ terms, record, technical: [], decisions })
    const best = expected.reduce((a, b) => b.total > a.total || (b.total === a.total && b.besides > a.besides) ? b : a)
    return evaluation.outcome.winner === best.supplierId && expected.length === valid.length && evaluation.results.every(({ review }, i) =>
      review?.balancedPriceWon === Number(priceWon) && BigInt(review.priceMarksMilli) === expected[i]?.priceMarks &&
      BigInt(review.totalMarksMilli) === expected[i].total)
  }), { numRuns: 300 })
})
