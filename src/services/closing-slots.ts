/**
 * Closing slots (마감 시간대): only so many published tenders close in one hour, so that no hour draws all bidders at once.
 * Counted inside the writer's transaction, so that two publications cannot both take the last place. A tender that an
 * outage moves is not turned away by a full hour, but counts in it.
 */
import { BonginError } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { ceilToStep, MAX_NOTICE_MS } from '../domain/schedule.ts'
import { DAY_MS, formatKst, HOUR_MS } from '../domain/time.ts'
import type { Db } from '../storage/prepare.ts'
import { countClosings, fullClosingHours } from '../storage/tenders.ts'
import type { Context } from './context.ts'

/** How far ahead a free hour is looked for: as far as a notice may reach. */
const MAX_HOURS_AHEAD = (MAX_NOTICE_MS + DAY_MS) / HOUR_MS

const hourOf = (at: Instant): number => Math.floor(at / HOUR_MS)

/**
 * `standingAt`: the closing that the asking tender has as a published one, else null; its own place is its own.
 * @throws BonginError `closing-slot-full` with the next closing time that has room.
 */
export async function assertClosingSlot (
  { policy }: Pick<Context, 'policy'>,
  db: Db,
  { closesAt, standingAt }: { closesAt: Instant, standingAt: Instant | null }
): Promise<void> {
  const wanted = hourOf(closesAt)
  if (standingAt !== null && hourOf(standingAt) === wanted) return
  if (await countClosings(db, { from: wanted * HOUR_MS, until: (wanted + 1) * HOUR_MS }) < policy.maxClosingsPerHour) return
  const full = await fullClosingHours(db, { from: wanted * HOUR_MS, atLeast: policy.maxClosingsPerHour })
  const nextFreeAt = nextFree(full, wanted, policy.scheduleStepMs)
  throw new BonginError('closing-slot-full', {
    field: '/schedule/closesAt',
    detail: `In that hour ${policy.maxClosingsPerHour} tenders close already; ${nextFreeAt === null ? 'no later hour is free' : `${nextFreeAt} is free`}.`,
    detailKo: `해당 시간대에 이미 ${policy.maxClosingsPerHour}건이 마감됩니다. ${nextFreeAt === null ? '이후 빈 시간대가 없습니다.' : `다음 가능 시각: ${nextFreeAt}`}`,
    extra: { maxClosingsPerHour: policy.maxClosingsPerHour, nextFreeAt }
  })
}

/** The first closing time of the step in a later hour that has room; null where none is in reach. */
function nextFree (full: ReadonlySet<number>, wanted: number, stepMs: number): string | null {
  for (let hour = wanted + 1; hour <= wanted + MAX_HOURS_AHEAD; hour++) {
    const at = ceilToStep(hour * HOUR_MS, stepMs)
    if (hourOf(at) === hour && !full.has(hour)) return formatKst(at)
  }
  return null
}
