/** Drafts of the methods by marks, as the rule book has them for works of the size that the tests hold. */
import type { TenderDraft } from '../../src/domain/draft.ts'
import { ruleSetFor, suggestedRule } from '../../src/domain/rule-sets.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { draftFor, type Cast } from './actors.ts'
import { COMPREHENSIVE_RULE } from './method-terms.ts'

export function reviewDraft (cast: Cast, change: Partial<TenderDraft> = {}): TenderDraft {
  const draft = draftFor(cast, change)
  const noticeAt = parseInstant(draft.schedule.questionsFrom)
  const ruleSet = ruleSetFor({ law: draft.law, kind: 'works', method: 'eligibility-review', noticeAt })
  const band = suggestedRule({ ruleSet, estimatedPriceWon: draft.estimatedPriceWon, trade: 'general' })
  return { ...draft, method: 'eligibility-review', floorRatePpm: band?.floorRatePpm ?? 0, eligibilityReview: band?.rule ?? null }
}

export function comprehensiveDraft (cast: Cast, change: Partial<TenderDraft> = {}): TenderDraft {
  return draftFor(cast, { method: 'comprehensive', floorRatePpm: 0, comprehensive: COMPREHENSIVE_RULE, ...change })
}
