/** An officer's desk: its own tenders, and a tender's ledger. Runs in a browser. */
import type { LedgerEntry } from '../crypto/record.ts'
import type { TenderId } from '../domain/ids.ts'
import { tenderPath, type Api } from './api.ts'
import type { OwnEvaluationsPage, OwnTendersPage } from './types.ts'

/** The tenders on whose committee this officer sits, newest first; behind `cursor` where a page before said so. */
export async function myTenders (session: Api, query: { cursor?: TenderId, limit?: number } = {}): Promise<OwnTendersPage> {
  return await session.get('/v1/me/tenders', { ...query })
}

/** Closed tenders whose proposals this officer is appointed to mark, newest first. */
export async function myEvaluations (session: Api, query: { cursor?: TenderId, limit?: number } = {}): Promise<OwnEvaluationsPage> {
  return await session.get('/v1/me/evaluations', { ...query })
}

/** As the server tells it, unchecked; from the closing on. */
export async function readLedger (api: Api, tenderId: string): Promise<LedgerEntry[]> {
  return (await api.get<{ entries: LedgerEntry[] }>(tenderPath(tenderId, '/ledger'))).entries
}
