/** Values on the command line: each is read strictly, and a wrong one names its option. */
import { InvalidArgumentError } from 'commander'
import { isAmountWon } from '../domain/bid.ts'
import { TENDER_ID_PATTERN, type TenderId } from '../domain/ids.ts'

export function tenderId (value: string): TenderId {
  if (!new RegExp(TENDER_ID_PATTERN).test(value)) throw new InvalidArgumentError('A tender id looks like R26BK00000001.')
  return value as TenderId
}

/** Whole won; thousands may be set apart by commas. */
export function amountWon (value: string): number {
  const digits = /^\d{1,3}(,\d{3})*$|^\d+$/.test(value) ? value.replaceAll(',', '') : ''
  const amount = digits === '' ? Number.NaN : Number(digits)
  if (!isAmountWon(amount)) throw new InvalidArgumentError('An amount is a whole number of won from 1 to 1,000,000,000,000,000.')
  return amount
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
