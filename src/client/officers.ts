/** Officers as the server shows them; by itself, so that a page that asks for one loads no cryptography. Runs in a browser. */
import type { OfficerRole } from '../domain/holder.ts'
import type { OfficerId } from '../domain/ids.ts'
import { segment, type Api } from './api.ts'
import { everyPage } from './every-page.ts'
import type { OfficerListItem, OfficerView } from './types.ts'

export async function getOfficer (api: Api, officerId: string): Promise<OfficerView> {
  return await api.get(`/v1/officers/${segment(officerId)}`)
}

interface OfficersPage { items: OfficerListItem[], nextCursor: OfficerId | null }

/** Every officer with this role, by number. @throws ClientError `mismatch` where there are more than are read. */
export async function officersWith (session: Api, role: OfficerRole): Promise<OfficerListItem[]> {
  const all: OfficerListItem[] = []
  const read = async (cursor: OfficerId | null): Promise<OfficersPage> => await session.get('/v1/officers', { role, cursor })
  for await (const { items } of everyPage('officers', read)) all.push(...items)
  return all
}
