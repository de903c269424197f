/** 유찰, decided by the rules alone: no bids, an opening without a winner, or no proposal that passes. */
import type { Instant, TenderId } from '../domain/ids.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendEvent } from '../storage/events.ts'
import type { Db } from '../storage/prepare.ts'
import { getResult } from '../storage/results.ts'
import { updateTender } from '../storage/tenders.ts'
import { CLOCK_ACTOR } from './close-tender.ts'
import { appendLedger } from './ledger.ts'
import { currentNotice } from './notice-text.ts'
import { recordFailure } from './record-result.ts'
import { requireTender } from './tender-access.ts'

/** The tender is closed; seeds that were not revealed never will be. */
export async function failTender (tx: Db, { tenderId, at, reason }: { tenderId: TenderId, at: Instant, reason: string }): Promise<void> {
  assertTransition('closed', 'failed')
  await updateTender(tx, { tenderId, state: 'closed' }, { state: 'failed', failureReason: reason })
  // An opening recorded its result itself.
  if ((await getResult(tx, tenderId)) === null) {
    const tender = await requireTender(tx, tenderId)
    const { terms } = await currentNotice(tx, tenderId)
    await recordFailure(tx, { tender, terms, at, reason })
  }
  await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'failed', payload: { reason, jwsSha256: null } })
  await appendEvent(tx, { at, type: 'tender.failed', tenderId, data: { reason } })
}
