/**
 * Where a command reads a record from: a folder or an archive made by `record download`, or the address of a tender. A file is
 * taken for what is in it, whatever it is called.
 */
import { stat } from 'node:fs/promises'
import { downloadArchive, readArchiveFile, recordOfArchive, type ArchiveFacts } from '../client/record-archive.ts'
import { readRecord } from '../client/record-folder.ts'
import { downloadRecord, recordAddress } from '../client/records.ts'
import type { TenderRecord } from '../crypto/record.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit-codes.ts'

export const SOURCE_HELP = '<source> is a folder or a tar archive made by "bongin record download", or the address of a tender.'

export interface RecordSource {
  record: TenderRecord
  /** null for a record that came in another form. */
  archive: ArchiveFacts | null
}

/** @throws UsageError for a source that is none of these. */
export async function readFrom (context: Context, source: string): Promise<RecordSource> {
  const address = recordAddress(source)
  if (address !== null) {
    const api = await context.api(address.baseUrl)
    if (address.archive) return await readBytes(await downloadArchive(api, address.tenderId))
    return { record: await downloadRecord(api, address.tenderId), archive: null }
  }
  const found = await stat(source).catch(() => null)
  if (found?.isDirectory() === true) return { record: await readRecord(source), archive: null }
  if (found?.isFile() === true) return await readBytes(await readArchiveFile(source))
  throw new UsageError(`"${source}" is neither a folder, nor a file, nor the address of a tender, such as http://127.0.0.1:3000/v1/tenders/R26BK00000001.`)
}

async function readBytes (archive: Uint8Array): Promise<RecordSource> {
  const { record, facts } = await recordOfArchive(archive)
  return { record, archive: facts }
}
