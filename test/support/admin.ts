/** The administrator's program as a process of its own, with nothing in its environment but what the test gives it. */
import { spawnSync } from 'node:child_process'

const ADMIN = new URL('../../src/admin.ts', import.meta.url).pathname
const KILLER = new URL('./kill-at-step.mjs', import.meta.url).href

export interface AdminResult { code: number | null, signal: string | null, out: string, err: string, json: () => Record<string, unknown> }

/** `killAt`: e.g. `before 2`, a step as `kill-at-step.mjs` counts them. */
export function admin (args: readonly string[], { env, killAt }: { env: Record<string, string>, killAt?: string }): AdminResult {
  const hook: Record<string, string> = killAt === undefined ? {} : { NODE_OPTIONS: `--import=${KILLER}`, BONGIN_TEST_KILL: killAt }
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [ADMIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env, ...hook }, encoding: 'utf8'
  })
  return { code: status, signal, out: stdout, err: stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
}
