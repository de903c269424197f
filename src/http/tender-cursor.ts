/** A place in a list of tenders as text, for addresses: `R26BK00000001.1795611600000`. */
import { BonginError } from '../domain/errors.ts'
import { TENDER_ID_PATTERN, type Instant, type TenderId } from '../domain/ids.ts'

interface Place { tenderId: TenderId, closesAt: Instant }

export const CURSOR_PATTERN = `${TENDER_ID_PATTERN.slice(0, -1)}\\.([0-9]{1,15})$`
const CURSOR = new RegExp(CURSOR_PATTERN)

export function cursorOf ({ tenderId, closesAt }: Place): string {
  return `${tenderId}.${closesAt}`
}

/** @throws BonginError `invalid-cursor`. */
export function placeOf (cursor: string): Place {
  const closesAt = CURSOR.exec(cursor)?.[1]
  if (closesAt === undefined) throw new BonginError('invalid-cursor', { field: '/cursor' })
  return { tenderId: cursor.slice(0, cursor.indexOf('.')) as TenderId, closesAt: Number(closesAt) }
}
