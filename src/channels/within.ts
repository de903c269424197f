/** A try of a delivery, which waits for the world outside: never longer than its time, and not past the server's end. */
import { once } from 'node:events'
import type { Outcome } from '../services/notify/senders.ts'

export interface Bounds { timeMs: number, /** The server's end. */ signal: AbortSignal }

/**
 * What the try answers; once its time is over, that nothing answered. It is told by its own signal, and what cannot be called off, as a resolver
 * cannot, is not waited for.
 * @throws the signal's reason when the server's end came first; what the try throws.
 */
export async function within ({ timeMs, signal }: Bounds, tryOnce: (limited: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeMs)])
  try {
    limited.throwIfAborted()
    const ended = once(limited, 'abort').then(() => { throw limited.reason })
    return await Promise.race([tryOnce(limited), ended])
  } catch (error) {
    if (!limited.aborted) throw error
    if (signal.aborted && limited.reason === signal.reason) throw signal.reason
    return { kind: 'failed', reason: `no answer within ${timeMs / 1000} s`, permanent: false }
  }
}
