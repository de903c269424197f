/**
 * The form of a tender beside its method: its unit of money, lines of a unit-price contract (단가계약), lots (분류), joint bids
 * (공동수급).
 */
import { MAX_AMOUNT_WON } from './bid.ts'
import type { TenderId } from './ids.ts'
import type { JointBidRule, Lot, UnitPriceItem } from './notice.ts'
import { demand, demandRate, demandRule, isWhole, type RuledTerms } from './notice-checks.ts'
import { isPriceDecimals, unitsPerWon } from './price-unit.ts'
import { PPM } from './rounding.ts'

export const MAX_UNIT_PRICES = 200
export const MAX_QUANTITY = 1_000_000_000
export const MAX_LOTS = 100
/** Members of a consortium with its leader. */
export const MAX_CONSORTIUM = 10

/** @throws BonginError `rule-set-invalid`, `invalid-rate`, `invalid-amount` with the field at fault. */
export function checkForm (draft: RuledTerms): void {
  const { unitPrices, lot, jointBids } = draft
  checkDecimals(draft)
  checkUnitPrices(unitPrices)
  if (lot !== null) checkLot(lot)
  if (jointBids !== null) checkJointBids(jointBids)
}

/**
 * Hundredths of a won are for unit prices, so for goods and services. An A value is whole won and for works, as the net cost
 * is; rounding up to a thousand won is for lump sums, and no published unit price has it. The estimated price in units must
 * stay an amount, because negotiated bids are held against it.
 */
function checkDecimals ({ kind, estimatedPriceWon, price: { decimals, plannedPriceRounding }, aValue }: RuledTerms): void {
  demandRule(isPriceDecimals(decimals), '/price/decimals', 'Prices count in whole won (0) or in hundredths of a won (2).', '금액의 소수 자릿수는 0 또는 2여야 합니다.')
  if (decimals === 0) return
  demandRule(kind === 'goods' || kind === 'services', '/price/decimals',
    'Hundredths of a won are for goods and services.', '원 미만의 금액은 물품과 용역에서만 쓸 수 있습니다.')
  demandRule(aValue === null, '/aValue', 'There is no A value where prices count in hundredths of a won.', '원 미만의 금액을 쓰는 공고에는 A값을 둘 수 없습니다.')
  demandRule(plannedPriceRounding !== 'up-1000', '/price/plannedPriceRounding',
    'A planned price in hundredths of a won is rounded to the hundredth, never to 1,000 won.', '원 미만의 예정가격은 소수 둘째 자리로만 끝수를 처리합니다.')
  const most = MAX_AMOUNT_WON / unitsPerWon(decimals)
  demand({
    holds: estimatedPriceWon <= most,
    code: 'invalid-amount',
    field: '/estimatedPriceWon',
    detail: `Where prices count in hundredths of a won, this is at most ${most.toLocaleString('en-US')} won.`,
    detailKo: `원 미만의 금액을 쓰는 공고의 추정가격은 ${most.toLocaleString('en-US')}원 이하여야 합니다.`
  })
}

function checkUnitPrices (items: readonly UnitPriceItem[]): void {
  demandRule(items.length <= MAX_UNIT_PRICES, '/unitPrices', `There are at most ${MAX_UNIT_PRICES} unit prices.`, `단가 품목은 ${MAX_UNIT_PRICES}개 이하여야 합니다.`)
  for (const [i, { quantity }] of items.entries()) {
    demandRule(isWhole(quantity, 1, MAX_QUANTITY), `/unitPrices/${i}/quantity`,
      `A quantity is a whole number from 1 to ${MAX_QUANTITY}.`, `수량은 1 이상 ${MAX_QUANTITY} 이하의 정수여야 합니다.`)
  }
}

function checkLot ({ number, count, noticeId }: Lot): void {
  demandRule(isWhole(count, 2, MAX_LOTS), '/lot/count', `A notice has from 2 to ${MAX_LOTS} lots.`, `분류는 2개 이상 ${MAX_LOTS}개 이하여야 합니다.`)
  demandRule(isWhole(number, 1, count), '/lot/number', `A lot's number goes from 1 to ${count}.`, `분류 번호는 1부터 ${count}까지입니다.`)
  demandRule(number === 1 || noticeId !== null, '/lot/noticeId', 'A later lot names the tender of lot 1.', '두 번째 이후의 분류에는 첫 분류의 공고번호가 필요합니다.')
}

function checkJointBids ({ maxMembers, minimumSharePpm }: JointBidRule): void {
  demandRule(isWhole(maxMembers, 2, MAX_CONSORTIUM), '/jointBids/maxMembers',
    `A consortium has from 2 to ${MAX_CONSORTIUM} members.`, `공동수급체 구성원은 2명 이상 ${MAX_CONSORTIUM}명 이하여야 합니다.`)
  demandRate(minimumSharePpm, '/jointBids/minimumSharePpm', 1, Math.floor(PPM / 2))
}

/** Lot 1 carries its notice's id, which is its own and which nobody knows before the tender is drafted. */
export function withNoticeId<Lotted extends { lot: Lot | null }> (draft: Lotted, tenderId: TenderId): Lotted {
  const { lot } = draft
  return lot === null || lot.number !== 1 || lot.noticeId !== null ? draft : { ...draft, lot: { ...lot, noticeId: tenderId } }
}

/** Lot 1 names itself, and no other lot does. @throws BonginError `rule-set-invalid`. */
export function checkLotId ({ tenderId, lot }: { tenderId: TenderId, lot: Lot | null }): void {
  if (lot === null) return
  demandRule((lot.noticeId === tenderId) === (lot.number === 1), '/lot/noticeId', 'Lot 1 names itself, a later lot the tender of lot 1.', '첫 분류는 자기 공고번호를, 이후 분류는 첫 분류의 공고번호를 기재해야 합니다.')
}
