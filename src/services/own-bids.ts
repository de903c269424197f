/** What a supplier has bid for (내 투찰 목록): its own rows and nobody else's, whatever the state of the tender. */
import type { TenderId } from '../domain/ids.ts'
import { listOwnBids, type OwnBid } from '../storage/own-bids.ts'
import type { Context, SupplierCaller } from './context.ts'

export const MAX_OWN_BIDS_PAGE = 100

/** `next` is null at the list's end, else the tender number behind which to go on. */
export async function readOwnBids (
  context: Context, caller: SupplierCaller, { after, limit }: { after: TenderId | undefined, limit: number }
): Promise<{ items: OwnBid[], next: TenderId | null }> {
  const found = await listOwnBids(context.db.read, { supplierId: caller.holderId, after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? items.at(-1)?.tenderId ?? null : null }
}
