/** Regions of tenders that were published before lists knew of them, out of the signed notices. */
import type { Database } from '../storage/database.ts'
import { listPublished, regionsText, setRegions } from '../storage/tender-regions.ts'
import { currentNotice } from './notice-text.ts'
import { recordOnce } from './record-once.ts'

/** The setting that says that nothing is missing. */
export const REGIONS_RECORDED = 'regions-recorded'
const BATCH = 100

export async function recordEarlierRegions (db: Database): Promise<void> {
  await recordOnce(db, {
    setting: REGIONS_RECORDED,
    batch: BATCH,
    list: listPublished,
    record: async (tx, { tenderId }) => {
      const { terms } = await currentNotice(tx, tenderId)
      await setRegions(tx, tenderId, regionsText(terms.eligibility.regions))
    }
  })
}
