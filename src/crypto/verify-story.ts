/**
 * The ledger's story against the signed documents: every entry tells of one document or bid, in the order in which such
 * things can happen, every document and bid has its entry, and the states of the bids that follow are those of the
 * leaves. So a bid cannot be called superseded or withdrawn, a notice left out, or a key revealed early, without two
 * parts of the record contradicting each other. Runs in a browser.
 */
import { ENVELOPE_KINDS, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { PLATFORM_HOLDER_ID, type Instant, type Sha256Hex } from '../domain/ids.ts'
import { expect, expectEqual, RecordFault } from './record-shape.ts'
import { BidStory, type BidFacts } from './story-bids.ts'
import { DecisionStory, type DecisionFacts } from './story-decisions.ts'
import { digestOfJws, expectSays } from './story-entry.ts'
import { QuestionStory } from './story-questions.ts'
import { ScheduleStory, type ScheduleFacts } from './story-schedule.ts'
import { TechnicalStory } from './story-technical.ts'
import type { CheckedContribution } from './verify-committee.ts'
import type { ReadEntry } from './verify-ledger.ts'
import type { ReadNotice } from './verify-notice.ts'
import type { CheckedTechnical } from './verify-technical.ts'

const CLOCK = 'clock'

export interface StoryFacts extends BidFacts, ScheduleFacts, DecisionFacts {
  notices: ReadonlyArray<{ text: string, read: ReadNotice }>
  contributions: readonly CheckedContribution[]
  technical: CheckedTechnical | null
  openingSha256: Sha256Hex
}

type Phase = 'draft' | 'published' | 'closed' | 'opened' | 'decided'

/** Reads the ledger from its first entry to its last. */
class Story {
  readonly #facts: StoryFacts
  #phase: Phase = 'draft'
  #noticesTold = 0
  readonly #contributed = new Set<CheckedContribution>()
  readonly #revealed: Readonly<Record<EnvelopeKind, Set<string>>> = { price: new Set(), technical: new Set() }
  readonly #technical: TechnicalStory
  readonly #schedule: ScheduleStory
  readonly #bids: BidStory
  readonly #decisions: DecisionStory
  readonly #questions = new QuestionStory(() => this.#executing)
  #sealedPrices: unknown = null
  #lastAt = 0

  constructor (facts: StoryFacts) {
    this.#facts = facts
    this.#schedule = new ScheduleStory(facts)
    this.#bids = new BidStory(facts, this.#schedule, () => this.#executing)
    this.#decisions = new DecisionStory(facts, () => this.#executing)
    this.#technical = new TechnicalStory({
      technical: facts.technical, executing: () => this.#executing, revealed: this.#revealed.technical, opensAt: () => this.#opensAt('technical')
    })
  }

  tell (entry: ReadEntry): void {
    expect((entry.type === 'drafted') === (entry.sequence === 0), 'A tender is drafted once, at the start.')
    const isIntake = entry.type === 'bid' || entry.type === 'withdrawn'
    this.#bids.expectTurnOf(entry)
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
      case 'bid': return this.#whilePublished(() => { this.#bids.bid(entry) })
      case 'superseded': return this.#bids.superseded(entry)
      case 'withdrawn': return this.#whilePublished(() => { this.#bids.withdrawal(entry) })
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
    this.#technical.end()
    this.#schedule.end()
    expect(this.#phase === 'opened' || this.#phase === 'decided', 'The ledger ends before the opening.')
    this.#bids.end()
    this.#decisions.end()
  }

  #in (...phases: Phase[]): void {
    expect(phases.includes(this.#phase), `It cannot follow while the tender is ${this.#phase}.`)
  }

  #whilePublished (tell: () => void): void {
    this.#in('published')
    tell()
  }

  get #last (): ReadNotice { return this.#noticeAt(this.#facts.notices.length - 1).read }
  get #executing (): string { return this.#last.notice.terms.committee.executing }

  #noticeAt (index: number): StoryFacts['notices'][number] {
    const found = this.#facts.notices[index]
    if (found === undefined) throw new RecordFault('The record has no such notice.')
    return found
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
    expectSays(entry, { actor: contribution.payload.holderId, payload: { envelope, holderId, jwsSha256: digestOfJws(contribution.text) } })
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
    this.#bids.termsChanged(this.#notice(entry).publishedAt)
  }

  #revised (entry: ReadEntry): void {
    this.#in('published')
    const { publishedAt, notice } = this.#notice(entry)
    const before = this.#noticeAt(this.#noticesTold - 2).read.notice
    if (notice.termsSha256 !== before.termsSha256) this.#bids.termsChanged(publishedAt)
  }

  /** The next notice, told by `published` or `revised`. */
  #notice (entry: ReadEntry): ReadNotice {
    const { text, read } = this.#noticeAt(this.#noticesTold++)
    const { revision, termsSha256 } = read.notice
    expectSays(entry, { actor: this.#executing, at: read.publishedAt, payload: { revision, noticeSha256: digestOfJws(text), termsSha256 } })
    this.#schedule.published(read)
    return read
  }

  #closed (entry: ReadEntry): void {
    this.#in('published')
    if (this.#schedule.closed(entry, this.#bids.count)) {
      expectEqual({ what: 'Notices before it', expected: this.#facts.notices.length, actual: this.#noticesTold })
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
