/**
 * Business registration number (사업자등록번호): ten digits, the last one a check digit. Weights 1, 3, 7, 1, 3, 7, 1, 3, 5 on
 * the first nine digits, plus the tens of five times the ninth. Written without hyphens; it is also the supplier's id.
 */
import { BonginError, invariant } from './errors.ts'
import type { SupplierId } from './ids.ts'

const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5] as const
const TEN_DIGITS = /^[0-9]{10}$/
const NINE_DIGITS = /^[0-9]{9}$/

export function isBusinessNumber (text: string): text is SupplierId {
  return TEN_DIGITS.test(text) && text.endsWith(checkDigit(text))
}

/** @throws BonginError `invalid-business-number` */
export function assertBusinessNumber (text: string, field: string): asserts text is SupplierId {
  if (isBusinessNumber(text)) return
  throw new BonginError('invalid-business-number', {
    field,
    detail: 'A business registration number is ten digits without hyphens, the last one a check digit; this one does not add up.',
    detailKo: '사업자등록번호는 하이픈 없이 10자리 숫자이며, 마지막 검증 숫자가 맞아야 합니다.'
  })
}

/** Adds the check digit to nine digits; for generators of test and demo suppliers. */
export function makeBusinessNumber (nineDigits: string): SupplierId {
  invariant(NINE_DIGITS.test(nineDigits), 'nine digits and the check digit make a business number')
  return `${nineDigits}${checkDigit(nineDigits)}` as SupplierId
}

function checkDigit (digits: string): string {
  const weighted = WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0)
  const carried = Math.floor(5 * Number(digits[8]) / 10)
  return String((10 - (weighted + carried) % 10) % 10)
}
