/**
 * How far the openings under way are: news of the moment, kept nowhere, for whoever watches. How many bids there are is public from
 * the closing on; which of them have been opened says nothing of any.
 */
import type { TenderId } from '../domain/ids.ts'

/** News in one opening: enough for a bar, few enough for ten thousand readers. */
const STEPS = 20

export interface Progress { tenderId: TenderId, done: number, total: number }
export type ProgressListener = (progress: Progress) => void

export class OpeningProgress {
  readonly #listeners = new Set<ProgressListener>()

  listen (listener: ProgressListener): void {
    this.#listeners.add(listener)
  }

  /** For one opening: what is to be told of the bids done so far. */
  of (tenderId: TenderId, total: number): (done: number) => void {
    let told = 0
    return (done) => {
      const step = Math.floor(STEPS * done / total)
      if (step === told) return
      told = step
      for (const listener of this.#listeners) listener({ tenderId, done, total })
    }
  }
}
