/** Names of a tender's states in both languages, for pages and for scripts in the browser. */
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
