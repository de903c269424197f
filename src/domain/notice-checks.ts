/** The bricks of `notice-rules.ts` and `method-rules.ts`: one requirement each, refused with its code, field and both languages. */
import { isAmountWon } from './bid.ts'
import type { TenderDraft } from './draft.ts'
import { BonginError } from './errors.ts'

/** What the rules look at: the part that a draft and the terms share. */
export type RuledTerms = Pick<TenderDraft, 'kind' | 'law' | 'method' | 'estimatedPriceWon' | 'price' | 'aValue' | 'floorRatePpm' | 'netCostWon' |
'eligibilityReview' | 'comprehensive' | 'technical' | 'unitPrices' | 'lot' | 'jointBids' | 'committee'>

type Refusal = 'rule-set-invalid' | 'invalid-amount' | 'invalid-rate'
export interface Requirement { holds: boolean, code: Refusal, field: string, detail: string, detailKo: string }

/** @throws BonginError unless it holds. */
export function demand (requirement: Requirement): void {
  if (requirement.holds) return
  const { code, field, detail, detailKo } = requirement
  throw new BonginError(code, { field, detail, detailKo })
}

export function demandRule (holds: boolean, field: string, detail: string, detailKo: string): void {
  demand({ holds, code: 'rule-set-invalid', field, detail, detailKo })
}

export const isWhole = (value: number, from: number, to: number): boolean => Number.isSafeInteger(value) && value >= from && value <= to

export function demandAmount (value: number, field: string, from: 0 | 1 = 1): void {
  demand({
    holds: isAmountWon(value) || (from === 0 && value === 0),
    code: 'invalid-amount',
    field,
    detail: `This is a whole number from ${from} to 1,000,000,000,000,000.`,
    detailKo: `${from} 이상 1,000조 이하의 정수여야 합니다.`
  })
}

export function demandRate (value: number, field: string, from: number, to: number): void {
  demand({
    holds: isWhole(value, from, to),
    code: 'invalid-rate',
    field,
    detail: `This rate is a whole number of parts per million from ${from} to ${to}.`,
    detailKo: `비율은 백만분율로 ${from} 이상 ${to} 이하의 정수여야 합니다.`
  })
}
