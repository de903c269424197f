/** What a notice may not say: every refusal with its code and field, and what is just still allowed. */
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'
import { derivePreliminaryPrices } from '../../src/domain/draw.ts'
import type { ErrorCode } from '../../src/domain/errors.ts'
import type { OfficerId, Sha256Hex } from '../../src/domain/ids.ts'
import { A_VALUE_COMPONENTS, type Committee, type EligibilityReviewRule, type PriceDecimals } from '../../src/domain/notice.ts'
import { checkDraft, checkTerms, MAX_PRICE_UNIT_WON, MAX_RANGE_PPM, MAX_RECOVERY_OFFICERS } from '../../src/domain/notice-rules.ts'
import { aValueOf, makeTerms, REVIEW_RULE, type TermsChange } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

type Refused = [name: string, change: TermsChange, code: ErrorCode, field: string]
const SHA = 'a'.repeat(64) as Sha256Hex
const officer = (n: number): OfficerId => `O${String(n).padStart(8, '0')}` as OfficerId
const reviewing = (change: Partial<EligibilityReviewRule> = {}, more: TermsChange = {}): TermsChange =>
  ({ method: 'eligibility-review', floorRatePpm: 874_950, eligibilityReview: { ...REVIEW_RULE, ...change }, ...more })
const seats = (change: Partial<Committee>): TermsChange =>
  ({ committee: { executing: officer(1), witness: officer(2), recovery: [officer(3)], threshold: 2, ...change } })
/** Services whose prices count in hundredths of a won. */
const centi = ({ price, ...change }: TermsChange = {}): TermsChange => ({ kind: 'services', ...change, price: { decimals: 2, priceUnitWon: 1, ...price } })
const unpriced = (change: TermsChange = {}): TermsChange => ({ floorRatePpm: 0, price: { method: 'none', baseAmountWon: null }, ...change })

await t.test('allowed', async (t) => {
  const allowed: Array<[string, TermsChange]> = [
    ['restricted lowest', {}],
    ['eligibility review', reviewing()],
    ['no flat part', reviewing({ flat: null })],
    ['A value and net cost', { aValue: aValueOf(97_999_999), netCostWon: 99_999_999 }],
    ['net cost just below ten billion won', { netCostWon: 1000, estimatedPriceWon: 9_999_999_999 }],
    ['no floor', { floorRatePpm: 0 }],
    ['floor of 100 %', { floorRatePpm: 1_000_000 }],
    ['no price', unpriced()],
    ['no price, but a base amount for information', unpriced({ price: { method: 'none' } })],
    ['single price, whatever the draw settings', { price: { method: 'single-sealed', rangePpm: 0, priceUnitWon: 0 } }],
    ['sealed prices in a coarse unit', { price: { method: 'multiple-sealed', priceUnitWon: MAX_PRICE_UNIT_WON } }],
    ['the least base amount for a unit of 100 won', { price: { baseAmountWon: 37_500 } }],
    ['hundredths of a won', centi()],
    ['hundredths of a won, goods, rounded down', centi({ kind: 'goods', price: { plannedPriceRounding: 'down-1' } })],
    ['hundredths of a won without a price', { kind: 'goods', ...unpriced({ price: { method: 'none', baseAmountWon: null, decimals: 2 } }) }],
    ['the greatest estimated price in hundredths', centi({ estimatedPriceWon: MAX_AMOUNT_WON / 100 })],
    ['three recovery officers', seats({ recovery: [officer(3), officer(4), officer(5)], threshold: 4 })],
    ['no recovery officers', seats({ recovery: [] })]
  ]
  for (const [name, change] of allowed) t.doesNotThrow(() => checkDraft(makeTerms(change)), name)
  const smallest = makeTerms({ price: { baseAmountWon: 37_500 } })
  t.equal(new Set(derivePreliminaryPrices(smallest.price, seededSource(1n))).size, 15, 'and then the prices can be drawn')
})

