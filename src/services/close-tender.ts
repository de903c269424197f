/**
 * The deadline: the accepted bids, in order of acceptance, become the leaves of a Merkle tree whose signed root is
 * published. From then on no bid can be added, dropped or swapped without it showing. A tender that nobody bids for
 * fails at its opening time; its key is never released.
 */
import { checkpointOrigin, signCheckpoint } from '../crypto/checkpoint.ts'
import { packedRoot, packedSize } from '../crypto/merkle-packed.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendEvent } from '../storage/events.ts'
import { countClosings, listDue, nextDue, updateTender } from '../storage/tenders.ts'
import { completeTree, gatherTree } from './closing-trees.ts'
import type { Context } from './context.ts'
import { eachDue } from './each-due.ts'
import { isHeld, readHold } from './silence.ts'
import { appendLedger } from './ledger.ts'
import { requireTender } from './tender-access.ts'

/** Who acts when nobody does: the clock. */
export const CLOCK_ACTOR = 'clock'
/** Tenders handled in one round of the scheduler. */
export const MAX_DUE = 200
/** Closings that may share one transaction: some 10 ms of the writer, because at a full hour bids and their answers wait behind them. */
const CLOSINGS_AT_ONCE = 16

/** Closes every tender whose deadline has come; returns how many. Each by itself: one that must wait, or fails, holds up no other. */
export async function closeDueTenders (context: Context): Promise<number> {
  const now = context.clock.now()
  const hold = await readHold(context.db.read, now)
  // What is held must not fill the round and keep the others waiting.
  const limit = hold === null ? MAX_DUE : MAX_DUE + await countClosings(context.db.read, { from: hold.fromAt + 1, until: hold.untilAt + 1 })
  const due = (await listDue(context.db.read, { state: 'published', now, limit })).filter(({ closesAt }) => !isHeld(hold, closesAt))
  const closed = await eachDue(context, 'closing', due, async ({ tenderId }) => await closeTender(context, tenderId), CLOSINGS_AT_ONCE)
  return closed.filter(Boolean).length
}

/** False when it was closed before, or its deadline was moved meanwhile. */
export async function closeTender (context: Context, tenderId: TenderId): Promise<boolean> {
  const { name, checkpointKey } = context.platform
  await context.bidsUnderWay.ended(tenderId)
  // All but the last few bids are read and hashed before the transaction, which holds up everybody's.
  const growing = await gatherTree(context.db.read, tenderId)
  const closed = await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requireTender(tx, tenderId)
    if (tender.state !== 'published' || at < tender.closesAt) return null
    assertTransition('published', 'closed')
    const closing = await completeTree(tx, tenderId, growing)
    const { rootSha256, tree } = closing
    const size = packedSize(tree)
    const checkpoint = signCheckpoint({
      keyName: name,
      privateKey: checkpointKey,
      origin: checkpointOrigin({ platformName: name, tenderId }),
      size,
      root: packedRoot(tree)
    })
    await updateTender(
      tx,
      { tenderId, state: 'published' },
      { state: 'closed', draft: null, closingRoot: rootSha256, closingSize: size, checkpoint }
    )
    await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'closed', payload: { rootSha256, size } })
    await appendEvent(tx, { at, type: 'tender.closed', tenderId, data: { checkpoint } })
    return closing
  })
  if (closed !== null) context.closingTrees.keep(closed)
  return closed !== null
}

/** When the next tender closes or may be opened; null when none will. */
export async function nextDeadline (context: Context): Promise<Instant | null> {
  const now = context.clock.now()
  const times = [await nextDue(context.db.read, 'published', now), await nextDue(context.db.read, 'closed', now)].filter((at) => at !== null)
  return times.length === 0 ? null : Math.min(...times)
}
