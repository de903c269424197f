/**
 * Preloaded into a server process (NODE_OPTIONS=--import): the process kills itself right after the COMMIT that leaves a second notification of
 * some supplier in the database, before the journal's position has moved and before anything is sent.
 */
import { createRequire } from 'node:module'

const Database = createRequire(import.meta.url)('better-sqlite3')
const exec = Database.prototype.exec

Database.prototype.exec = function (sql) {
  const result = exec.call(this, sql)
  if (sql === 'COMMIT' && this.prepare('SELECT max(number) FROM notifications').pluck().get() > 1) process.kill(process.pid, 'SIGKILL')
  return result
}
