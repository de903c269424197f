/** The command line of every bench file and of all together: `[--quick] [--json FILE]`; exit code 1 where a figure misses its target. */
import { writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { printFigures, type Bench, type Figure } from './measure.ts'

export async function runBenches (benches: Readonly<Record<string, Bench>>): Promise<void> {
  const { values: { quick, json } } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } })
  const figures: Figure[] = []
  // Servers and readers are processes of their own, which load the same modules: compiled at the first run.
  process.env['NODE_COMPILE_CACHE'] ??= enableCompileCache().directory ?? ''
  for (const [name, bench] of Object.entries(benches)) {
    const started = performance.now()
    console.log(`\n${name}`)
    const own = await bench({ quick })
    printFigures(own)
    console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s`)
    figures.push(...own)
  }
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ machine: machine(), figures }, null, 2)}\n`)
    console.log(`\nWritten to ${json}`)
  }
  if (figures.some(({ meets }) => !meets)) process.exitCode = 1
}

export function machine (): Record<string, unknown> {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    measuredAt: new Date().toISOString()
  }
}
