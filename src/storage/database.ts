/**
 * One SQLite file: a writing connection owned by the `Writer`, and a read-only one for everything else.
 * WAL with `synchronous=FULL`: a commit that returned has survived a power loss. Pragmas as measured in
 * docs/performance.md.
 */
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Db } from './prepare.ts'
import * as schema from './schema.ts'
import { Writer } from './writer.ts'

export interface Database {
  /** Reads what is committed. */
  read: Db
  /** One transaction; resolves when it is durable. */
  write: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
  /** Jobs waiting for the writer. */
  queued: () => number
  /** Called after each commit, with nothing: whoever cares looks for itself. */
  onCommit: (listener: () => void) => void
  close: () => Promise<void>
}

const MIGRATIONS_FOLDER = new URL('../../migrations', import.meta.url).pathname

/** Opens the file, making it and its tables where they are missing. */
export function openDatabase (path: string): Database {
  const writing = new Sqlite(path)
  writing.pragma('page_size = 8192')
  writing.pragma('journal_mode = WAL')
  writing.pragma('synchronous = FULL')
  writing.pragma('wal_autocheckpoint = 500')
  writing.pragma('foreign_keys = ON')
  const writeDb = drizzle(writing, { schema })
  migrate(writeDb, { migrationsFolder: MIGRATIONS_FOLDER })

  const reading = new Sqlite(path, { readonly: true })
  reading.pragma('query_only = ON')
  const listeners: Array<() => void> = []
  const writer = new Writer({
    connection: writing,
    db: writeDb,
    onCommit: () => { for (const listener of listeners) listener() }
  })
  return {
    read: drizzle(reading, { schema }),
    write: (work) => writer.run(work),
    queued: () => writer.queued,
    onCommit: (listener) => { listeners.push(listener) },
    close: async () => {
      await writer.idle()
      reading.close()
      writing.close()
    }
  }
}
