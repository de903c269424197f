/**
 * Korean search over application-made bigrams: FTS5's own tokenizers miss a word inside a compound (unicode61) or a
 * two-syllable word (trigram). Results are ordered by newest, never by rank, which keeps common words fast.
 */
import { sql } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'

/** Characters of a query that count; longer queries are cut. */
export const MAX_QUERY_CHARACTERS = 60

/** The rowid that a tender is indexed under: the digits of its id, so that newer tenders have greater ones. */
export function searchRowId (tenderId: TenderId): number {
  return Number(tenderId.slice(1, 3) + tenderId.slice(5))
}

/** Overlapping pairs of letters and digits within each word; a word of one letter stands for itself. */
export function bigramsOf (text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.flatMap((word) => {
    const letters = [...word]
    return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`)
  })
}

export async function indexTender (tx: Db, { tenderId, text }: { tenderId: TenderId, text: string }): Promise<void> {
  const rowid = searchRowId(tenderId)
  tx.run(sql`DELETE FROM tender_search WHERE rowid = ${rowid}`)
  tx.run(sql`INSERT INTO tender_search (rowid, bigrams) VALUES (${rowid}, ${bigramsOf(text).join(' ')})`)
}

/** The FTS5 expression for a query, or null when it has no letter or digit. Each word must occur, in sequence of its bigrams. */
export function matchExpression (query: string): string | null {
  const words = query.slice(0, MAX_QUERY_CHARACTERS).split(/\s+/).map(bigramsOf).filter((bigrams) => bigrams.length > 0)
  if (words.length === 0) return null
  return words.map((bigrams) => bigrams.length === 1 && [...(bigrams[0] ?? '')].length === 1
    ? `${bigrams[0] ?? ''}*`
    : `"${bigrams.join(' ')}"`).join(' AND ')
}
