/**
 * What an agency or a supplier has behind it, for everybody: tenders that were opened or failed at their time. A supplier's
 * bids appear with the opening record and not before; a page is cut from published rows alone, so that neither its length nor
 * its time tells of a sealed bid.
 */
import { BonginError } from '../domain/errors.ts'
import { BEHIND_ALL_IDS, type AgencyId, type SupplierId, type TenderId } from '../domain/ids.ts'
import { NO_COUNTS, type Counts } from '../domain/statistics.ts'
import { listResultsOfAgency, listResultsOfSupplier, type ListedParticipation, type ListedResult } from '../storage/results.ts'
import { getAgency, type Agency } from '../storage/officers.ts'
import { sumOfAgency } from '../storage/statistics.ts'
import { listSuspensions, type Suspension } from '../storage/suppliers.ts'
import type { Context } from './context.ts'
import { readSupplier } from './holders.ts'
import { readPage, type Page } from './page.ts'

export type { ListedParticipation, ListedResult }
export const MAX_RESULTS_PAGE = 100
/** Suspensions shown, the latest first. */
const MAX_SUSPENSIONS = 50

export interface ResultPlace { tenderId: TenderId, row: number }

export interface AgencyView { agencyId: AgencyId, name: string, counts: Counts }

async function requireAgency (context: Context, agencyId: AgencyId): Promise<Agency> {
  const agency = await getAgency(context.db.read, agencyId)
  if (agency !== null) return agency
  throw new BonginError('not-found', { field: '/agencyId', detail: 'There is no such agency.', detailKo: '해당 기관이 없습니다.' })
}

/** @throws BonginError `not-found`. */
export async function readAgency (context: Context, agencyId: AgencyId): Promise<AgencyView> {
  const { name } = await requireAgency(context, agencyId)
  const { value: _, ...counts } = await sumOfAgency(context.db.read, { value: agencyId, from: '', until: BEHIND_ALL_IDS }) ?? { value: '', ...NO_COUNTS }
  return { agencyId, name, counts }
}

/** Newest tender first. @throws BonginError `not-found`. */
export async function agencyResults (context: Context, { agencyId, after, limit }: {
  agencyId: AgencyId, after?: ResultPlace | undefined, limit: number
}): Promise<Page<ListedResult, ResultPlace>> {
  await requireAgency(context, agencyId)
  const before = after?.tenderId ?? BEHIND_ALL_IDS
  const read = async (limit: number): Promise<ListedResult[]> => await listResultsOfAgency(context.db.read, { agencyId, before, limit })
  return await readPage({ limit, max: MAX_RESULTS_PAGE, read, placeOf: ({ tenderId }) => ({ tenderId, row: 0 }) })
}

/** Newest tender first; of a consortium's bid each member has one. @throws BonginError `not-found`. */
export async function supplierResults (context: Context, { supplierId, after, limit }: {
  supplierId: SupplierId, after?: ResultPlace | undefined, limit: number
}): Promise<Page<ListedParticipation, ResultPlace>> {
  await readSupplier(context, supplierId)
  const from = { supplierId, before: after?.tenderId ?? BEHIND_ALL_IDS, beforeRow: after?.row ?? 0 }
  const read = async (limit: number): Promise<ListedParticipation[]> => await listResultsOfSupplier(context.db.read, { ...from, limit })
  return await readPage({ limit, max: MAX_RESULTS_PAGE, read, placeOf: ({ tenderId, row }) => ({ tenderId, row }) })
}

/** Lifted ones too: they stay on record. */
export async function supplierSuspensions (context: Context, supplierId: SupplierId): Promise<Suspension[]> {
  return await listSuspensions(context.db.read, supplierId, MAX_SUSPENSIONS)
}
