/** Officers as the server shows them; by itself, so that a page that asks for one loads no cryptography. Runs in a browser. */
import type { OfficerRole } from '../domain/holder.ts'
import type { OfficerId } from '../domain/ids.ts'
import { segment, type Api } from './api.ts'
import type { OfficerListItem, OfficerView } from './types.ts'

/** Pages of a list that is read whole. */
const MAX_PAGES = 50

export async function getOfficer (api: Api, officerId: string): Promise<OfficerView> {
  return await api.get(`/v1/officers/${segment(officerId)}`)
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
