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
import { readPage, type Page } from './page.ts'

export const MAX_OWN_TENDERS_PAGE = 100
export const MAX_OWN_EVALUATIONS_PAGE = 100
export const MAX_OFFICERS_PAGE = 200

/** `next` is the tender number behind which to go on. */
export async function readOwnTenders (
  context: Context, caller: OfficerCaller, { after, limit }: { after: TenderId | undefined, limit: number }
): Promise<Page<OwnTender, TenderId>> {
  const read = async (limit: number): Promise<OwnTender[]> => await listOwnTenders(context.db.read, { officerId: caller.holderId, after, limit })
  return await readPage({ limit, max: MAX_OWN_TENDERS_PAGE, read, placeOf: ({ tenderId }) => tenderId })
}

/** Closed tenders whose proposals this officer is appointed to mark, from the appointment to the opening of prices. Pages as above. */
export async function readOwnEvaluations (
  context: Context, caller: OfficerCaller, { after, limit }: { after: TenderId | undefined, limit: number }
): Promise<Page<OwnEvaluation, TenderId>> {
  const { holderId: officerId } = caller
  const read = async (limit: number): Promise<OwnEvaluation[]> => await listOwnEvaluations(context.db.read, { officerId, after, limit })
  return await readPage({ limit, max: MAX_OWN_EVALUATIONS_PAGE, read, placeOf: ({ tenderId }) => tenderId })
}

/** By number upwards. */
export async function readOfficers (context: Context, { role, after, limit }: {
  role: OfficerRole, after: OfficerId | undefined, limit: number
}): Promise<Page<ListedOfficer, OfficerId>> {
  const read = async (limit: number): Promise<ListedOfficer[]> => await listOfficers(context.db.read, { role, after, limit })
  return await readPage({ limit, max: MAX_OFFICERS_PAGE, read, placeOf: ({ officerId }) => officerId })
}
