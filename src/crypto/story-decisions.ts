/**
 * The ledger's story of how a tender ended, told by `verify-story.ts` after the opening: each evaluation in turn, then the
 * signed decision, or the failure that the opening itself calls for. Runs in a browser.
 */
import type { OpeningRecord } from '../domain/opening.ts'
import { sha256Hex, utf8 } from './bytes.ts'
import { expect, expectEqual } from './record-shape.ts'
import { expectSays } from './story-entry.ts'
import type { CheckedAward, CheckedEvaluation } from './verify-decisions.ts'
import type { ReadEntry } from './verify-ledger.ts'

const CLOCK = 'clock'
const NOBODY_QUALIFIED = 'nobody-qualified'

export interface DecisionFacts {
  opening: OpeningRecord
  evaluations: readonly CheckedEvaluation[]
  award: CheckedAward | null
}

export class DecisionStory {
  readonly #facts: DecisionFacts
  readonly #executing: () => string
  #evaluations = 0
  #decided = false

  constructor (facts: DecisionFacts, executing: () => string) {
    this.#facts = facts
    this.#executing = executing
  }

  evaluated (entry: ReadEntry): void {
    const evaluation = this.#facts.evaluations[this.#evaluations++]
    expect(evaluation !== undefined, 'The record has no such evaluation.')
    const { supplierId, passes } = evaluation.result
    expectSays(entry, { actor: this.#executing(), payload: { jwsSha256: sha256Hex(utf8(evaluation.text)), supplierId, passes } })
  }

  decided (entry: ReadEntry): void {
    const { award, opening } = this.#facts
    this.#decided = true
    if (award === null) {
      expect(entry.type === 'failed' && opening.outcome !== 'ranked', 'Nobody signed this decision, and the opening does not call for it.')
      return expectSays(entry, { actor: CLOCK, payload: { reason: opening.outcomeReason ?? opening.outcome, jwsSha256: null } })
    }
    const { decision, supplierId, amountWon } = award.payload
    expectEqual({ what: 'It', expected: decision, actual: entry.type })
    const jwsSha256 = sha256Hex(utf8(award.text))
    const payload = decision === 'awarded' ? { jwsSha256, supplierId, amountWon } : { jwsSha256, reason: NOBODY_QUALIFIED }
    expectSays(entry, { actor: this.#executing(), payload })
  }

  end (): void {
    const { evaluations, award, opening } = this.#facts
    expectEqual({ what: 'The number of evaluations', expected: this.#evaluations, actual: evaluations.length })
    const decided = award !== null || opening.outcome !== 'ranked'
    expect(decided === this.#decided, decided ? 'The ledger does not tell how the tender ended.' : 'The ledger tells of a decision that the record does not have.')
  }
}
