/** What a worker thread does: open one slice of packed bids. Bytes in, typed arrays out; nothing else crosses. */
import { openLeaves, type OpenedLeaves, type OpenLeavesJob } from '../crypto/open-leaves.ts'

export default function openSlice (job: OpenLeavesJob): OpenedLeaves {
  return openLeaves(job)
}
