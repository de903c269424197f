/**
 * Storing what an opening came to. The rows go in part by part, each in a turn of the writer's own, so that neither the event loop
 * nor anybody else's bid waits for a large record; the opening itself, its ledger entries and its event are one transaction at the
 * end, and until then nobody reads the parts. Only the first opening of a tender is stored. One that is cut off leaves parts without
 * an opening; the next one removes them and begins anew, and a cancellation removes them too.
 */
import { createHash } from 'node:crypto'
import { frameEnds, openingFrame, rowParts, separatorOf } from '../crypto/opening-record.ts'
import type { ComputedOpening } from '../crypto/opening.ts'
import { PLATFORM_HOLDER_ID, type Sha256Hex, type TenderId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import { rowsOf } from '../domain/opening-rows.ts'
import { assertTransition } from '../domain/tender.ts'
import { insertReveal } from '../storage/ceremony.ts'
import { appendEvent } from '../storage/events.ts'
import { dropSomeParts, getOpening, insertOpening, insertPart, type StoredOpening } from '../storage/openings.ts'
import type { Db } from '../storage/prepare.ts'
import { updateTender, type Tender } from '../storage/tenders.ts'
import { CLOCK_ACTOR } from './close-tender.ts'
import type { Context } from './context.ts'
import { failTender } from './fail-tender.ts'
import { appendLedger } from './ledger.ts'
import { recordResult } from './record-result.ts'
import { requireTender } from './tender-access.ts'
import { turn } from './turn.ts'

/** False where the tender is no longer waiting for its opening. @throws the reason of `context.stopping` once the server ends. */
export async function storeOpening (context: Context, tender: Tender, { computed, terms }: {
  computed: ComputedOpening, terms: NoticeTerms
}): Promise<boolean> {
  const { tenderId } = tender
  await dropParts(context, tenderId)
  const record = await storeParts(context, tenderId, computed)
  const stored = record !== null && await context.db.write(async (tx) => await storeRecord(context, tx, { tender, record, computed, terms }))
  if (!stored) await dropParts(context, tenderId)
  return stored
}

async function isWaiting (tx: Db, tenderId: TenderId): Promise<boolean> {
  return (await requireTender(tx, tenderId)).state === 'closed'
}

/** Removes what an opening that was not completed has left; nothing of one that stands. */
async function dropParts (context: Context, tenderId: TenderId): Promise<void> {
  while (await context.db.write(async (tx) => (await getOpening(tx, tenderId)) === null && await dropSomeParts(tx, tenderId))) await turn()
}

/** null once the tender is no longer waiting. */
async function storeParts (context: Context, tenderId: TenderId, computed: ComputedOpening): Promise<Omit<StoredOpening, 'openedAt'> | null> {
  const frame = openingFrame(computed.head)
  const [before, behind] = frameEnds(frame)
  const digest = createHash('sha256').update(before)
  let sizeBytes = Buffer.byteLength(frame)
  let rows = 0
  for (const { bytes, ...part } of rowParts(computed)) {
    context.stopping.throwIfAborted()
    const separator = separatorOf(part)
    digest.update(separator).update(bytes)
    sizeBytes += separator.length + bytes.length
    rows += part.rowCount
    const text = Buffer.from(bytes.buffer).toString('latin1')
    // Makes the next part after whatever waited for this one.
    await turn()
    const stored = await context.db.write(async (tx) => await isWaiting(tx, tenderId) && (await insertPart(tx, { tenderId, ...part, text }), true))
    if (!stored) return null
  }
  const sha256 = digest.update(behind).digest('hex') as Sha256Hex
  return { tenderId, frame, sha256, sizeBytes, rowCount: rows }
}

async function storeRecord (context: Context, tx: Db, { tender, record, computed: { head, ranked }, terms }: {
  tender: Tender, record: Omit<StoredOpening, 'openedAt'>, computed: ComputedOpening, terms: NoticeTerms
}): Promise<boolean> {
  const { tenderId, sha256 } = record
  const at = context.clock.now()
  if (!(await isWaiting(tx, tenderId))) return false
  const released = { holderId: PLATFORM_HOLDER_ID, envelope: 'price', via: 'clock' } as const
  await insertReveal(tx, { tenderId, ...released, seedWrapped: tender.platformSeedWrapped, revealedAt: at })
  await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'revealed', payload: released })
  await insertOpening(tx, { ...record, openedAt: at })
  await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'opened', payload: { openingSha256: sha256 } })
  const { outcome, outcomeReason, prices: { plannedPriceWon, floorPriceWon } } = head
  const { decimals } = terms.price
  await appendEvent(tx, { at, type: 'tender.opened', tenderId, data: { openingSha256: sha256, outcome, decimals, plannedPriceWon, floorPriceWon } })
  await recordResult(tx, { tender, terms, at, failed: outcome !== 'ranked', bids: record.rowCount, plannedPriceWon, rows: rowsOf(ranked) })
  if (outcome === 'ranked') {
    assertTransition('closed', 'opened')
    await updateTender(tx, { tenderId, state: 'closed' }, { state: 'opened' })
  } else {
    await failTender(tx, { tenderId, at, reason: outcomeReason ?? outcome })
  }
  return true
}
