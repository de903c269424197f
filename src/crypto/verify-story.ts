/**
 * The ledger's story against the signed documents: every entry tells of one document or bid, in the order in which such
 * things can happen, every document and bid has its entry, and the states of the bids that follow are those of the
 * leaves. So a bid cannot be called superseded or withdrawn, a notice left out, or a key revealed early, without two
 * parts of the record contradicting each other. Runs in a browser.
 */
import { ENVELOPE_KINDS, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { PLATFORM_HOLDER_ID, type Instant, type Sha256Hex, type SupplierId } from '../domain/ids.ts'
import { parseInstant } from '../domain/time.ts'
import { sha256Hex, utf8 } from './bytes.ts'
import type { RecordLeaf } from './record.ts'
import { expect, expectEqual, RecordFault } from './record-shape.ts'
import { DecisionStory, type DecisionFacts } from './story-decisions.ts'
import { expectSays, SUPPLIER } from './story-entry.ts'
import { QuestionStory } from './story-questions.ts'
import { ScheduleStory, type ScheduleFacts } from './story-schedule.ts'
import { TechnicalStory } from './story-technical.ts'
import type { CheckedContribution } from './verify-committee.ts'
import type { CheckedWithdrawal } from './verify-bids.ts'
import type { ReadEntry } from './verify-ledger.ts'
import type { ReadNotice } from './verify-notice.ts'
import type { CheckedTechnical } from './verify-technical.ts'

/**
 * A notice is dated when it is drawn up, and may be signed this much later: a bid for the old terms that came in between
 * is superseded although it is younger than the notice.
 */
export const MAX_SIGNING_DELAY_MS = 10 * 60_000
const CLOCK = 'clock'

export interface StoryFacts extends ScheduleFacts, DecisionFacts {
  notices: ReadonlyArray<{ text: string, read: ReadNotice }>
  contributions: readonly CheckedContribution[]
  leaves: readonly RecordLeaf[]
  withdrawals: readonly CheckedWithdrawal[]
  technical: CheckedTechnical | null
  openingSha256: Sha256Hex
}

type Phase = 'draft' | 'published' | 'closed' | 'opened' | 'decided'

/** Reads the ledger from its first entry to its last; `told` says what was told so far. */
class Story {
  readonly #facts: StoryFacts
  #phase: Phase = 'draft'
  #told = { notices: 0, leaves: 0 }
  readonly #contributed = new Set<CheckedContribution>()
  #withdrawn = new Set<Sha256Hex>()
  readonly #revealed: Readonly<Record<EnvelopeKind, Set<string>>> = { price: new Set(), technical: new Set() }
  readonly #technical: TechnicalStory
  readonly #schedule: ScheduleStory
  readonly #decisions: DecisionStory
  readonly #questions = new QuestionStory(() => this.#executing)
  /** The newest leaf of each supplier, and the withdrawals by envelope: a record may be large. */
  readonly #newest = new Map<SupplierId, number>()
  readonly #withdrawals: ReadonlyMap<unknown, CheckedWithdrawal>
  /** When the terms in force were published. */
  #termsSince = 0
  #sealedPrices: unknown = null
  #states: Array<RecordLeaf['state']> = []
  /** Leaf indexes that the last change of terms superseded and that are still to be told. */
  #superseding: number[] = []
  #lastAt = 0

  constructor (facts: StoryFacts) {
    this.#facts = facts
    this.#schedule = new ScheduleStory(facts)
    this.#decisions = new DecisionStory(facts, () => this.#executing)
    this.#technical = new TechnicalStory({
      technical: facts.technical, executing: () => this.#executing, revealed: this.#revealed.technical, opensAt: () => this.#opensAt('technical')
    })
    this.#withdrawals = new Map(facts.withdrawals.map((withdrawal) => [withdrawal.payload.envelopeSha256, withdrawal]))
  }

  tell (entry: ReadEntry): void {
    expect((entry.type === 'drafted') === (entry.sequence === 0), 'A tender is drafted once, at the start.')
    const isIntake = entry.type === 'bid' || entry.type === 'withdrawn'
    expect(entry.type === 'superseded' || this.#superseding.length === 0, `Leaf ${this.#superseding[0] ?? ''} is sealed to old terms and must be superseded first.`)
    // Bids carry the time at which they were received; they may wait a moment for the writer.
    if (!isIntake) {
      expect(entry.at >= this.#lastAt, 'It is older than the entry before it.')
      this.#lastAt = entry.at
    }
    switch (entry.type) {
      case 'drafted': return this.#drafted(entry)
      case 'contributed': return this.#contribution(entry)
      case 'prices-sealed': return this.#prices(entry)
      case 'published': return this.#published(entry)
      case 'revised': return this.#revised(entry)
      case 'asked': case 'answered': return this.#questions.tell(entry, this.#phase === 'published')
      case 'bid': return this.#bid(entry)
      case 'superseded': return this.#superseded(entry)
      case 'withdrawn': return this.#withdrawal(entry)
      case 'closed': return this.#closed(entry)
      case 'extended': return this.#extended(entry)
      case 'revealed': return this.#reveal(entry)
      case 'technical-opened': case 'evaluators-appointed': case 'technical-marked': case 'technical-evaluated': return this.#technicalEntry(entry)
      case 'opened': return this.#opened(entry)
      case 'evaluated': return this.#evaluated(entry)
      case 'awarded': case 'failed': return this.#decided(entry)
      default: throw new RecordFault(`An opened tender has no entry of type "${entry.type}".`)
    }
  }

  end (): void {
    const { leaves } = this.#facts
    this.#technical.end()
    this.#schedule.end()
    expect(this.#phase === 'opened' || this.#phase === 'decided', 'The ledger ends before the opening.')
    expectEqual({ what: 'The states of the leaves', expected: this.#states, actual: leaves.map(({ state }) => state) })
    this.#decisions.end()
  }

  #in (...phases: Phase[]): void {
    expect(phases.includes(this.#phase), `It cannot follow while the tender is ${this.#phase}.`)
  }

  get #last (): ReadNotice { return this.#noticeAt(this.#facts.notices.length - 1).read }
  get #executing (): string { return this.#last.notice.terms.committee.executing }

  #noticeAt (index: number): StoryFacts['notices'][number] {
    const found = this.#facts.notices[index]
    if (found === undefined) throw new RecordFault('The record has no such notice.')
    return found
  }

  #leafAt (index: number): RecordLeaf {
    const leaf = this.#facts.leaves[index]
    if (leaf === undefined) throw new RecordFault('The record has no such leaf.')
    return leaf
  }

  #drafted (entry: ReadEntry): void {
    expectSays(entry, { actor: this.#executing, payload: {} })
  }

  #contribution (entry: ReadEntry): void {
    this.#in('draft')
    const { envelope, holderId } = entry.payload
    const contribution = this.#facts.contributions.find(({ payload }) => payload.holderId === holderId && payload.envelope === envelope)
    expect(contribution !== undefined && !this.#contributed.has(contribution), 'It tells of no contribution, or of one for the second time.')
    this.#contributed.add(contribution)
    expectSays(entry, { actor: contribution.payload.holderId, payload: { envelope, holderId, jwsSha256: digest(contribution.text) } })
  }

  #prices (entry: ReadEntry): void {
    this.#in('draft')
    // Earlier seals may have been replaced; the last one is the notice's.
    this.#sealedPrices = entry.payload['sealedPricesSha256']
    expectSays(entry, { actor: this.#executing, payload: { sealedPricesSha256: this.#sealedPrices } })
  }

  #published (entry: ReadEntry): void {
    this.#in('draft')
    expectEqual({ what: 'Contributions before it', expected: this.#facts.contributions.length, actual: this.#contributed.size })
    const committed = this.#last.notice.terms.price.sealedPricesSha256
    expect(committed === null || committed === this.#sealedPrices, 'The notice commits to other sealed prices than the ledger.')
    this.#phase = 'published'
    this.#termsSince = this.#notice(entry).publishedAt
  }

  #revised (entry: ReadEntry): void {
    this.#in('published')
    const { publishedAt, notice } = this.#notice(entry)
    const before = this.#noticeAt(this.#told.notices - 2).read.notice
    if (notice.termsSha256 === before.termsSha256) return
    this.#termsSince = publishedAt
    this.#superseding = this.#states.flatMap((state, index) => state === 'sealed' ? [index] : [])
    for (const index of this.#superseding) {
      const acceptedAt = parseInstant(this.#leafAt(index).acceptedAt)
      expect(acceptedAt <= publishedAt + MAX_SIGNING_DELAY_MS, `Leaf ${index} is younger than the change of terms that is said to supersede it.`)
    }
  }

  /** The next notice, told by `published` or `revised`. */
  #notice (entry: ReadEntry): ReadNotice {
    const { text, read } = this.#noticeAt(this.#told.notices++)
    const { revision, termsSha256 } = read.notice
    expectSays(entry, { actor: this.#executing, at: read.publishedAt, payload: { revision, noticeSha256: digest(text), termsSha256 } })
    this.#schedule.published(read)
    return read
  }

  #bid (entry: ReadEntry): void {
    this.#in('published')
    const index = this.#told.leaves++
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

  #superseded (entry: ReadEntry): void {
    const index = this.#superseding.shift()
    expect(index !== undefined, 'No change of terms supersedes a bid here.')
    const { supplierId, envelopeSha256 } = this.#leafAt(index)
    expectSays(entry, { actor: this.#executing, payload: { supplierId, envelopeSha256 } })
    this.#states[index] = 'superseded'
  }

  #withdrawal (entry: ReadEntry): void {
    this.#in('published')
    const withdrawal = this.#withdrawals.get(entry.payload['envelopeSha256'])
    expect(withdrawal !== undefined && !this.#withdrawn.has(withdrawal.payload.envelopeSha256), 'It tells of no withdrawal, or of one for the second time.')
    const { supplierId, envelopeSha256 } = withdrawal.payload
    this.#withdrawn.add(envelopeSha256)
    expectSays(entry, { actor: SUPPLIER, payload: { supplierId, envelopeSha256, jwsSha256: digest(withdrawal.text) } })
    this.#schedule.expectInTime(entry)
    const index = this.#newest.get(supplierId)
    const standing = index !== undefined && this.#states[index] === 'sealed' && this.#leafAt(index).envelopeSha256 === envelopeSha256
    expect(standing, 'There is no standing bid to withdraw.')
    this.#states[index] = 'withdrawn'
  }

  #closed (entry: ReadEntry): void {
    this.#in('published')
    if (this.#schedule.closed(entry, this.#told.leaves)) {
      expectEqual({ what: 'Notices before it', expected: this.#facts.notices.length, actual: this.#told.notices })
    }
    this.#phase = 'closed'
  }

  /** A tender that was closed is taken up again. A key that was revealed before is one that was revealed before the new opening. */
  #extended (entry: ReadEntry): void {
    this.#in('published', 'closed')
    this.#schedule.extended(entry)
    this.#phase = 'published'
  }

  #reveal (entry: ReadEntry): void {
    this.#in('closed')
    const { envelope, holderId, via } = entry.payload
    const kind = ENVELOPE_KINDS.find((known) => known === envelope)
    const holder = kind === undefined ? undefined : keyOf(this.#last.notice.terms, kind)?.holders.find((known) => known.holderId === holderId)
    expect(kind !== undefined && holder !== undefined && !this.#revealed[kind].has(holder.holderId), 'It names no key holder, or one for the second time.')
    this.#technical.expectRevealInOrder(kind)
    this.#revealed[kind].add(holder.holderId)
    const ways = holder.holderId === PLATFORM_HOLDER_ID ? ['clock'] : ['holder', 'shares']
    expect(ways.includes(String(via)), `${holder.holderId} cannot reveal via ${String(via)}.`)
    expectSays(entry, { payload: { envelope, holderId, via } })
    expect(entry.at >= (this.#opensAt(kind) ?? Infinity), 'It is before the opening time.')
  }

  /** When envelopes of that kind may be opened. */
  #opensAt (kind: EnvelopeKind): Instant | null {
    return kind === 'price' ? this.#last.opensAt : this.#last.technicalOpensAt
  }

  #technicalEntry (entry: ReadEntry): void {
    this.#in('closed')
    this.#technical.tell(entry)
  }

  #opened (entry: ReadEntry): void {
    this.#in('closed')
    expectEqual({ what: 'Holders that revealed before it', expected: this.#last.notice.terms.key.holders.length, actual: this.#revealed.price.size })
    expectSays(entry, { actor: CLOCK, payload: { openingSha256: this.#facts.openingSha256 } })
    expect(entry.at >= this.#last.opensAt, 'It is before the opening time.')
    this.#phase = 'opened'
  }

  #evaluated (entry: ReadEntry): void {
    this.#in('opened')
    this.#decisions.evaluated(entry)
  }

  #decided (entry: ReadEntry): void {
    this.#in('opened')
    this.#phase = 'decided'
    this.#decisions.decided(entry)
  }
}

/** @throws RecordFault naming the entry at which the story and the documents part. */
export function checkStory (entries: readonly ReadEntry[], facts: StoryFacts): void {
  const story = new Story(facts)
  for (const entry of entries) {
    try {
      story.tell(entry)
    } catch (error) {
      throw new RecordFault(`Ledger entry ${entry.sequence} (${entry.type}): ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
  story.end()
}

function digest (jws: string): Sha256Hex {
  return sha256Hex(utf8(jws))
}
