/**
 * Prepared statements, made once per connection. Unprepared drizzle costs 3.5 to 14 times as much, so nothing on a
 * hot path is built per call.
 */
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type * as schema from './schema.ts'

/** A connection inside or outside a transaction: repository functions take it and do not care which. */
export type Db = BetterSQLite3Database<typeof schema>

/** Turns a query builder into a function that prepares the query at the first use on each connection. */
export function prepare<Query> (build: (db: Db) => Query): (db: Db) => Query {
  const prepared = new WeakMap<Db, Query>()
  return (db) => {
    let query = prepared.get(db)
    if (query === undefined) {
      query = build(db)
      prepared.set(db, query)
    }
    return query
  }
}
