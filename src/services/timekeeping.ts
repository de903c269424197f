/**
 * How exact the times are that this server gives. The operator states how far its clock is from national time and how sure that is
 * (from chrony or the like); how late the process itself may notice something is measured. `receivedAt` of a bid is taken when the last
 * byte has been read, so it can be later than the arrival by as long as the event loop was held then, and never earlier.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Instant } from '../domain/ids.ts'

/** Delays are told of the last whole window, and of the one under way. */
export const WINDOW_MS = 60_000
/** A delay shorter than this is not seen. */
const RESOLUTION_MS = 10

/** Milliseconds; null where the operator states nothing. */
export interface ClockStatement { offsetMs: number | null, uncertaintyMs: number | null }

/** How late turns of the event loop were, milliseconds, rounded up. */
export interface LoopDelay { from: Instant, until: Instant, p50Ms: number, p99Ms: number, maxMs: number }

export class Timekeeping {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #now: () => Instant
  readonly #timer: NodeJS.Timeout
  #since: Instant
  #last: LoopDelay | null = null

  constructor (now: () => Instant) {
    this.#now = now
    this.#since = now()
    this.#histogram.enable()
    this.#timer = setInterval(() => { this.turnOver() }, WINDOW_MS)
    this.#timer.unref()
  }

  /** Ends the window under way and begins another one. */
  turnOver (): void {
    this.#last = this.#read()
    this.#histogram.reset()
    this.#since = this.#last.until
  }

  /** Oldest first: the last whole window, where there is one yet, and the one under way. */
  get delays (): LoopDelay[] {
    return this.#last === null ? [this.#read()] : [this.#last, this.#read()]
  }

  close (): void {
    clearInterval(this.#timer)
    this.#histogram.disable()
  }

  #read (): LoopDelay {
    const { count, max } = this.#histogram
    // The histogram counts the timer's own period in.
    const late = (nanoseconds: number): number => count === 0 ? 0 : Math.max(0, Math.ceil(nanoseconds / 1e6) - RESOLUTION_MS)
    return {
      from: this.#since,
      until: this.#now(),
      p50Ms: late(this.#histogram.percentile(50)),
      p99Ms: late(this.#histogram.percentile(99)),
      maxMs: late(max)
    }
  }
}
