/**
 * Worker threads for openings. Each opening hands over its slices a few at a time, so that the threads' queue holds slices of
 * all that are under way in turn: one tender of 100,000 bids does not keep 1,500 small ones waiting. A thread that dies is
 * replaced and its slice done again, for what kills a thread need not be the bids; one that dies each time is done on the
 * main thread, where at worst a bid is void, so that an opening never fails for want of a thread.
 */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { OpenedLeaves } from '../crypto/open-leaves.ts'
import { openStoredSlice, type OpenStoredSlice, type StoredSlice } from '../services/stored-slices.ts'

/** A thread with nothing to do ends after this. */
const IDLE_MS = 30_000
/** Threads that a slice may cost before it is opened without one. */
export const MAX_TRIES = 3

export interface OpeningPool {
  openSlice: OpenStoredSlice
  /** Slices waiting for a thread. */
  queued: () => number
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
  const pool = new Piscina<StoredSlice, OpenedLeaves>({
    filename: filename ?? new URL('open-slice.ts', import.meta.url).href,
    minThreads: keep ? threads : 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS
  })
  let closing = false
  return {
    async openSlice (slice) {
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        try {
          return await pool.run(slice)
        } catch (error) {
          if (closing) throw error
          onThreadLost(error)
        }
      }
      return openStoredSlice(slice)
    },
    queued: () => pool.queueSize,
    close: async () => {
      closing = true
      await pool.destroy()
    }
  }
}
