/**
 * The ledger's story of a technical evaluation, told by `verify-story.ts` between the closing and the first price key:
 * technical keys revealed, envelopes opened, evaluators appointed, marks, result. Whoever has marked stays appointed.
 * Runs in a browser.
 */
import type { EnvelopeKind } from '../domain/envelope-kind.ts'
import type { Instant, OfficerId } from '../domain/ids.ts'
import { expect, expectEqual, RecordFault } from './record-shape.ts'
import { expectSays } from './story-entry.ts'
import type { ReadEntry } from './verify-ledger.ts'
import { actDigest, type CheckedTechnical } from './verify-technical.ts'

const CLOCK = 'clock'
/** Key holders: the platform, the executing officer, the witness. */
const HOLDERS = 3
/** Evaluators act under one name until the opening, so that nobody can approach them. */
const EVALUATOR = 'evaluator'

export interface TechnicalStoryFacts {
  /** null where there is one envelope. */
  technical: CheckedTechnical | null
  executing: () => string
  /** Holders who have revealed their technical key. */
  revealed: ReadonlySet<string>
  /** When the technical envelopes may be opened. */
  opensAt: () => Instant | null
}

export class TechnicalStory {
  readonly #facts: TechnicalStoryFacts
  #opened = false
  #evaluated = false
  #appointments = 0
  readonly #marked: OfficerId[] = []

  constructor (facts: TechnicalStoryFacts) {
    this.#facts = facts
  }

  /** The technical key comes before the technical opening, the price key after the evaluation. */
  expectRevealInOrder (kind: EnvelopeKind): void {
    if (kind === 'technical') expect(this.#facts.technical !== null && !this.#opened, 'The technical envelopes are opened once, where there are any.')
    else expect(this.#facts.technical === null || this.#evaluated, 'The price key is revealed before the technical evaluation is complete.')
  }

  tell (entry: ReadEntry): void {
    switch (entry.type) {
      case 'technical-opened': return this.#openedBy(entry)
      case 'evaluators-appointed': return this.#appointed(entry)
      case 'technical-marked': return this.#markedBy(entry)
      default: return this.#evaluatedBy(entry)
    }
  }

  #openedBy (entry: ReadEntry): void {
    const { openingSha256 } = this.#technical()
    const at = this.#facts.opensAt()
    expect(!this.#opened, 'The technical envelopes are opened once.')
    expectEqual({ what: 'Holders that revealed the technical key before it', expected: HOLDERS, actual: this.#facts.revealed.size })
    expect(at !== null && entry.at >= at, 'It is before the technical opening time.')
    expectSays(entry, { actor: CLOCK, payload: { technicalOpeningSha256: openingSha256 } })
    this.#opened = true
  }

  #appointed (entry: ReadEntry): void {
    const appointment = this.#technical().appointments[this.#appointments++]
    expect(appointment !== undefined, 'The record has no such appointment of evaluators.')
    this.#underWay()
    const dropped = this.#marked.find((id) => !appointment.payload.evaluators.includes(id))
    expect(dropped === undefined, `Evaluator ${dropped ?? ''} has marked and is dropped.`)
    expectSays(entry, { actor: this.#facts.executing(), payload: { jwsSha256: actDigest(appointment.text) } })
  }

  #markedBy (entry: ReadEntry): void {
    const { appointments, marks } = this.#technical()
    const given = marks[this.#marked.length]
    expect(given !== undefined, 'The record has no such marks.')
    this.#underWay()
    const { evaluatorId } = given.payload
    const evaluators = appointments[this.#appointments - 1]?.payload.evaluators ?? []
    expect(evaluators.includes(evaluatorId) && !this.#marked.includes(evaluatorId), `${evaluatorId} is no evaluator at that time, or has marked before.`)
    this.#marked.push(evaluatorId)
    expectSays(entry, { actor: EVALUATOR, payload: { evaluatorId, jwsSha256: actDigest(given.text) } })
  }

  #evaluatedBy (entry: ReadEntry): void {
    const { appointments, marks, result } = this.#technical()
    this.#underWay()
    expectEqual({ what: 'Appointments before it', expected: appointments.length, actual: this.#appointments })
    expectEqual({ what: 'Marks before it', expected: marks.length, actual: this.#marked.length })
    expectSays(entry, { actor: this.#facts.executing(), payload: { jwsSha256: actDigest(result.text) } })
    this.#evaluated = true
  }

  end (): void {
    expect(this.#facts.technical === null || this.#evaluated, 'The ledger does not tell how the technical evaluation ended.')
  }

  #underWay (): void {
    expect(this.#opened && !this.#evaluated, 'It belongs between the technical opening and the technical result.')
  }

  #technical (): CheckedTechnical {
    const { technical } = this.#facts
    if (technical === null) throw new RecordFault('This tender has no technical envelopes.')
    return technical
  }
}
