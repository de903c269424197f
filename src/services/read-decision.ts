/**
 * What became of a tender after its opening, or in place of it: who was judged and how, the award or the failure, the cancellation.
 * Everything is read from the signed acts and their results; where nothing was decided there is nothing to show.
 */
import { parseJws } from '../crypto/jws.ts'
import type { EvaluationResult } from '../domain/evaluation.ts'
import type { SupplierId } from '../domain/ids.ts'
import type { TenderView } from './read-tender.ts'

/** The total in thousandths of a mark, where the method gives marks. */
export interface Judged extends Pick<EvaluationResult, 'supplierId' | 'passes' | 'remark' | 'reason'> { marksMilli: number | null }

export interface Decision {
  judged: Judged[]
  winner: { supplierId: SupplierId, amountWon: number } | null
  /** Of the award or the failure, as its officer gave it. */
  reason: string | null
  /** Of the cancellation. */
  cancelledBecause: string | null
  /** A code, where the rules or the evaluation made it fail. */
  failure: string | null
}

interface Award { supplierId: SupplierId | null, amountWon: number | null, reason: string }

export function decisionOf ({ tender, evaluations, awardJws }: Pick<TenderView, 'tender' | 'evaluations' | 'awardJws'>): Decision | null {
  const { failureReason, cancellationJws } = tender
  if (evaluations.length === 0 && awardJws === null && failureReason === null && cancellationJws === null) return null
  const award = awardJws === null ? null : parseJws(awardJws, 'bongin-award').payload as unknown as Award
  return {
    judged: evaluations.map(({ result }) => {
      const { supplierId, passes, remark, reason, review } = result as EvaluationResult
      return { supplierId, passes, remark, reason, marksMilli: review?.totalMarksMilli ?? null }
    }),
    winner: winnerOf(award),
    reason: award?.reason ?? null,
    cancelledBecause: cancellationJws === null ? null : (parseJws(cancellationJws, 'bongin-cancellation').payload as unknown as { reason: string }).reason,
    failure: failureReason
  }
}

function winnerOf (award: Award | null): Decision['winner'] {
  if (award === null || award.supplierId === null || award.amountWon === null) return null
  return { supplierId: award.supplierId, amountWon: award.amountWon }
}
