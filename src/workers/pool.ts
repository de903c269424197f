/**
 * Worker threads for openings. A tender's bids are cut into slices, so that all threads share one large opening and
 * many small ones run side by side; a slice holds hundreds of bids because handing over a task costs as much as opening
 * one. Results come back in order, whatever order the slices finish in.
 */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { OpenBids, OpenBidsJob, OpenedSlice, PackedBids } from '../crypto/open-bids.ts'

/** Bids in a slice: at some 50 µs each about 25 ms of work. */
export const SLICE_BIDS = 512
/** A thread with nothing to do ends after this. */
const IDLE_MS = 30_000

export interface OpeningPool { openBids: OpenBids, close: () => Promise<void> }

export function makeOpeningPool ({ threads = availableParallelism() }: { threads?: number } = {}): OpeningPool {
  const pool = new Piscina<OpenBidsJob, OpenedSlice>({
    filename: new URL('open-slice.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS
  })
  return {
    async openBids (job) {
      const count = job.bids.offsets.length - 1
      const slices: Array<Promise<OpenedSlice>> = []
      for (let from = 0; from < count; from += SLICE_BIDS) {
        const bids = sliceOf(job.bids, { from, to: Math.min(count, from + SLICE_BIDS) })
        slices.push(pool.run({ ...job, bids }, { transferList: [bids.bytes.buffer, bids.offsets.buffer] as ArrayBuffer[] }))
      }
      return joinSlices(await Promise.all(slices), count)
    },
    close: async () => { await pool.destroy() }
  }
}

/** A copy of its own, so that it can be handed over without copying again. */
function sliceOf (bids: PackedBids, { from, to }: { from: number, to: number }): PackedBids {
  const start = bids.offsets[from] ?? 0
  const end = bids.offsets[to] ?? start
  return { bytes: bids.bytes.slice(start, end), offsets: bids.offsets.slice(from, to + 1).map((offset) => offset - start) }
}

function joinSlices (slices: readonly OpenedSlice[], count: number): OpenedSlice {
  const joined: OpenedSlice = { outcomes: new Uint8Array(count), amounts: new BigUint64Array(count), picks: new Uint8Array(2 * count) }
  let at = 0
  for (const slice of slices) {
    joined.outcomes.set(slice.outcomes, at)
    joined.amounts.set(slice.amounts, at)
    joined.picks.set(slice.picks, 2 * at)
    at += slice.outcomes.length
  }
  return joined
}
