/**
 * What a notice may say. Everything that would make an opening impossible or unfair is refused here, at the draft and
 * again at publication, with the field at fault; the opening itself then refuses nothing. Fields are JSON Pointers into
 * the draft, or into the terms, which have the same shape. Types and text lengths are the HTTP schema's business.
 */
import { isAmountWon, MAX_AMOUNT_WON } from './bid.ts'
import type { TenderDraft } from './draft.ts'
import { priceRange, priceSlots } from './draw.ts'
import { floorRateOf } from './eligibility-review.ts'
import { BonginError } from './errors.ts'
import type { Committee, EligibilityReviewRule, NoticeTerms } from './notice.ts'
import { PPM } from './rounding.ts'
import { ruleSetNamed } from './rule-sets.ts'

/** What the rules look at: the part that a draft and the terms share. */
export type RuledTerms =
  Pick<TenderDraft, 'kind' | 'method' | 'estimatedPriceWon' | 'price' | 'aValueWon' | 'floorRatePpm' | 'netCostWon' | 'eligibilityReview' | 'committee'>

export const MAX_RANGE_PPM = 100_000
export const MAX_PRICE_UNIT_WON = 1_000_000
export const MAX_MARKS_MILLI = 100_000
export const MIN_RECOVERY_THRESHOLD = 2
/** With the other member of the committee at most 16 share holders. */
export const MAX_RECOVERY_OFFICERS = 15

type Refusal = 'rule-set-invalid' | 'invalid-amount' | 'invalid-rate'
interface Requirement { holds: boolean, code: Refusal, field: string, detail: string, detailKo: string }

/** @throws BonginError `rule-set-invalid`, `invalid-amount`, `invalid-rate` with the field at fault. */
export function checkDraft (draft: RuledTerms): void {
  checkAmounts(draft)
  checkPrice(draft)
  checkLimits(draft)
  checkReview(draft)
  checkCommittee(draft.committee)
}

/** `checkDraft`, and what only the finished terms have. @throws BonginError as `checkDraft`. */
export function checkTerms (terms: NoticeTerms): void {
  checkDraft(terms)
  ruleSetNamed(terms.ruleSet)
  const sealed = terms.price.method === 'multiple-sealed' || terms.price.method === 'single-sealed'
  demand({
    holds: (terms.price.sealedPricesSha256 !== null) === sealed,
    code: 'rule-set-invalid',
    field: '/price/sealedPricesSha256',
    detail: sealed ? 'This price method needs the digest of the sealed prices.' : 'Only sealed price methods have a digest of sealed prices.',
    detailKo: sealed ? '봉인된 예비가격의 해시값이 필요합니다.' : '봉인 예비가격 방법에서만 해시값을 둘 수 있습니다.'
  })
}

function demand (requirement: Requirement): void {
  if (requirement.holds) return
  const { code, field, detail, detailKo } = requirement
  throw new BonginError(code, { field, detail, detailKo })
}

const isWhole = (value: number, from: number, to: number): boolean => Number.isSafeInteger(value) && value >= from && value <= to

function demandAmount (value: number, field: string, from: 0 | 1 = 1): void {
  demand({
    holds: isAmountWon(value) || (from === 0 && value === 0),
    code: 'invalid-amount',
    field,
    detail: `This is a whole number of won from ${from} to 1,000,000,000,000,000.`,
    detailKo: `${from}원 이상 1,000조 원 이하의 정수여야 합니다.`
  })
}

function demandRate (value: number, field: string, from: number, to: number): void {
  demand({
    holds: isWhole(value, from, to),
    code: 'invalid-rate',
    field,
    detail: `This rate is a whole number of parts per million from ${from} to ${to}.`,
    detailKo: `비율은 백만분율로 ${from} 이상 ${to} 이하의 정수여야 합니다.`
  })
}

function demandRule (holds: boolean, field: string, detail: string, detailKo: string): void {
  demand({ holds, code: 'rule-set-invalid', field, detail, detailKo })
}

function checkAmounts (draft: RuledTerms): void {
  demandAmount(draft.estimatedPriceWon, '/estimatedPriceWon')
  demandAmount(draft.aValueWon, '/aValueWon', 0)
  if (draft.price.baseAmountWon !== null) demandAmount(draft.price.baseAmountWon, '/price/baseAmountWon')
  if (draft.netCostWon !== null) demandAmount(draft.netCostWon, '/netCostWon')
}

