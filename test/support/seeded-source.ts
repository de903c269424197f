/** A `RandomSource` from a small seed (SplitMix64, Steele et al. 2014): the same words in every run. */
import type { RandomSource } from '../../src/domain/draw.ts'

export function seededSource (seed: bigint): RandomSource {
  let state = BigInt.asUintN(64, seed)
  return {
    next64 () {
      state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n)
      let word = state
      word = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n)
      word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn)
      return word ^ (word >> 31n)
    }
  }
}

/** Exactly these words, then an error: for tests that count what is read. */
export function listedSource (words: readonly bigint[]): RandomSource & { left: () => number } {
  const queue = [...words]
  return {
    next64 () {
      const word = queue.shift()
      if (word === undefined) throw new Error('no more words')
      return word
    },
    left: () => queue.length
  }
}
