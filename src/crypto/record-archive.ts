/**
 * A record as one file: a POSIX ustar archive in which nothing is left to chance, so that the same record gives the same
 * bytes everywhere. Plain files sorted by path, mode 0644, no owner, no time, no compression: it cannot swell, and every
 * byte of it is either a record's or fixed. Whatever differs from what would be written is refused; nothing of an archive
 * reaches the disk. For Node.
 */
import { extract, pack } from 'tar-stream'
import { BonginError } from '../domain/errors.ts'
import { concat } from './bytes.ts'
import { filesOf, MAX_RECORD_FILES, recordOf, type RecordFiles } from './record-files.ts'
import type { TenderRecord } from './record.ts'

/** A record of 200,000 bids has some 600 MB. */
export const MAX_ARCHIVE_BYTES = 1024 * 1024 * 1024
const BLOCK_BYTES = 512
const FILE_MODE = 0o644
const NO_TIME = new Date(0)

/** @throws BonginError as `filesOf`. */
export async function packRecord (record: TenderRecord): Promise<Uint8Array> {
  return await packFiles(filesOf(record))
}

/** @throws BonginError `verification-failed` for anything that `packRecord` does not write; `malformed-json` and others as `recordOf`. */
export async function unpackRecord (archive: Uint8Array): Promise<TenderRecord> {
  const files = await unpackFiles(archive)
  const record = recordOf(files)
  refuseDifference(archive, await packFiles(files))
  return record
}

async function packFiles (files: RecordFiles): Promise<Uint8Array> {
  const stream = pack()
  const chunks: Uint8Array[] = []
  for (const [path, contents] of [...files].sort(([a], [b]) => a < b ? -1 : 1)) {
    stream.entry({ name: path, mode: FILE_MODE, mtime: NO_TIME }, Buffer.from(contents))
  }
  stream.finalize()
  for await (const chunk of stream) chunks.push(chunk as Uint8Array)
  return concat(...chunks)
}

/** Entries in the order of the archive; nothing but plain files, each path once. */
async function unpackFiles (archive: Uint8Array): Promise<RecordFiles> {
  if (archive.length > MAX_ARCHIVE_BYTES || archive.length % BLOCK_BYTES !== 0) throw refused('', 'is no archive of a possible length')
  const stream = extract()
  stream.end(Buffer.from(archive.buffer, archive.byteOffset, archive.length))
  const files: RecordFiles = new Map()
  try {
    for await (const entry of stream) {
      const { header } = entry
      if (files.size === MAX_RECORD_FILES) throw refused(header.name, 'is one file too many')
      if (header.type !== 'file' || files.has(header.name)) throw refused(header.name, 'is no plain file, or stands twice')
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      files.set(header.name, concat(...chunks))
    }
  } catch (error) {
    if (error instanceof BonginError) throw error
    throw refused('', `cannot be read: ${error instanceof Error ? error.message : 'it is no tar archive'}`)
  }
  return files
}

/** Header, padding, order or end: the first entry that is not as it would be written is named. */
function refuseDifference (archive: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(archive, expected) === 0) return
  let at = 0
  while (at < archive.length && archive[at] === expected[at]) at++
  throw refused('', `differs at byte ${at} from the archive of the record in it`)
}

function refused (path: string, what: string): BonginError {
  const name = path.length > 200 ? `${path.slice(0, 200)}…` : path
  return new BonginError('verification-failed', {
    field: path === '' ? '/archive' : `/archive/${name}`,
    detail: path === '' ? `The archive ${what}.` : `The archive's entry ${JSON.stringify(name)} ${what}.`,
    detailKo: path === '' ? '기록 보관 파일이 규격과 다릅니다.' : `기록 보관 파일의 항목 ${JSON.stringify(name)}이(가) 규격과 다릅니다.`
  })
}