function checkPrice ({ price }: RuledTerms): void {
  const { baseAmountWon, method } = price
  if (baseAmountWon === null) {
    demandRule(method === 'none', '/price/baseAmountWon', 'This price method needs a base amount.', '이 예정가격 결정 방법에는 기초금액이 필요합니다.')
    return
  }
  if (method === 'none' || method === 'single-sealed') return
  demandRate(price.rangePpm, '/price/rangePpm', 1, MAX_RANGE_PPM)
  demand({
    holds: isWhole(price.priceUnitWon, 1, MAX_PRICE_UNIT_WON),
    code: 'invalid-amount',
    field: '/price/priceUnitWon',
    detail: 'The unit of preliminary prices is a whole number of won from 1 to 1,000,000.',
    detailKo: '예비가격 단위는 1원 이상 100만 원 이하의 정수여야 합니다.'
  })
  demand({
    holds: BigInt(baseAmountWon) * BigInt(PPM + price.rangePpm) <= BigInt(MAX_AMOUNT_WON) * BigInt(PPM),
    code: 'invalid-amount',
    field: '/price/baseAmountWon',
    detail: 'The highest preliminary price would pass 1,000,000,000,000,000 won.',
    detailKo: '최고 예비가격이 1,000조 원을 넘습니다.'
  })
  if (method === 'multiple-sealed') return
  demandRule(priceSlots({ ...price, baseAmountWon }).every(({ first, last }) => first <= last), '/price/priceUnitWon',
    'The unit is too coarse: 15 preliminary prices do not fit into the range.', '예비가격 단위가 너무 커서 범위 안에서 15개의 예비가격을 만들 수 없습니다.')
}

/** A value, floor and net cost: limits that need a planned price, and that leave room below it. */
function checkLimits ({ kind, price, aValueWon, floorRatePpm, netCostWon }: RuledTerms): void {
  const { baseAmountWon, method } = price
  demandRate(floorRatePpm, '/floorRatePpm', 0, PPM)
  if (method === 'none' || baseAmountWon === null) {
    demandRule(floorRatePpm === 0, '/floorRatePpm', 'Without a planned price there is no floor rate.', '예정가격이 없으면 낙찰하한율을 둘 수 없습니다.')
    demandRule(aValueWon === 0, '/aValueWon', 'Without a planned price there is no A value.', '예정가격이 없으면 A값을 둘 수 없습니다.')
    demandRule(netCostWon === null, '/netCostWon', 'Without a planned price there is no net-cost rule.', '예정가격이 없으면 순공사원가 기준을 둘 수 없습니다.')
    return
  }
  const lowestWon = method === 'single-sealed' ? baseAmountWon : priceRange(baseAmountWon, price.rangePpm).lowestWon
  demandRule(aValueWon < lowestWon, '/aValueWon',
    'The A value must be less than the lowest possible planned price.', 'A값은 가능한 최저 예정가격보다 작아야 합니다.')
  if (netCostWon === null) return
  demandRule(kind === 'works', '/netCostWon', 'The net-cost rule is for works only.', '순공사원가 기준은 공사에만 적용됩니다.')
  demandRule(netCostWon < baseAmountWon, '/netCostWon', 'The net cost must be less than the base amount.', '순공사원가는 기초금액보다 작아야 합니다.')
}

function checkReview ({ method, price, floorRatePpm, eligibilityReview: rule }: RuledTerms): void {
  const wanted = method === 'eligibility-review'
  demandRule((rule !== null) === wanted, '/eligibilityReview',
    wanted ? 'An eligibility review needs its score rule.' : 'Only the method eligibility-review has a score rule.',
    wanted ? '적격심사에는 평가 기준이 필요합니다.' : '적격심사가 아닌 방법에는 평가 기준을 둘 수 없습니다.')
  if (rule === null) return
  demandRule(price.method !== 'none', '/price/method', 'An eligibility review needs a planned price.', '적격심사에는 예정가격이 필요합니다.')
  checkMarks(rule)
  const impliedPpm = floorRateOf(rule)
  demandRule(floorRatePpm === impliedPpm, '/floorRatePpm',
    `The score rule implies a floor of ${impliedPpm / 10_000} %, the notice says ${floorRatePpm / 10_000} %.`,
    `평가 기준에 따른 낙찰하한율은 ${impliedPpm / 10_000}%이나 공고에는 ${floorRatePpm / 10_000}%로 되어 있습니다.`)
}

