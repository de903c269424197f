/**
 * Silence: the time in which the server was away, stopped or suspended. It keeps a sign of life on disk; after a longer
 * silence the deadlines that passed in it are not closed at once, since a platform officer may have to call that time an
 * outage: their closing is held until the officer applies or dismisses one, or for the time that the policy names. A tender
 * whose closing is held takes no bids: its deadline has passed.
 */
import type { Instant } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { appendAudit } from '../storage/audit.ts'
import { getSetting, putSetting } from '../storage/counters.ts'
import type { Db } from '../storage/prepare.ts'
import { countClosings } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'

/** Between two signs of life: a tenth of the shortest silence that counts. */
export const HEARTBEAT_MS = 60_000
const HEARTBEAT = 'heartbeat'
const HOLD = 'closing-hold'

/** Tenders with a deadline in from < t ≤ until are not closed before `heldUntil`. */
export interface ClosingHold { fromAt: Instant, untilAt: Instant, heldUntil: Instant }

/** Gives a sign of life, and holds the closings that fell into a longer silence before it. Returns the hold in force, or null. */
export async function noteSilence (context: Context): Promise<ClosingHold | null> {
  const { silenceMs, closingHoldMs } = context.policy
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const heard = await getSetting(tx, HEARTBEAT)
    await putSetting(tx, HEARTBEAT, String(now))
    const standing = await readHold(tx, now)
    const silentSince = heard === null ? now : Number(heard)
    if (now - silentSince <= silenceMs) return standing
    const fell = await countClosings(tx, { from: silentSince + 1, until: now + 1 })
    if (fell === 0) return standing
    const hold = { fromAt: Math.min(standing?.fromAt ?? silentSince, silentSince), untilAt: now, heldUntil: now + closingHoldMs }
    await putSetting(tx, HOLD, JSON.stringify(hold))
    await appendAudit(tx, {
      at: now,
      actor: 'clock',
      action: 'closings.held',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { silentFrom: formatKst(hold.fromAt), silentUntil: formatKst(now), heldUntil: formatKst(hold.heldUntil), tenders: fell }
    })
    return hold
  })
}

/** The hold in force, or null. */
export async function readHold (db: Db, now: Instant): Promise<ClosingHold | null> {
  const text = await getSetting(db, HOLD)
  if (text === null) return null
  const hold = JSON.parse(text) as ClosingHold
  return now < hold.heldUntil ? hold : null
}

export async function currentHold (context: Context): Promise<ClosingHold | null> {
  return await readHold(context.db.read, context.clock.now())
}

export function isHeld (hold: ClosingHold | null, closesAt: Instant): boolean {
  return hold !== null && closesAt > hold.fromAt && closesAt <= hold.untilAt
}

/** An outage that covers some of the silence ends the hold: what it does not move is closed. */
export async function releaseHold (tx: Db, { fromAt, recoveredAt }: { fromAt: Instant, recoveredAt: Instant }): Promise<void> {
  const text = await getSetting(tx, HOLD)
  if (text === null) return
  const hold = JSON.parse(text) as ClosingHold
  if (fromAt <= hold.untilAt && recoveredAt > hold.fromAt) await putSetting(tx, HOLD, null)
}

/** The officer's word that the silence was no outage: what is held is closed now. Returns what was held, or null. */
export async function dismissHold (context: Context, caller: OfficerCaller, reason: string): Promise<ClosingHold | null> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const hold = await readHold(tx, now)
    if (hold === null) return null
    await putSetting(tx, HOLD, null)
    await appendAudit(tx, { at: now, actor: caller.holderId, action: 'closings.released', code: 'ok', field: null, tenderId: null, detail: { reason } })
    return hold
  })
}
