/** What a tender fails by (유찰 사유), in both languages: by the opening, by the technical evaluation, by the evaluation. */
import type { OutcomeReason } from '../../domain/opening.ts'
import type { Names } from './states.ts'

export const FAILURES: Names<OutcomeReason | 'technical-all-failed' | 'nobody-qualified'> = {
  'no-bids': ['무응찰', 'no bids'],
  'fewer-than-two-valid': ['유효 입찰 2인 미만', 'fewer than two valid bids'],
  'no-valid-amount': ['낙찰하한선 이상의 유효 입찰 없음', 'no valid amount'],
  'all-above-planned': ['전원 예정가격 초과', 'all above the planned price'],
  'sealed-prices-invalid': ['봉인된 예비가격 사용 불가', 'the sealed prices cannot be used'],
  'technical-all-failed': ['기술평가 통과자 없음', 'nobody passed the technical evaluation'],
  'nobody-qualified': ['적격자 없음', 'nobody qualified']
}