function checkMarks (rule: EligibilityReviewRule): void {
  const at = (name: string): string => `/eligibilityReview/${name}`
  demandRate(rule.referenceRatePpm, at('referenceRatePpm'), 1, PPM)
  const bounds = [
    ['priceMarksMilli', 1], ['slopeMilli', 1], ['capabilityMarksMilli', 0], ['passMarkMilli', 1], ['minimumPriceMarksMilli', 0]
  ] as const
  for (const [name, from] of bounds) {
    demandRule(isWhole(rule[name], from, MAX_MARKS_MILLI), at(name),
      `This is a whole number of thousandths of a mark from ${from} to ${MAX_MARKS_MILLI}.`, `${from} 이상 ${MAX_MARKS_MILLI} 이하의 정수(1/1000점)여야 합니다.`)
  }
  const { priceMarksMilli, capabilityMarksMilli, passMarkMilli, minimumPriceMarksMilli, flat } = rule
  demandRule(priceMarksMilli + capabilityMarksMilli <= MAX_MARKS_MILLI, at('capabilityMarksMilli'),
    'Price and capability marks pass 100 together.', '입찰가격 점수와 이행능력 점수의 합이 100점을 넘습니다.')
  demandRule(passMarkMilli <= priceMarksMilli + capabilityMarksMilli, at('passMarkMilli'),
    'Nobody could reach the pass mark.', '통과 점수가 만점보다 높습니다.')
  demandRule(minimumPriceMarksMilli + capabilityMarksMilli < passMarkMilli, at('minimumPriceMarksMilli'),
    'With the minimum price marks any price would pass: the floor rate would mean nothing.', '최저 입찰가격 점수만으로도 통과할 수 있어 낙찰하한율이 무의미합니다.')
  demandRule(floorRateOf(rule) > 0, at('slopeMilli'), 'The slope is so gentle that any price would pass.', '기울기가 너무 작아 어떤 가격도 통과합니다.')
  if (flat === null) return
  demandRate(flat.fromRatioPpm, at('flat/fromRatioPpm'), rule.referenceRatePpm, PPM)
  demandRule(isWhole(flat.marksMilli, minimumPriceMarksMilli, priceMarksMilli), at('flat/marksMilli'),
    'The flat marks lie between the minimum and the full price marks.', '일정 점수는 최저 점수와 입찰가격 만점 사이여야 합니다.')
}

function checkCommittee ({ executing, witness, recovery, threshold }: Committee): void {
  const members: string[] = [executing, witness]
  demandRule(executing !== witness, '/committee/witness', 'The executing officer and the witness are two people.', '입찰집행관과 입회관은 서로 다른 사람이어야 합니다.')
  demandRule(recovery.length <= MAX_RECOVERY_OFFICERS, '/committee/recovery',
    `There are at most ${MAX_RECOVERY_OFFICERS} recovery officers.`, `복구 담당관은 ${MAX_RECOVERY_OFFICERS}명 이하여야 합니다.`)
  for (const [i, id] of recovery.entries()) {
    demandRule(!members.includes(id), `/committee/recovery/${i}`, 'This officer already has a part in the committee.', '이미 집행위원인 담당관입니다.')
    members.push(id)
  }
  // A member's shares go to the other member and to the recovery officers; without the latter there are none.
  const recipients = recovery.length === 0 ? MIN_RECOVERY_THRESHOLD : 1 + recovery.length
  demandRule(isWhole(threshold, MIN_RECOVERY_THRESHOLD, recipients), '/committee/threshold',
    `The recovery threshold goes from ${MIN_RECOVERY_THRESHOLD} to the ${recipients} who hold shares.`,
    `복구 기준 인원은 ${MIN_RECOVERY_THRESHOLD}명 이상 ${recipients}명 이하여야 합니다.`)
}
