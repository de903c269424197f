/** The words of unit prices, proposals and joint bids, in the page's language. */
import { biddingEn } from '../texts/en/bidding.ts'
import { biddingKo } from '../texts/ko/bidding.ts'
import { korean } from './page.ts'

export const biddingWords = korean ? biddingKo : biddingEn
