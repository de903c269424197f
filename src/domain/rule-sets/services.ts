/**
 * Services (일반용역) of the PPS, every method but the private quote: 조달청 일반용역 적격심사 세부기준. It was raised in two
 * steps: 조달청공고 제2026-260호 (general R 88 → 90 %, facilities 91 → 93 %) from 2026-05-26, and 제2026-390호 (software
 * kept for small firms and passenger transport 91 → 93 %) from 2026-07-27.
 * Two thresholds: k falls at the notice amount (고시금액, 230 million won in 2025 and 2026), B at 500 million won.
 */
import { AWARD_METHODS } from '../notice.ts'
import { commonTo } from './policies.ts'
import { bandsOf, type ReviewRow, type RuleSet } from './shape.ts'

const GENERAL_AT_90: readonly ReviewRow[] = [
  { millions: [500, null], of: ['general'], B: 60, Q: 40, T: 85, kMilli: 2_000, R: 900_000, flat: [975_000, 45], floor: 824_950 },
  { millions: [230, 500], of: ['general'], B: 70, Q: 30, T: 85, kMilli: 2_000, R: 900_000, flat: [975_000, 55], floor: 824_950 },
  { millions: [0, 230], of: ['general'], B: 70, Q: 30, T: 85, kMilli: 4_000, R: 900_000, flat: [937_500, 55], floor: 862_450 }
]
const GENERAL_AT_88: readonly ReviewRow[] = [
  { millions: [500, null], of: ['general'], B: 60, Q: 40, T: 85, kMilli: 2_000, R: 880_000, flat: [955_000, 45], floor: 804_950 },
  { millions: [230, 500], of: ['general'], B: 70, Q: 30, T: 85, kMilli: 2_000, R: 880_000, flat: [955_000, 55], floor: 804_950 },
  { millions: [0, 230], of: ['general'], B: 70, Q: 30, T: 85, kMilli: 4_000, R: 880_000, flat: [917_500, 55], floor: 842_450 }
]

const FACILITY_AT_93: readonly ReviewRow[] = [
  { millions: [500, null], of: ['facility'], B: 60, Q: 40, T: 85, kMilli: 5_000, R: 930_000, flat: [960_000, 45], floor: 899_950 },
  { millions: [0, 500], of: ['facility'], B: 70, Q: 30, T: 85, kMilli: 5_000, R: 930_000, flat: [960_000, 55], floor: 899_950 }
]
const FACILITY_AT_91: readonly ReviewRow[] = [
  { millions: [500, null], of: ['facility'], B: 60, Q: 40, T: 85, kMilli: 5_000, R: 910_000, flat: [940_000, 45], floor: 879_950 },
  { millions: [0, 500], of: ['facility'], B: 70, Q: 30, T: 85, kMilli: 5_000, R: 910_000, flat: [940_000, 55], floor: 879_950 }
]

/** Software kept for small firms, and passenger transport, have the same rows. */
const SMALL_FIRMS = ['small-firm-software', 'passenger-transport'] as const
const SMALL_FIRMS_AT_93: readonly ReviewRow[] = [
  { millions: [500, null], of: SMALL_FIRMS, B: 60, Q: 40, T: 88, kMilli: 4_000, R: 930_000, flat: [960_000, 48], floor: 899_950 },
  { millions: [0, 500], of: SMALL_FIRMS, B: 70, Q: 30, T: 88, kMilli: 4_000, R: 930_000, flat: [960_000, 58], floor: 899_950 }
]
const SMALL_FIRMS_AT_91: readonly ReviewRow[] = [
  { millions: [500, null], of: SMALL_FIRMS, B: 60, Q: 40, T: 88, kMilli: 4_000, R: 910_000, flat: [940_000, 48], floor: 879_950 },
  { millions: [0, 500], of: SMALL_FIRMS, B: 70, Q: 30, T: 88, kMilli: 4_000, R: 910_000, flat: [940_000, 58], floor: 879_950 }
]

const INSURANCE: readonly ReviewRow[] = [
  { millions: [500, null], of: ['insurance'], B: 60, Q: 40, T: 85, kMilli: 375, R: 880_000, flat: null, floor: 479_950 },
  { millions: [0, 500], of: ['insurance'], B: 70, Q: 30, T: 85, kMilli: 375, R: 880_000, flat: null, floor: 479_950 }
]

const COMMON = {
  ...commonTo('national'),
  kinds: ['services'],
  methods: AWARD_METHODS.filter((method) => method !== 'private-quote'),
  netCost: null
} as const

/** Newest first. */
export const SERVICES_SETS: readonly RuleSet[] = [
  {
    ...COMMON,
    name: 'pps-services-2026-07-27',
    effectiveFrom: '2026-07-27',
    source: 'PPS rules on eligibility review of services (조달청 일반용역 적격심사 세부기준, 조달청공고 제2026-390호)',
    bands: bandsOf([...GENERAL_AT_90, ...FACILITY_AT_93, ...SMALL_FIRMS_AT_93, ...INSURANCE])
  },
  {
    ...COMMON,
    name: 'pps-services-2026-05-26',
    effectiveFrom: '2026-05-26',
    source: 'PPS rules on eligibility review of services (조달청 일반용역 적격심사 세부기준, 조달청공고 제2026-260호)',
    bands: bandsOf([...GENERAL_AT_90, ...FACILITY_AT_93, ...SMALL_FIRMS_AT_91, ...INSURANCE])
  },
  {
    ...COMMON,
    name: 'pps-services-before-2026-05-26',
    effectiveFrom: '2000-01-01',
    source: 'PPS rules on eligibility review of services (조달청 일반용역 적격심사 세부기준, general R 88 %)',
    bands: bandsOf([...GENERAL_AT_88, ...FACILITY_AT_91, ...SMALL_FIRMS_AT_91, ...INSURANCE])
  }
]
