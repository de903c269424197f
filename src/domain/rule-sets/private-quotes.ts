/**
 * Private quotes (2인 이상 견적에 의한 소액 수의계약): the lowest quote at or above a fixed floor, without a review. Works
 * follow 89.745 % (before 87.745 %), the floor of the smallest works under review; goods and services follow 90 % (before
 * 88 %). The days: works of local government 2025-05-01 (지방자치단체 입찰 및 계약 집행기준), of the national law 2026-01-30;
 * goods and services with the services' first step, 2026-05-26, under both laws.
 */
import type { AwardMethod, TenderKind } from '../notice.ts'
import { commonTo, WORKS_NET_COST } from './policies.ts'
import { type Band, type RuleSet, SERVICE_CATEGORIES, TRADES } from './shape.ts'

const QUOTES: readonly AwardMethod[] = ['private-quote']
const WORKS = { kinds: ['works'] as const, methods: QUOTES, netCost: WORKS_NET_COST }
const OTHERS = { kinds: ['goods', 'services', 'foreign'] as readonly TenderKind[], methods: QUOTES, netCost: null }

const floor = (floorRatePpm: number): readonly Band[] =>
  [{ fromWon: 0, belowWon: null, subjects: [...new Set([...TRADES, ...SERVICE_CATEGORIES])], rule: null, floorRatePpm }]

const NATIONAL = 'Private quotes under the national law (정부 입찰·계약 집행기준 제10조의2)'
const LOCAL = 'Private quotes of local government (지방자치단체 입찰 및 계약 집행기준 제5장)'

/** Newest first within a law and kind. */
export const PRIVATE_QUOTE_SETS: readonly RuleSet[] = [
  {
    ...commonTo('national'),
    ...WORKS,
    name: 'pps-works-quotes-2026-01-30',
    effectiveFrom: '2026-01-30',
    source: `${NATIONAL}: works 89.745 %`,
    bands: floor(897_450)
  },
  {
    ...commonTo('national'),
    ...WORKS,
    name: 'pps-works-quotes-before-2026-01-30',
    effectiveFrom: '2000-01-01',
    source: `${NATIONAL}: works 87.745 %`,
    bands: floor(877_450)
  },
  { ...commonTo('national'), ...OTHERS, name: 'pps-quotes-2026-05-26', effectiveFrom: '2026-05-26', source: `${NATIONAL}: 90 %`, bands: floor(900_000) },
  {
    ...commonTo('national'),
    ...OTHERS,
    name: 'pps-quotes-before-2026-05-26',
    effectiveFrom: '2000-01-01',
    source: `${NATIONAL}: 88 %`,
    bands: floor(880_000)
  },
  {
    ...commonTo('local'),
    ...WORKS,
    name: 'local-works-quotes-2025-05-01',
    effectiveFrom: '2025-05-01',
    source: `${LOCAL}: works 89.745 %`,
    bands: floor(897_450)
  },
  {
    ...commonTo('local'),
    ...WORKS,
    name: 'local-works-quotes-before-2025-05-01',
    effectiveFrom: '2006-01-01',
    source: `${LOCAL}: works 87.745 %`,
    bands: floor(877_450)
  },
  { ...commonTo('local'), ...OTHERS, name: 'local-quotes-2026-05-26', effectiveFrom: '2026-05-26', source: `${LOCAL}: 90 %`, bands: floor(900_000) },
  {
    ...commonTo('local'),
    ...OTHERS,
    name: 'local-quotes-before-2026-05-26',
    effectiveFrom: '2006-01-01',
    source: `${LOCAL}: 88 %`,
    bands: floor(880_000)
  }
]
