/** A place in a list of tenders: the closing time behind the tender. */
import { makeCursor } from './place-cursor.ts'

export const { pattern: CURSOR_PATTERN, textOf: cursorOf, placeOf } = makeCursor('closesAt', 15)