const refusedAmounts: Refused[] = [
  ...[0, -1, 1.5, MAX_AMOUNT_WON + 1, Number.NaN].map((won): Refused =>
    [`estimated price ${won}`, { estimatedPriceWon: won }, 'invalid-amount', '/estimatedPriceWon']),
  ['base amount 0', { price: { baseAmountWon: 0 } }, 'invalid-amount', '/price/baseAmountWon'],
  ['highest price past 10^15', { price: { baseAmountWon: MAX_AMOUNT_WON - 1 } }, 'invalid-amount', '/price/baseAmountWon'],
  ['no base amount', { price: { baseAmountWon: null } }, 'rule-set-invalid', '/price/baseAmountWon'],
  ['range 0', { price: { rangePpm: 0 } }, 'invalid-rate', '/price/rangePpm'],
  ['range too wide', { price: { rangePpm: MAX_RANGE_PPM + 1 } }, 'invalid-rate', '/price/rangePpm'],
  ['unit 0', { price: { priceUnitWon: 0 } }, 'invalid-amount', '/price/priceUnitWon'],
  ['unit too large', { price: { priceUnitWon: MAX_PRICE_UNIT_WON + 1 } }, 'invalid-amount', '/price/priceUnitWon'],
  ['unit too coarse for the range', { price: { baseAmountWon: 30_000 } }, 'rule-set-invalid', '/price/priceUnitWon'],
  ...A_VALUE_COMPONENTS.flatMap((name) => [-1, 0.5, Number.NaN, MAX_AMOUNT_WON + 1].map((won): Refused =>
    [`A value with ${name} ${won}`, { aValue: { ...aValueOf(0), [name]: won } }, 'invalid-amount', `/aValue/${name}`])),
  ['A value at the lowest price', { aValue: aValueOf(98_000_000) }, 'rule-set-invalid', '/aValue'],
  ['A value at a single base amount', { aValue: aValueOf(100_000_000), price: { method: 'single-sealed' } }, 'rule-set-invalid', '/aValue'],
  ['floor over 100 %', { floorRatePpm: 1_000_001 }, 'invalid-rate', '/floorRatePpm'],
  ['floor negative', { floorRatePpm: -1 }, 'invalid-rate', '/floorRatePpm'],
  ['floor fractional', { floorRatePpm: 0.5 }, 'invalid-rate', '/floorRatePpm'],
  ['net cost 0', { netCostWon: 0 }, 'invalid-amount', '/netCostWon'],
  ['net cost at the base amount', { netCostWon: 100_000_000 }, 'rule-set-invalid', '/netCostWon'],
  ['net cost from ten billion won on', { netCostWon: 1000, estimatedPriceWon: 10_000_000_000 }, 'rule-set-invalid', '/netCostWon'],
  ['net cost of services', { kind: 'services', netCostWon: 1000 }, 'rule-set-invalid', '/netCostWon'],
  ['floor without a price', unpriced({ floorRatePpm: 1 }), 'rule-set-invalid', '/floorRatePpm'],
  ['A value without a price', unpriced({ aValue: aValueOf(1) }), 'rule-set-invalid', '/aValue'],
  ['net cost without a price', unpriced({ netCostWon: 1 }), 'rule-set-invalid', '/netCostWon']
]

const refusedDecimals: Refused[] = [
  ...[1, 3, -2, 0.5, Number.NaN].map((decimals): Refused =>
    [`${decimals} decimals`, centi({ price: { decimals: decimals as PriceDecimals } }), 'rule-set-invalid', '/price/decimals']),
  ['hundredths for works', centi({ kind: 'works' }), 'rule-set-invalid', '/price/decimals'],
  ['hundredths for foreign purchases', centi({ kind: 'foreign' }), 'rule-set-invalid', '/price/decimals'],
  ['hundredths with an A value', centi({ aValue: aValueOf(7) }), 'rule-set-invalid', '/aValue'],
  ['hundredths with an A value of nothing', centi({ aValue: aValueOf(0) }), 'rule-set-invalid', '/aValue'],
  ['hundredths with a net cost', centi({ netCostWon: 1000 }), 'rule-set-invalid', '/netCostWon'],
  ['hundredths up to 1,000 won', centi({ price: { plannedPriceRounding: 'up-1000' } }), 'rule-set-invalid', '/price/plannedPriceRounding'],
  ['estimated price past 10^15 hundredths', centi({ estimatedPriceWon: MAX_AMOUNT_WON / 100 + 1 }), 'invalid-amount', '/estimatedPriceWon'],
  ['highest price past 10^15 hundredths', centi({ price: { baseAmountWon: MAX_AMOUNT_WON } }), 'invalid-amount', '/price/baseAmountWon']
]

