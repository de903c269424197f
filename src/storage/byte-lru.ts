/** What is kept in memory by its size: never more bytes than its maximum; what was longest not asked for makes room. */
export class ByteLru<Key, Value> {
  readonly #kept = new Map<Key, { value: Value, bytes: number }>()
  readonly #maxBytes: number
  readonly #bytesOf: (value: Value) => number
  #bytes = 0

  constructor (maxBytes: number, bytesOf: (value: Value) => number) {
    this.#maxBytes = maxBytes
    this.#bytesOf = bytesOf
  }

  get bytes (): number { return this.#bytes }

  get (key: Key): Value | undefined {
    const entry = this.#kept.get(key)
    if (entry === undefined) return undefined
    // The order of a map is the order of its insertions.
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    return entry.value
  }

  /** A value that is larger than the maximum is not kept. */
  set (key: Key, value: Value): void {
    this.delete(key)
    const bytes = this.#bytesOf(value)
    if (bytes > this.#maxBytes) return
    this.#kept.set(key, { value, bytes })
    this.#bytes += bytes
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.delete(oldest)
    }
  }

  delete (key: Key): void {
    const entry = this.#kept.get(key)
    if (entry === undefined) return
    this.#kept.delete(key)
    this.#bytes -= entry.bytes
  }
}
