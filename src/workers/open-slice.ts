/** What a worker thread does: open one slice of packed bids. Bytes in, typed arrays out; nothing else crosses. */
import { openPacked, type OpenBidsJob, type OpenedSlice } from '../crypto/open-bids.ts'

export default function openSlice (job: OpenBidsJob): OpenedSlice {
  return openPacked(job)
}
