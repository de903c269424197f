/**
 * The real server on a free loopback port, with its own data folder and a clock that the test moves. Nothing is mocked:
 * the database is a file, the openings run in worker threads, requests go over HTTP.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import type { Test } from 'tap'
import { buildApp as buildRealApp, type App, type AppOptions } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openInstallation, type Installation } from '../../src/installation.ts'
import { makeFirstOfficerCode } from '../../src/services/apply-registration.ts'
import { DEFAULT_POLICY, type Policy } from '../../src/services/context.ts'
import { withKeptAuthority } from './kept-keys.ts'
import { ManualClock } from './manual-clock.ts'

export interface TestApp extends App {
  clock: ManualClock
  baseUrl: string
  dataDir: string
  installation: Installation
  firstOfficerCode: string
  /** Every log line that the server wrote. */
  logLines: string[]
}

/** Not tap's own folder of the test: that one is made anew each time somebody asks for it. */
function temporaryFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'bongin-app-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  return join(folder, 'data')
}

export async function buildApp (
  t: Test,
  { clock = new ManualClock(), dataDir = temporaryFolder(t), policy = {}, env = {}, options = {} }: {
    clock?: ManualClock
    dataDir?: string
    policy?: Partial<Policy>
    /** Further settings. */
    env?: NodeJS.ProcessEnv
    /** What else the app takes. */
    options?: Partial<Pick<AppOptions, 'resolve' | 'chance' | 'maxLoopDelayMs' | 'bidThread'>>
  } = {}
): Promise<TestApp> {
  const config = readConfig({ BONGIN_DATA_DIR: dataDir, ...env })
  const open = async (): Promise<Installation> => await openInstallation(config, clock.now())
  // Settings may name another platform or passphrase: such a server makes an authority of its own.
  const installation = Object.keys(env).length === 0 ? await withKeptAuthority(dataDir, clock.now(), open) : await open()
  const logLines: string[] = []
  const logger = pino(
    { level: 'trace' },
    {
      write: (line: string) => {
        logLines.push(line)
      }
    }
  )
  const app = await buildRealApp({
    installation,
    clock,
    policy: { ...DEFAULT_POLICY, loopbackWebhooks: config.loopbackWebhooks, ...policy },
    logger,
    openingThreads: 2,
    // Test files share a machine that may be busy; the one on overload sets its own.
    maxLoopDelayMs: 0,
    mail: { smtp: config.smtp, from: config.mailFrom },
    ...options
  })
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await app.close()
  }
  t.teardown(close)
  return {
    ...app,
    close,
    clock,
    baseUrl: `http://127.0.0.1:${port}`,
    dataDir,
    installation,
    logLines,
    firstOfficerCode: await makeFirstOfficerCode(app.context)
  }
}
