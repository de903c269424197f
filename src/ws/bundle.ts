/**
 * News that goes out together: what came while the news before it went out. Each reader gets what it wants of it in one write,
 * in order, and readers who want the same get the same bytes, made once.
 */
import { invariant } from '../domain/errors.ts'
import type { TenderId } from '../domain/ids.ts'
import { joinFrames, type Frame } from './frames.ts'

/** What a reader wants to hear of; a member that is absent leaves nothing out. */
export interface Wanted { tenderIds?: readonly TenderId[] | undefined, types?: ReadonlySet<string> | undefined }

/** `position` is null for what is told to whoever is there. */
export interface News { tenderId: TenderId, type: string, position: number | null, frame: Frame }

/** Each has a bit of its own in a number. */
export const MAX_BUNDLE = 32
/** Half of what may wait for a reader, so that nobody is dropped for what came in one piece; larger news goes alone. */
export const MAX_BUNDLE_BYTES = 32 * 1024

/** How much of the news goes out together, from the beginning; the first at least. */
export function fitting (news: readonly News[]): readonly News[] {
  let bytes = 0
  const tooLong = news.findIndex(({ frame }, i) => (bytes += frame.webSocket.length) > MAX_BUNDLE_BYTES && i > 0)
  return news.slice(0, Math.min(tooLong < 0 ? news.length : tooLong, MAX_BUNDLE))
}

export class Bundle {
  readonly #news: readonly News[]
  /** By the bits of the news that is in it. */
  readonly #frames = new Map<number, Frame>()
  readonly tenderIds: ReadonlySet<TenderId>

  /** In order. */
  constructor (news: readonly News[]) {
    invariant(news.length <= MAX_BUNDLE, 'a bundle has a bit for each of its news')
    this.#news = news
    this.tenderIds = new Set(news.map(({ tenderId }) => tenderId))
  }

  /** What is new to a reader that was told up to `position`; null for nothing. */
  frameFor ({ tenderIds, types }: Wanted, position: number): Frame | null {
    let bits = 0
    this.#news.forEach((one, i) => {
      const isNew = one.position === null || one.position > position
      if (isNew && tenderIds?.includes(one.tenderId) !== false && types?.has(one.type) !== false) bits |= 1 << i
    })
    return bits === 0 ? null : this.#frameOf(bits)
  }

  #frameOf (bits: number): Frame {
    let frame = this.#frames.get(bits)
    if (frame === undefined) {
      frame = joinFrames(this.#news.filter((_, i) => (bits & (1 << i)) !== 0).map((one) => one.frame))
      this.#frames.set(bits, frame)
    }
    return frame
  }
}
