/**
 * Regions of tenders that were published before lists knew of them: read once, at the first start with this version, out of the
 * signed notices. A run that ends early begins anew at the next start, with the same outcome.
 */
import { getSetting, putSetting } from '../storage/counters.ts'
import type { Database } from '../storage/database.ts'
import { listPublished, regionsText, setRegions } from '../storage/tender-regions.ts'
import { currentNotice } from './notice-text.ts'

/** The setting that says that nothing is missing. */
export const REGIONS_RECORDED = 'regions-recorded'
/** Tenders in one transaction: bids that come meanwhile wait for no more than that. */
const BATCH = 100

/** Once nothing is missing this is one look-up. */
export async function recordEarlierRegions (db: Database): Promise<void> {
  if (await getSetting(db.read, REGIONS_RECORDED) !== null) return
  for (let after = ''; ;) {
    const tenderIds = await listPublished(db.read, { after, limit: BATCH })
    await db.write(async (tx) => {
      for (const tenderId of tenderIds) {
        const { terms } = await currentNotice(tx, tenderId)
        await setRegions(tx, tenderId, regionsText(terms.eligibility.regions))
      }
      if (tenderIds.length < BATCH) await putSetting(tx, REGIONS_RECORDED, 'true')
    })
    if (tenderIds.length < BATCH) return
    after = tenderIds.at(-1) ?? ''
  }
}
