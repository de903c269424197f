/**
 * Worker threads for openings. Each opening hands over its slices a few at a time, so that the threads' queue holds slices of
 * all that are under way in turn: one tender of 100,000 bids does not keep 1,500 small ones waiting. A thread that dies is
 * replaced and its slice done again, for what kills a thread need not be the bids; one that dies each time is done on the
 * main thread, where at worst a bid is void, so that an opening never fails for want of a thread.
 */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { OpenedLeaves } from '../crypto/open-leaves.ts'
import type { PackedLeaves } from '../crypto/packed-leaves.ts'
import { type OpeningTask, type OpeningThreads, runOpeningTask } from '../services/opening-tasks.ts'

/** A thread with nothing to do ends after this. */
const IDLE_MS = 30_000
/** Tasks that a thread has at hand, so that it begins the next one without waiting to be given it: half a millisecond each time. */
const TASKS_A_THREAD = 2
/** Threads that a task may cost before it is done without one. */
export const MAX_TRIES = 3

export interface OpeningPool extends OpeningThreads {
  close: () => Promise<void>
}

export interface PoolOptions {
  threads?: number
  /** Threads stand ready from the start: making one takes a second or more, most of it loading code. */
  keep?: boolean
  /** The thread's own file; tests put one in its place that dies. */
  filename?: string
  onThreadLost?: (error: unknown) => void
}

export function makeOpeningPool (options: PoolOptions = {}): OpeningPool {
  const { threads = availableParallelism(), keep = false, filename, onThreadLost = () => {} } = options
  const pool = new Piscina<OpeningTask, OpenedLeaves | PackedLeaves>({
    filename: filename ?? new URL('opening-thread.ts', import.meta.url).href,
    minThreads: keep ? threads : 0,
    maxThreads: threads,
    concurrentTasksPerWorker: TASKS_A_THREAD,
    idleTimeout: IDLE_MS
  })
  let closing = false
  // All tasks of a thread are lost by the same error.
  let lastLost: unknown
  const lost = (error: unknown): void => {
    if (error === lastLost) return
    lastLost = error
    onThreadLost(error)
  }
  const run = async (task: OpeningTask): Promise<OpenedLeaves | PackedLeaves> => {
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      try {
        return await pool.run(task)
      } catch (error) {
        if (closing) throw error
        lost(error)
      }
    }
    return runOpeningTask(task)
  }
  return {
    open: async (slice, job) => await run({ kind: 'open', slice, job }) as OpenedLeaves,
    prepare: async (slice, expected) => await run({ kind: 'prepare', slice, expected }) as PackedLeaves,
    openPrepared: async (prepared, job) => await run({ kind: 'open-prepared', prepared, job }) as OpenedLeaves,
    queued: () => pool.queueSize,
    close: async () => {
      closing = true
      await pool.destroy()
    }
  }
}
