/** What a notice may not say under its award method: every impossible setting is refused at the draft, with its code and field. */
import t from 'tap'
import type { ErrorCode } from '../../src/domain/errors.ts'
import type { Sha256Hex } from '../../src/domain/ids.ts'
import { MAX_EVALUATORS } from '../../src/domain/method-rules.ts'
import { AWARD_METHODS, type AwardMethod, type BalancedPriceRule, type ComprehensiveRule, type TechnicalRule } from '../../src/domain/notice.ts'
import { checkDraft, checkTerms } from '../../src/domain/notice-rules.ts'
import { COMPREHENSIVE_RULE, METHOD_TERMS, TECHNICAL_RULE } from '../support/method-terms.ts'
import { makeTerms, REVIEW_RULE, type TermsChange } from '../support/notice-terms.ts'

type Refused = [name: string, change: TermsChange, code: ErrorCode, field: string]
const SHA = 'a'.repeat(64) as Sha256Hex
const RULES = { eligibilityReview: REVIEW_RULE, comprehensive: COMPREHENSIVE_RULE, technical: TECHNICAL_RULE }

const of = (method: AwardMethod, change: TermsChange = {}): TermsChange => ({ ...METHOD_TERMS[method], ...change })
const unpriced = { method: 'none', baseAmountWon: null } as const
const weighing = (change: Partial<ComprehensiveRule>): TermsChange => of('comprehensive', { comprehensive: { ...COMPREHENSIVE_RULE, ...change } })
const balancing = (change: Partial<BalancedPriceRule>, rule: Partial<ComprehensiveRule> = {}): TermsChange =>
  weighing({ ...rule, reference: { kind: 'balanced', dropHighestPpm: 400_000, dropLowestPpm: 200_000, minimumBids: 10, ...change } })
const marking = (change: Partial<TechnicalRule>, method: 'negotiated' | 'two-stage' = 'negotiated'): TermsChange => {
  const { technical } = METHOD_TERMS[method]
  return of(method, { technical: { ...TECHNICAL_RULE, ...technical, ...change } })
}

await t.test('allowed', async (t) => {
  const allowed: Array<[string, TermsChange]> = [
    ...AWARD_METHODS.map((method): [string, TermsChange] => [method, of(method)]),
    ['lowest without a planned price', of('lowest', { price: unpriced })],
    ['lowest by a draw', of('lowest', { price: { method: 'multiple-derived' } })],
    ['restricted lowest without a floor', of('restricted-lowest', { floorRatePpm: 0 })],
    ['private quotes at the least floor', of('private-quote', { floorRatePpm: 1 })],
    ['private quotes at 100 %', of('private-quote', { floorRatePpm: 1_000_000 })],
    ['comprehensive with a floor', of('comprehensive', { floorRatePpm: 800_000 })],
    ['comprehensive, price alone', weighing({ priceMarksMilli: 100_000, capabilityMarksMilli: 0, socialMarksMilli: 0 })],
    ['comprehensive, the price almost without weight', weighing({ slopeMilli: 1 })],
    ['comprehensive, the least of everything', weighing({ priceMarksMilli: 1, capabilityMarksMilli: 99_999, socialMarksMilli: 0, reference: { kind: 'planned', ratePpm: 1 } })],
    ['comprehensive with a flat part', weighing({ flat: { fromRatioPpm: 880_000, marksMilli: 40_000 } })],
    ['comprehensive with a minimum of all', weighing({ minimumPriceMarksMilli: 40_000 })],
    ['balanced price', balancing({})],
    ['balanced price of all bids', balancing({ dropHighestPpm: 0, dropLowestPpm: 0, minimumBids: 1 })],
    ['balanced price of the least that is left', balancing({ dropHighestPpm: 499_999, dropLowestPpm: 500_000, minimumBids: 1000 })],
    ['balanced price with the highest share', balancing({ dropHighestPpm: 999_999, dropLowestPpm: 0 })],
    ['balanced price, flat from 100 %', balancing({}, { flat: { fromRatioPpm: 1_000_000, marksMilli: 40_000 } })],
    ['balanced price, flat from 200 %', balancing({}, { flat: { fromRatioPpm: 2_000_000, marksMilli: 0 } })],
    ['negotiated without a price', of('negotiated', { price: unpriced })],
    ['negotiated, price almost alone', marking({ marksMilli: 1, passMarkMilli: 1 })],
    ['negotiated, technical almost alone', marking({ marksMilli: 99_999 })],
    ['no pass mark', marking({ passMarkMilli: 0 })],
    ['pass mark of all', marking({ passMarkMilli: 80_000 })],
    ['three evaluators, extremes dropped', marking({ minimumEvaluators: 3 })],
    ['one evaluator', marking({ minimumEvaluators: 1, dropExtremes: false })],
    ['two-stage with a draw', of('two-stage', { price: { method: 'multiple-derived' } })],
    ['two-stage without a price', of('two-stage', { price: unpriced })]
  ]
  for (const [name, change] of allowed) t.doesNotThrow(() => checkDraft(makeTerms(change)), name)
})

