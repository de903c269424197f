/**
 * A tender's draft: what an executing officer enters. Together with the joint key, the digests and the times that the
 * server adds, it becomes the notice (`notice.ts`) that the officer signs.
 */
import { SUITE_X25519, type Committee, type NoticeSchedule, type NoticeTerms, type PriceTerms, type Suite } from './notice.ts'
import type { Sha256Hex, TenderId } from './ids.ts'

type TermsFromDraft = 'title' | 'referenceNo' | 'kind' | 'law' | 'method' | 'estimatedPriceWon' | 'aValue' | 'floorRatePpm' | 'netCostWon' |
'eligibilityReview' | 'comprehensive' | 'technical' | 'unitPrices' | 'lot' | 'jointBids' | 'eligibility' | 'contact'

export interface TenderDraft extends Pick<NoticeTerms, TermsFromDraft> {
  price: Omit<PriceTerms, 'sealedPricesSha256'>
  attachments: Array<{ name: string, sha256: Sha256Hex }>
  committee: Committee
  /** Of the tender's keys. */
  suite: Suite
  schedule: Omit<NoticeSchedule, 'publishedAt'>
  previousTenderId: TenderId | null
  /** Why the notice changed; empty for the first notice. */
  changeReason: string
}

/** What goes without saying: a tender under national law, at one price, by single suppliers, without technical proposals. */
export const TERMS_DEFAULTS = {
  law: 'national',
  aValue: null,
  netCostWon: null,
  eligibilityReview: null,
  comprehensive: null,
  technical: null,
  unitPrices: [],
  lot: null,
  jointBids: null
} as const satisfies Partial<{ [Member in TermsFromDraft]: unknown }>

export const DRAFT_DEFAULTS = { ...TERMS_DEFAULTS, suite: SUITE_X25519 } as const

/** The same within `price`: whole won. */
export const PRICE_DEFAULTS = { decimals: 0 } as const satisfies Partial<TenderDraft['price']>
