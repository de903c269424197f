/** For every award method what its notice says beside the rest: terms that the rules accept. */
import type { AwardMethod, ComprehensiveRule, TechnicalRule } from '../../src/domain/notice.ts'
import { REVIEW_RULE, type TermsChange } from './notice-terms.ts'

/** 40 marks for the price, 50 for capability, 10 for social responsibility; no flat part, so that every price counts. */
export const COMPREHENSIVE_RULE: ComprehensiveRule = {
  priceMarksMilli: 40_000,
  slopeMilli: 1_000,
  reference: { kind: 'planned', ratePpm: 880_000 },
  minimumPriceMarksMilli: 0,
  flat: null,
  capabilityMarksMilli: 50_000,
  socialMarksMilli: 10_000
}

export const TECHNICAL_RULE: TechnicalRule = { marksMilli: 80_000, passMarkMilli: 68_000, minimumEvaluators: 3, dropExtremes: true }

const SINGLE = { method: 'single-sealed' } as const

export const METHOD_TERMS: Readonly<Record<AwardMethod, TermsChange>> = {
  lowest: { method: 'lowest', floorRatePpm: 0, price: SINGLE },
  'restricted-lowest': { method: 'restricted-lowest', floorRatePpm: 874_950, price: SINGLE },
  'private-quote': { method: 'private-quote', floorRatePpm: 897_450, price: SINGLE },
  'eligibility-review': { method: 'eligibility-review', floorRatePpm: 874_950, price: SINGLE, eligibilityReview: REVIEW_RULE },
  comprehensive: { method: 'comprehensive', floorRatePpm: 0, price: SINGLE, comprehensive: COMPREHENSIVE_RULE },
  negotiated: { method: 'negotiated', floorRatePpm: 0, price: SINGLE, technical: TECHNICAL_RULE },
  'two-stage': { method: 'two-stage', floorRatePpm: 0, price: SINGLE, technical: { ...TECHNICAL_RULE, marksMilli: 100_000, passMarkMilli: 85_000 } }
}
