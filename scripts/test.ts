/**
 * `npm test`: runs every test with tap and ends with one line, `N passed, N failed` (assertions, skipped ones named).
 * Arguments go to tap: `npm test -- test/domain`.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failedTests } from './failed-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'bongin-test-'))
const output = join(folder, 'results.tap')
/** Keys that the files of this run share (`test/support/kept-keys.ts`). */
const keys = join(folder, 'keys')
mkdirSync(keys)
const tap = spawn('tap', ['run', '--reporter=terse', `--output-file=${output}`, ...process.argv.slice(2)], {
  // Every file imports the same modules: compiled once a run.
  stdio: 'inherit', env: { ...process.env, BONGIN_TEST_KEYS: keys, NODE_COMPILE_CACHE: join(folder, 'compiled') }
})

tap.on('close', (code) => {
  const results = readResults()
  const counts = readCounts(results)
  rmSync(folder, { recursive: true, force: true })
  const skipped = counts.skip === 0 ? '' : `, ${counts.skip} skipped`
  for (const failed of failedTests(results)) console.log(`\nFailed: ${failed}`)
  // The reporter leaves the cursor in a line of its own escapes; the count stands alone on the last one.
  console.log(`\n${counts.pass} passed, ${counts.fail} failed${skipped}`)
  process.exitCode = code === 0 && counts.fail === 0 && counts.pass > 0 ? 0 : 1
})

function readResults (): string {
  try {
    return readFileSync(output, 'utf8')
  } catch {
    return ''
  }
}

/** tap's own totals stand in its last summary comment, e.g. `# { total: 12, pass: 11, fail: 1 }`. */
function readCounts (results: string): { pass: number, fail: number, skip: number } {
  const summary = results.match(/^# \{ total: .*\}$/gm)?.at(-1)
  if (summary === undefined) return { pass: 0, fail: 1, skip: 0 }
  const count = (name: string): number => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0)
  return { pass: count('pass'), fail: count('fail'), skip: count('skip') }
}
