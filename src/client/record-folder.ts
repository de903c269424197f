/**
 * A record as a folder on disk, for people and other programs to look at. Reading is as strict as writing: a file that is
 * missing, out of order, too large or not part of a record is named and refused, links are not followed. For Node.
 */
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { TenderRecord } from '../crypto/record.ts'
import { filesOfRecord, recordOfFiles } from '../crypto/record-files.ts'
import { fileFault, MAX_RECORD_BYTES, MAX_RECORD_FILES, maxBytesOf, type RecordFiles } from '../crypto/record-paths.ts'
import { BonginError } from '../domain/errors.ts'
import { ClientError } from './identity.ts'

/** Writes into a folder that is new or empty. @throws ClientError `file`. */
export async function writeRecord (directory: string, record: TenderRecord, onFile?: (done: number, total: number) => void): Promise<number> {
  const files = filesOfRecord(record)
  await mkdir(directory, { recursive: true })
  if ((await readdir(directory)).length > 0) throw new ClientError('file', `${directory} is not empty; a record is never written over another.`)
  for (const folder of new Set([...files.keys()].filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))))) {
    await mkdir(join(directory, folder), { recursive: true })
  }
  let done = 0
  for (const [path, contents] of files) {
    await writeFile(join(directory, path), contents, { flag: 'wx' })
    onFile?.(++done, files.size)
  }
  return files.size
}

/** @throws ClientError `file` for an unreadable folder; BonginError `verification-failed` or `malformed-json` naming the file. */
export async function readRecord (directory: string): Promise<TenderRecord> {
  return recordOfFiles(await readFiles(directory))
}

async function readFiles (directory: string): Promise<RecordFiles> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    if (entries.length > MAX_RECORD_FILES) throw new Error('too many files')
    const files: RecordFiles = new Map()
    let total = 0
    for (const entry of entries) {
      if (entry.isDirectory()) continue
      const file = join(entry.parentPath, entry.name)
      if (!entry.isFile()) throw new Error(`${file} is no plain file`)
      const path = relative(directory, file).split(sep).join('/')
      const { size } = await lstat(file)
      total += size
      checkSize({ path, size, total })
      files.set(path, await readFile(file))
    }
    return files
  } catch (error) {
    if (error instanceof BonginError) throw error
    throw new ClientError('file', `${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Before the file is read. */
function checkSize ({ path, size, total }: { path: string, size: number, total: number }): void {
  const maxBytes = maxBytesOf(path)
  if (maxBytes === null) throw fileFault(path, 'is not part of a record')
  if (size > maxBytes) throw fileFault(path, `has more than ${maxBytes} bytes`)
  if (total > MAX_RECORD_BYTES) throw fileFault(path, `makes the record larger than ${MAX_RECORD_BYTES} bytes`)
}
