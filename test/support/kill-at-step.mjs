/**
 * Preloaded into a process (NODE_OPTIONS=--import): it kills itself before or after its n-th lasting step, a COMMIT or a
 * rename of a file. BONGIN_TEST_KILL is e.g. `before 2`.
 */
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

const [when, step] = (process.env.BONGIN_TEST_KILL ?? '').split(' ')
let steps = 0

function lasting (work) {
  steps++
  const isLast = steps === Number(step)
  if (isLast && when === 'before') process.kill(process.pid, 'SIGKILL')
  const result = work()
  if (isLast) process.kill(process.pid, 'SIGKILL')
  return result
}

const Database = createRequire(import.meta.url)('better-sqlite3')
const { exec } = Database.prototype
Database.prototype.exec = function (sql) {
  return sql === 'COMMIT' ? lasting(() => exec.call(this, sql)) : exec.call(this, sql)
}

const { renameSync } = fs
fs.renameSync = (from, to) => lasting(() => renameSync(from, to))
syncBuiltinESMExports()
