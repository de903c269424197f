/**
 * What each award method (낙찰자 결정방법) wants of a notice: its score rule and no other, marks that sum and can be reached, a
 * floor where the method has one. Refused at the draft, never at the opening.
 */
import { floorRateOf, FULL_MARKS_MILLI } from './eligibility-review.ts'
import { MAX_MINIMUM_BIDS } from './balanced-price.ts'
import type { AwardMethod, BalancedPriceRule, EligibilityReviewRule, PriceMarksRule, TechnicalRule } from './notice.ts'
import { demandRate, demandRule, isWhole, type RuledTerms } from './notice-checks.ts'
import { percentText } from './rate-text.ts'
import { PPM } from './rounding.ts'

export const MAX_EVALUATORS = 50
/** A flat part against the balanced price begins at twice that price at most. */
const MAX_BALANCED_FLAT_PPM = 2 * PPM
const REFERENCE = '/comprehensive/reference'

type ScoreRule = 'eligibilityReview' | 'comprehensive' | 'technical'
/** Which score rule a method carries, and what it says of the floor. */
const WANTS: Readonly<Record<AwardMethod, { rules: readonly ScoreRule[], floor: 'some' | 'none' | 'any' }>> = {
  lowest: { rules: [], floor: 'none' },
  'restricted-lowest': { rules: [], floor: 'any' },
  'private-quote': { rules: [], floor: 'some' },
  'eligibility-review': { rules: ['eligibilityReview'], floor: 'some' },
  comprehensive: { rules: ['comprehensive'], floor: 'any' },
  negotiated: { rules: ['technical'], floor: 'none' },
  'two-stage': { rules: ['technical'], floor: 'none' }
}

/** @throws BonginError `rule-set-invalid`, `invalid-rate` with the field at fault. */
export function checkMethod (draft: RuledTerms): void {
  const { method, floorRatePpm } = draft
  const { rules, floor } = WANTS[method]
  for (const name of ['eligibilityReview', 'comprehensive', 'technical'] as const) {
    const wanted = rules.includes(name)
    demandRule((draft[name] !== null) === wanted, `/${name}`,
      `The method ${method} ${wanted ? 'needs' : 'has no'} ${name} rule.`, `${method} 방법에는 ${name} 기준이 ${wanted ? '필요합니다' : '없어야 합니다'}.`)
  }
  if (floor === 'some') demandPlanned(draft)
  demandRule(floor !== 'none' || floorRatePpm === 0, '/floorRatePpm', `The method ${method} has no floor rate.`, `${method} 방법에는 낙찰하한율이 없습니다.`)
  demandRule(floor !== 'some' || floorRatePpm > 0, '/floorRatePpm', `The method ${method} needs a floor rate.`, `${method} 방법에는 낙찰하한율이 필요합니다.`)
  if (draft.eligibilityReview !== null) checkReview(draft, draft.eligibilityReview)
  if (draft.comprehensive !== null) checkComprehensive(draft)
  if (draft.technical !== null) checkTechnical(draft, draft.technical)
}

function demandPlanned ({ price }: RuledTerms): void {
  demandRule(price.method !== 'none', '/price/method', 'This method needs a planned price.', '이 낙찰 방법에는 예정가격이 필요합니다.')
}

function demandMarks (value: number, field: string, from: number): void {
  demandRule(isWhole(value, from, FULL_MARKS_MILLI), field,
    `This is a whole number of thousandths of a mark from ${from} to ${FULL_MARKS_MILLI}.`, `${from} 이상 ${FULL_MARKS_MILLI} 이하의 정수(1/1000점)여야 합니다.`)
}

/** `flatRatesPpm`: where the flat part may begin. */
function checkPriceMarks (rule: PriceMarksRule, at: string, flatRatesPpm: { from: number, to: number }): void {
  demandMarks(rule.priceMarksMilli, `${at}/priceMarksMilli`, 1)
  demandMarks(rule.slopeMilli, `${at}/slopeMilli`, 1)
  demandMarks(rule.minimumPriceMarksMilli, `${at}/minimumPriceMarksMilli`, 0)
  demandRule(rule.minimumPriceMarksMilli <= rule.priceMarksMilli, `${at}/minimumPriceMarksMilli`,
    'The minimum is above the full price marks.', '최저 점수가 입찰가격 만점보다 높습니다.')
  const { flat } = rule
  if (flat === null) return
  demandRate(flat.fromRatioPpm, `${at}/flat/fromRatioPpm`, flatRatesPpm.from, flatRatesPpm.to)
  demandRule(isWhole(flat.marksMilli, rule.minimumPriceMarksMilli, rule.priceMarksMilli), `${at}/flat/marksMilli`,
    'The flat marks lie between the minimum and the full price marks.', '일정 점수는 최저 점수와 입찰가격 만점 사이여야 합니다.')
}

