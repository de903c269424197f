/** The opening computed again beside the published one, a row for each supplier of either. The published side is anybody's text: it is only shown. */
import { amountText } from '../../domain/price-unit.ts'
import type { OpeningRow } from '../../domain/opening.ts'
import type { Compared } from './verify-talk.ts'

/** Rows on the page; differing ones come first. */
const MAX_ROWS = 1_000

/** @returns the cells of each row, and whether both sides say the same. */
export function comparedRows ({ computed, published, decimals }: Compared): Array<{ cells: string[], same: boolean }> {
  const theirs = new Map<string, OpeningRow>(Array.isArray(published.rows) ? published.rows.map((row) => [String(row.supplierId), row]) : [])
  const ours = new Map<string, OpeningRow>(computed.rows.map((row) => [row.supplierId, row]))
  const rank = (row: OpeningRow | undefined): string => row === undefined ? '–' : String(row.rank ?? '–')
  const won = (row: OpeningRow | undefined): string => amount(row?.amountWon ?? null, decimals)
  const rows = [...new Set([...ours.keys(), ...theirs.keys()])].map((supplierId) => {
    const [one, other] = [ours.get(supplierId), theirs.get(supplierId)]
    return { cells: [supplierId, rank(one), rank(other), won(one), won(other)], same: JSON.stringify(one) === JSON.stringify(other) }
  })
  return [...rows.filter(({ same }) => !same), ...rows.filter(({ same }) => same)].slice(0, MAX_ROWS)
}

export function amount (units: unknown, decimals: Compared['decimals']): string {
  return typeof units === 'number' && Number.isSafeInteger(units) ? amountText(units, decimals) : '–'
}
