/** A map for what is kept in memory: it never holds more than its maximum, the entry that came first makes room. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #max: number

  constructor (max: number) {
    super()
    this.#max = max
  }

  override set (key: Key, value: Value): this {
    const oldest = this.size >= this.#max && !this.has(key) ? this.keys().next() : null
    if (oldest?.done === false) this.delete(oldest.value)
    return super.set(key, value)
  }
}
