/**
 * Cancellation (취소공고), signed by the executing officer. The tender's key is never
 * released: no bid is ever opened, and seeds that were revealed already are forgotten.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { BonginError } from '../domain/errors.ts'
import type { TenderId } from '../domain/ids.ts'
import { assertTransition } from '../domain/tender.ts'
import { deleteReveals } from '../storage/ceremony.ts'
import { appendEvent } from '../storage/events.ts'
import { dropSomeParts } from '../storage/openings.ts'
import { updateTender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { isReason, isString, readMembers, readSignedAct } from './signed-act.ts'
import { requireSeat, requireTender } from './tender-access.ts'

/** @throws BonginError `tender-state`, `wrong-tender`, `signature-invalid`, `not-committee-member`. */
export async function cancelTender (context: Context, caller: OfficerCaller, { tenderId, jws }: { tenderId: TenderId, jws: string }): Promise<void> {
  await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requireTender(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    const act = await readSignedAct(tx, { jws, type: 'bongin-cancellation', caller, now })
    const { tenderId: named, reason } = readMembers<{ tenderId: string, reason: string }>(act, { tenderId: isString, reason: isReason })
    if (named !== tenderId) throw new BonginError('wrong-tender', { field: '/payload/tenderId' })
    assertTransition(tender.state, 'cancelled')
    await updateTender(tx, { tenderId, state: tender.state }, { state: 'cancelled', cancellationJws: jws, draft: null })
    await deleteReveals(tx, tenderId)
    // An opening that is under way, or was cut off, stores nothing more and leaves nothing.
    while (await dropSomeParts(tx, tenderId)) ;
    await appendLedger(tx, { tenderId, at: now, actor: caller.holderId, type: 'cancelled', payload: { jwsSha256: sha256Hex(utf8(jws)) } })
    // A draft that is given up was never public, and stays so.
    if (tender.revision !== null) await appendEvent(tx, { at: now, type: 'tender.cancelled', tenderId, data: { reason } })
  })
}
