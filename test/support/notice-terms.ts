/** Terms of a notice that every rule accepts, and bids on it, for tests of the pure rules. */
import type { BidContent, OpenedBid, VoidReason } from '../../src/domain/bid.ts'
import { makeBusinessNumber } from '../../src/domain/business-number.ts'
import type { AgencyId, OfficerId, Sha256Hex, SupplierId, TenderId } from '../../src/domain/ids.ts'
import { TERMS_DEFAULTS } from '../../src/domain/draft.ts'
import type { AValue, EligibilityReviewRule, NoticeTerms, PriceTerms } from '../../src/domain/notice.ts'

/** PPS works from 5 to 10 billion won since 2026-01-30; implies a floor of 87.495 %. */
export const REVIEW_RULE: EligibilityReviewRule = {
  priceMarksMilli: 50_000,
  slopeMilli: 2_000,
  referenceRatePpm: 900_000,
  capabilityMarksMilli: 50_000,
  passMarkMilli: 95_000,
  minimumPriceMarksMilli: 2_000,
  flat: { fromRatioPpm: 925_000, marksMilli: 45_000 }
}

export type TermsChange = Partial<Omit<NoticeTerms, 'price'>> & { price?: Partial<PriceTerms> }

export function makeTerms ({ price, ...change }: TermsChange = {}): NoticeTerms {
  return {
    tenderId: 'R26BK00000001' as TenderId,
    rebidRound: 0,
    title: '청사 보수공사',
    agencyId: '1230000' as AgencyId,
    agencyName: '조달청',
    referenceNo: '',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: 90_000_000,
    price: {
      method: 'multiple-derived',
      baseAmountWon: 100_000_000,
      rangePpm: 20_000,
      slotPlan: 'equal-15',
      decimals: 0,
      priceUnitWon: 100,
      plannedPriceRounding: 'up-1',
      sealedPricesSha256: null,
      ...price
    },
    ...TERMS_DEFAULTS,
    unitPrices: [],
    floorRatePpm: 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '홍길동', phone: '042-000-0000', email: 'officer@example.kr' },
    attachments: [],
    committee: { executing: 'O00000001' as OfficerId, witness: 'O00000002' as OfficerId, recovery: [], threshold: 2 },
    key: { suite: '0020-0001-0003', holders: [], publicKey: '' },
    technicalKey: null,
    ruleSet: 'pps-works-2026-01-30',
    ...change
  }
}

export const supplier = (n: number): SupplierId => makeBusinessNumber(String(100_000_000 + n))

export function openBid (leafIndex: number, amountWon: number, picks: BidContent['picks'] = [1, 2]): OpenedBid {
  return { ...accepted(leafIndex), outcome: 'open', content: { amountWon, picks } }
}

export function voidBid (leafIndex: number, reason: VoidReason): OpenedBid {
  return { ...accepted(leafIndex), outcome: 'void', reason }
}

function accepted (leafIndex: number): Pick<OpenedBid, 'leafIndex' | 'supplierId' | 'envelopeSha256' | 'acceptedAt' | 'members'> {
  return {
    leafIndex,
    supplierId: supplier(leafIndex),
    envelopeSha256: leafIndex.toString(16).padStart(64, '0') as Sha256Hex,
    acceptedAt: 1_795_000_000_000 + leafIndex,
    members: []
  }
}

/** An A value of this total, spread over its seven components; the remainder goes to the first. */
export function aValueOf (totalWon: number): AValue {
  const share = Math.floor(totalWon / 7)
  return {
    nationalPensionWon: totalWon - 6 * share,
    healthInsuranceWon: share,
    longTermCareWon: share,
    retirementMutualAidWon: share,
    industrialSafetyWon: share,
    safetyManagementWon: share,
    qualityManagementWon: share
  }
}
