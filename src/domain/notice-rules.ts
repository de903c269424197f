/**
 * What a notice may say. Everything that would make an opening impossible or unfair is refused here, at the draft and
 * again at publication, with the field at fault; the opening itself then refuses nothing. Fields are JSON Pointers into
 * the draft, or into the terms, which have the same shape. Types and text lengths are the HTTP schema's business.
 */
import { aValueWon } from './a-value.ts'
import { MAX_AMOUNT_WON } from './bid.ts'
import { priceRange, priceSlots, sealsPrices } from './draw.ts'
import { checkForm, checkLotId } from './form-rules.ts'
import { checkMethod } from './method-rules.ts'
import { A_VALUE_COMPONENTS, type Committee, type NoticeTerms } from './notice.ts'
import { demand, demandAmount, demandRate, demandRule, isWhole, type RuledTerms } from './notice-checks.ts'
import { PPM } from './rounding.ts'
import { WORKS_NET_COST } from './rule-sets/policies.ts'
import { ruleSetNamed } from './rule-sets.ts'

export type { RuledTerms } from './notice-checks.ts'
export const MAX_RANGE_PPM = 100_000
/** Units of the price competition. */
export const MAX_PRICE_UNIT_WON = 1_000_000
export const MIN_RECOVERY_THRESHOLD = 2
/** With the other member of the committee at most 16 share holders. */
export const MAX_RECOVERY_OFFICERS = 15

/** @throws BonginError `rule-set-invalid`, `invalid-amount`, `invalid-rate` with the field at fault. */
export function checkDraft (draft: RuledTerms): void {
  checkAmounts(draft)
  checkPrice(draft)
  checkLimits(draft)
  checkMethod(draft)
  checkForm(draft)
  checkCommittee(draft.committee)
}

/** `checkDraft`, and what only the finished terms have. @throws BonginError as `checkDraft`. */
export function checkTerms (terms: NoticeTerms): void {
  checkDraft(terms)
  checkLotId(terms)
  ruleSetNamed(terms.ruleSet)
  demandRule((terms.technicalKey !== null) === (terms.technical !== null), '/technicalKey',
    'A technical evaluation has a key of its own, and nothing else has.', '기술평가 공고에만 기술제안서용 별도 키를 둡니다.')
  const sealed = sealsPrices(terms.price.method)
  demand({
    holds: (terms.price.sealedPricesSha256 !== null) === sealed,
    code: 'rule-set-invalid',
    field: '/price/sealedPricesSha256',
    detail: sealed ? 'This price method needs the digest of the sealed prices.' : 'Only sealed price methods have a digest of sealed prices.',
    detailKo: sealed ? '봉인된 예비가격의 해시값이 필요합니다.' : '봉인 예비가격 방법에서만 해시값을 둘 수 있습니다.'
  })
}

function checkAmounts (draft: RuledTerms): void {
  demandAmount(draft.estimatedPriceWon, '/estimatedPriceWon')
  if (draft.aValue !== null) {
    for (const name of A_VALUE_COMPONENTS) demandAmount(draft.aValue[name], `/aValue/${name}`, 0)
  }
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
    detail: 'The unit of preliminary prices is a whole number from 1 to 1,000,000.',
    detailKo: '예비가격 단위는 1 이상 100만 이하의 정수여야 합니다.'
  })
  demand({
    holds: BigInt(baseAmountWon) * BigInt(PPM + price.rangePpm) <= BigInt(MAX_AMOUNT_WON) * BigInt(PPM),
    code: 'invalid-amount',
    field: '/price/baseAmountWon',
    detail: 'The highest preliminary price would pass 1,000,000,000,000,000.',
    detailKo: '최고 예비가격이 1,000조를 넘습니다.'
  })
  if (method === 'multiple-sealed') return
  demandRule(priceSlots({ ...price, baseAmountWon }).every(({ first, last }) => first <= last), '/price/priceUnitWon',
    'The unit is too coarse: 15 preliminary prices do not fit into the range.', '예비가격 단위가 너무 커서 범위 안에서 15개의 예비가격을 만들 수 없습니다.')
}

/** A value, floor and net cost: limits that need a planned price, and that leave room below it. */
function checkLimits ({ kind, estimatedPriceWon, price, aValue, floorRatePpm, netCostWon }: RuledTerms): void {
  const { baseAmountWon, method } = price
  demandRate(floorRatePpm, '/floorRatePpm', 0, PPM)
  if (method === 'none' || baseAmountWon === null) {
    demandRule(floorRatePpm === 0, '/floorRatePpm', 'Without a planned price there is no floor rate.', '예정가격이 없으면 낙찰하한율을 둘 수 없습니다.')
    demandRule(aValue === null, '/aValue', 'Without a planned price there is no A value.', '예정가격이 없으면 A값을 둘 수 없습니다.')
    demandRule(netCostWon === null, '/netCostWon', 'Without a planned price there is no net-cost rule.', '예정가격이 없으면 순공사원가 기준을 둘 수 없습니다.')
    return
  }
  const lowestWon = method === 'single-sealed' ? baseAmountWon : priceRange(baseAmountWon, price.rangePpm).lowestWon
  demandRule(aValueWon({ aValue }) < lowestWon, '/aValue',
    'The A value must be less than the lowest possible planned price.', 'A값은 가능한 최저 예정가격보다 작아야 합니다.')
  if (netCostWon === null) return
  demandRule(kind === 'works' && estimatedPriceWon < WORKS_NET_COST.belowWon, '/netCostWon',
    'The net-cost rule is for works below 10 billion won.', '순공사원가 기준은 추정가격 100억 원 미만 공사에만 적용됩니다.')
  demandRule(netCostWon < baseAmountWon, '/netCostWon', 'The net cost must be less than the base amount.', '순공사원가는 기초금액보다 작아야 합니다.')
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
