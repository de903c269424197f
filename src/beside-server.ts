/** The database for the administrator's program, which may run beside the server. */
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Config } from './config.ts'
import { databasePath } from './installation.ts'
import type { Db } from './storage/prepare.ts'
import * as schema from './storage/schema.ts'

const BUSY_MS = 5_000

export async function withDatabase<T> ({ dataDir }: Config, work: (db: Db, connection: Sqlite.Database) => Promise<T>): Promise<T> {
  const connection = new Sqlite(databasePath(dataDir), { fileMustExist: true, timeout: BUSY_MS })
  try {
    connection.pragma('synchronous = FULL')
    return await work(drizzle(connection, { schema }), connection)
  } finally {
    // A transaction that is open still ends with its connection, undone.
    connection.close()
  }
}

/** One transaction; the server's writer waits for it. */
export async function changeDatabase<T> (config: Config, work: (tx: Db) => Promise<T>): Promise<T> {
  return await withDatabase(config, async (db, connection) => {
    connection.exec('BEGIN IMMEDIATE')
    const result = await work(db)
    connection.exec('COMMIT')
    return result
  })
}
