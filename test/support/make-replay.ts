/** Runs `bongin replay` on files made of records, and says shortly what differs. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import type { Difference, ReportJson } from '../../src/cli/replay/report.ts'
import { cli } from './cli.ts'

export interface ReplayRunner {
  dir: string
  /** Each writes a file and returns its path. */
  write: (text: string) => string
  lines: (...records: unknown[]) => string
  array: (...records: unknown[]) => string
  replay: (file: string) => Promise<{ code: number, report: ReportJson }>
  /** The differences as "what: published → computed"; asserts that the exit code follows from them. */
  differences: (t: Test, file: string) => Promise<string[]>
}

export function makeReplay (t: Pick<Test, 'testdir'>): ReplayRunner {
  const dir = t.testdir()
  let written = 0
  const write = (text: string): string => {
    const file = join(dir, `${++written}.txt`)
    writeFileSync(file, text)
    return file
  }
  const replay: ReplayRunner['replay'] = async (file) => {
    const { code, json } = await cli(['replay', file, '--json'])
    return { code, report: json() as unknown as ReportJson }
  }
  const shown = (value: Difference['expected']): string => String(value ?? '-')
  return {
    dir,
    write,
    replay,
    lines: (...records) => write(records.map((record) => `${JSON.stringify(record)}\n`).join('')),
    array: (...records) => write(JSON.stringify(records, null, 1)),
    differences: async (t, file) => {
      const { code, report } = await replay(file)
      t.equal(code, report.differences.every(({ known }) => known !== null) ? EXIT.ok : EXIT.refused, 'exit code')
      return report.differences.map(({ what, expected, computed, known }) =>
        `${what}: ${shown(expected)} → ${shown(computed)}${known === null ? '' : ' (known)'}`)
    }
  }
}
