/** Price marks of a negotiated contract: published figures, both bends, exactness up to 10^15 won; the mean of technical marks. */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'
import { negotiationPriceE4, technicalMeanE4, type NegotiationPriceInput } from '../../src/domain/negotiation.ts'
import { holds } from '../support/holds.ts'
import vectors from '../vectors/formulas-koneps.json' with { type: 'json' }

const RUNS = 500
/** An estimate of which 60 % and 80 % are whole, 20 marks. */
const TWENTY = { priceMarksMilli: 20_000, estimateWon: 1_000_000_000 }

await t.test('published marks', async (t) => {
  t.equal(vectors.negotiation.length, 6)
  for (const { priceMarks, estimate, lowest, bid, marks } of vectors.negotiation) {
    const marksE4 = negotiationPriceE4({ priceMarksMilli: priceMarks * 1000, estimateWon: estimate, lowestWon: lowest, bidWon: bid })
    t.equal(marksE4, Math.round(marks * 10_000), `${priceMarks} marks, lowest ${lowest}, bid ${bid}`)
  }
})

await t.test('at exactly 80 % of the estimate both formulas give the same; one won lower the gentle part begins', async (t) => {
  const at = (bidWon: number, lowestWon: number): number => negotiationPriceE4({ ...TWENTY, bidWon, lowestWon })
  t.equal(at(800_000_000, 700_000_000), 175_000, '20 × 7 ÷ 8')
  t.equal(at(800_000_001, 700_000_000), 175_000)
  // Each 10,000 won below 80 % is worth a ten-thousandth of a mark; the tangent above it would be 2.2 times as steep.
  t.equal(at(799_995_001, 700_000_000), 175_000)
  t.equal(at(799_995_000, 700_000_000), 175_001, 'half a ten-thousandth is rounded up')
  t.equal(at(790_000_000, 700_000_000), 176_000)
  t.equal(at(800_004_000, 700_000_000), 174_999, 'above it marks fall with lowest ÷ bid')
})

await t.test('a bid below 60 % of the estimate counts as 60 %, as a bid and as the lowest', async (t) => {
  const at = (bidWon: number, lowestWon: number): number => negotiationPriceE4({ ...TWENTY, bidWon, lowestWon })
  t.equal(at(600_000_000, 600_000_000), 170_000)
  t.equal(at(599_999_999, 599_999_999), 170_000)
  t.equal(at(1, 1), 170_000)
  t.equal(at(900_000_000, 1), at(900_000_000, 600_000_000), 'a token bid takes no marks from the others beyond 60 %')
  t.equal(at(900_000_000, 1), 133_333)
  t.equal(at(605_000_000, 600_000_000), 169_500, 'just above it, it still counts as itself')
})

await t.test('never more than all the marks, however few the price has', async (t) => {
  t.equal(negotiationPriceE4({ priceMarksMilli: 1_000, estimateWon: 1_000_000_000, bidWon: 600_000_000, lowestWon: 600_000_000 }), 10_000)
  t.equal(negotiationPriceE4({ priceMarksMilli: 10_000, estimateWon: 100, bidWon: 200, lowestWon: 200 }), 100_000, 'over the estimate too')
})

await t.test('refuses what no opening can give', async (t) => {
  for (const [bidWon, lowestWon] of [[1, 2], [0, 0], [1, 0]] as const) {
    t.throws(() => negotiationPriceE4({ ...TWENTY, bidWon, lowestWon }), /invariant/, `bid ${bidWon}, lowest ${lowestWon}`)
  }
})

interface Fraction { over: bigint, under: bigint }
const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under })
const plus = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.under + b.over * a.under, under: a.under * b.under })
const whole = (n: number): Fraction => ({ over: BigInt(n), under: 1n })
const part = (won: bigint, percent: bigint): Fraction => ({ over: won * percent, under: 100n })
const over = (a: Fraction, b: Fraction): Fraction => times(a, { over: b.under, under: b.over })
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { over: -b.over, under: b.under })
const isLess = (a: Fraction, b: Fraction): boolean => a.over * b.under < b.over * a.under

/** The rule as its sentence reads, in exact fractions; rounded half up once, at the end, by looking at the doubled value. */
function naiveMarksE4 ({ priceMarksMilli, estimateWon, lowestWon, bidWon }: NegotiationPriceInput): bigint {
  const [eighty, sixty] = [part(BigInt(estimateWon), 80n), part(BigInt(estimateWon), 60n)]
  const counted = (won: number): Fraction => isLess(whole(won), sixty) ? sixty : whole(won)
  const full = { over: BigInt(priceMarksMilli), under: 1000n }
  const [bid, lowest] = [counted(bidWon), counted(lowestWon)]
  const gained = isLess(bid, eighty) ? times(whole(2), over(minus(eighty, bid), minus(eighty, sixty))) : whole(0)
  const marks = plus(times(full, over(lowest, isLess(bid, eighty) ? eighty : bid)), gained)
  const most = isLess(full, marks) ? full : marks
  const doubled = 2n * most.over * 10_000n / most.under
  return (doubled + 1n) / 2n
}

