/** The form of a tender beside its method: lines of a unit-price contract (단가계약), lots (분류), joint bids (공동수급). */
import type { TenderId } from './ids.ts'
import type { JointBidRule, Lot, UnitPriceItem } from './notice.ts'
import { demandRate, demandRule, isWhole, type RuledTerms } from './notice-checks.ts'
import { PPM } from './rounding.ts'

export const MAX_UNIT_PRICES = 200
export const MAX_QUANTITY = 1_000_000_000
export const MAX_LOTS = 100
/** Members of a consortium with its leader. */
export const MAX_CONSORTIUM = 10

/** @throws BonginError `rule-set-invalid`, `invalid-rate` with the field at fault. */
export function checkForm ({ unitPrices, lot, jointBids }: RuledTerms): void {
  checkUnitPrices(unitPrices)
  if (lot !== null) checkLot(lot)
  if (jointBids !== null) checkJointBids(jointBids)
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
