/** Where a command reads a record from: a folder made by `record download`, or the address of a tender. */
import { stat } from 'node:fs/promises'
import { readRecord } from '../client/record-folder.ts'
import { downloadRecord, recordAddress } from '../client/records.ts'
import { parseJws } from '../crypto/jws.ts'
import type { TenderRecord } from '../crypto/record.ts'
import type { Notice, PriceDecimals } from '../domain/notice.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit-codes.ts'

/** @throws UsageError for a source that is neither. */
export async function readFrom (context: Context, source: string): Promise<TenderRecord> {
  const address = recordAddress(source)
  if (address !== null) return await downloadRecord(await context.api(address.baseUrl), address.tenderId)
  const isFolder = await stat(source).then((found) => found.isDirectory(), () => false)
  if (!isFolder) throw new UsageError(`"${source}" is neither a folder nor the address of a tender, such as http://127.0.0.1:3000/v1/tenders/R26BK00000001.`)
  return await readRecord(source)
}

/** The decimals of the amounts in a record that was verified. */
export function recordDecimals ({ notices }: TenderRecord): PriceDecimals {
  return (parseJws(notices.at(-1) ?? '', 'bongin-notice').payload as Notice).terms.price.decimals
}
