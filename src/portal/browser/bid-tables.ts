/** Tables of what is sealed and signed. */
import type { ConsortiumShare } from '../../domain/consortium.ts'
import { percentText } from '../../domain/rate-text.ts'
import { biddingWords } from './bidding-words.ts'
import { namedSupplier } from './supplier-names.ts'
import { make } from './page.ts'
import { fillRows } from './tables.ts'
import { publicApi } from './session.ts'

interface Column { name: string, number?: boolean }
type Cell = string | Node

/** Its second column names the row; on a narrow screen its rows are cards. */
export function tableOf (id: string, caption: string, columns: readonly Column[], rows: ReadonlyArray<readonly Cell[]>): HTMLTableElement {
  const align = ({ number }: Column): Record<string, string> => number === true ? { class: 'number' } : {}
  const head = columns.map((column) => make('th', { scope: 'col', ...align(column) }, column.name))
  const body = make('tbody')
  const table = make('table', { id, class: 'stack' }, make('caption', {}, caption), make('thead', {}, make('tr', {}, ...head)), body)
  fillRows(body, rows.map((row) => make('tr', {}, ...columns.map((column, i) =>
    i === 1 ? make('th', { scope: 'row', dir: 'auto' }, row[i] ?? '') : make('td', align(column), row[i] ?? '')))))
  return table
}

/** The leader first, as the signed statement has them. */
export function membersTable (id: string, members: readonly ConsortiumShare[]): HTMLTableElement {
  const number = true
  const columns = [{ name: biddingWords.lineNumber, number }, { name: biddingWords.jointMember }, { name: biddingWords.jointShare, number }]
  return tableOf(id, biddingWords.jointTitle, columns, members.map(({ supplierId, sharePpm }, i) => [
    String(i + 1), make('span', {}, namedSupplier(publicApi, supplierId), i === 0 ? ` (${biddingWords.jointLeader})` : ''), percentText(sharePpm)
  ]))
}
