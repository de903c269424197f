/** Where bidders of a tender must be, as lists look for it. The signed notice stays what decides. */
import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { tenders } from './schema.ts'

/** Each between bars, so that none is found inside another; nothing for the whole country. */
export function regionsText (regions: readonly string[]): string {
  return regions.length === 0 ? '' : `|${regions.join('|')}|`
}

export async function setRegions (tx: Db, tenderId: TenderId, regions: string): Promise<void> {
  tx.update(tenders).set({ regions }).where(eq(tenders.tenderId, tenderId)).run()
}

/** In the order of their ids, from behind `after` on. */
export async function listPublished (db: Db, { after, limit }: { after: string, limit: number }): Promise<Array<{ tenderId: TenderId }>> {
  return db.select({ tenderId: tenders.tenderId }).from(tenders)
    .where(and(isNotNull(tenders.revision), gt(tenders.tenderId, after as TenderId)))
    .orderBy(asc(tenders.tenderId)).limit(limit).all()
}
