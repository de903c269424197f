/**
 * The ledger's story of the bids, told by `verify-story.ts`: each stands in its leaf, a supplier has one under the terms in force, a change
 * of terms supersedes those under the old ones, and a withdrawal shuts its supplier out. The states that follow are those of the leaves.
 * Runs in a browser.
 */
import type { Instant, Sha256Hex, SupplierId } from '../domain/ids.ts'
import { parseInstant } from '../domain/time.ts'
import type { RecordLeaf } from './record.ts'
import { expect, expectEqual, RecordFault } from './record-shape.ts'
import { digestOfJws, expectSays, SUPPLIER } from './story-entry.ts'
import type { ScheduleStory } from './story-schedule.ts'
import type { CheckedWithdrawal } from './verify-bids.ts'
import type { ReadEntry } from './verify-ledger.ts'

/**
 * A notice is dated when it is drawn up, and may be signed this much later: a bid for the old terms that came in between
 * is superseded although it is younger than the notice.
 */
export const MAX_SIGNING_DELAY_MS = 10 * 60_000

export interface BidFacts {
  leaves: readonly RecordLeaf[]
  withdrawals: readonly CheckedWithdrawal[]
}

export class BidStory {
  readonly #leaves: readonly RecordLeaf[]
  /** By envelope: a record may be large. */
  readonly #withdrawals: ReadonlyMap<unknown, CheckedWithdrawal>
  readonly #schedule: ScheduleStory
  readonly #executing: () => string
  readonly #withdrawn = new Set<Sha256Hex>()
  /** The newest leaf of each supplier. */
  readonly #newest = new Map<SupplierId, number>()
  readonly #states: Array<RecordLeaf['state']> = []
  /** When the terms in force were published. */
  #termsSince: Instant = 0
  /** Leaf indexes that the last change of terms superseded and that are still to be told. */
  #superseding: number[] = []

  constructor ({ leaves, withdrawals }: BidFacts, schedule: ScheduleStory, executing: () => string) {
    this.#leaves = leaves
    this.#withdrawals = new Map(withdrawals.map((withdrawal) => [withdrawal.payload.envelopeSha256, withdrawal]))
    this.#schedule = schedule
    this.#executing = executing
  }

  /** Bids told so far. */
  get count (): number { return this.#states.length }

  /** Nothing comes between a change of terms and what it supersedes. */
  expectTurnOf ({ type }: ReadEntry): void {
    expect(type === 'superseded' || this.#superseding.length === 0, `Leaf ${this.#superseding[0] ?? ''} is sealed to old terms and must be superseded first.`)
  }

  /** Other terms are in force; whatever was sealed to earlier ones is to be superseded. */
  termsChanged (publishedAt: Instant): void {
    this.#termsSince = publishedAt
    this.#superseding = this.#states.flatMap((state, index) => state === 'sealed' ? [index] : [])
    for (const index of this.#superseding) {
      const acceptedAt = parseInstant(this.#leafAt(index).acceptedAt)
      expect(acceptedAt <= publishedAt + MAX_SIGNING_DELAY_MS, `Leaf ${index} is younger than the change of terms that is said to supersede it.`)
    }
  }

  bid (entry: ReadEntry): void {
    const index = this.#states.length
    const { supplierId, envelopeSha256, acceptedAt } = this.#leafAt(index)
    expectSays(entry, { actor: SUPPLIER, at: parseInstant(acceptedAt), payload: { supplierId, envelopeSha256, acceptedAt } })
    expect(entry.at >= this.#termsSince, 'It is older than the terms in force.')
    this.#schedule.expectInTime(entry)
    // A bid follows another of the same supplier only where a change of terms superseded that one; a withdrawal shuts out.
    const newest = this.#newest.get(supplierId)
    expect(newest === undefined || this.#states[newest] === 'superseded', `Supplier ${supplierId} had a bid already, or was shut out by its withdrawal.`)
    this.#newest.set(supplierId, index)
    this.#states.push('sealed')
  }

  superseded (entry: ReadEntry): void {
    const index = this.#superseding.shift()
    expect(index !== undefined, 'No change of terms supersedes a bid here.')
    const { supplierId, envelopeSha256 } = this.#leafAt(index)
    expectSays(entry, { actor: this.#executing(), payload: { supplierId, envelopeSha256 } })
    this.#states[index] = 'superseded'
  }

  withdrawal (entry: ReadEntry): void {
    const withdrawal = this.#withdrawals.get(entry.payload['envelopeSha256'])
    expect(withdrawal !== undefined && !this.#withdrawn.has(withdrawal.payload.envelopeSha256), 'It tells of no withdrawal, or of one for the second time.')
    const { supplierId, envelopeSha256 } = withdrawal.payload
    this.#withdrawn.add(envelopeSha256)
    expectSays(entry, { actor: SUPPLIER, payload: { supplierId, envelopeSha256, jwsSha256: digestOfJws(withdrawal.text) } })
    this.#schedule.expectInTime(entry)
    const index = this.#newest.get(supplierId)
    const standing = index !== undefined && this.#states[index] === 'sealed' && this.#leafAt(index).envelopeSha256 === envelopeSha256
    expect(standing, 'There is no standing bid to withdraw.')
    this.#states[index] = 'withdrawn'
  }

  end (): void {
    expectEqual({ what: 'The states of the leaves', expected: this.#states, actual: this.#leaves.map(({ state }) => state) })
  }

  #leafAt (index: number): RecordLeaf {
    const leaf = this.#leaves[index]
    if (leaf === undefined) throw new RecordFault('The record has no such leaf.')
    return leaf
  }
}
