/**
 * The readers of the feed, however they are connected. A reader that comes back with the position of its last event gets
 * everything since, in order, once. A frame is built once for all, broadcasts go out in slices of time so that nothing else
 * waits for them, what comes meanwhile goes out together, and a reader that does not read is dropped.
 */
import { PROGRESS_TYPE } from '../domain/events.ts'
import type { TenderId } from '../domain/ids.ts'
import type { Context } from '../services/context.ts'
import type { Progress } from '../services/opening-progress.ts'
import { MAX_EVENTS_PAGE, newestPosition, readEvents } from '../services/read-tender.ts'
import { turn } from '../services/turn.ts'
import { Bundle, fitting, MAX_BUNDLE, type Wanted } from './bundle.ts'
import { frameOf, helloFrame, progressFrame, type Frame } from './frames.ts'

/** Bytes that may wait for one reader; the kernel hides some 4 MB more. */
export const MAX_BUFFERED_BYTES = 64 * 1024
/** A broadcast holds the event loop for no longer, give or take one write. */
export const SLICE_MS = 8
/** Writes between two looks at the clock. */
const WRITES_A_LOOK = 64
export const MAX_CONNECTIONS = 20_000
/** Of one address: many people sit behind one, a single program needs few. */
export const MAX_CONNECTIONS_OF_ADDRESS = 12_000

/** One connection. */
export interface Line {
  address: string
  isOpen: () => boolean
  /** Bytes not taken by the kernel yet. */
  buffered: () => number
  /** `onDrained` once these bytes are gone. */
  write: (frame: Frame, onDrained?: () => void) => void
  drop: () => void
  /** The server ends. */
  close: () => void
}

/** `position` is that of the last event that was looked at for it, told or left out. */
interface Reader extends Wanted { line: Line, position: number }

/** Where a reader stands among the live ones. */
function followed ({ tenderIds }: Reader): ReadonlyArray<TenderId | undefined> {
  return tenderIds ?? [undefined]
}

export class Hub {
  readonly #context: Context
  readonly #readers = new Map<Line, Reader>()
  /** Live ones, by each tender that they follow; under `undefined` those that follow all. */
  readonly #live = new Map<TenderId | undefined, Set<Reader>>()
  readonly #addresses = new Map<string, number>()
  /** The last word of each opening under way, until it is passed on. */
  readonly #progress = new Map<TenderId, Progress>()
  /** Up to here the live ones have been told. */
  #position = 0
  #pumping: Promise<void> | null = null
  #again = false

  constructor (context: Context) { this.#context = context }

  async start (): Promise<void> {
    this.#position = await newestPosition(this.#context)
    // Every event touches its tender; a bid has none.
    this.#context.db.onTouched(() => { this.#wake() })
    this.#context.progress.listen((progress) => {
      if (this.#readers.size === 0) return
      this.#progress.set(progress.tenderId, progress)
      this.#wake()
    })
  }

  hasRoomFor (address: string): boolean {
    return this.#readers.size < MAX_CONNECTIONS && (this.#addresses.get(address) ?? 0) < MAX_CONNECTIONS_OF_ADDRESS
  }

  #wake (): void {
    this.#again = true
    this.#pumping ??= this.#pump()
      .catch((error: unknown) => { this.#context.reportError(error, 'feed') })
      .finally(() => { this.#pumping = null })
  }

  async #pump (): Promise<void> {
    while (this.#again) {
      this.#again = false
      // Before the events, the last of which tells that the opening is done.
      for (const progress of [...this.#progress.values()]) {
        this.#progress.delete(progress.tenderId)
        const { tenderId } = progress
        await this.#broadcast(new Bundle([{ tenderId, type: PROGRESS_TYPE, position: null, frame: progressFrame(progress) }]))
      }
      if (this.#readers.size === 0) {
        this.#position = await newestPosition(this.#context)
        continue
      }
      const events = await readEvents(this.#context, { after: this.#position, limit: MAX_BUNDLE })
      const news = fitting(events.map((event) => ({ ...event, frame: frameOf(event) })))
      if (news.length === 0) continue
      if (news.length < events.length || events.length === MAX_BUNDLE) this.#again = true
      this.#position = news.at(-1)?.position ?? this.#position
      await this.#broadcast(new Bundle(news))
    }
  }

  async #broadcast (bundle: Bundle): Promise<void> {
    let sliceEnds = performance.now() + SLICE_MS
    let writes = 0
    for (const readers of [undefined, ...bundle.tenderIds].map((tenderId) => this.#live.get(tenderId) ?? [])) {
      for (const reader of readers) {
        const frame = bundle.frameFor(reader, reader.position)
        // Looked at for this reader, whether it wants any of it; one that joined meanwhile may be further.
        reader.position = Math.max(reader.position, this.#position)
        if (frame === null) continue
        if (reader.line.buffered() > MAX_BUFFERED_BYTES) reader.line.drop()
        else reader.line.write(frame)
        if (++writes % WRITES_A_LOOK !== 0 || performance.now() < sliceEnds) continue
        await turn()
        sliceEnds = performance.now() + SLICE_MS
      }
    }
  }

  /** Catching up may take as long as the reader's line needs; one that stops reading altogether falls to the heartbeat. */
  async #writeWhenDrained ({ line }: Reader, frame: Frame): Promise<void> {
    if (line.buffered() > MAX_BUFFERED_BYTES / 2) await new Promise<void>((resolve) => { line.write(frame, resolve) })
    else line.write(frame)
  }

  /** Sends what the reader missed, then lets it follow live; events committed meanwhile are part of what it missed. */
  async subscribe (line: Line, { from, tenderIds, types }: Wanted & { from: number | undefined }): Promise<void> {
    const reader: Reader = { line, position: from ?? this.#position, tenderIds, types }
    this.#readers.set(line, reader)
    this.#addresses.set(line.address, (this.#addresses.get(line.address) ?? 0) + 1)
    line.write(helloFrame(reader.position))
    while (line.isOpen()) {
      const told = this.#position
      const missed = await readEvents(this.#context, { after: reader.position, limit: MAX_EVENTS_PAGE, tenderIds })
      for (const event of missed) {
        reader.position = event.position
        // Left out here and not by the query, which would look through all events for a rare type without giving way.
        if (types?.has(event.type) === false) continue
        await this.#writeWhenDrained(reader, frameOf(event))
      }
      // Nothing was broadcast since before the read, so nothing was missed: from here on the broadcasts reach it.
      if (missed.length < MAX_EVENTS_PAGE && told === this.#position) {
        this.#goLive(reader)
        break
      }
      await turn()
    }
  }

  #goLive (reader: Reader): void {
    if (!this.#readers.has(reader.line)) return
    for (const tenderId of followed(reader)) this.#live.set(tenderId, (this.#live.get(tenderId) ?? new Set()).add(reader))
  }

  /** Whoever made the line says so when it has ended, in whatever way. */
  ended (line: Line): void {
    const reader = this.#readers.get(line)
    if (reader === undefined) return
    this.#readers.delete(line)
    const left = (this.#addresses.get(line.address) ?? 1) - 1
    if (left === 0) this.#addresses.delete(line.address)
    else this.#addresses.set(line.address, left)
    for (const tenderId of followed(reader)) {
      const others = this.#live.get(tenderId)
      others?.delete(reader)
      if (others?.size === 0) this.#live.delete(tenderId)
    }
  }

  close (): void {
    for (const line of this.#readers.keys()) line.close()
  }
}
