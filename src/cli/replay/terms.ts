/**
 * The terms under which a published tender is held again: what the source publishes, and fixed values for everything that
 * an opening does not look at.
 */
import type { AgencyId, OfficerId, TenderId } from '../../domain/ids.ts'
import type { AValue, NoticeTerms, PriceTerms } from '../../domain/notice.ts'

export interface PublishedTerms {
  price: Pick<PriceTerms, 'method' | 'baseAmountWon'> & Partial<Pick<PriceTerms, 'rangePpm'>>
  /** 0: no floor. */
  floorRatePpm: number
  aValueWon?: number
  netCostWon?: number | null
}

/**
 * KONEPS rounds a mean of four up, to the won or to the last unit of a unit price. An opening counts in units whatever they
 * are, and published prices may have more decimals than a notice can, so the notice's decimals stay 0.
 */
const KONEPS_PRICE: Omit<PriceTerms, 'method' | 'baseAmountWon'> = {
  decimals: 0, rangePpm: 20_000, slotPlan: 'equal-15', priceUnitWon: 1, plannedPriceRounding: 'up-1', sealedPricesSha256: null
}

/** Results give the sum of the A value's components alone. */
function aValueOf (sumWon: number): AValue | null {
  if (sumWon === 0) return null
  return {
    nationalPensionWon: sumWon,
    healthInsuranceWon: 0,
    longTermCareWon: 0,
    retirementMutualAidWon: 0,
    industrialSafetyWon: 0,
    safetyManagementWon: 0,
    qualityManagementWon: 0
  }
}

export function replayTerms ({ price, floorRatePpm, aValueWon = 0, netCostWon = null }: PublishedTerms): NoticeTerms {
  return {
    tenderId: 'R00BK00000000' as TenderId,
    rebidRound: 0,
    title: '',
    agencyId: '' as AgencyId,
    agencyName: '',
    referenceNo: '',
    kind: 'works',
    law: 'national',
    method: 'restricted-lowest',
    estimatedPriceWon: 0,
    price: { ...KONEPS_PRICE, ...price },
    aValue: aValueOf(aValueWon),
    floorRatePpm,
    netCostWon,
    eligibilityReview: null,
    comprehensive: null,
    technical: null,
    unitPrices: [],
    lot: null,
    jointBids: null,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '', phone: '', email: '' },
    attachments: [],
    committee: { executing: '' as OfficerId, witness: '' as OfficerId, recovery: [], threshold: 2 },
    key: { suite: '0020-0001-0003', holders: [], publicKey: '' },
    technicalKey: null,
    ruleSet: ''
  }
}
