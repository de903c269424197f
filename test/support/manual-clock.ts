/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/services/context.ts'
import { parseInstant } from '../../src/domain/time.ts'

export class ManualClock implements Clock {
  #now: number
  constructor (start = '2026-11-24T09:00:00+09:00') { this.#now = parseInstant(start) }
  now (): number { return this.#now }
  set (time: string | number): void { this.#now = typeof time === 'number' ? time : parseInstant(time) }
  advance (ms: number): void { this.#now += ms }
}
