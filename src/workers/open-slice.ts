/** What a worker thread does: read one slice of a tender's bids and open it. Numbers in, typed arrays out; nothing else crosses. */
import type { OpenedLeaves } from '../crypto/open-leaves.ts'
import { openStoredSlice, type StoredSlice } from '../services/stored-slices.ts'

export default function openSlice (slice: StoredSlice): OpenedLeaves {
  return openStoredSlice(slice)
}
