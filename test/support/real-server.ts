/** The real server as a process of its own, by the real clock, which a test may have killed. */
import { once } from 'node:events'
import type { Test } from 'tap'
import { startServer, type DemoServer } from '../../scripts/demo/server.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import { draftFor, type Cast } from './actors.ts'

/** `ended` by this signal, or null where it ended by itself. */
export interface RealServer extends DemoServer { ended: Promise<NodeJS.Signals | null> }

/** @param killer a file that is loaded into the server. */
export async function startRealServer (t: Test, dataDir: string, { killer, settings = {} }: {
  killer?: string, settings?: NodeJS.ProcessEnv
} = {}): Promise<RealServer> {
  const NODE_OPTIONS = killer === undefined ? '' : `--import=${killer}`
  const server = await startServer(dataDir, { NODE_OPTIONS, BONGIN_OPENING_THREADS: '1', ...settings })
  t.teardown(() => { server.process.kill('SIGKILL') })
  const ended = once(server.process, 'exit').then(([, signal]) => signal as NodeJS.Signals | null)
  return Object.assign(server, { ended })
}

/** A notice that closes in about an hour. */
export async function publishNow ({ executing, witness, audit, platform }: Cast, change: Partial<TenderDraft> = {}): Promise<TenderId> {
  const closesAt = Math.ceil((Date.now() + HOUR_MS) / 1000) * 1000
  const schedule = {
    questionsFrom: formatKst(closesAt - HOUR_MS),
    questionsUntil: formatKst(closesAt),
    closesAt: formatKst(closesAt),
    technicalOpensAt: null,
    opensAt: formatKst(closesAt + 1000)
  }
  const tenderId = await draftTender(executing.api, draftFor({ executing, witness, audit }, { schedule, ...change }))
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: Date.now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, now: Date.now() })
  return tenderId
}
