/** The list of a supplier's own bids; by itself, so that a page that shows it loads no cryptography. Runs in a browser. */
import type { TenderId } from '../domain/ids.ts'
import type { Api } from './api.ts'
import type { OwnBidsPage } from './types.ts'

/** The tenders that this supplier has bid for, newest first; behind `cursor` where a page before said so. */
export async function myBids (session: Api, query: { cursor?: TenderId, limit?: number } = {}): Promise<OwnBidsPage> {
  return await session.get('/v1/me/bids', { ...query })
}
