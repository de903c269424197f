/** What a supplier has bid for (내 투찰 목록): its own rows and nobody else's, whatever the state of the tender. */
import type { TenderId } from '../domain/ids.ts'
import { listOwnBids, type OwnBid } from '../storage/own-bids.ts'
import type { Context, SupplierCaller } from './context.ts'
import { readPage, type Page } from './page.ts'

export const MAX_OWN_BIDS_PAGE = 100

/** `next` is the tender number behind which to go on. */
export async function readOwnBids (
  context: Context, caller: SupplierCaller, { after, limit }: { after: TenderId | undefined, limit: number }
): Promise<Page<OwnBid, TenderId>> {
  const read = async (limit: number): Promise<OwnBid[]> => await listOwnBids(context.db.read, { supplierId: caller.holderId, after, limit })
  return await readPage({ limit, max: MAX_OWN_BIDS_PAGE, read, placeOf: ({ tenderId }) => tenderId })
}
