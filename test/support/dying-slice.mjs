/**
 * A worker's file whose thread dies in the middle of its first slices: as often as the environment says, counted over all
 * threads in a file, then it does its work. For tests of the pool.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { runOpeningTask } from '../../src/services/opening-tasks.ts'

export default function dyingSlice (task) {
  const { DYING_FILE = '', DYING_TIMES = '0' } = process.env
  if (readFileSync(DYING_FILE).length < Number(DYING_TIMES)) {
    appendFileSync(DYING_FILE, 'x')
    process.exit(1)
  }
  return runOpeningTask(task)
}
