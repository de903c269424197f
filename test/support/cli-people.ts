/** People on the command line, each with a key folder in one directory: registered, approved, with their certificates. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { BUSINESS_NUMBERS } from './actors.ts'
import type { TestApp } from './build-app.ts'
import { cli, type CliResult } from './cli.ts'

export interface People {
  /** A path in the test's directory. */
  file: (name: string) => string
  /** Runs as the holder of a key folder. */
  as: (keys: string, ...args: string[]) => Promise<CliResult>
  /** The same with `--json`, which must end well. */
  ok: (keys: string, ...args: string[]) => Promise<Record<string, unknown>>
}

export const OFFICER = ['--agency-id', '1230000', '--agency-name', '조달청', '--phone', '02-1', '--email', 'a@b.kr', '--rsa-bits', '2048']
const supplierArgs = (businessNumber: string): string[] => [
  'supplier', 'register', '--company', `주식회사 ${businessNumber}`, '--business-number', businessNumber, '--representative', '대표',
  '--address', '서울', '--phone', '02-2', '--email', 's@b.kr', '--line', '0001', '--region', '서울특별시', '--rsa-bits', '2048'
]

/** `chief`, `executing`, `witness`, and suppliers `s0`, `s1` … with the numbers of `BUSINESS_NUMBERS`. */
export async function makePeople (t: Test, app: TestApp, { suppliers }: { suppliers: number }): Promise<People> {
  const dir = t.testdir()
  const env = { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }
  const file = (name: string): string => join(dir, name)
  const as: People['as'] = async (keys, ...args) => await cli([...args, '--keys', file(keys)], { env, now: () => app.clock.now() })
  const ok: People['ok'] = async (keys, ...args) => {
    const result = await as(keys, ...args, '--json')
    if (result.code !== EXIT.ok) throw new Error(`${args.join(' ')}: ${result.out}`)
    return result.json()
  }
  writeFileSync(file('code'), `${app.firstOfficerCode}\n`)
  await ok('chief', 'init', '--name', '김플랫폼', '--code-file', file('code'), ...OFFICER)
  const names = BUSINESS_NUMBERS.slice(0, suppliers).map((number, i) => [`s${i}`, number] as const)
  // One after the other: key generation in this very process would make the server look overloaded.
  await ok('executing', 'officer', 'enrol', '--name', '이집행', '--role', 'executing', ...OFFICER)
  await ok('witness', 'officer', 'enrol', '--name', '박입회', '--role', 'witness', ...OFFICER)
  for (const [keys, number] of names) await ok(keys, ...supplierArgs(number))
  const { items } = await ok('chief', 'registrations', 'list') as { items: Array<{ registrationId: string }> }
  await ok('chief', 'registrations', 'approve', ...items.map(({ registrationId }) => registrationId))
  for (const keys of ['executing', 'witness']) await ok(keys, 'officer', 'status')
  for (const [keys] of names) await ok(keys, 'supplier', 'status')
  return { file, as, ok }
}
