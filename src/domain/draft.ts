/**
 * A tender's draft: what an executing officer enters. Together with the joint key, the digests and the times that the
 * server adds, it becomes the notice (`notice.ts`) that the officer signs.
 */
import type { Committee, NoticeSchedule, NoticeTerms, PriceTerms } from './notice.ts'
import type { Sha256Hex, TenderId } from './ids.ts'

type TermsFromDraft = 'title' | 'referenceNo' | 'kind' | 'method' | 'estimatedPriceWon' | 'aValueWon' | 'floorRatePpm' | 'netCostWon' |
'eligibilityReview' | 'eligibility' | 'contact'

export interface TenderDraft extends Pick<NoticeTerms, TermsFromDraft> {
  price: Omit<PriceTerms, 'sealedPricesSha256'>
  attachments: Array<{ name: string, sha256: Sha256Hex }>
  committee: Committee
  schedule: Omit<NoticeSchedule, 'publishedAt'>
  previousTenderId: TenderId | null
  /** Why the notice changed; empty for the first notice. */
  changeReason: string
}
