/**
 * A worker's file whose thread dies in the middle of its first slices: as often as the environment says, counted over all
 * threads in a file, then it does its work. For tests of the pool.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { openStoredSlice } from '../../src/services/stored-slices.ts'

export default function dyingSlice (slice) {
  const { DYING_FILE = '', DYING_TIMES = '0' } = process.env
  if (readFileSync(DYING_FILE).length < Number(DYING_TIMES)) {
    appendFileSync(DYING_FILE, 'x')
    process.exit(1)
  }
  return openStoredSlice(slice)
}
