/**
 * Cuts text into records as it streams in, one record a line (JSON lines); `split-array.ts` does the same for one JSON array.
 * What cannot be a record is a fault with its line, and cutting goes on behind it. No more than one record is held at a time.
 */
import type { Words } from './faults.ts'

export type RawRecord = { line: number, text: string } | { line: number, fault: Words }

export interface Splitter {
  push: (chunk: string) => RawRecord[]
  /** What was left unfinished. */
  end: () => RawRecord[]
}

/** A record of 100,000 bids has about 15 million characters. */
export const MAX_RECORD_CHARS = 32 * 1024 * 1024

export const TOO_LONG: Words = { en: 'The record is too long.', ko: '레코드가 너무 깁니다.' }

export class LineSplitter implements Splitter {
  readonly #most: number
  #rest = ''
  #line = 1
  /** Whether the rest of this line is passed over: its fault is told already. */
  #skipping = false

  constructor (most = MAX_RECORD_CHARS) {
    this.#most = most
  }

  push (chunk: string): RawRecord[] {
    const found: RawRecord[] = []
    let from = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      found.push(...this.#finish(chunk.slice(from, end)))
      this.#line++
      from = end + 1
    }
    if (!this.#skipping) this.#rest += chunk.slice(from)
    if (this.#rest.length > this.#most) {
      found.push({ line: this.#line, fault: TOO_LONG })
      this.#rest = ''
      this.#skipping = true
    }
    return found
  }

  end (): RawRecord[] {
    return this.#finish('')
  }

  #finish (last: string): RawRecord[] {
    const text = this.#skipping ? '' : (this.#rest + last).trim()
    this.#rest = ''
    this.#skipping = false
    return text === '' ? [] : [{ line: this.#line, text }]
  }
}
