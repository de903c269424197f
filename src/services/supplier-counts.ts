/**
 * Requests of each supplier in a window of time, for one route; the store behind @fastify/rate-limit. A request that did no more than
 * fetch what was stored before can be given back, but only so many in a window: a program that sends one bid for ever is wild too.
 */
import { BoundedMap } from '../storage/bounded-map.ts'

/** Suppliers whose counts are kept; the one seen first makes room. */
export const MAX_COUNTED = 100_000
/** Requests given back in a window, for each that the limit allows. */
export const REPEATS_FOR_EACH = 10

interface Count { current: number, givenBack: number, endsAt: number }
export interface Counted { current: number, ttl: number }

export class SupplierCounts {
  readonly #counts = new BoundedMap<string, Count>(MAX_COUNTED)
  readonly #max: number
  readonly #now: () => number

  constructor ({ max, now = Date.now }: { max: number, now?: () => number }) {
    this.#max = max
    this.#now = now
  }

  incr (supplierId: string, done: (error: Error | null, counted?: Counted) => void, windowMs: number): void {
    const now = this.#now()
    const known = this.#counts.get(supplierId)
    const count = known === undefined || known.endsAt <= now ? { current: 0, givenBack: 0, endsAt: now + windowMs } : known
    count.current++
    this.#counts.set(supplierId, count)
    done(null, { current: count.current, ttl: count.endsAt - now })
  }

  giveBack (supplierId: string): void {
    const count = this.#counts.get(supplierId)
    if (count === undefined || count.endsAt <= this.#now() || count.current === 0 || count.givenBack >= REPEATS_FOR_EACH * this.#max) return
    count.current--
    count.givenBack++
  }
}
