/**
 * Tells suppliers: follows the journal of public events, then sends what the outbox holds. It works in the server's process beside everything
 * else and holds up nothing: hosts that are slow are left to themselves, and the next round passes them by.
 */
import type { Context } from '../services/context.ts'
import { deliverTo, hostsDue, type Delivering } from '../services/notify/deliver.ts'
import { followEvents } from '../services/notify/follow-events.ts'
import { forgetOld } from '../services/notify/read-notices.ts'
import type { Senders } from '../services/notify/senders.ts'

/** Between two rounds: how late a notification may begin its way. */
export const ROUND_MS = 1_000
/** Hosts that are being sent to at a time. */
export const MAX_BUSY_HOSTS = 32
const FORGET_EVERY_MS = 6 * 3_600_000

export interface Notifier {
  /** One round now; resolves when all that was due was tried. Tests call it after moving their clock. */
  tick: () => Promise<void>
  start: () => void
  /** Resolves when nothing is under way; what was interrupted is due at the next start. */
  stop: () => Promise<void>
}

export function makeNotifier (context: Context, { senders, chance }: { senders: Senders, chance: () => number }): Notifier {
  const delivering: Delivering = { context, senders, chance }
  const busy = new Map<string, Promise<void>>()
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let round: Promise<void> = Promise.resolve()
  let lastHost = ''
  let forgetAt = 0

  const serve = (host: string): void => {
    if (busy.has(host)) return
    busy.set(host, deliverTo(delivering, host)
      .then(() => {}, (error: unknown) => { context.reportError(error, 'deliveries') })
      .finally(() => { busy.delete(host) }))
  }

  const begin = async (): Promise<void> => {
    await followEvents(context)
    if (context.stopping.aborted) return
    const { hosts, next } = await hostsDue(context, lastHost)
    const served = hosts.slice(0, MAX_BUSY_HOSTS - busy.size)
    for (const host of served) serve(host)
    lastHost = served.length < hosts.length ? served.at(-1) ?? lastHost : next ?? ''
    const now = context.clock.now()
    if (now < forgetAt) return
    forgetAt = now + FORGET_EVERY_MS
    await forgetOld(context)
  }

  const loop = async (): Promise<void> => {
    await begin().catch((error: unknown) => { context.reportError(error, 'notifications') })
    if (!stopped) timer = setTimeout(() => { round = loop() }, ROUND_MS)
  }
  return {
    tick: async () => {
      await begin()
      while (busy.size > 0) await Promise.all(busy.values())
    },
    start: () => { round = loop() },
    stop: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await round
      await Promise.all(busy.values())
      senders.close()
    }
  }
}
