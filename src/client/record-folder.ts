/** A record (`crypto/record-files.ts`) as a folder on disk. For Node. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { filesOf, MAX_RECORD_FILE_BYTES, MAX_RECORD_FILES, recordOf, type RecordFiles } from '../crypto/record-files.ts'
import type { TenderRecord } from '../crypto/record.ts'
import { ClientError } from './identity.ts'

/** Writes into a folder that is new or empty. @throws ClientError `file`. */
export async function writeRecord (directory: string, record: TenderRecord, onFile?: (done: number, total: number) => void): Promise<number> {
  const files = filesOf(record)
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
  return recordOf(await readFiles(directory))
}

async function readFiles (directory: string): Promise<RecordFiles> {
  const files: RecordFiles = new Map()
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    if (entries.length > MAX_RECORD_FILES) throw new Error('too many files')
    for (const entry of entries) {
      if (entry.isDirectory()) continue
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || (await stat(path)).size > MAX_RECORD_FILE_BYTES) throw new Error(`${path} is no plain file of a possible size`)
      files.set(relative(directory, path).split(sep).join('/'), await readFile(path))
    }
  } catch (error) {
    throw new ClientError('file', `${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return files
}
