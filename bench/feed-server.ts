/**
 * A server process of the feed bench. `ours`: the real server; `ws`: a bare `ws` server whose broadcast is the loop that one
 * would write. Each broadcasts when told over IPC, and says how long its event loop was held meanwhile.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import pino from 'pino'
import { WebSocketServer } from 'ws'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { TenderId } from '../src/domain/ids.ts'
import { openInstallation } from '../src/installation.ts'
import { DEFAULT_POLICY } from '../src/services/context.ts'
import { appendEvent } from '../src/storage/events.ts'

/** `report`: what was used since the last broadcast began, asked for once everything has arrived. */
export type Order = { broadcast: number } | 'report'
export type Answer = { port: number } | { heldMs: number, rssMb: number, cpuSeconds: number }

/** What a tender's closing looks like. */
const DATA = { checkpoint: 'x'.repeat(240) }
const TENDER_ID = 'R26BK00000001' as TenderId

const server = process.argv[2] === 'ours' ? await ours() : await bare()
const delay = monitorEventLoopDelay({ resolution: 1 })
let cpu = process.cpuUsage()
process.on('message', (order: Order) => {
  if (order === 'report') {
    delay.disable()
    const { user, system } = process.cpuUsage(cpu)
    say({ heldMs: delay.max / 1e6, rssMb: process.memoryUsage.rss() / 1e6, cpuSeconds: (user + system) / 1e6 })
    return
  }
  cpu = process.cpuUsage()
  delay.reset()
  delay.enable()
  server.broadcast(order.broadcast).catch((error: unknown) => { throw error })
})
process.on('disconnect', () => { server.end() })
say({ port: server.port() })

function say (answer: Answer): void { process.send?.(answer) }

interface Broadcaster { port: () => number, broadcast: (count: number) => Promise<void>, end: () => void }

async function ours (): Promise<Broadcaster> {
  const folder = mkdtempSync(join(tmpdir(), 'bongin-feed-'))
  const installation = await openInstallation(readConfig({ BONGIN_DATA_DIR: folder }), Date.now())
  const app = await buildApp({ installation, clock: { now: () => Date.now() }, policy: DEFAULT_POLICY, logger: pino({ level: 'silent' }), openingThreads: 1 })
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: () => (app.server.server.address() as AddressInfo).port,
    async broadcast (count) {
      for (let i = 0; i < count; i++) {
        await app.context.db.write(async (tx) => { await appendEvent(tx, { at: Date.now(), type: 'tender.closed', tenderId: TENDER_ID, data: DATA }) })
      }
    },
    end: () => {
      rmSync(folder, { recursive: true, force: true })
      process.exit(0)
    }
  }
}

async function bare (): Promise<Broadcaster> {
  const wss = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(wss, 'listening')
  let position = 0
  return {
    port: () => (wss.address() as AddressInfo).port,
    async broadcast (count) {
      for (let i = 0; i < count; i++) {
        const text = JSON.stringify({ position: ++position, at: new Date().toISOString(), type: 'tender.closed', tenderId: TENDER_ID, data: DATA })
        for (const client of wss.clients) client.send(text)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    end: () => process.exit(0)
  }
}
