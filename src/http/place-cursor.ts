/** A place in a list by tender as text, for addresses: the tender's number and one number more, `R26BK00000001.1795611600000`. */
import { BonginError } from '../domain/errors.ts'
import { TENDER_ID_PATTERN, type TenderId } from '../domain/ids.ts'

type Place<Name extends string> = { tenderId: TenderId } & Record<Name, number>

export function makeCursor<Name extends string> (name: Name, digits: number): {
  pattern: string, textOf: (place: Place<Name>) => string, /** @throws BonginError `invalid-cursor`. */ placeOf: (cursor: string) => Place<Name>
} {
  const pattern = `${TENDER_ID_PATTERN.slice(0, -1)}\\.([0-9]{1,${digits}})$`
  const expression = new RegExp(pattern)
  return {
    pattern,
    textOf: ({ tenderId, [name]: number }) => `${tenderId}.${number}`,
    placeOf: (cursor) => {
      const number = expression.exec(cursor)?.[1]
      if (number === undefined) throw new BonginError('invalid-cursor', { field: '/cursor' })
      return { tenderId: cursor.slice(0, cursor.indexOf('.')), [name]: Number(number) } as Place<Name>
    }
  }
}
