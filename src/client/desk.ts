/** An officer's desk: its own tenders, the officers that a committee may be made of, a tender's ledger. Runs in a browser. */
import type { LedgerEntry } from '../crypto/record.ts'
import type { OfficerRole } from '../domain/holder.ts'
import type { OfficerId, TenderId } from '../domain/ids.ts'
import { segment, type Api } from './api.ts'
import type { OfficerListItem, OwnTendersPage } from './types.ts'

/** Pages of a list that is read whole. */
const MAX_PAGES = 50

/** The tenders on whose committee this officer sits, newest first; behind `cursor` where a page before said so. */
export async function myTenders (session: Api, query: { cursor?: TenderId, limit?: number } = {}): Promise<OwnTendersPage> {
  return await session.get('/v1/me/tenders', { ...query })
}

/** Every officer with this role, by number. */
export async function officersWith (session: Api, role: OfficerRole): Promise<OfficerListItem[]> {
  const all: OfficerListItem[] = []
  let cursor: OfficerId | null = null
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, nextCursor }: { items: OfficerListItem[], nextCursor: OfficerId | null } = await session.get('/v1/officers', { role, cursor })
    all.push(...items)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return all
}

/** As the server tells it, unchecked; from the closing on. */
export async function readLedger (api: Api, tenderId: string): Promise<LedgerEntry[]> {
  return (await api.get<{ entries: LedgerEntry[] }>(`/v1/tenders/${segment(tenderId)}/ledger`)).entries
}
