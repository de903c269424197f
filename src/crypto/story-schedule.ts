/**
 * The ledger's story of a tender's deadline, told by `verify-story.ts`: the notice in force sets it, an outage moves it and
 * takes up a tender that was closed meanwhile, and each closing comes after it, with the bids that were there.
 * Runs in a browser.
 */
import type { Instant } from '../domain/ids.ts'
import { showExtension } from '../domain/outage.ts'
import { parseInstant } from '../domain/time.ts'
import { expect, expectEqual, RecordFault } from './record-shape.ts'
import { expectSays } from './story-entry.ts'
import type { Closing } from './verify-bids.ts'
import type { ReadEntry } from './verify-ledger.ts'
import type { ReadNotice } from './verify-notice.ts'
import type { CheckedOutage } from './verify-outages.ts'

const CLOCK = 'clock'

export interface ScheduleFacts {
  /** By notice, those that came while it was in force. */
  outages: ReadonlyArray<readonly CheckedOutage[]>
  /** Those that an outage undid, then the one that stands. */
  closings: readonly Closing[]
}

export class ScheduleStory {
  readonly #facts: ScheduleFacts
  #notice: ReadNotice | null = null
  #told = { notices: 0, extensions: 0, closings: 0 }
  #closesAt: Instant = Number.NEGATIVE_INFINITY

  constructor (facts: ScheduleFacts) {
    this.#facts = facts
  }

  /** A notice that was published now is in force. */
  published (notice: ReadNotice): void {
    this.#notice = notice
    this.#told.notices++
    this.#told.extensions = 0
    this.#closesAt = parseInstant(notice.notice.schedule.closesAt)
  }

  /** A bid or a withdrawal, by its own time. */
  expectInTime ({ at }: ReadEntry): void {
    expect(at < this.#closesAt, 'It came after the deadline.')
  }

  extended (entry: ReadEntry): void {
    const index = this.#told.extensions++
    const act = this.#facts.outages[this.#told.notices - 1]?.[index]
    const applied = this.#notice?.extensions[index]
    if (act === undefined || applied === undefined) throw new RecordFault('The record has no such outage.')
    const { jwsSha256 } = entry.payload
    expectSays(entry, { actor: act.payload.officerId, payload: { jwsSha256, ...showExtension(applied) } })
    this.#closesAt = applied.extension.closesAt
  }

  /** `leaves`: bids told so far. True for the closing that stands. */
  closed (entry: ReadEntry, leaves: number): boolean {
    const closing = this.#facts.closings[this.#told.closings++]
    if (closing === undefined) throw new RecordFault('The record has no such closing.')
    expectEqual({ what: 'Bids before it', expected: closing.size, actual: leaves })
    expectSays(entry, { actor: CLOCK, payload: closing })
    expect(entry.at >= this.#closesAt, 'It is before the deadline.')
    return this.#told.closings === this.#facts.closings.length
  }

  end (): void {
    expectEqual({ what: 'The number of closings', expected: this.#told.closings, actual: this.#facts.closings.length })
  }
}
