/**
 * The clock's hand: closes tenders at their deadline, opens proposals and prices whose holders have revealed, fails those without bids, and
 * prepares the openings to come.
 * It sleeps until the next deadline, at most a second, and does the same work after a restart: due is due, but for the
 * deadlines of a longer silence, which may have to wait for an officer (`services/silence.ts`).
 */
import type { Context } from '../services/context.ts'
import { closeDueTenders, nextDeadline } from '../services/close-tender.ts'
import { HEARTBEAT_MS, noteSilence } from '../services/silence.ts'
import { openDueTenders } from '../services/open-tender.ts'
import { prepareOpenings } from '../services/prepare-openings.ts'
import { openDueTechnical } from '../services/technical/open-technical.ts'

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

  let nextBeatAt = 0
  // Before anything is closed: what fell due during a silence may have to wait.
  const keepAlive = async (): Promise<void> => {
    const now = context.clock.now()
    if (now < nextBeatAt) return
    nextBeatAt = now + HEARTBEAT_MS
    await noteSilence(context)
  }
  let preparing: Promise<void> | null = null
  const tick = async (): Promise<void> => {
    await closeDueTenders(context)
    await openDueTechnical(context)
    await openDueTenders(context)
    // Not waited for: the next deadline comes first.
    preparing ??= prepareOpenings(context)
      .catch((error: unknown) => { context.reportError(error, 'preparing openings') })
      .finally(() => { preparing = null })
  }
  const loop = async (): Promise<void> => {
    await keepAlive().then(tick).catch((error: unknown) => { context.reportError(error, 'scheduler') })
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
      await preparing
    }
  }
}
