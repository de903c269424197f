/** Tables that scripts make: cards on a narrow screen, as those of templates are. */
import { fillRows, make } from './page.ts'

/** A heading; of numbers where its column has them. */
export interface Head { name: string, number?: boolean }

export function stackTable (heads: readonly Head[], rows: readonly HTMLTableRowElement[]): HTMLTableElement {
  const body = make('tbody')
  const row = make('tr', {}, ...heads.map(({ name, number = false }) => make('th', { scope: 'col', ...(number ? { class: 'number' } : {}) }, name)))
  const table = make('table', { class: 'stack' }, make('thead', {}, row), body)
  fillRows(body, rows)
  return table
}