const REVIEW = '/eligibilityReview'
const refusedReviews: Refused[] = [
  ['review without a rule', { method: 'eligibility-review' }, 'rule-set-invalid', REVIEW],
  ['rule without a review', { eligibilityReview: REVIEW_RULE }, 'rule-set-invalid', REVIEW],
  ['review without a price', reviewing({}, unpriced()), 'rule-set-invalid', '/price/method'],
  ['floor that does not match', reviewing({}, { floorRatePpm: 877_450 }), 'rule-set-invalid', '/floorRatePpm'],
  ['reference over 100 %', reviewing({ referenceRatePpm: 1_000_001 }), 'invalid-rate', `${REVIEW}/referenceRatePpm`],
  ['no price marks', reviewing({ priceMarksMilli: 0 }), 'rule-set-invalid', `${REVIEW}/priceMarksMilli`],
  ['no slope', reviewing({ slopeMilli: 0 }), 'rule-set-invalid', `${REVIEW}/slopeMilli`],
  ['fractional slope', reviewing({ slopeMilli: 0.375 }), 'rule-set-invalid', `${REVIEW}/slopeMilli`],
  ['slope that passes everything', reviewing({ slopeMilli: 1 }), 'rule-set-invalid', `${REVIEW}/slopeMilli`],
  ['negative capability marks', reviewing({ capabilityMarksMilli: -1 }), 'rule-set-invalid', `${REVIEW}/capabilityMarksMilli`],
  ['more than 100 marks', reviewing({ capabilityMarksMilli: 50_001 }), 'rule-set-invalid', `${REVIEW}/capabilityMarksMilli`],
  ['no pass mark', reviewing({ passMarkMilli: 0 }), 'rule-set-invalid', `${REVIEW}/passMarkMilli`],
  ['pass mark over the maximum', reviewing({ priceMarksMilli: 40_000, passMarkMilli: 90_001, flat: null }), 'rule-set-invalid', `${REVIEW}/passMarkMilli`],
  ['negative minimum', reviewing({ minimumPriceMarksMilli: -1 }), 'rule-set-invalid', `${REVIEW}/minimumPriceMarksMilli`],
  ['minimum that passes alone', reviewing({ minimumPriceMarksMilli: 45_000 }), 'rule-set-invalid', `${REVIEW}/minimumPriceMarksMilli`],
  ['flat part below R', reviewing({ flat: { fromRatioPpm: 899_900, marksMilli: 45_000 } }), 'invalid-rate', `${REVIEW}/flat/fromRatioPpm`],
  ['flat part over 100 %', reviewing({ flat: { fromRatioPpm: 1_000_100, marksMilli: 45_000 } }), 'invalid-rate', `${REVIEW}/flat/fromRatioPpm`],
  ['flat marks over the maximum', reviewing({ flat: { fromRatioPpm: 925_000, marksMilli: 50_001 } }), 'rule-set-invalid', `${REVIEW}/flat/marksMilli`],
  ['flat marks under the minimum', reviewing({ flat: { fromRatioPpm: 925_000, marksMilli: 1_999 } }), 'rule-set-invalid', `${REVIEW}/flat/marksMilli`]
]

const refusedCommittees: Refused[] = [
  ['one person in both seats', seats({ witness: officer(1) }), 'rule-set-invalid', '/committee/witness'],
  ['a member as recovery officer', seats({ recovery: [officer(3), officer(2)] }), 'rule-set-invalid', '/committee/recovery/1'],
  ['a recovery officer twice', seats({ recovery: [officer(3), officer(3)] }), 'rule-set-invalid', '/committee/recovery/1'],
  ['threshold of one', seats({ threshold: 1 }), 'rule-set-invalid', '/committee/threshold'],
  ['fractional threshold', seats({ threshold: 2.5 }), 'rule-set-invalid', '/committee/threshold'],
  ['threshold over the recipients', seats({ threshold: 3 }), 'rule-set-invalid', '/committee/threshold'],
  ['too many recovery officers', seats({ recovery: Array.from({ length: MAX_RECOVERY_OFFICERS + 1 }, (_, i) => officer(10 + i)) }),
    'rule-set-invalid', '/committee/recovery']
]

const refused = { amounts: refusedAmounts, decimals: refusedDecimals, reviews: refusedReviews, committees: refusedCommittees }
for (const [what, cases] of Object.entries(refused)) {
  await t.test(`refused ${what}`, async (t) => {
    for (const [name, change, code, field] of cases) {
      t.throws(() => checkDraft(makeTerms(change)), { code, context: { field, detail: String, detailKo: String } }, name)
      t.throws(() => checkTerms(makeTerms(change)), { code, context: { field } }, `${name}: at publication too`)
    }
  })
}

await t.test('only finished terms: sealed prices and the rule set', async (t) => {
  t.doesNotThrow(() => checkTerms(makeTerms()))
  for (const method of ['multiple-sealed', 'single-sealed'] as const) {
    t.doesNotThrow(() => checkTerms(makeTerms({ price: { method, sealedPricesSha256: SHA } })), method)
    t.doesNotThrow(() => checkDraft(makeTerms({ price: { method } })), `${method}: a draft has no digest yet`)
    t.throws(() => checkTerms(makeTerms({ price: { method } })), { code: 'rule-set-invalid', context: { field: '/price/sealedPricesSha256' } }, `${method} without digest`)
  }
  t.throws(() => checkTerms(makeTerms({ price: { sealedPricesSha256: SHA } })), { code: 'rule-set-invalid', context: { field: '/price/sealedPricesSha256' } })
  t.throws(() => checkTerms(makeTerms({ ruleSet: 'pps-works-2027' })), { code: 'rule-set-invalid', context: { field: '/ruleSet' } })
})
