/**
 * Whole tenders for property tests: terms, numbered prices and bids that crowd around the limits, so that ties, boundaries,
 * few picked numbers, void bids and bids all above the planned price are common. The limits come from the naive rules.
 */
import fc from 'fast-check'
import { MAX_AMOUNT_WON, VOID_REASONS, type Picks, type VoidReason } from '../../src/domain/bid.ts'
import type { AValue, NoticeTerms } from '../../src/domain/notice.ts'
import { limitsOf, type SomeTender } from './naive-opening.ts'
import type { NaiveLimits } from './naive-rules.ts'
import { makeTerms, openBid, voidBid } from './notice-terms.ts'

/** The greatest base amount whose prices all stay within 10^15 won at ±3 %. */
export const MAX_BASE_WON = Math.floor(MAX_AMOUNT_WON / 1.03)
export const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
export const baseAmounts = fc.oneof(
  fc.integer({ min: 100_000, max: 10_000_000 }),
  fc.integer({ min: 10_000_000, max: 1_000_000_000_000 }),
  fc.integer({ min: MAX_BASE_WON - 1_000_000_000, max: MAX_BASE_WON })
)

/** Two different numbers of the first `numbers`: a small pool leaves fewer than four numbers picked. */
export const picksAmong = (numbers: number): fc.Arbitrary<Picks> => fc.tuple(fc.nat(numbers - 1), fc.integer({ min: 1, max: numbers - 1 }))
  .map(([first, step]) => [first + 1, (first + step) % numbers + 1])

/** value × permille ÷ 1000, down to a multiple of the grain. */
function shareOf (value: number, permille: number, grainWon: number): number {
  const grain = BigInt(grainWon)
  return Number(BigInt(value) * BigInt(permille) / 1000n / grain * grain)
}

/** Where an amount stands: at a limit or a few won off it, at a permille of the base amount, or anywhere. */
interface Place { at: 'floor' | 'netCostFloor' | 'planned' | 'share' | 'anywhere', step: number }
interface Entry { place: Place, picks: Picks, voidReason: VoidReason | null }

const steps = (at: Place['at'], min: number, max: number): fc.Arbitrary<Place> => fc.integer({ min, max }).map((step) => ({ at, step }))
const places = fc.oneof(
  { weight: 2, arbitrary: steps('floor', -2, 2) },
  { weight: 1, arbitrary: steps('netCostFloor', -2, 2) },
  { weight: 1, arbitrary: steps('planned', -2, 2) },
  { weight: 3, arbitrary: steps('share', 850, 1010) },
  { weight: 1, arbitrary: steps('anywhere', 1, MAX_AMOUNT_WON) }
)
const voidReasons = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...VOID_REASONS) })
const entries = (numbers: number): fc.Arbitrary<Entry[]> =>
  fc.array(fc.record({ place: places, picks: picksAmong(numbers), voidReason: voidReasons }), { maxLength: 30, size: 'max' })

/** All that a tender is made of besides its base amount; every amount a share of that. */
const frames = fc.record({
  method: fc.constantFrom('multiple-derived', 'multiple-sealed', 'multiple-derived', 'multiple-sealed', 'single-sealed', 'none'),
  rangePpm: fc.constantFrom(20_000, 30_000),
  plannedPriceRounding: fc.constantFrom('up-1', 'up-1000', 'down-1'),
  floorRatePpm: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 470_000, max: 990_000 }) }, { weight: 1, arbitrary: fc.constant(0) }),
  // seven parts of at most 10 % each: less than any price
  aValuePermille: fc.option(fc.array(fc.nat(100), { minLength: 7, maxLength: 7 })),
  netCostFiftieths: fc.option(fc.integer({ min: 25, max: 47 })),
  offsetsMilli: fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 15, maxLength: 15 }),
  entries: fc.integer({ min: 2, max: 15 }).chain(entries),
  allAbove: fc.nat(9).map((n) => n === 0)
})
type Frame = typeof frames extends fc.Arbitrary<infer T> ? T : never

/** Every price, A-value part and price step is a multiple of the grain. */
interface Scale { baseWon: number, grainWon: number, highestBidWon: number }

