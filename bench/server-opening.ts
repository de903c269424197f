/**
 * A large tender at the real server: how long opening it, storing its record and serving it hold the event loop, and what memory
 * they take. `node bench/server-opening.ts [--bids 100000]`. The server runs in a process of its own and reads a town that another one made.
 */
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { buildApp, type App } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { SupplierId, Thumbprint } from '../src/domain/ids.ts'
import { openInstallation, type Installation } from '../src/installation.ts'
import { DEFAULT_POLICY } from '../src/services/context.ts'
import { openIfReady } from '../src/services/open-tender.ts'
import { readInclusion } from '../src/services/withdraw-bid.ts'
import { TENDER_ID } from '../test/support/opening-bids.ts'
import { buildServerTown, OPENS_AT } from '../test/support/server-town.ts'

const SAMPLE_EVERY_MS = 5
const READS = 5
const PROOFS = 3_000
const FIRST_SUPPLIER = 1_000_000_000

const { values: { bids, data } } = parseArgs({ options: { bids: { type: 'string', default: '100000' }, data: { type: 'string' } } })

const installationIn = async (folder: string): Promise<Installation> => await openInstallation(readConfig({ BONGIN_DATA_DIR: folder }), OPENS_AT)

interface Measured<T> { value: T, ms: number, heldMs: number, overIdleMb: number }

/** Runs `work` and tells how long it took, its longest turn of the event loop, and its peak of memory over what there was before. */
async function measured<T> (work: () => Promise<T>): Promise<Measured<T>> {
  globalThis.gc?.()
  const idle = process.memoryUsage.rss()
  let peak = idle
  const sampler = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()) }, SAMPLE_EVERY_MS)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.reset()
  const started = performance.now()
  const value = await work()
  const ms = performance.now() - started
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.disable()
  clearInterval(sampler)
  return { value, ms, heldMs: delay.max / 1e6, overIdleMb: (Math.max(peak, process.memoryUsage.rss()) - idle) / 1e6 }
}

function say (what: string, { ms, heldMs, overIdleMb }: Measured<unknown>, note = ''): void {
  console.log(`  ${what.padEnd(34)} ${ms.toFixed(0).padStart(7)} ms, event loop held ${heldMs.toFixed(0).padStart(5)} ms at most, ${overIdleMb.toFixed(0).padStart(4)} MB over idle  ${note}`)
}

async function fetched (app: App, path: string): Promise<string> {
  const { port } = app.server.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    digest.update(chunk)
    bytes += chunk.length
  }
  return `${response.status}, ${(bytes / 1e6).toFixed(2)} MB, ${digest.digest('hex').slice(0, 12)}`
}

async function serve (folder: string): Promise<void> {
  const installation = await installationIn(folder)
  const clock = { now: () => OPENS_AT + 1_000 }
  const app = await buildApp({ installation, clock, policy: DEFAULT_POLICY, logger: pino({ level: 'error' }), openingThreads: null, keepThreads: true })
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const opening = await measured(async () => await openIfReady(app.context, TENDER_ID))
  say('opening, with its record stored', opening, String(opening.value))
  for (const [what, path] of [
    ['GET …/opening', `/v1/tenders/${TENDER_ID}/opening`],
    ['GET /v1/tenders/<id>', `/v1/tenders/${TENDER_ID}`],
    ['the tender\'s page', `/tenders/${TENDER_ID}`]
  ] as const) {
    for (let i = 0; i < READS; i++) {
      const read = await measured(async () => await fetched(app, path))
      if (i === 0 || i === READS - 1) say(`${what}, ${i === 0 ? 'first' : 'last'}`, read, read.value)
    }
  }
  const prove = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const holderId = String(FIRST_SUPPLIER + 17 * i) as SupplierId
      await new Promise((resolve) => setImmediate(resolve))
      await readInclusion(app.context, { kind: 'supplier', holderId, roles: ['supplier'], thumbprint: '' as Thumbprint }, TENDER_ID)
    }
  }
  say('the first inclusion proof', await measured(async () => { await prove(1) }))
  const proofs = await measured(async () => { await prove(PROOFS) })
  say(`${PROOFS.toLocaleString('en-US')} more`, proofs, `${(1000 * proofs.ms / PROOFS).toFixed(0)} µs each`)
  await app.close()
}

if (data !== undefined) {
  await serve(data)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'bongin-bench-'))
  try {
    await buildServerTown(await installationIn(join(folder, 'data')), Number(bids))
    execFileSync(process.execPath, ['--expose-gc', import.meta.filename, '--data', join(folder, 'data')], { stdio: 'inherit' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
