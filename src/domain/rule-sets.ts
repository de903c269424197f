/**
 * The rule book as data: what the law prescribed on the day of a notice. A tender names its set in its terms and keeps it
 * for ever; a new year's rules are a new entry in a table under `rule-sets/` and never a change of an old one. A set that
 * is named here stays: records of tenders that name it must verify in any later year.
 */
import { BonginError } from './errors.ts'
import type { Instant } from './ids.ts'
import type { AwardMethod, EligibilityReviewRule, Law, TenderKind } from './notice.ts'
import { GENERAL_SETS } from './rule-sets/general.ts'
import { DEFAULT_INSTITUTION, type Institution, NEGOTIATED_TECHNICAL_MARKS_MILLI, PRICE_POLICIES } from './rule-sets/policies.ts'
import { PRIVATE_QUOTE_SETS } from './rule-sets/private-quotes.ts'
import { SERVICES_SETS } from './rule-sets/services.ts'
import type { Band, NetCostPolicy, RuleSet, ServiceCategory, Trade } from './rule-sets/shape.ts'
import { WORKS_SETS } from './rule-sets/works.ts'
import { parseInstant } from './time.ts'

export {
  DEFAULT_BALANCED_PRICE, DEFAULT_COMPETITION, DEFAULT_INSTITUTION, INSTITUTIONS, type Institution, PRICE_POLICIES, PRICE_RANGES
} from './rule-sets/policies.ts'
export { type Band, type CompetitionPolicy, type RuleSet, SERVICE_CATEGORIES, type ServiceCategory, type Trade, TRADES } from './rule-sets/shape.ts'

/** Of the sets for a tender the newest comes first, and the first whose day has come governs it. */
export const RULE_SETS: readonly RuleSet[] = [...WORKS_SETS, ...SERVICES_SETS, ...GENERAL_SETS, ...PRIVATE_QUOTE_SETS]

/** What decides which set a tender falls under. */
export interface RuleSetQuery {
  law: Law
  kind: TenderKind
  method: AwardMethod
  /** The tender's first notice. */
  noticeAt: Instant
}

/** The name of the set in force at a notice's time. @throws BonginError `rule-set-invalid` before the first set. */
export function ruleSetFor ({ law, kind, method, noticeAt }: RuleSetQuery): string {
  const set = RULE_SETS.find((candidate) =>
    candidate.law === law && candidate.kinds.includes(kind) && candidate.methods.includes(method) && noticeAt >= startOf(candidate))
  if (set !== undefined) return set.name
  throw new BonginError('rule-set-invalid', {
    field: '/kind',
    detail: 'No rule set was in force for this law, kind and method on the notice date.',
    detailKo: '공고일에 이 적용 법령, 입찰 종류와 낙찰 방법에 적용되는 기준이 없습니다.'
  })
}

/** A set's first instant: midnight in Korea. */
function startOf ({ effectiveFrom }: RuleSet): Instant {
  return parseInstant(`${effectiveFrom}T00:00:00+09:00`)
}

/** @throws BonginError `rule-set-invalid` for a name that is in no table. */
export function ruleSetNamed (name: string): RuleSet {
  const set = RULE_SETS.find((candidate) => candidate.name === name)
  if (set !== undefined) return set
  throw new BonginError('rule-set-invalid', {
    field: '/ruleSet',
    detail: 'There is no rule set of this name.',
    detailKo: '해당 이름의 적용 기준이 없습니다.'
  })
}

/** The works' trade or the services' category; `general` where a notice is neither special. */
export interface SubjectQuery { trade?: Trade | undefined, category?: ServiceCategory | undefined }

/** The review rule and floor rate that a set prescribes for a price, or null where it has no table for it. */
export function suggestedRule (input: { ruleSet: string, estimatedPriceWon: number } & SubjectQuery): Band | null {
  const { ruleSet, estimatedPriceWon: price, trade, category } = input
  const subject = trade ?? category ?? 'general'
  return ruleSetNamed(ruleSet).bands
    .find(({ fromWon, belowWon, subjects }) => price >= fromWon && (belowWon === null || price < belowWon) && subjects.includes(subject)) ?? null
}

/** Members of a draft as the rule book would have them; an officer may depart from them where the law allows it. */
export interface SuggestedTerms {
  ruleSet: RuleSet
  price: RuleSet['price']
  /** 0 where the method has no floor; null where it has one and the set has no table for this price. */
  floorRatePpm: number | null
  /** null unless the method is an eligibility review and the set has a table for this price. */
  eligibilityReview: EligibilityReviewRule | null
  /** null where no net-cost rule applies at this price. */
  netCost: NetCostPolicy | null
  /** Technical marks to choose from (협상에 의한 계약); empty for other methods. */
  technicalMarksMilli: readonly number[]
}

/** Methods whose bids may not fall below a floor rate. */
const FLOORED: ReadonlySet<AwardMethod> = new Set<AwardMethod>(['restricted-lowest', 'private-quote', 'eligibility-review'])

export interface TermsQuery extends RuleSetQuery, SubjectQuery {
  estimatedPriceWon: number
  /** Whose price steps; KONEPS's lump sum unless named. */
  institution?: Institution | undefined
}

/** What to write into a draft. @throws BonginError `rule-set-invalid` as `ruleSetFor`. */
export function suggestedTerms (input: TermsQuery): SuggestedTerms {
  const { method, estimatedPriceWon, institution = DEFAULT_INSTITUTION } = input
  const ruleSet = ruleSetNamed(ruleSetFor(input))
  const band = suggestedRule({ ...input, ruleSet: ruleSet.name })
  return {
    ruleSet,
    price: { ...ruleSet.price, ...PRICE_POLICIES[institution] },
    floorRatePpm: FLOORED.has(method) ? band?.floorRatePpm ?? null : 0,
    eligibilityReview: method === 'eligibility-review' ? band?.rule ?? null : null,
    netCost: ruleSet.netCost !== null && estimatedPriceWon < ruleSet.netCost.belowWon ? ruleSet.netCost : null,
    technicalMarksMilli: method === 'negotiated' ? NEGOTIATED_TECHNICAL_MARKS_MILLI : []
  }
}
