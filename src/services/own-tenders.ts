/**
 * The tenders on whose committee an officer sits (내 담당 공고), drafts included, those whose proposals it marks (내 평가), and the
 * officers to choose a committee from.
 */
import type { OfficerRole } from '../domain/holder.ts'
import type { OfficerId, TenderId } from '../domain/ids.ts'
import { listOfficers, type ListedOfficer } from '../storage/officers.ts'
import { listOwnEvaluations, type OwnEvaluation } from '../storage/own-evaluations.ts'
import { listOwnTenders, type OwnTender } from '../storage/tender-seats.ts'
import type { Context, OfficerCaller } from './context.ts'

export const MAX_OWN_TENDERS_PAGE = 100
export const MAX_OWN_EVALUATIONS_PAGE = 100
export const MAX_OFFICERS_PAGE = 200

/** `next` is null at the list's end, else the tender number behind which to go on. */
export async function readOwnTenders (
  context: Context, caller: OfficerCaller, { after, limit }: { after: TenderId | undefined, limit: number }
): Promise<{ items: OwnTender[], next: TenderId | null }> {
  const found = await listOwnTenders(context.db.read, { officerId: caller.holderId, after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? items.at(-1)?.tenderId ?? null : null }
}

/** Closed tenders whose proposals this officer is appointed to mark, from the appointment to the opening of prices. Pages as above. */
export async function readOwnEvaluations (
  context: Context, caller: OfficerCaller, { after, limit }: { after: TenderId | undefined, limit: number }
): Promise<{ items: OwnEvaluation[], next: TenderId | null }> {
  const found = await listOwnEvaluations(context.db.read, { officerId: caller.holderId, after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? items.at(-1)?.tenderId ?? null : null }
}

/** By number upwards. Pages as above. */
export async function readOfficers (context: Context, { role, after, limit }: {
  role: OfficerRole, after: OfficerId | undefined, limit: number
}): Promise<{ items: ListedOfficer[], next: OfficerId | null }> {
  const found = await listOfficers(context.db.read, { role, after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? items.at(-1)?.officerId ?? null : null }
}
