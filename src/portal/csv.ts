/** CSV (RFC 4180) for spreadsheets: a byte order mark, which they need for Korean, and no cell that is a formula to them. */

/** Each row has as many cells as the head. */
export function csvText (head: readonly string[], rows: Iterable<readonly string[]>): string {
  const lines = [head.join(',')]
  for (const row of rows) lines.push(row.map(csvCell).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** A cell that begins like a formula is one to some spreadsheets: an apostrophe keeps it text. */
function csvCell (cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
