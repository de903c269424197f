/**
 * Documents of many rows, written as ASCII straight into bytes. Strings that are put together piece by piece cost about twice as much:
 * once to be joined, once to become bytes. Runs in a browser.
 */
import type { Instant } from '../domain/ids.ts'
import { DAY_MS, formatKst, HOUR_MS, KST_OFFSET_MS } from '../domain/time.ts'
import { type Bytes, utf8 } from './bytes.ts'

const ZERO = '0'.charCodeAt(0)
const HEX_DIGITS = utf8('0123456789abcdef')
const NULL = utf8('null')
/** Numbers are written this many digits at a time, as integers of 32 bits. */
const DIGITS_AT_ONCE = 8
const PART = 10 ** DIGITS_AT_ONCE
/** Where the time's digits stand in `2026-11-24T10:00:00.000+09:00`. */
const [HOURS_AT, MINUTES_AT, SECONDS_AT, MS_AT] = [11, 14, 17, 20]

export class AsciiWriter {
  #bytes: Bytes
  #length = 0
  /** The last day that was written, and some instant of it as text. */
  #day = { number: Number.NaN, text: new Uint8Array(0) }

  /** Of bytes; it grows where they are not enough. */
  constructor (capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** What was written since the last time. */
  take (): Bytes {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  ascii (text: Uint8Array): void {
    const from = this.#begin(text.length)
    this.#bytes.set(text, from)
  }

  /** A whole number from 0 up to 2^53, in decimal, or `null`. */
  number (value: number | null): void {
    if (value === null) {
      this.ascii(NULL)
      return
    }
    if (value < PART) {
      let count = 1
      for (let power = 10; power <= value; power *= 10) count++
      this.#digits(value, this.#begin(count), count)
      return
    }
    const high = Math.floor(value / PART)
    this.number(high)
    this.#digits(value - high * PART, this.#begin(DIGITS_AT_ONCE), DIGITS_AT_ONCE)
  }

  /** With zeros before it, so many digits as are asked for, at most 16. */
  padded (value: number, count: number): void {
    const from = this.#begin(count)
    const low = value % PART
    this.#digits((value - low) / PART, from, count - DIGITS_AT_ONCE)
    this.#digits(low, from + Math.max(0, count - DIGITS_AT_ONCE), Math.min(count, DIGITS_AT_ONCE))
  }

  /** Lower-case hex of `source` from one place to another. */
  hex (source: Uint8Array, from: number, to: number): void {
    let place = this.#begin(2 * (to - from))
    const bytes = this.#bytes
    for (let i = from; i < to; i++) {
      const byte = source[i] ?? 0
      bytes[place++] = HEX_DIGITS[byte >> 4] ?? 0
      bytes[place++] = HEX_DIGITS[byte & 15] ?? 0
    }
  }

  /** As `formatKst` writes it. */
  kst (at: Instant): void {
    const local = at + KST_OFFSET_MS
    const number = Math.floor(local / DAY_MS)
    if (this.#day.number !== number) this.#day = { number, text: utf8(formatKst(at)) }
    const from = this.#length
    this.ascii(this.#day.text)
    const ms = local - number * DAY_MS
    const seconds = Math.floor(ms / 1000)
    this.#digits(Math.floor(ms / HOUR_MS), from + HOURS_AT, 2)
    this.#digits(Math.floor(seconds / 60) % 60, from + MINUTES_AT, 2)
    this.#digits(seconds % 60, from + SECONDS_AT, 2)
    this.#digits(ms - 1000 * seconds, from + MS_AT, 3)
  }

  /** The last digits of a number below 10^8. */
  #digits (value: number, from: number, count: number): void {
    const bytes = this.#bytes
    let rest = value | 0
    for (let i = from + count - 1; i >= from; i--) {
      const above = (rest / 10) | 0
      bytes[i] = ZERO + rest - 10 * above
      rest = above
    }
  }

  /** Makes room; the place where it begins. */
  #begin (count: number): number {
    const from = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return from
  }
}
