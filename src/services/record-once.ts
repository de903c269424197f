/**
 * What a new version derives from tenders that were there before it: made once, at its first start, some tenders in a transaction, in
 * the order of their ids. A run that ends early begins anew at the next start, so making a tender's part again must change nothing.
 */
import type { TenderId } from '../domain/ids.ts'
import { getSetting, putSetting } from '../storage/counters.ts'
import type { Database } from '../storage/database.ts'
import type { Db } from '../storage/prepare.ts'

interface Missing<Tender> {
  /** The setting that says that nothing is missing. */
  setting: string
  /** Tenders in one transaction: bids that come meanwhile wait for no more than that. */
  batch: number
  /** From behind `after` on. */
  list: (db: Db, page: { after: string, limit: number }) => Promise<Tender[]>
  record: (tx: Db, tender: Tender) => Promise<void>
}

/** Once nothing is missing this is one look-up. */
export async function recordOnce<Tender extends { tenderId: TenderId }> (
  db: Database, { setting, batch, list, record }: Missing<Tender>
): Promise<void> {
  if (await getSetting(db.read, setting) !== null) return
  for (let after = ''; ;) {
    const missing = await list(db.read, { after, limit: batch })
    await db.write(async (tx) => {
      for (const tender of missing) await record(tx, tender)
      if (missing.length < batch) await putSetting(tx, setting, 'true')
    })
    if (missing.length < batch) return
    after = missing.at(-1)?.tenderId ?? ''
  }
}
