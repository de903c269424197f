/** Tables that scripts fill or make. */
import { make } from './page.ts'

/**
 * Rows into a table of the page, behind those that are there where `after` says so. A `stack` is cards on a narrow screen: its cells say
 * what they are by their columns' headings, in one element beside the label, and roles keep it a table for screen readers.
 */
export function fillRows (body: HTMLElement, rows: readonly HTMLTableRowElement[], { after = false } = {}): void {
  const table = body.closest('table')
  if (table?.classList.contains('stack') === true) {
    const heads = [...table.tHead?.rows[0]?.cells ?? []]
    table.role = 'table'
    for (const part of [table.tHead, body]) part?.setAttribute('role', 'rowgroup')
    for (const row of [...table.tHead?.rows ?? [], ...rows]) row.role = 'row'
    for (const head of heads) head.role = 'columnheader'
    for (const cell of rows.flatMap((row) => [...row.cells])) {
      cell.role = cell.tagName === 'TH' ? 'rowheader' : 'cell'
      cell.dataset['label'] = heads[cell.cellIndex]?.textContent ?? ''
      if (cell.tagName === 'TD' && cell.childNodes.length > 1) cell.replaceChildren(make('span', {}, ...cell.childNodes))
    }
  }
  body.replaceChildren(...(after ? body.childNodes : []), ...rows)
}

/** A heading; of numbers where its column has them. */
export interface Head { name: string, number?: boolean }

export function stackTable (heads: readonly Head[], rows: readonly HTMLTableRowElement[]): HTMLTableElement {
  const body = make('tbody')
  const row = make('tr', {}, ...heads.map(({ name, number = false }) => make('th', { scope: 'col', ...(number ? { class: 'number' } : {}) }, name)))
  const table = make('table', { class: 'stack' }, make('thead', {}, row), body)
  fillRows(body, rows)
  return table
}
