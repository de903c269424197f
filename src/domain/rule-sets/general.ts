/**
 * Tenders without a review table here: goods and foreign purchases, and local government's services, where every
 * authority has a table of its own. A set gives them price terms and the competition policy; a notice that is awarded by
 * eligibility review states its own rule.
 */
import { AWARD_METHODS } from '../notice.ts'
import { commonTo } from './policies.ts'
import type { RuleSet } from './shape.ts'

const COMMON = {
  kinds: ['goods', 'services', 'foreign'],
  methods: AWARD_METHODS.filter((method) => method !== 'private-quote'),
  netCost: null,
  bands: []
} as const

/** `pps-general` lists services too, but the services' own sets come first and reach back as far: no notice of services falls under it. */
export const GENERAL_SETS: readonly RuleSet[] = [
  {
    ...commonTo('national'),
    ...COMMON,
    name: 'pps-general',
    effectiveFrom: '2000-01-01',
    source: 'Price terms of the national law (국가계약법, 정부 입찰·계약 집행기준); no review table'
  },
  {
    ...commonTo('local'),
    ...COMMON,
    name: 'local-general',
    effectiveFrom: '2006-01-01',
    source: 'Price terms of local government (지방자치단체 입찰 및 계약 집행기준); no review table'
  }
]
