/** The steps in which the record of an opening is verified, in order, and what they are called in Korean. */

export const VERIFY_STEPS = [
  'shape', 'platform', 'ledger', 'outages', 'notices', 'joint-key', 'checkpoint', 'leaves', 'receipts', 'technical', 'envelopes', 'withdrawals', 'sealed-prices',
  'opening', 'evaluations', 'award', 'story'
] as const
export type VerifyStepName = typeof VERIFY_STEPS[number]

export const VERIFY_STEP_NAMES_KO: Readonly<Record<VerifyStepName, string>> = {
  shape: '형식',
  platform: '플랫폼 인증서',
  ledger: '원장 사슬',
  outages: '장애 연기',
  notices: '공고 서명',
  'joint-key': '공동 키',
  checkpoint: '마감 기록 서명',
  leaves: '마감 기록',
  receipts: '접수증',
  technical: '기술평가',
  envelopes: '입찰서 서명',
  withdrawals: '입찰 취소',
  'sealed-prices': '봉인 예비가격',
  opening: '개찰 재실행',
  evaluations: '심사',
  award: '낙찰 결정',
  story: '원장 대조'
}
