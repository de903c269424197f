/**
 * From public events to notifications, outside the transactions that made them. A position in the journal is kept in the database and
 * moves on once everybody is told; whoever was told before a crash is passed over by the cause's key, so nothing is missed or told twice.
 */
import { listEvents, lastPosition, type StoredEvent } from '../../storage/events.ts'
import { getSetting, putSetting } from '../../storage/counters.ts'
import { tellSuppliers } from '../../storage/notifications.ts'
import { getTender } from '../../storage/tenders.ts'
import type { Context } from '../context.ts'
import { recipientsOf } from './recipients.ts'

const POSITION = 'notify-position'
/** Events between two times that the position is written. */
const PAGE_EVENTS = 50

/** An installation that had events before it had notifications begins behind them. */
export async function beginFollowing (context: Context): Promise<void> {
  if (await getSetting(context.db.read, POSITION) !== null) return
  await context.db.write(async (tx) => { await putSetting(tx, POSITION, String(await lastPosition(tx))) })
}

/** Tells of every event that is committed by now, and returns how many notifications that made. Stops between two pages when the server ends. */
export async function followEvents (context: Context): Promise<number> {
  let made = 0
  for (;;) {
    const after = Number(await getSetting(context.db.read, POSITION) ?? 0)
    const events = await listEvents(context.db.read, { after, limit: PAGE_EVENTS })
    const last = events.at(-1)
    if (last === undefined) return made
    for (const event of events) {
      made += await tellOf(context, event)
      if (context.stopping.aborted) return made
    }
    await context.db.write(async (tx) => { await putSetting(tx, POSITION, String(last.position)) })
  }
}

async function tellOf (context: Context, event: StoredEvent): Promise<number> {
  const { tenderId, at } = event
  const tender = await getTender(context.db.read, tenderId)
  if (tender === null || tender.revision === null) return 0
  let made = 0
  for await (const { topic, eventKey, told } of recipientsOf(context.db.read, { event, tender })) {
    if (context.stopping.aborted) break
    const cause = { eventKey, at, topic, tenderId }
    made += await context.db.write(async (tx) => await tellSuppliers(tx, { cause, told, now: context.clock.now() }))
  }
  return made
}
