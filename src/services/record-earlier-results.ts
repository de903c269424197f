/** Results of tenders that came to their end before there were results, out of the stored openings and awards. */
import { parseJws } from '../crypto/jws.ts'
import { invariant } from '../domain/errors.ts'
import type { Instant, SupplierId, TenderId } from '../domain/ids.ts'
import { lastEvent } from '../storage/events.ts'
import { getAward } from '../storage/openings.ts'
import type { Database } from '../storage/database.ts'
import type { Db } from '../storage/prepare.ts'
import { listWithoutResult } from '../storage/results.ts'
import type { Tender } from '../storage/tenders.ts'
import { currentNotice } from './notice-text.ts'
import { loadOpening } from './opening-records.ts'
import { recordOnce } from './record-once.ts'
import { recordFailure, recordResult, settleResult } from './record-result.ts'

/** The setting that says that nothing is missing. */
export const RESULTS_RECORDED = 'results-recorded'
const BATCH = 20

export async function recordEarlierResults (db: Database): Promise<void> {
  await recordOnce(db, { setting: RESULTS_RECORDED, batch: BATCH, list: listWithoutResult, record: recordEarlier })
}

async function recordEarlier (tx: Db, tender: Tender): Promise<void> {
  const { tenderId, state, failureReason } = tender
  const { terms } = await currentNotice(tx, tenderId)
  const opening = await loadOpening(tx, tenderId)
  const award = await getAward(tx, tenderId)
  if (opening === null) {
    await recordFailure(tx, { tender, terms, at: await failedAt(tx, tenderId), reason: failureReason })
    return
  }
  const { prices: { plannedPriceWon }, rows } = opening.record
  // Who was opened and failed without an award did so at the opening.
  const failed = state === 'failed' && award === null
  await recordResult(tx, { tender, terms, at: opening.openedAt, failed, bids: rows.length, plannedPriceWon, rows })
  if (award === null) return
  const { supplierId, amountWon } = parseJws(award.jws, 'bongin-award').payload as { supplierId: SupplierId | null, amountWon: number | null }
  await settleResult(tx, tender, supplierId === null || amountWon === null ? null : { supplierId, amountWon })
}

async function failedAt (tx: Db, tenderId: TenderId): Promise<Instant> {
  const failed = await lastEvent(tx, { tenderId, type: 'tender.failed' })
  invariant(failed !== null, 'whoever failed has an event of it')
  return failed.at
}
