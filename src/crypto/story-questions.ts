/**
 * The ledger's story of questions and answers, told by `verify-story.ts`. Their texts are no part of a record, because no
 * opening depends on them: an entry holds their digests, by which whoever has the texts can tell that they are the ones.
 * Runs in a browser.
 */
import { expect, sha256Text } from './record-shape.ts'
import { expectSays, SUPPLIER } from './story-entry.ts'
import type { ReadEntry } from './verify-ledger.ts'

export class QuestionStory {
  /** Digests of questions, by number less one. */
  readonly #asked: unknown[] = []
  readonly #answered = new Set<unknown>()
  readonly #executing: () => string

  constructor (executing: () => string) {
    this.#executing = executing
  }

  /** @throws RecordFault, BonginError `verification-failed`. */
  tell (entry: ReadEntry, isPublished: boolean): void {
    expect(isPublished, 'Questions are asked and answered between the notice and the closing.')
    const { number, questionSha256, jwsSha256 } = entry.payload
    sha256Text(questionSha256, '/payload/questionSha256')
    if (entry.type === 'asked') {
      this.#asked.push(questionSha256)
      expectSays(entry, { actor: SUPPLIER, payload: { number: this.#asked.length, questionSha256 } })
      return
    }
    sha256Text(jwsSha256, '/payload/jwsSha256')
    expect(typeof number === 'number' && this.#asked[number - 1] === questionSha256, 'It answers no question that was asked before it.')
    expect(!this.#answered.has(number), 'The question was answered before.')
    this.#answered.add(number)
    expectSays(entry, { actor: this.#executing(), payload: { number, questionSha256, jwsSha256 } })
  }
}
