/**
 * Shape checks for JSON that somebody else wrote: exactly these members, each of this form, named by JSON Pointer when
 * not. A value that passed has no member that is not looked at, so nothing can hide in a record. Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'
import { MAX_AMOUNT_WON } from '../domain/bid.ts'
import { BASE64URL_32_PATTERN, SHA256_HEX_PATTERN } from '../domain/ids.ts'
import { isKst } from '../domain/time.ts'

/** What a check found wrong with somebody's record or signed statement; says what differs, and never holds a secret. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault'
}

/** @throws RecordFault unless the condition holds. */
export function expect (condition: unknown, detail: string): asserts condition {
  if (condition !== true) throw new RecordFault(detail)
}

/** Throws where the value does not fit; `path` is the JSON Pointer of the value. */
export type Shape = (value: unknown, path: string) => void

/** Longest text of a record besides JWS and certificates: reasons, titles, names. */
export const MAX_TEXT_LENGTH = 10_000

/** The value as T, once the shape has passed it. @throws BonginError `verification-failed` with the pointer. */
export function checkShape<T> (shape: Shape, value: unknown, path = ''): T {
  shape(value, path)
  return value as T
}

export function misfit (path: string, wanted: string): BonginError {
  const place = path === '' ? 'the document' : path
  return new BonginError('verification-failed', {
    field: path,
    detail: `${place} must be ${wanted}.`,
    detailKo: `${place} 값의 형식이 잘못되었습니다.`
  })
}

export const text = ({ pattern, max = MAX_TEXT_LENGTH, wanted }: { pattern?: string, max?: number, wanted?: string } = {}): Shape => {
  const expression = pattern === undefined ? null : new RegExp(pattern)
  return (value, path) => {
    if (typeof value !== 'string') throw misfit(path, 'a text')
    if (value.length > max) throw misfit(path, `a text of at most ${max} characters`)
    if (expression !== null && !expression.test(value)) throw misfit(path, wanted ?? `a text that matches ${pattern}`)
  }
}

export const whole = (min: number, max: number): Shape => (value, path) => {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return
  throw misfit(path, `a whole number from ${min} to ${max}`)
}

export const flag: Shape = (value, path) => {
  if (typeof value !== 'boolean') throw misfit(path, 'true or false')
}

export const oneOf = (...values: ReadonlyArray<string | number | null>): Shape => (value, path) => {
  if (!values.includes(value as string)) throw misfit(path, values.map((v) => JSON.stringify(v)).join(' or '))
}

export const nullable = (shape: Shape): Shape => (value, path) => {
  if (value !== null) shape(value, path)
}

export const listOf = (shape: Shape, { min = 0, max }: { min?: number, max: number }): Shape => (value, path) => {
  if (!Array.isArray(value) || value.length < min || value.length > max) throw misfit(path, `a list of ${min} to ${max} items`)
  value.forEach((item, index) => { shape(item, `${path}/${index}`) })
}

/** An object with exactly these members. */
export const object = (members: Readonly<Record<string, Shape>>): Shape => (value, path) => {
  const given = asObject(value, path)
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(members, name)) throw misfit(`${path}/${escapePointer(name)}`, 'absent: no such member is known')
  }
  for (const [name, shape] of Object.entries(members)) {
    if (!Object.hasOwn(given, name)) throw misfit(`${path}/${name}`, 'present')
    shape(given[name], `${path}/${name}`)
  }
}

/** Any JSON object; what is in it is checked elsewhere. */
export const anyObject: Shape = (value, path) => { asObject(value, path) }

function asObject (value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw misfit(path, 'an object')
}

/** One member's name as a step of a JSON Pointer (RFC 6901 §3). */
export function escapePointer (name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

export const sha256Text = text({ pattern: SHA256_HEX_PATTERN, wanted: 'a SHA-256 in lower-case hex' })
export const bytes32Text = text({ pattern: BASE64URL_32_PATTERN, wanted: '32 bytes in unpadded base64url' })
/** RFC 3339 with milliseconds at +09:00, of a day that exists: one instant has one spelling. */
export const kstText: Shape = (value, path) => {
  if (typeof value !== 'string' || !isKst(value)) throw misfit(path, 'a time such as 2026-11-24T10:00:00.000+09:00')
}

export const wonAmount = whole(0, MAX_AMOUNT_WON)

/** @throws RecordFault naming the first place where `actual` is not what was expected. */
export function expectEqual ({ what, expected, actual }: { what: string, expected: unknown, actual: unknown }): void {
  const difference = firstDifference(expected, actual)
  if (difference === null) return
  const place = difference.path === '' ? what : `${what}, ${difference.path}`
  throw new RecordFault(`${place}: the record says ${show(difference.actual)}, it must be ${show(difference.expected)}.`)
}

function show (value: unknown): string {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value)
  return shown.length > 120 ? `${shown.slice(0, 117)}...` : shown
}

/** JSON Pointer and both values of the first place where two JSON values differ, or null where they are equal. */
export function firstDifference (expected: unknown, actual: unknown, path = ''): { path: string, expected: unknown, actual: unknown } | null {
  if (isBranch(expected) && isBranch(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)])
    for (const name of names) {
      const found = firstDifference(memberOf(expected, name), memberOf(actual, name), `${path}/${escapePointer(name)}`)
      if (found !== null) return found
    }
    return null
  }
  return Object.is(expected, actual) ? null : { path, expected, actual }
}

/** Own members only: a record may well have one that is called `__proto__`. */
function memberOf (branch: object, name: string): unknown {
  return Object.hasOwn(branch, name) ? (branch as Record<string, unknown>)[name] : undefined
}

function isBranch (value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
