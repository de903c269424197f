/**
 * The bids of a tender in slices that worker threads read for themselves: only their numbers cross, eight bytes a bid, and a
 * slice that was lost with its thread can be handed to another. What a closed tender has accepted no longer changes, so
 * every connection sees the same.
 */
import { openLeaves, type OpenedLeaves, type OpeningLeaf, type OpenJob } from '../crypto/open-leaves.ts'
import { SLICE_BIDS, type LeafSlice } from '../crypto/opening.ts'
import type { TenderId } from '../domain/ids.ts'
import { bidsByNumber, listBidNumbers } from '../storage/bids.ts'
import { openReadOnly } from '../storage/database.ts'
import type { Db } from '../storage/prepare.ts'
import { leafOf } from './opening-input.ts'

/** What crosses to a thread. */
export interface StoredSlice { databasePath: string, bidNumbers: Float64Array, job: OpenJob }

/** How the server has its slices opened: on worker threads. */
export type OpenStoredSlice = (slice: StoredSlice) => Promise<OpenedLeaves>

export async function storedSlices (db: Db, { tenderId, databasePath, open }: {
  tenderId: TenderId, databasePath: string, open: OpenStoredSlice
}): Promise<Iterable<LeafSlice>> {
  const bidNumbers = await listBidNumbers(db, tenderId)
  return slicesOf(bidNumbers, async (slice, job) => await open({ databasePath, bidNumbers: slice, job }))
}

function * slicesOf (bidNumbers: Float64Array, open: (slice: Float64Array, job: OpenJob) => Promise<OpenedLeaves>): Generator<LeafSlice> {
  for (let from = 0; from < bidNumbers.length; from += SLICE_BIDS) {
    const slice = bidNumbers.slice(from, from + SLICE_BIDS)
    yield { count: slice.length, open: async (job) => await open(slice, job) }
  }
}

/** The connection of this thread; a thread serves one database at a time. */
let reading: { path: string, read: Db, close: () => void } | null = null

/** On whatever thread this runs. */
export function openStoredSlice ({ databasePath, bidNumbers, job }: StoredSlice): OpenedLeaves {
  if (reading?.path !== databasePath) {
    reading?.close()
    reading = { path: databasePath, ...openReadOnly(databasePath) }
  }
  const leaves: OpeningLeaf[] = bidsByNumber(reading.read, bidNumbers).map(leafOf)
  return openLeaves(leaves, job)
}
