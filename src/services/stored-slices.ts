/** The bids of a tender in slices that worker threads open: prepared ones as they are, others read by the threads, eight bytes a bid. */
import { SLICE_BIDS, type LeafSlice } from '../crypto/opening.ts'
import type { PackedLeaves } from '../crypto/packed-leaves.ts'
import type { TenderId } from '../domain/ids.ts'
import { listBidNumbers } from '../storage/bids.ts'
import type { Db } from '../storage/prepare.ts'
import type { OpeningThreads, StoredSlice } from './opening-tasks.ts'

/** `prepared` are the tender's first slices, as many as there are. */
export async function storedSlices (db: Db, { tenderId, databasePath, threads, prepared = [] }: {
  tenderId: TenderId, databasePath: string, threads: OpeningThreads, prepared?: readonly PackedLeaves[]
}): Promise<Iterable<LeafSlice>> {
  return toOpen(await slicesOf(db, { tenderId, databasePath }), threads, prepared)
}

export async function slicesOf (db: Db, { tenderId, databasePath }: { tenderId: TenderId, databasePath: string }): Promise<StoredSlice[]> {
  const bidNumbers = await listBidNumbers(db, tenderId)
  return Array.from({ length: Math.ceil(bidNumbers.length / SLICE_BIDS) }, (_, i) => ({
    databasePath, bidNumbers: bidNumbers.slice(i * SLICE_BIDS, (i + 1) * SLICE_BIDS)
  }))
}

function * toOpen (slices: readonly StoredSlice[], threads: OpeningThreads, prepared: readonly PackedLeaves[]): Generator<LeafSlice> {
  for (const [i, slice] of slices.entries()) {
    const packed = prepared[i]
    yield {
      count: slice.bidNumbers.length,
      open: async (job) => packed === undefined ? await threads.open(slice, job) : await threads.openPrepared(packed, job)
    }
  }
}
