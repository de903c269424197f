/**
 * Works (시설공사), every method but the private quote. PPS: 조달청 시설공사 적격심사세부기준; local government: 지방자치단체
 * 입찰 시 낙찰자 결정기준. Both raised R from 88 to 90 %, local government on 2025-07-01 and the national law on 2026-01-30;
 * published floors of 1,480 works bear the tables and both days out. National works from ten billion won are awarded by
 * comprehensive evaluation, whose weights come with the notice.
 */
import { AWARD_METHODS } from '../notice.ts'
import { commonTo, WORKS_NET_COST } from './policies.ts'
import { bandsOf, type ReviewRow, type RuleSet, type Subject } from './shape.ts'

const BOTH: readonly Subject[] = ['general', 'specialised']
const GENERAL: readonly Subject[] = ['general']
const SPECIALISED: readonly Subject[] = ['specialised']

const AT_90: readonly ReviewRow[] = [
  { millions: [5_000, 10_000], of: BOTH, B: 50, Q: 50, T: 95, kMilli: 2_000, R: 900_000, flat: [925_000, 45], floor: 874_950 },
  { millions: [1_000, 5_000], of: BOTH, B: 70, Q: 30, T: 95, kMilli: 4_000, R: 900_000, flat: [912_500, 65], floor: 887_450 },
  { millions: [300, 1_000], of: SPECIALISED, B: 70, Q: 30, T: 95, kMilli: 20_000, R: 900_000, flat: [902_500, 65], floor: 897_450 },
  { millions: [300, 1_000], of: GENERAL, B: 80, Q: 20, T: 95, kMilli: 20_000, R: 900_000, flat: [902_500, 75], floor: 897_450 },
  { millions: [0, 300], of: BOTH, B: 90, Q: 10, T: 95, kMilli: 20_000, R: 900_000, flat: [902_500, 85], floor: 897_450 }
]

const AT_88: readonly ReviewRow[] = [
  { millions: [5_000, 10_000], of: BOTH, B: 50, Q: 50, T: 95, kMilli: 2_000, R: 880_000, flat: [905_000, 45], floor: 854_950 },
  { millions: [1_000, 5_000], of: BOTH, B: 70, Q: 30, T: 95, kMilli: 4_000, R: 880_000, flat: [892_500, 65], floor: 867_450 },
  { millions: [300, 1_000], of: SPECIALISED, B: 70, Q: 30, T: 95, kMilli: 20_000, R: 880_000, flat: [882_500, 65], floor: 877_450 },
  { millions: [300, 1_000], of: GENERAL, B: 80, Q: 20, T: 95, kMilli: 20_000, R: 880_000, flat: [882_500, 75], floor: 877_450 },
  { millions: [0, 300], of: BOTH, B: 90, Q: 10, T: 95, kMilli: 20_000, R: 880_000, flat: [882_500, 85], floor: 877_450 }
]

/** From ten to thirty billion won, local government alone. Its floor is published; the flat part follows the other rows' pattern. */
const LOCAL_LARGE_AT_90: ReviewRow =
  { millions: [10_000, 30_000], of: BOTH, B: 30, Q: 70, T: 92, kMilli: 1_000, R: 900_000, flat: [980_000, 22], floor: 819_950 }
const LOCAL_LARGE_AT_88: ReviewRow =
  { millions: [10_000, 30_000], of: BOTH, B: 30, Q: 70, T: 92, kMilli: 1_000, R: 880_000, flat: [960_000, 22], floor: 799_950 }

const COMMON = { kinds: ['works'], methods: AWARD_METHODS.filter((method) => method !== 'private-quote'), netCost: WORKS_NET_COST } as const

/** Newest first within a law. */
export const WORKS_SETS: readonly RuleSet[] = [
  {
    ...commonTo('national'),
    ...COMMON,
    name: 'pps-works-2026-01-30',
    effectiveFrom: '2026-01-30',
    source: 'PPS rules on eligibility review of works (조달청 시설공사 적격심사세부기준, R 90 %, in force from 2026-01-30)',
    bands: bandsOf(AT_90)
  },
  {
    ...commonTo('national'),
    ...COMMON,
    name: 'pps-works-before-2026-01-30',
    effectiveFrom: '2000-01-01',
    source: 'PPS rules on eligibility review of works (조달청 시설공사 적격심사세부기준, R 88 %)',
    bands: bandsOf(AT_88)
  },
  {
    ...commonTo('local'),
    ...COMMON,
    name: 'local-works-2025-07-01',
    effectiveFrom: '2025-07-01',
    source: 'Award criteria of local government (지방자치단체 입찰 시 낙찰자 결정기준, R 90 %, in force from 2025-07-01)',
    bands: bandsOf([LOCAL_LARGE_AT_90, ...AT_90])
  },
  {
    ...commonTo('local'),
    ...COMMON,
    name: 'local-works-before-2025-07-01',
    effectiveFrom: '2006-01-01',
    source: 'Award criteria of local government (지방자치단체 입찰 시 낙찰자 결정기준, R 88 %)',
    bands: bandsOf([LOCAL_LARGE_AT_88, ...AT_88])
  }
]
