/** 유찰, decided by the rules alone: no bids, an opening without a winner, or no proposal that passes. */
import type { Instant, TenderId } from '../domain/ids.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendEvent } from '../storage/events.ts'
import type { Db } from '../storage/prepare.ts'
import { updateTender } from '../storage/tenders.ts'
import { CLOCK_ACTOR } from './close-tender.ts'
import { appendLedger } from './ledger.ts'

/** The tender is closed; seeds that were not revealed never will be. */
export async function failTender (tx: Db, { tenderId, at, reason }: { tenderId: TenderId, at: Instant, reason: string }): Promise<void> {
  assertTransition('closed', 'failed')
  await updateTender(tx, { tenderId, state: 'closed' }, { state: 'failed', failureReason: reason })
  await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'failed', payload: { reason, jwsSha256: null } })
  await appendEvent(tx, { at, type: 'tender.failed', tenderId, data: { reason } })
}
