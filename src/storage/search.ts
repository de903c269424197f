/**
 * Korean search over application-made bigrams: FTS5's own tokenizers miss a word inside a compound (unicode61) or a
 * two-syllable word (trigram). Results are ordered by newest, never by rank, which keeps common words fast.
 * A word is indexed as its pairs of neighbouring letters and its last letter, so that each letter begins exactly one term (which is
 * what a query of one letter asks for) and no sequence of pairs reaches from one word into the next.
 */
import { sql, type SQL } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import { pairsOf, queryWords, wordsOf } from '../domain/search-words.ts'
import type { Db } from './prepare.ts'

/** What a search may be narrowed by without a look at the rows; a published tender's never change without its being indexed again. */
export interface Facets { agencyId?: string | undefined, kind?: string | undefined, method?: string | undefined }

/** The rowid that a tender is indexed under: the digits of its id, so that newer tenders have greater ones. */
export function searchRowId (tenderId: TenderId): number {
  return Number(tenderId.slice(1, 3) + tenderId.slice(5))
}

/** The same the other way round, in SQL. */
export const rowIdAsTenderId = (rowid: SQL): SQL => sql`printf('R%02dBK%08d', ${rowid} / 100000000, ${rowid} % 100000000)`

/** The terms under which a text is found. */
export function searchTerms (text: string): string[] {
  return wordsOf(text).flatMap((letters) => [...pairsOf(letters), ...letters.slice(-1)])
}

/** A term of its own for each facet; the letters of a method's name have no hyphen, which the tokenizer would split. */
export function facetTerms ({ agencyId, kind, method }: Facets): string[] {
  return [['agency', agencyId], ['kind', kind], ['method', method]]
    .flatMap(([name, value]) => value === undefined ? [] : [`${name ?? ''}${value.replaceAll('-', '').toLowerCase()}`])
}

export async function indexTender (tx: Db, { tenderId, text, ...facets }: { tenderId: TenderId, text: string } & Required<Facets>): Promise<void> {
  const rowid = searchRowId(tenderId)
  tx.run(sql`DELETE FROM tender_search WHERE rowid = ${rowid}`)
  tx.run(sql`INSERT INTO tender_search (rowid, terms, facets) VALUES (${rowid}, ${searchTerms(text).join(' ')}, ${facetTerms(facets).join(' ')})`)
}

/**
 * The FTS5 expression for a query, or null when it has no letter or digit. Each word must occur inside a word of the text. Terms are
 * letters and digits alone and stand in quotes, so nothing of a query is read as an operator.
 */
export function matchExpression (query: string): string | null {
  const words = queryWords(query)
  if (words.length === 0) return null
  const phrases = words.map((letters) => letters.length === 1 ? `"${letters[0] ?? ''}" *` : `"${pairsOf(letters).join(' ')}"`)
  return `terms : (${phrases.join(' AND ')})`
}

export function facetsExpression (facets: Facets): string[] {
  return facetTerms(facets).map((term) => `facets : "${term}"`)
}