/** Bids near both bends and near the lowest are as likely as any other. */
const inputs = fc.record({
  priceMarksMilli: fc.oneof(fc.constantFrom(10_000, 20_000), fc.integer({ min: 1, max: 99_999 })),
  estimateWon: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: MAX_AMOUNT_WON })),
  lowestPermille: fc.integer({ min: 1, max: 1200 }),
  bidPermille: fc.constantFrom(600, 800, 599, 601, 799, 801).chain((near) => fc.oneof(fc.constant(near), fc.integer({ min: 1, max: 2000 }))),
  step: fc.integer({ min: -3, max: 3 })
}).map(({ priceMarksMilli, estimateWon, lowestPermille, bidPermille, step }): NegotiationPriceInput => {
  const of = (permille: number): number => Math.max(1, Number(BigInt(estimateWon) * BigInt(permille) / 1000n) + step)
  const [a, b] = [of(lowestPermille), of(bidPermille)]
  return { priceMarksMilli, estimateWon, lowestWon: Math.min(a, b), bidWon: Math.max(a, b) }
})

await t.test('agrees with the rule in exact fractions, up to 10^15 won', async (t) => {
  holds(t, fc.property(inputs, (input) => BigInt(negotiationPriceE4(input)) === naiveMarksE4(input)), { numRuns: 2000 })
})

await t.test('beside the same lowest bid a lower bid never gets fewer marks, and the marks are within 0 … all', async (t) => {
  holds(t, fc.property(inputs, fc.integer({ min: 0, max: MAX_AMOUNT_WON }), (input, cut) => {
    const lower = Math.max(input.lowestWon, input.bidWon - cut % input.bidWon)
    const [before, after] = [negotiationPriceE4(input), negotiationPriceE4({ ...input, bidWon: lower })]
    return after >= before && before >= 0 && after <= input.priceMarksMilli * 10
  }), { numRuns: RUNS })
})

await t.test('prices times ten: the same marks', async (t) => {
  holds(t, fc.property(inputs, ({ estimateWon, lowestWon, bidWon, ...rest }) => {
    const small = { ...rest, estimateWon: estimateWon % 10 ** 13 + 1, lowestWon: lowestWon % 10 ** 13 + 1, bidWon: 0 }
    const input = { ...small, bidWon: small.lowestWon + bidWon % 10 ** 13 }
    const tenfold = { ...rest, estimateWon: input.estimateWon * 10, lowestWon: input.lowestWon * 10, bidWon: input.bidWon * 10 }
    return negotiationPriceE4(input) === negotiationPriceE4(tenfold)
  }), { numRuns: RUNS })
})

await t.test('the mean of technical marks: half up at the fifth decimal, extremes dropped once each', async (t) => {
  t.equal(technicalMeanE4([80_000], false), 800_000)
  t.equal(technicalMeanE4([80_000, 80_000, 80_001], false), 800_003, '80.000333…')
  t.equal(technicalMeanE4([80_000, 80_001, 80_001], false), 800_007, '80.000666… rounded up')
  t.equal(technicalMeanE4([0, 0, 0, 0, 0, 0, 0, 1], false), 1, '0.000125')
  t.equal(technicalMeanE4(new Array<number>(20).fill(0).with(3, 1), false), 1, 'exactly half a ten-thousandth is rounded up')
  t.equal(technicalMeanE4(new Array<number>(21).fill(0).with(3, 1), false), 0, 'less than half')
  t.equal(technicalMeanE4([90_000, 10_000, 50_000], true), 500_000)
  t.equal(technicalMeanE4([90_000, 90_000, 10_000, 10_000], true), 500_000, 'one of two equals stays')
  t.throws(() => technicalMeanE4([], false), /invariant/)
  t.throws(() => technicalMeanE4([1, 2], true), /invariant/)
  holds(t, fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 3, maxLength: 50 }), (marks) => {
    const [least, most] = [Math.min(...marks), Math.max(...marks)]
    const mean = technicalMeanE4(marks, true)
    return mean >= least * 10 && mean <= most * 10 && mean === technicalMeanE4(marks.toReversed(), true)
  }))
})
