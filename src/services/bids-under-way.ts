/**
 * Bids that were received and are not with the writer yet, because somebody still looks at them. What counts is when a bid was
 * received, and not how long that took: a closing waits for those of its tender.
 */
import type { TenderId } from '../domain/ids.ts'

export class BidsUnderWay {
  readonly #byTender = new Map<TenderId, Set<Promise<unknown>>>()

  /** `work` ends when the bid is with the writer, or refused. */
  async during<T> (tenderId: TenderId, work: () => Promise<T>): Promise<T> {
    const bids = this.#byTender.get(tenderId) ?? new Set()
    this.#byTender.set(tenderId, bids)
    const bid = work()
    bids.add(bid)
    try {
      return await bid
    } finally {
      bids.delete(bid)
      if (bids.size === 0) this.#byTender.delete(tenderId)
    }
  }

  /** Resolves when those that are under way now have ended, whatever came of them; what comes later is not waited for. */
  async ended (tenderId: TenderId): Promise<void> {
    await Promise.allSettled(this.#byTender.get(tenderId) ?? [])
  }
}
