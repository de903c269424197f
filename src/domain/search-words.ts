/**
 * How words of a search are found in a text: Korean compounds have no spaces, so a word counts wherever it stands inside a word of
 * the text. One rule for the index of tenders (`storage/search.ts`) and for saved searches, which must find the same tenders.
 */

/** Characters of a query that count; longer queries are cut. */
export const MAX_QUERY_CHARACTERS = 60

const WORD = /[\p{L}\p{N}]+/gu
const HAS_PAIRED_UNITS = /[\ud800-\udfff]/

/** Each word as its letters. */
export function wordsOf (text: string): string[][] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? []
  return words.map((word) => HAS_PAIRED_UNITS.test(word) ? [...word] : word.split(''))
}

/** The words of a query, as far as they count. */
export function queryWords (query: string): string[][] {
  return wordsOf([...query].slice(0, MAX_QUERY_CHARACTERS).join(''))
}

export function pairsOf (letters: readonly string[]): string[] {
  const pairs: string[] = []
  for (let i = 1; i < letters.length; i++) pairs.push(`${letters[i - 1] ?? ''}${letters[i] ?? ''}`)
  return pairs
}

/** A letter without its accent, as the index of tenders has it; Hangul stays as it is. */
export function withoutAccents (text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')
}

/** A text in which many queries are looked for. */
export type SoughtText = readonly string[]

export function soughtText (text: string): SoughtText {
  return wordsOf(text).map((letters) => withoutAccents(letters.join('')))
}

/** Whether every word of the query occurs inside a word of the text; a query without words is found nowhere. */
export function isFoundIn (text: SoughtText, query: string): boolean {
  const words = queryWords(query).map((letters) => withoutAccents(letters.join('')))
  return words.length > 0 && words.every((word) => text.some((whole) => whole.includes(word)))
}

/** Pairs and letters of a text: each word of every query that it answers has one of its own among them. */
export function anchorsIn (text: SoughtText): string[] {
  const anchors = new Set<string>()
  for (const word of text) {
    const letters = [...word]
    for (const letter of letters) anchors.add(letter)
    for (const pair of pairsOf(letters)) anchors.add(pair)
  }
  return [...anchors]
}

/** What a text must have among its anchors to answer the query: pairs, or the letters of words of one letter. */
export function anchorsOf (query: string): string[] {
  return queryWords(query).flatMap((letters) => {
    const plain = [...withoutAccents(letters.join(''))]
    return plain.length === 1 ? plain : pairsOf(plain)
  })
}
