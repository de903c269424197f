/**
 * Preloaded into a server process (NODE_OPTIONS=--import): the process kills itself right after the first COMMIT that
 * leaves a bid in the database. The writer has not heard of that commit yet, so no answer can have been written.
 */
import { createRequire } from 'node:module'

const Database = createRequire(import.meta.url)('better-sqlite3')
const exec = Database.prototype.exec

Database.prototype.exec = function (sql) {
  const result = exec.call(this, sql)
  if (sql === 'COMMIT' && this.prepare('SELECT count(*) FROM bids').pluck().get() > 0) process.kill(process.pid, 'SIGKILL')
  return result
}
