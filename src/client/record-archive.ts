/**
 * A record as one tar file, from a disk or a server, held to the limits of `record-archive.ts` before it is read. None of the
 * files inside is ever written anywhere. For Node.
 */
import { open, writeFile } from 'node:fs/promises'
import { sha256Hex } from '../crypto/bytes.ts'
import { MAX_ARCHIVE_BYTES, readArchive } from '../crypto/record-archive.ts'
import { recordOfFiles } from '../crypto/record-files.ts'
import type { TenderRecord } from '../crypto/record.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { tenderPath, type Api } from './api.ts'
import { ClientError } from './identity.ts'

/** What two people with the same archive can compare. */
export interface ArchiveFacts { sha256: Sha256Hex, sizeBytes: number, files: number }

export interface ReadArchive { record: TenderRecord, facts: ArchiveFacts }

/**
 * The record inside these bytes: a claim until `verifyRecord` has passed it.
 * @throws BonginError `archive-malformed`, `archive-too-large`; `verification-failed`, `malformed-json` naming the file.
 */
export async function recordOfArchive (archive: Uint8Array): Promise<ReadArchive> {
  const files = await readArchive(archive)
  return { record: recordOfFiles(files), facts: { sha256: sha256Hex(archive), sizeBytes: archive.length, files: files.size } }
}

/** At most one byte more than an archive may have is read. @throws ClientError `file`. */
export async function readArchiveFile (path: string): Promise<Uint8Array> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const bytes = Buffer.alloc(Math.min(size, MAX_ARCHIVE_BYTES + 1))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
      return bytes.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new ClientError('file', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** The archive as the server sent it, not read yet. */
export async function downloadArchive (api: Api, tenderId: string): Promise<Uint8Array> {
  return await api.getBytes(tenderPath(tenderId, '/record.tar'), MAX_ARCHIVE_BYTES)
}

/** @throws ClientError `file`, also where there is a file of that name. */
export async function writeArchiveFile (path: string, archive: Uint8Array): Promise<void> {
  try {
    await writeFile(path, archive, { flag: 'wx' })
  } catch (error) {
    throw new ClientError('file', `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
