/**
 * What `tender example --method NAME` prints: for every award method a notice that the rules accept, with the floor, score
 * rule and price range that the rule book suggests on the day it is printed. Names, prices and marks are made up.
 */
import type { TenderDraft } from '../domain/draft.ts'
import type { OfficerId } from '../domain/ids.ts'
import { SUITE_XWING, type AValue, type AwardMethod, type ComprehensiveRule } from '../domain/notice.ts'
import { amountText, unitsPerWon } from '../domain/price-unit.ts'
import { DEFAULT_INSTITUTION, type RuleSet, suggestedTerms } from '../domain/rule-sets.ts'
import { DAY_MS, formatKst, HOUR_MS } from '../domain/time.ts'
import type { NoticeFile, WrittenPrice } from './draft-file.ts'
import { UsageError } from './exit-codes.ts'

/** Bids are taken for a week. */
const NOTICE_MS = 7 * DAY_MS
/** Proposals are opened an hour after the closing and judged for three days. */
const EVALUATION_MS = 3 * DAY_MS

/** Works of two billion won. */
const A_VALUE: AValue = {
  nationalPensionWon: 24_300_000,
  healthInsuranceWon: 19_100_000,
  longTermCareWon: 2_470_000,
  retirementMutualAidWon: 12_400_000,
  industrialSafetyWon: 37_000_000,
  safetyManagementWon: 31_200_000,
  qualityManagementWon: 9_800_000
}

/** 50 marks for the price, 40 for capability, 10 for social responsibility; a mark lost for every percent from 88 %. */
const COMPREHENSIVE: ComprehensiveRule = {
  priceMarksMilli: 50_000,
  slopeMilli: 1_000,
  reference: { kind: 'planned', ratePpm: 880_000 },
  minimumPriceMarksMilli: 0,
  flat: null,
  capabilityMarksMilli: 40_000,
  socialMarksMilli: 10_000
}

/** An example says all that its score rule has. */
export type ExampleNotice = Omit<NoticeFile, 'comprehensive'> & Partial<Pick<TenderDraft, 'comprehensive'>>
type Subject = Pick<NoticeFile, 'title' | 'kind' | 'estimatedPriceWon'> & Partial<ExampleNotice> & { baseAmountWon: number }

/** What is bought, and what only this method says of it. */
const SUBJECTS: Readonly<Record<AwardMethod, Subject>> = {
  lowest: { title: '사무용 의자 구매', kind: 'goods', estimatedPriceWon: 45_000_000, baseAmountWon: 49_500_000 },
  'restricted-lowest': {
    title: '청사 보수공사',
    kind: 'works',
    estimatedPriceWon: 26_980_000,
    baseAmountWon: 29_678_000
  },
  'private-quote': { title: '청사 승강기 유지관리', kind: 'services', estimatedPriceWon: 36_000_000, baseAmountWon: 39_600_000 },
  'eligibility-review': {
    title: '하수관로 정비공사',
    kind: 'works',
    estimatedPriceWon: 2_000_000_000,
    baseAmountWon: 2_200_000_000,
    aValue: A_VALUE,
    netCostWon: 1_910_000_000
  },
  comprehensive: { title: '국도 확장공사', kind: 'works', estimatedPriceWon: 24_000_000_000, baseAmountWon: 26_400_000_000, comprehensive: COMPREHENSIVE },
  negotiated: {
    title: '통합 정보시스템 구축',
    kind: 'services',
    estimatedPriceWon: 450_000_000,
    baseAmountWon: 495_000_000,
    technical: { marksMilli: 90_000, passMarkMilli: 76_500, minimumEvaluators: 7, dropExtremes: true }
  },
  'two-stage': {
    title: '분석 장비 구매',
    kind: 'goods',
    estimatedPriceWon: 300_000_000,
    baseAmountWon: 330_000_000,
    technical: { marksMilli: 100_000, passMarkMilli: 85_000, minimumEvaluators: 5, dropExtremes: true }
  }
}

/** Meals by contract: one line, whose price is the amount that is bid. */
const UNIT_PRICE_SUBJECT: Subject = {
  title: '급식 단가계약',
  kind: 'services',
  estimatedPriceWon: 45_000_000,
  baseAmountWon: 49_500_000,
  unitPrices: [{ name: '중식', unit: '식', quantity: 9_000 }]
}
const UNIT_PRICE_METHODS: readonly AwardMethod[] = ['lowest', 'restricted-lowest', 'private-quote', 'eligibility-review']

/** What is bought: by this method, or at unit prices. @throws UsageError where nothing is bought at unit prices by it. */
function subjectOf (method: AwardMethod, unitPrice: boolean): Subject {
  if (!unitPrice) return SUBJECTS[method]
  if (UNIT_PRICE_METHODS.includes(method)) return UNIT_PRICE_SUBJECT
  throw new UsageError(`There are examples at unit prices for ${UNIT_PRICE_METHODS.join(', ')}.`)
}

interface ExampleQuery { method: AwardMethod, noticeAt: number, unitPrice?: boolean, postQuantum?: boolean }

/** @throws BonginError `rule-set-invalid` where the rule book has nothing for this day; UsageError as `subjectOf`. */
export function exampleNotice ({ method, noticeAt, unitPrice = false, postQuantum = false }: ExampleQuery): ExampleNotice {
  const { baseAmountWon, kind, estimatedPriceWon, ...subject } = subjectOf(method, unitPrice)
  const institution = unitPrice ? 'koneps-unit-price' : DEFAULT_INSTITUTION
  const { price, floorRatePpm, eligibilityReview } = suggestedTerms({ law: 'national', kind, method, estimatedPriceWon, noticeAt, institution })
  const closesAt = Math.ceil((noticeAt + NOTICE_MS) / HOUR_MS) * HOUR_MS
  const technicalTimes = { technicalOpensAt: formatKst(closesAt + HOUR_MS), opensAt: formatKst(closesAt + EVALUATION_MS) }
  return {
    kind,
    law: 'national',
    method,
    estimatedPriceWon,
    // Nothing is drawn before a negotiation.
    price: { method: method === 'negotiated' ? 'none' : 'multiple-derived', ...writtenPrice({ ...price, baseAmountWon }) },
    floorRatePpm: floorRatePpm ?? 0,
    ...(eligibilityReview === null ? {} : { eligibilityReview }),
    ...subject,
    ...(postQuantum ? { suite: SUITE_XWING } : {}),
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '담당자', phone: '02-000-0000', email: 'officer@example.kr' },
    attachments: [],
    committee: { witness: 'O00000002' as OfficerId, recovery: [] },
    schedule: { closesAt: formatKst(closesAt), ...(subject.technical === undefined ? {} : technicalTimes) }
  }
}

/** The step of a rule set counts units, the base amount is whole won; a file has both in won. */
function writtenPrice ({ baseAmountWon, ...price }: RuleSet['price'] & { baseAmountWon: number }): Omit<WrittenPrice, 'method'> {
  const { decimals, priceUnitWon } = price
  if (decimals === 0) return { ...price, baseAmountWon }
  const text = (units: number): string => amountText(units, decimals)
  return { ...price, baseAmountWon: text(baseAmountWon * unitsPerWon(decimals)), priceUnitWon: text(priceUnitWon) }
}
