/**
 * Cuts one JSON array into its elements as it streams in, however it is laid out. An element whose end cannot be told is a
 * fault with its line, and cutting goes on at the next line that begins as the first element did; the others are not lost.
 * Every text that is valid JSON is cut right; what stands in an element is left to the JSON parser.
 */
import type { Words } from './faults.ts'
import { MAX_RECORD_CHARS, TOO_LONG, type RawRecord, type Splitter } from './split-lines.ts'

const UNFINISHED: Words = { en: 'The record is not finished: a bracket or a quotation mark is missing or too many.', ko: '괄호나 따옴표가 맞지 않아 레코드가 끝나지 않습니다.' }
const NO_COMMA: Words = { en: 'A comma is missing before this record.', ko: '이 레코드 앞에 쉼표가 없습니다.' }
const NO_END: Words = { en: 'The list has no end: the file was cut off.', ko: '목록의 끝이 없습니다. 파일이 잘렸습니다.' }
const BEYOND_END: Words = { en: 'There is text after the end of the list.', ko: '목록이 끝난 뒤에 내용이 더 있습니다.' }

const CLOSED_BY: Readonly<Record<string, string>> = { '{': '}', '[': ']' }
const isSpace = (char: string): boolean => char === ' ' || char === '\n' || char === '\r' || char === '\t' || char === '\uFEFF'

export class ArraySplitter implements Splitter {
  readonly #most: number
  #buffer = ''
  /** The next character to look at, and its line. */
  #at = 0
  #line = 1
  #state: 'before' | 'between' | 'within' | 'lost' | 'after' | 'done' = 'before'
  /** Where the record at hand begins, and its line. */
  #start = 0
  #startLine = 1
  #open: string[] = []
  #isQuoted = false
  #isEscaped = false
  /** The last character of the record that is no space. */
  #last = ''
  #isSeparated = true
  /** What stands before the next character in its line, while that is nothing but space. */
  #margin: string | null = ''
  /** The margin of the first record. */
  #indent: string | null = null
  #found: RawRecord[] = []

  constructor (most = MAX_RECORD_CHARS) {
    this.#most = most
  }

  push (chunk: string): RawRecord[] {
    this.#buffer += chunk
    this.#scan(false)
    const done = this.#state === 'within' ? this.#start : this.#at
    this.#buffer = this.#buffer.slice(done)
    this.#at -= done
    this.#start = 0
    return this.#found.splice(0)
  }

  end (): RawRecord[] {
    this.#scan(true)
    while (this.#state === 'within') {
      this.#lose(UNFINISHED)
      this.#scan(true)
    }
    if (this.#state === 'between') this.#found.push({ line: this.#line, fault: NO_END })
    return this.#found.splice(0)
  }

  #scan (isEnd: boolean): void {
    while (this.#at < this.#buffer.length) {
      const char = this.#buffer.charAt(this.#at)
      if (this.#state === 'within') this.#within(char)
      else if (this.#state !== 'lost') this.#outside(char)
      else if (!this.#seek(char, isEnd)) return
    }
  }

  /** On to the next character. */
  #step (char: string): void {
    this.#at++
    if (char === '\n') {
      this.#line++
      this.#margin = ''
    } else if (this.#margin !== null) this.#margin = isSpace(char) ? this.#margin + char : null
  }

  #outside (char: string): void {
    if (isSpace(char)) return this.#step(char)
    if (this.#state === 'before') this.#state = 'between'
    else if (this.#state !== 'between') {
      if (this.#state === 'after') this.#found.push({ line: this.#line, fault: BEYOND_END })
      this.#state = 'done'
    } else if (char === ']') this.#state = 'after'
    else if (char === ',') this.#isSeparated = true
    else return this.#begin()
    this.#step(char)
  }

  #begin (): void {
    if (!this.#isSeparated) this.#found.push({ line: this.#line, fault: NO_COMMA })
    this.#indent ??= this.#margin ?? ''
    this.#state = 'within'
    this.#start = this.#at
    this.#startLine = this.#line
    this.#open = []
    this.#isQuoted = this.#isEscaped = false
    this.#last = ''
  }

  #within (char: string): void {
    const top = this.#open.at(-1)
    if (this.#at - this.#start > this.#most) return this.#lose(TOO_LONG)
    if (this.#isQuoted) {
      if (char === '\n') return this.#lose(UNFINISHED)
      if (this.#isEscaped) this.#isEscaped = false
      else if (char === '\\') this.#isEscaped = true
      else if (char === '"') this.#isQuoted = false
    } else if (top === undefined && (char === ',' || char === ']')) {
      return this.#finish()
    } else if (char === '"') {
      this.#isQuoted = true
    } else if (char === '{' || char === '[') {
      // Where a member's name should stand, the next record begins: this one was never closed.
      if (char === '{' && top === '{' && this.#last === ',') return this.#lose(UNFINISHED)
      this.#open.push(char)
    } else if (char === '}' || char === ']') {
      if (top === undefined || CLOSED_BY[top] !== char) return this.#lose(UNFINISHED)
      this.#open.pop()
      if (this.#open.length === 0) {
        this.#step(char)
        return this.#finish()
      }
    }
    if (!isSpace(char)) this.#last = char
    this.#step(char)
  }

  #finish (): void {
    this.#found.push({ line: this.#startLine, text: this.#buffer.slice(this.#start, this.#at).trim() })
    this.#state = 'between'
    this.#isSeparated = false
  }

  /** Gives the record up and goes back to the line in which it began: the next one may begin in the very next line. */
  #lose (fault: Words): void {
    this.#found.push({ line: this.#startLine, fault })
    const lineEnd = this.#buffer.indexOf('\n', this.#start)
    this.#state = 'lost'
    if (lineEnd === -1) return
    this.#at = lineEnd
    this.#line = this.#startLine
  }

  /** Looks for a line that begins as the first record did; false where more text is needed to tell. */
  #seek (char: string, isEnd: boolean): boolean {
    const beginning = `\n${this.#indent ?? ''}{`
    if (char === '\n' && !isEnd && this.#buffer.length < this.#at + beginning.length) return false
    if (this.#buffer.startsWith(beginning, this.#at)) {
      this.#state = 'between'
      this.#isSeparated = true
    }
    this.#step(char)
    return true
  }
}
