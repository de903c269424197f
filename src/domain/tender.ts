/**
 * The life of a tender, as a table: nothing else moves a tender from one state to another.
 *
 *   draft → published → closed → opened → evaluated → awarded
 *                          └──────┴──────────┴──────→ failed (유찰, 재입찰)
 *   draft, published, closed → cancelled (취소공고): its key is never released.
 *   closed → published: its deadline fell into an outage and was moved (장애 연기); no key has been revealed.
 */
import { BonginError } from './errors.ts'

export const TENDER_STATES = ['draft', 'published', 'closed', 'opened', 'evaluated', 'awarded', 'failed', 'cancelled'] as const
export type TenderState = typeof TENDER_STATES[number]

const NEXT: Readonly<Record<TenderState, readonly TenderState[]>> = {
  draft: ['published', 'cancelled'],
  published: ['closed', 'cancelled'],
  closed: ['published', 'opened', 'failed', 'cancelled'],
  opened: ['evaluated', 'failed'],
  evaluated: ['awarded', 'failed', 'evaluated'],
  awarded: [],
  failed: [],
  cancelled: []
}

/** @throws BonginError `tender-state` where the table has no such step. */
export function assertTransition (from: TenderState, to: TenderState): void {
  if (NEXT[from].includes(to)) return
  throw new BonginError('tender-state', {
    detail: `A tender that is ${from} cannot become ${to}.`,
    detailKo: `${from} 상태의 공고는 ${to} 상태로 바꿀 수 없습니다.`,
    extra: { state: from }
  })
}

/** In these all that came out of an opening stands: names, bids and the ledger's bid entries are public. */
export const OPENED_STATES = ['opened', 'evaluated', 'awarded', 'failed'] as const satisfies readonly TenderState[]

export function isOpened (state: TenderState): boolean {
  return (OPENED_STATES as readonly TenderState[]).includes(state)
}
