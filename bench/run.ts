/** `npm run bench [-- --json FILE]`: every bench, one after the other; figures are ratios measured in this run. */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { benchIntake } from './intake.ts'
import { benchOpening } from './opening.ts'

const figures = [...await benchOpening(), ...await benchIntake()]
const at = process.argv.indexOf('--json')
const file = at < 0 ? undefined : process.argv[at + 1]
if (file !== undefined) {
  const machine = { cores: availableParallelism(), model: cpus()[0]?.model ?? 'unknown', node: process.version }
  writeFileSync(file, `${JSON.stringify({ machine, figures }, null, 2)}\n`)
}