function termsOf (frame: Frame, { baseWon, grainWon }: Scale): NoticeTerms {
  const { method, rangePpm, plannedPriceRounding, floorRatePpm, aValuePermille, netCostFiftieths } = frame
  const isPriced = method !== 'none'
  const part = (index: number): number => shareOf(baseWon, aValuePermille?.[index] ?? 0, grainWon)
  const aValue: AValue | null = aValuePermille === null
    ? null
    : {
        nationalPensionWon: part(0),
        healthInsuranceWon: part(1),
        longTermCareWon: part(2),
        retirementMutualAidWon: part(3),
        industrialSafetyWon: part(4),
        safetyManagementWon: part(5),
        qualityManagementWon: part(6)
      }
  return makeTerms({
    kind: 'works',
    price: { method, baseAmountWon: isPriced ? baseWon : null, rangePpm, plannedPriceRounding },
    aValue: isPriced ? aValue : null,
    netCostWon: isPriced && netCostFiftieths !== null ? Number(BigInt(baseWon) * BigInt(netCostFiftieths) / 50n) : null,
    floorRatePpm: isPriced ? floorRatePpm : 0
  })
}

function tenderOf (frame: Frame, scale: Scale): SomeTender {
  const { baseWon, grainWon, highestBidWon } = scale
  const terms = termsOf(frame, scale)
  const count = { 'multiple-derived': 15, 'multiple-sealed': 15, 'single-sealed': 1, none: 0 }[frame.method]
  const half = shareOf(baseWon, frame.rangePpm / 1000, 1)
  const prices = frame.offsetsMilli.slice(0, count).map((milli) => baseWon + Math.sign(milli) * shareOf(half, Math.abs(milli), grainWon))
  const accepted = frame.entries.filter(({ voidReason }) => voidReason === null)
  const limits = limitsOf(terms, prices, count === 15 ? accepted.map(({ picks }) => picks) : [])
  const above = limits.planned === null ? null : Number(limits.planned) + 1
  const bids = frame.entries.map(({ place, picks, voidReason }, index) => {
    if (voidReason !== null) return voidBid(index, voidReason)
    const won = frame.allAbove && above !== null ? above + Math.abs(place.step) % 3 : amountAt(place, limits, baseWon)
    return openBid(index, Math.min(Math.max(won, 1), highestBidWon), count === 15 ? picks : null)
  })
  return { terms, bids, prices }
}

function amountAt ({ at, step }: Place, limits: NaiveLimits, baseWon: number): number {
  if (at === 'anywhere') return step
  if (at === 'share') return shareOf(baseWon, step, 1)
  const limit = { floor: limits.floor, netCostFloor: limits.netCostFloor, planned: limits.planned }[at]
  return (limit === null ? shareOf(baseWon, 900, 1) : Number(limit)) + step
}

/** Tenders of every price method, up to 10^15 won. */
export const tenders: fc.Arbitrary<SomeTender> = fc.tuple(frames, baseAmounts)
  .map(([frame, baseWon]) => tenderOf(frame, { baseWon, grainWon: 1, highestBidWon: MAX_AMOUNT_WON }))

/** 4,000,000 won: a mean of four is a multiple of 10^6 then, so no rounding of a planned price, floor or net-cost floor takes place. */
const WHOLE_GRAIN_WON = 4_000_000
export const MAX_FACTOR = 10_000

/** Tenders on which nothing is rounded, and that may be multiplied by up to `MAX_FACTOR`. */
export const scalableTenders: fc.Arbitrary<SomeTender> = fc.tuple(frames, fc.integer({ min: 1000, max: 22_500 })).map(([frame, grains]) =>
  tenderOf(frame, { baseWon: grains * WHOLE_GRAIN_WON, grainWon: WHOLE_GRAIN_WON, highestBidWon: MAX_AMOUNT_WON / MAX_FACTOR }))

/** The same tender with every amount multiplied. */
export function scaled ({ terms, bids, prices }: SomeTender, factor: number): SomeTender {
  const times = (won: number | null): number | null => won === null ? null : won * factor
  const aValue = terms.aValue === null ? null : Object.fromEntries(Object.entries(terms.aValue).map(([name, won]) => [name, won * factor])) as AValue
  return {
    terms: { ...terms, aValue, netCostWon: times(terms.netCostWon), price: { ...terms.price, baseAmountWon: times(terms.price.baseAmountWon) } },
    bids: bids.map((bid) => bid.outcome === 'void' ? bid : { ...bid, content: { ...bid.content, amountWon: bid.content.amountWon * factor } }),
    prices: prices.map((won) => won * factor)
  }
}
