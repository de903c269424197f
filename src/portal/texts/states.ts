/** Names of a tender's states, and of what it fails by, in both languages, for pages and for scripts in the browser. */
import type { OutcomeReason } from '../../domain/opening.ts'
import type { TenderState } from '../../domain/tender.ts'

export type Names<Code extends string> = Readonly<Record<Code, readonly [ko: string, en: string]>>

/** `concluded`: any state from the opening on. */
export const STATES: Names<TenderState | 'concluded'> = {
  draft: ['작성 중', 'draft'],
  published: ['입찰 중', 'open for bids'],
  closed: ['마감', 'closed'],
  opened: ['개찰 완료', 'opened'],
  evaluated: ['심사 완료', 'evaluated'],
  awarded: ['낙찰', 'awarded'],
  failed: ['유찰', 'failed'],
  cancelled: ['취소', 'cancelled'],
  concluded: ['개찰 이후', 'opened and after']
}

/** 유찰 사유: by the opening, by the technical evaluation, by the evaluation. */
export const FAILURES: Names<OutcomeReason | 'technical-all-failed' | 'nobody-qualified'> = {
  'no-bids': ['무응찰', 'no bids'],
  'fewer-than-two-valid': ['유효 입찰 2인 미만', 'fewer than two valid bids'],
  'no-valid-amount': ['낙찰하한선 이상의 유효 입찰 없음', 'no valid amount'],
  'all-above-planned': ['전원 예정가격 초과', 'all above the planned price'],
  'sealed-prices-invalid': ['봉인된 예비가격 사용 불가', 'the sealed prices cannot be used'],
  'technical-all-failed': ['기술평가 통과자 없음', 'nobody passed the technical evaluation'],
  'nobody-qualified': ['적격자 없음', 'nobody qualified']
}
