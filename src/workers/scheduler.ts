/**
 * The clock's hand: closes tenders at their deadline, opens those whose holders have revealed, fails those without bids.
 * It sleeps until the next deadline, at most a second, and does the same work after a restart: due is due.
 */
import type { Context } from '../services/context.ts'
import { closeDueTenders, nextDeadline } from '../services/close-tender.ts'
import { openDueTenders } from '../services/open-tender.ts'

/** Longest sleep: bounds how late anything can be noticed that was not foreseen. */
export const MAX_SLEEP_MS = 1_000
const MIN_SLEEP_MS = 5

export interface Scheduler {
  /** One round now; resolves when all that was due is done. Tests call it after moving their clock. */
  tick: () => Promise<void>
  start: () => void
  /** Resolves when the round under way is done; no other begins. */
  stop: () => Promise<void>
}

export function makeScheduler (context: Context): Scheduler {
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let round: Promise<void> = Promise.resolve()

  const tick = async (): Promise<void> => {
    await closeDueTenders(context)
    await openDueTenders(context)
  }
  const loop = async (): Promise<void> => {
    await tick().catch((error: unknown) => { context.reportError(error, 'scheduler') })
    const deadline = await nextDeadline(context)
    if (stopped) return
    const wait = deadline === null ? MAX_SLEEP_MS : deadline - context.clock.now()
    timer = setTimeout(() => { round = loop() }, Math.min(MAX_SLEEP_MS, Math.max(MIN_SLEEP_MS, wait)))
  }
  return {
    tick,
    start: () => { round = loop() },
    stop: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await round
    }
  }
}