/** A score rule that is missing, or one that the method does not have. */
const rules = AWARD_METHODS.flatMap((method) => (['eligibilityReview', 'comprehensive', 'technical'] as const).map((name): Refused => {
  const has = METHOD_TERMS[method][name] !== undefined
  const wrong = { eligibilityReview: null, comprehensive: null, technical: null, ...METHOD_TERMS[method], [name]: has ? null : RULES[name] }
  return [`${method} ${has ? 'without' : 'with'} ${name}`, wrong, 'rule-set-invalid', `/${name}`]
}))

const floors: Refused[] = [
  ...(['lowest', 'negotiated', 'two-stage'] as const).map((method): Refused =>
    [`${method} with a floor`, of(method, { floorRatePpm: 1 }), 'rule-set-invalid', '/floorRatePpm']),
  ...(['private-quote', 'eligibility-review'] as const).flatMap((method): Refused[] => [
    [`${method} without a floor`, of(method, { floorRatePpm: 0 }), 'rule-set-invalid', '/floorRatePpm'],
    // Not "needs a floor": with one, the next answer would be that without a planned price there is none.
    [`${method} without a planned price`, of(method, { floorRatePpm: 0, price: unpriced }), 'rule-set-invalid', '/price/method']
  ]),
  ...AWARD_METHODS.flatMap((method): Refused[] => [-1, 1_000_001, 0.5].map((rate) =>
    [`${method}: floor of ${rate}`, of(method, { floorRatePpm: rate }), 'invalid-rate', '/floorRatePpm'])),
  ['floor beside the pass mark', of('eligibility-review', { floorRatePpm: 874_951 }), 'rule-set-invalid', '/floorRatePpm']
]

const COMPREHENSIVE = '/comprehensive'
const REFERENCE = `${COMPREHENSIVE}/reference`
const comprehensive: Refused[] = [
  ['no planned price', of('comprehensive', { price: unpriced }), 'rule-set-invalid', '/price/method'],
  ['99.999 marks', weighing({ socialMarksMilli: 9_999 }), 'rule-set-invalid', `${COMPREHENSIVE}/priceMarksMilli`],
  ['100.001 marks', weighing({ capabilityMarksMilli: 50_001 }), 'rule-set-invalid', `${COMPREHENSIVE}/priceMarksMilli`],
  ['negative capability', weighing({ capabilityMarksMilli: -1, socialMarksMilli: 60_001 }), 'rule-set-invalid', `${COMPREHENSIVE}/capabilityMarksMilli`],
  ['negative social marks', weighing({ socialMarksMilli: -1 }), 'rule-set-invalid', `${COMPREHENSIVE}/socialMarksMilli`],
  ['fractional social marks', weighing({ socialMarksMilli: 0.5 }), 'rule-set-invalid', `${COMPREHENSIVE}/socialMarksMilli`],
  ['no price marks', weighing({ priceMarksMilli: 0, socialMarksMilli: 50_000 }), 'rule-set-invalid', `${COMPREHENSIVE}/priceMarksMilli`],
  ['no slope', weighing({ slopeMilli: 0 }), 'rule-set-invalid', `${COMPREHENSIVE}/slopeMilli`],
  ['fractional slope', weighing({ slopeMilli: 0.375 }), 'rule-set-invalid', `${COMPREHENSIVE}/slopeMilli`],
  ['reference 0', weighing({ reference: { kind: 'planned', ratePpm: 0 } }), 'invalid-rate', `${REFERENCE}/ratePpm`],
  ['reference over 100 %', weighing({ reference: { kind: 'planned', ratePpm: 1_000_001 } }), 'invalid-rate', `${REFERENCE}/ratePpm`],
  ['a negative share of the highest', balancing({ dropHighestPpm: -1 }), 'invalid-rate', `${REFERENCE}/dropHighestPpm`],
  ['a fractional share of the highest', balancing({ dropHighestPpm: 0.4 }), 'invalid-rate', `${REFERENCE}/dropHighestPpm`],
  ['all of the highest', balancing({ dropHighestPpm: 1_000_000 }), 'invalid-rate', `${REFERENCE}/dropHighestPpm`],
  ['a negative share of the lowest', balancing({ dropLowestPpm: -1 }), 'invalid-rate', `${REFERENCE}/dropLowestPpm`],
  ['a fractional share of the lowest', balancing({ dropLowestPpm: Number.NaN }), 'invalid-rate', `${REFERENCE}/dropLowestPpm`],
  ['shares of all bids together', balancing({ dropHighestPpm: 400_000, dropLowestPpm: 600_000 }), 'invalid-rate', `${REFERENCE}/dropLowestPpm`],
  ['no bids to begin with', balancing({ minimumBids: 0 }), 'rule-set-invalid', `${REFERENCE}/minimumBids`],
  ['half a bid', balancing({ minimumBids: 2.5 }), 'rule-set-invalid', `${REFERENCE}/minimumBids`],
  ['more bids than there ever are', balancing({ minimumBids: 1001 }), 'rule-set-invalid', `${REFERENCE}/minimumBids`],
  ['balanced, flat part below 100 %', balancing({}, { flat: { fromRatioPpm: 999_999, marksMilli: 1 } }), 'invalid-rate', `${COMPREHENSIVE}/flat/fromRatioPpm`],
  ['balanced, flat part over 200 %', balancing({}, { flat: { fromRatioPpm: 2_000_001, marksMilli: 1 } }), 'invalid-rate', `${COMPREHENSIVE}/flat/fromRatioPpm`],
  ['balanced, without a planned price', { ...balancing({}), price: unpriced }, 'rule-set-invalid', '/price/method'],
  ['negative minimum', weighing({ minimumPriceMarksMilli: -1 }), 'rule-set-invalid', `${COMPREHENSIVE}/minimumPriceMarksMilli`],
  ['minimum over the price marks', weighing({ minimumPriceMarksMilli: 40_001 }), 'rule-set-invalid', `${COMPREHENSIVE}/minimumPriceMarksMilli`],
  ['flat part below R', weighing({ flat: { fromRatioPpm: 879_999, marksMilli: 1 } }), 'invalid-rate', `${COMPREHENSIVE}/flat/fromRatioPpm`],
  ['flat part over 100 %', weighing({ flat: { fromRatioPpm: 1_000_001, marksMilli: 1 } }), 'invalid-rate', `${COMPREHENSIVE}/flat/fromRatioPpm`],
  ['flat marks over the price marks', weighing({ flat: { fromRatioPpm: 880_000, marksMilli: 40_001 } }), 'rule-set-invalid', `${COMPREHENSIVE}/flat/marksMilli`],
  ['flat marks under the minimum', weighing({ minimumPriceMarksMilli: 2, flat: { fromRatioPpm: 880_000, marksMilli: 1 } }),
    'rule-set-invalid', `${COMPREHENSIVE}/flat/marksMilli`]
]