function checkReview (draft: RuledTerms, rule: EligibilityReviewRule): void {
  const at = (name: keyof EligibilityReviewRule): string => `/eligibilityReview/${name}`
  demandRate(rule.referenceRatePpm, at('referenceRatePpm'), 1, PPM)
  checkPriceMarks(rule, '/eligibilityReview', { from: rule.referenceRatePpm, to: PPM })
  demandMarks(rule.capabilityMarksMilli, at('capabilityMarksMilli'), 0)
  demandMarks(rule.passMarkMilli, at('passMarkMilli'), 1)
  const { priceMarksMilli, capabilityMarksMilli, passMarkMilli, minimumPriceMarksMilli } = rule
  demandRule(priceMarksMilli + capabilityMarksMilli <= FULL_MARKS_MILLI, at('capabilityMarksMilli'),
    'Price and capability marks pass 100 together.', '입찰가격 점수와 이행능력 점수의 합이 100점을 넘습니다.')
  demandRule(passMarkMilli <= priceMarksMilli + capabilityMarksMilli, at('passMarkMilli'),
    'Nobody could reach the pass mark.', '통과 점수가 만점보다 높습니다.')
  demandRule(minimumPriceMarksMilli + capabilityMarksMilli < passMarkMilli, at('minimumPriceMarksMilli'),
    'With the minimum price marks any price would pass: the floor rate would mean nothing.', '최저 입찰가격 점수만으로도 통과할 수 있어 낙찰하한율이 무의미합니다.')
  const impliedPpm = floorRateOf(rule)
  demandRule(impliedPpm > 0, at('slopeMilli'), 'The slope is so gentle that any price would pass.', '기울기가 너무 작아 어떤 가격도 통과합니다.')
  demandRule(draft.floorRatePpm === impliedPpm, '/floorRatePpm',
    `The score rule implies a floor of ${percentText(impliedPpm)} %, the notice says ${percentText(draft.floorRatePpm)} %.`,
    `평가 기준에 따른 낙찰하한율은 ${percentText(impliedPpm)}%이나 공고에는 ${percentText(draft.floorRatePpm)}%로 되어 있습니다.`)
}

function checkComprehensive (draft: RuledTerms): void {
  const rule = draft.comprehensive
  if (rule === null) return
  demandPlanned(draft)
  const { reference } = rule
  if (reference.kind === 'balanced') checkBalanced(reference)
  else demandRate(reference.ratePpm, `${REFERENCE}/ratePpm`, 1, PPM)
  const flatRatesPpm = reference.kind === 'balanced' ? { from: PPM, to: MAX_BALANCED_FLAT_PPM } : { from: reference.ratePpm, to: PPM }
  checkPriceMarks(rule, '/comprehensive', flatRatesPpm)
  demandMarks(rule.capabilityMarksMilli, '/comprehensive/capabilityMarksMilli', 0)
  demandMarks(rule.socialMarksMilli, '/comprehensive/socialMarksMilli', 0)
  demandRule(rule.priceMarksMilli + rule.capabilityMarksMilli + rule.socialMarksMilli === FULL_MARKS_MILLI, '/comprehensive/priceMarksMilli',
    'Price, capability and social marks must sum to 100.', '입찰가격, 수행능력, 사회적 책임 점수의 합은 100점이어야 합니다.')
}

/** Shares that leave some bid in, whatever the number of bids. */
function checkBalanced ({ dropHighestPpm, dropLowestPpm, minimumBids }: BalancedPriceRule): void {
  demandRate(dropHighestPpm, `${REFERENCE}/dropHighestPpm`, 0, PPM - 1)
  demandRate(dropLowestPpm, `${REFERENCE}/dropLowestPpm`, 0, PPM - 1 - dropHighestPpm)
  demandRule(isWhole(minimumBids, 1, MAX_MINIMUM_BIDS), `${REFERENCE}/minimumBids`,
    `Bids are left out from a number of bids on, from 1 to ${MAX_MINIMUM_BIDS}.`, `제외를 적용하는 최소 입찰자 수는 1 이상 ${MAX_MINIMUM_BIDS} 이하의 정수여야 합니다.`)
}

function checkTechnical ({ method, price }: RuledTerms, rule: TechnicalRule): void {
  const at = (name: keyof TechnicalRule): string => `/technical/${name}`
  demandMarks(rule.marksMilli, at('marksMilli'), 1)
  demandMarks(rule.passMarkMilli, at('passMarkMilli'), 0)
  demandRule(rule.passMarkMilli <= rule.marksMilli, at('passMarkMilli'), 'Nobody could reach the pass mark.', '통과 점수가 만점보다 높습니다.')
  const least = rule.dropExtremes ? 3 : 1
  demandRule(isWhole(rule.minimumEvaluators, least, MAX_EVALUATORS), at('minimumEvaluators'),
    `There are from ${least} to ${MAX_EVALUATORS} evaluators.`, `평가위원은 ${least}명 이상 ${MAX_EVALUATORS}명 이하여야 합니다.`)
  if (method === 'two-stage') {
    demandRule(rule.marksMilli === FULL_MARKS_MILLI, at('marksMilli'), 'A two-stage tender marks proposals out of 100.', '2단계 입찰의 규격 평가는 100점 만점입니다.')
    return
  }
  demandRule(rule.marksMilli < FULL_MARKS_MILLI, at('marksMilli'), 'Technical and price marks sum to 100: leave some for the price.', '기술과 가격 점수의 합은 100점이므로 가격 점수가 남아야 합니다.')
  demandRule(price.method === 'none' || price.method === 'single-sealed', '/price/method',
    'A negotiated contract draws no preliminary prices.', '협상에 의한 계약에서는 복수예비가격을 추첨하지 않습니다.')
}
