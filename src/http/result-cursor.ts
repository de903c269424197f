/** A place in a list of results as text: `R26BK00000001.3`, the row of the record behind the tender. */
import { BonginError } from '../domain/errors.ts'
import { TENDER_ID_PATTERN } from '../domain/ids.ts'
import type { ResultPlace } from '../services/read-results.ts'

export const RESULT_CURSOR_PATTERN = `${TENDER_ID_PATTERN.slice(0, -1)}\\.([0-9]{1,9})$`
const CURSOR = new RegExp(RESULT_CURSOR_PATTERN)

export function resultCursorOf ({ tenderId, row }: ResultPlace): string {
  return `${tenderId}.${row}`
}

/** @throws BonginError `invalid-cursor`. */
export function resultPlaceOf (cursor: string): ResultPlace {
  const row = CURSOR.exec(cursor)?.[1]
  if (row === undefined) throw new BonginError('invalid-cursor', { field: '/cursor' })
  return { tenderId: cursor.slice(0, cursor.indexOf('.')), row: Number(row) }
}