const technical: Refused[] = [
  ...(['negotiated', 'two-stage'] as const).flatMap((method): Refused[] => {
    const full = METHOD_TERMS[method].technical?.marksMilli ?? 0
    const bad = (name: string, change: Partial<TechnicalRule>, member: keyof TechnicalRule): Refused =>
      [`${method}: ${name}`, marking(change, method), 'rule-set-invalid', `/technical/${member}`]
    return [
      bad('no marks', { marksMilli: 0 }, 'marksMilli'),
      bad('more than 100 marks', { marksMilli: 100_001 }, 'marksMilli'),
      bad('fractional marks', { marksMilli: 0.5 }, 'marksMilli'),
      bad('pass mark over the maximum', { passMarkMilli: full + 1 }, 'passMarkMilli'),
      bad('negative pass mark', { passMarkMilli: -1 }, 'passMarkMilli'),
      bad('fractional pass mark', { passMarkMilli: 0.5 }, 'passMarkMilli'),
      bad('nobody evaluates', { minimumEvaluators: 0, dropExtremes: false }, 'minimumEvaluators'),
      bad('half an evaluator', { minimumEvaluators: 1.5, dropExtremes: false }, 'minimumEvaluators'),
      bad('too few to drop extremes', { minimumEvaluators: 2 }, 'minimumEvaluators'),
      bad('too many evaluators', { minimumEvaluators: MAX_EVALUATORS + 1 }, 'minimumEvaluators')
    ]
  }),
  ['negotiated: no marks left for the price', marking({ marksMilli: 100_000 }), 'rule-set-invalid', '/technical/marksMilli'],
  ['two-stage: not out of 100', marking({ marksMilli: 99_999 }, 'two-stage'), 'rule-set-invalid', '/technical/marksMilli'],
  ...(['multiple-derived', 'multiple-sealed'] as const).map((method): Refused =>
    [`negotiated with ${method}`, of('negotiated', { price: { method } }), 'rule-set-invalid', '/price/method'])
]

for (const [what, cases] of Object.entries({ 'score rules': rules, floors, 'comprehensive evaluations': comprehensive, 'technical evaluations': technical })) {
  await t.test(`refused ${what}`, async (t) => {
    for (const [name, change, code, field] of cases) {
      t.throws(() => checkDraft(makeTerms(change)), { code, context: { field, detail: String, detailKo: String } }, name)
      t.throws(() => checkTerms(makeTerms(change)), { code, context: { field } }, `${name}: at publication too`)
    }
  })
}

await t.test('finished terms: a key for technical envelopes where there are some, and nowhere else', async (t) => {
  const refused = { code: 'rule-set-invalid', context: { field: '/technicalKey', detail: String, detailKo: String } }
  const key = makeTerms().key
  const finished = (method: AwardMethod, technicalKey: typeof key | null): void => {
    const { price, ...terms } = of(method)
    checkTerms(makeTerms({ ...terms, price: { ...price, sealedPricesSha256: SHA }, technicalKey }))
  }
  for (const method of AWARD_METHODS) {
    const isSealedApart = method === 'negotiated' || method === 'two-stage'
    t.doesNotThrow(() => finished(method, isSealedApart ? key : null), method)
    t.throws(() => finished(method, isSealedApart ? null : key), refused, method)
  }
})
