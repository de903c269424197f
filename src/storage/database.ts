/**
 * One SQLite file: a writing connection owned by the `Writer`, and a read-only one for everything else.
 * WAL with `synchronous=FULL`: a commit that returned has survived a power loss. Pragmas as measured in
 * docs/performance.md.
 */
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { TenderId } from '../domain/ids.ts'
import { HolderCache } from './holder-cache.ts'
import type { Db } from './prepare.ts'
import * as schema from './schema.ts'
import { touchedOn } from './touched.ts'
import { Writer } from './writer.ts'

export interface Database {
  /** For other connections to the same file. */
  path: string
  /** Reads what is committed. */
  read: Db
  /** One transaction; resolves when it is durable. */
  write: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
  /** Sessions and certificates, as committed. */
  holders: HolderCache
  /** Jobs waiting for the writer. */
  queued: () => number
  /** Called after each commit that changed what the public sees of tenders, before anybody who waits for it goes on. */
  onTouched: (listener: (tenderIds: ReadonlySet<TenderId>) => void) => void
  close: () => Promise<void>
}

const MIGRATIONS_FOLDER = new URL('../../migrations', import.meta.url).pathname

/** Pages of the writing connection in memory: with SQLite's own 2 MB the indexes of a busy hour are read again and again. */
const WRITE_CACHE_KIB = 65_536

/** How long an administrator's program tries to get the file for itself. */
const EXCLUSIVE_TIMEOUT_MS = 1_000

/**
 * Opens the file, making it and its tables where they are missing.
 * @throws an SQLite error (`SQLITE_BUSY`) while `openExclusively` has the file.
 */
export function openDatabase (path: string, { maxBatchJobs }: { maxBatchJobs?: number | undefined } = {}): Database {
  const writing = new Sqlite(path)
  writing.pragma('page_size = 8192')
  writing.pragma('journal_mode = WAL')
  writing.pragma('synchronous = FULL')
  writing.pragma('wal_autocheckpoint = 500')
  writing.pragma(`cache_size = -${WRITE_CACHE_KIB}`)
  // Each job's savepoint keeps the pages that it changes; in a file that costs more than the job itself.
  writing.pragma('temp_store = MEMORY')
  writing.pragma('foreign_keys = ON')
  const writeDb = drizzle(writing, { schema })
  migrate(writeDb, { migrationsFolder: MIGRATIONS_FOLDER })

  const reading = openToRead(path)
  const read = drizzle(reading, { schema })
  const holders = new HolderCache(read)
  const touched = touchedOn(writeDb)
  const touchListeners: Array<(tenderIds: ReadonlySet<TenderId>) => void> = []
  const writer = new Writer({
    connection: writing,
    db: writeDb,
    maxBatchJobs,
    onCommit: () => {
      holders.committed()
      if (touched.size > 0) {
        for (const listener of touchListeners) listener(touched)
        touched.clear()
      }
    }
  })
  return {
    path,
    read,
    holders,
    write: (work) => writer.run(work),
    queued: () => writer.queued,
    onTouched: (listener) => { touchListeners.push(listener) },
    close: async () => {
      await writer.idle()
      reading.close()
      writing.close()
    }
  }
}

function openToRead (path: string): Sqlite.Database {
  const reading = new Sqlite(path, { readonly: true })
  reading.pragma('query_only = ON')
  return reading
}

/** Reads an existing file, also while a server writes to it. */
export function openReadOnly (path: string): { read: Db, close: () => void } {
  const reading = openToRead(path)
  return { read: drizzle(reading, { schema }), close: () => { reading.close() } }
}

/**
 * An existing file for one process alone: a server that runs holds it, and none starts meanwhile. What is overwritten is
 * wiped from the file (`secure_delete`), and no write-ahead log with older pages is left behind.
 * @throws an SQLite error (`SQLITE_BUSY`) while another process has the file open.
 */
export function openExclusively (path: string): Pick<Database, 'read' | 'write' | 'close'> {
  const connection = new Sqlite(path, { fileMustExist: true, timeout: EXCLUSIVE_TIMEOUT_MS })
  try {
    // In WAL mode every open connection holds a shared lock on the file; this mode takes an exclusive one and keeps it.
    connection.pragma('locking_mode = EXCLUSIVE')
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
    connection.pragma('secure_delete = ON')
    connection.exec('BEGIN IMMEDIATE; COMMIT')
  } catch (error) {
    connection.close()
    throw error
  }
  const db = drizzle(connection, { schema })
  migrate(db, { migrationsFolder: MIGRATIONS_FOLDER })
  const writer = new Writer({ connection, db, onCommit: () => {} })
  return {
    read: db,
    write: (work) => writer.run(work),
    close: async () => {
      await writer.idle()
      connection.pragma('wal_checkpoint(TRUNCATE)')
      connection.close()
    }
  }
}
