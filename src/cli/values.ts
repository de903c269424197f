/** Values on the command line: each is read strictly, and a wrong one names its option. */
import { InvalidArgumentError } from 'commander'
import { MAX_AMOUNT_WON } from '../domain/bid.ts'
import type { ConsortiumShare } from '../domain/consortium.ts'
import { EVENT_TYPES, type EventType } from '../domain/events.ts'
import { OFFICER_ID_PATTERN, SUPPLIER_ID_PATTERN, TENDER_ID_PATTERN, type OfficerId, type SupplierId, type TenderId } from '../domain/ids.ts'
import type { PriceDecimals } from '../domain/notice.ts'
import { amountText, readAmount, readDecimals } from '../domain/price-unit.ts'
import { isUnitPriceCenti, UNIT_PRICE_DECIMALS } from '../domain/unit-prices.ts'

export function tenderId (value: string): TenderId {
  if (!new RegExp(TENDER_ID_PATTERN).test(value)) throw new InvalidArgumentError('A tender id looks like R26BK00000001.')
  return value as TenderId
}

/** One or more. */
export function tenderIds (value: string, before: TenderId[] | undefined): TenderId[] {
  return [...(before ?? []), tenderId(value)]
}

/** One or more. */
export function eventTypes (value: string, before: EventType[] | undefined): EventType[] {
  const type = EVENT_TYPES.find((one) => one === value)
  if (type === undefined) throw new InvalidArgumentError(`The types are ${EVENT_TYPES.join(', ')}.`)
  return [...(before ?? []), type]
}

/** Whole won; thousands may be set apart by commas. */
export function amountWon (value: string): number {
  return amountUnits(value, 0)
}

/** An amount in won as it was written, if any tender could take it; `amountUnits` reads it where the tender's decimals are known. */
export function wonText (value: string): string {
  amountUnits(value, value.includes('.') ? 2 : 0)
  return value
}

/** An amount in won, in units of 10^−decimals won; more decimals than that are refused, zeros as well: nothing is rounded. */
export function amountUnits (value: string, decimals: PriceDecimals): number {
  const units = readAmount(value, decimals)
  if (units !== null) return units
  const form = decimals === 0 ? 'a whole number of won' : `a number of won with up to ${decimals} decimals`
  throw new InvalidArgumentError(`An amount is ${form} from ${amountText(1, decimals)} to ${amountText(MAX_AMOUNT_WON, decimals)}.`)
}

/**
 * An amount in won out of a JSON file. Where a tender has decimals it must be text, "1234.56": a bare number may be meant in
 * won or, as the API has it, in units, and nobody would see the difference before the opening.
 */
export function fileAmount (value: unknown, decimals: PriceDecimals): number {
  if (typeof value === 'string') return amountUnits(value, decimals)
  if (typeof value === 'number' && decimals === 0) return value
  throw new InvalidArgumentError(decimals === 0 ? 'An amount is a whole number of won.' : 'With decimals an amount is written as text in won, such as "1234.56".')
}

/** Two numbers of the price draw: `3,7`. */
export function picks (value: string): [number, number] {
  const match = /^(?<first>\d{1,2}),(?<second>\d{1,2})$/.exec(value)
  if (match?.groups === undefined) throw new InvalidArgumentError('Picks are two numbers, such as 3,7.')
  return [Number(match.groups['first']), Number(match.groups['second'])]
}

/** Marks with up to three decimals, in thousandths: 28.5 → 28500. */
export function marksMilli (value: string): number {
  const match = /^(?<whole>\d{1,3})(?:\.(?<part>\d{1,3}))?$/.exec(value)
  if (match?.groups === undefined) throw new InvalidArgumentError('Marks are a number with up to three decimals, such as 28.5.')
  return Number(match.groups['whole']) * 1000 + Number((match.groups['part'] ?? '').padEnd(3, '0'))
}

export function officerId (value: string): OfficerId {
  if (!new RegExp(OFFICER_ID_PATTERN).test(value)) throw new InvalidArgumentError('An officer id looks like O00000001.')
  return value as OfficerId
}

/** One proposal's marks: `1018116406=85.5`. */
export function supplierMarks (value: string): { supplierId: SupplierId, marksMilli: number } {
  const [supplier = '', marks = '', ...more] = value.split('=')
  if (!new RegExp(SUPPLIER_ID_PATTERN).test(supplier) || more.length > 0) throw new InvalidArgumentError('Marks are written SUPPLIER=85.5, with the business number.')
  return { supplierId: supplier as SupplierId, marksMilli: marksMilli(marks) }
}

export function position (value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('A position is a whole number.')
  return Number(value)
}

export function rsaBits (value: string): 2048 | 3072 {
  if (value === '2048') return 2048
  if (value === '3072') return 3072
  throw new InvalidArgumentError('RSA keys have 2048 or 3072 bits.')
}

/** For options that may stand several times. */
export function collect (value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

/** A unit price in won with up to two decimals, in hundredths of a won: 1234.56 → 123456. */
export function unitPriceCenti (value: string): number {
  const centi = readDecimals(value, UNIT_PRICE_DECIMALS)
  if (!isUnitPriceCenti(centi)) throw new InvalidArgumentError(`"${value}" is no unit price in won, such as 1234.56.`)
  return centi
}

/** One line's price, repeatable: `3=1234.56`. */
export function linePrice (value: string, before: Map<number, number> | undefined): Map<number, number> {
  const match = /^(?<line>[1-9]\d{0,2})=(?<price>.+)$/.exec(value)
  const line = Number(match?.groups?.['line'])
  if (match?.groups === undefined || before?.has(line) === true) throw new InvalidArgumentError('Name each line once with its price, such as 1=1234.56.')
  return new Map([...(before ?? []), [line, unitPriceCenti(match.groups['price'] ?? '')]])
}

export function supplierId (value: string): SupplierId {
  const digits = value.replaceAll('-', '')
  if (!new RegExp(SUPPLIER_ID_PATTERN).test(digits)) throw new InvalidArgumentError('A supplier is named by its business registration number, ten digits.')
  return digits as SupplierId
}

/** A member and its share in percent with up to four decimals, repeatable: `1018116406=60` → 600000 parts per million. */
export function memberShare (value: string, before: ConsortiumShare[] | undefined): ConsortiumShare[] {
  const [id, percent, ...more] = value.split('=')
  const sharePpm = readDecimals(percent ?? '', 4)
  if (id === undefined || more.length > 0 || Number.isNaN(sharePpm)) throw new InvalidArgumentError('A member is named with its share in percent, such as 1018116406=60.')
  return [...(before ?? []), { supplierId: supplierId(id), sharePpm }]
}
