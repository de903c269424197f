/** Downloads the record of an opened tender. It is a claim until `verifyRecord` has passed it. Runs in a browser. */
import { parseJws } from '../crypto/jws.ts'
import { checkRecordShape, type TenderRecord } from '../crypto/record.ts'
import type { Notice, PriceDecimals } from '../domain/notice.ts'
import { tenderPath, type Api } from './api.ts'

/** @throws BonginError `verification-failed` for a record that is no record. */
export async function downloadRecord (api: Api, tenderId: string): Promise<TenderRecord> {
  return checkRecordShape(await downloadClaim(api, tenderId))
}

/** What the server calls the record, whatever it is: `verifyRecord` says so as its first step. */
export async function downloadClaim (api: Api, tenderId: string): Promise<unknown> {
  return await api.get<unknown>(tenderPath(tenderId, '/record'))
}

/** The record behind an address: a tender's page under `/v1/tenders/…`, or its record itself in either form. Null for another address. */
export function recordAddress (address: string): { baseUrl: string, tenderId: string, archive: boolean } | null {
  if (!URL.canParse(address)) return null
  const { origin, pathname, protocol } = new URL(address)
  const match = /^(?<prefix>.*?)\/(?:v1\/)?tenders\/(?<tenderId>[^/]+)(?:\/record(?<tar>\.tar)?)?\/?$/.exec(pathname)
  const { prefix, tenderId, tar } = match?.groups ?? {}
  if ((protocol !== 'http:' && protocol !== 'https:') || prefix === undefined || tenderId === undefined) return null
  return { baseUrl: `${origin}${prefix}`, tenderId: decodeURIComponent(tenderId), archive: tar !== undefined }
}

/** The decimals of the amounts in a record that was verified. */
export function recordDecimals ({ notices }: TenderRecord): PriceDecimals {
  return (parseJws(notices.at(-1) ?? '', 'bongin-notice').payload as Notice).terms.price.decimals
}
