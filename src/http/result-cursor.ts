/** A place in a list of results: the row of the record behind the tender. */
import { makeCursor } from './place-cursor.ts'

export const { pattern: RESULT_CURSOR_PATTERN, textOf: resultCursorOf, placeOf: resultPlaceOf } = makeCursor('row', 9)
