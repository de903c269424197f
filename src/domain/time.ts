/**
 * Time as an input: instants are epoch milliseconds, and every instant that is shown or signed is written
 * in Korea Standard Time with its zone (`2026-11-24T10:00:00.000+09:00`), so that one instant has one spelling.
 * Korea has had no daylight saving since 1988: the offset is constant.
 */
import { BonginError } from './errors.ts'
import type { Instant } from './ids.ts'

export const KST_OFFSET_MS = 9 * 3_600_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
/** Header of every answer to GET: the server's clock when it answered, as `formatKst` writes it. It is in no body that somebody may keep. */
export const TIME_HEADER = 'bongin-time'

/** The last day that was written: times come in order, and a day's text costs more than the rest. */
let lastDay = { number: Number.NaN, text: '' }

/** RFC 3339 with milliseconds at +09:00, the only spelling that Bongin writes. */
export function formatKst (at: Instant): string {
  const local = at + KST_OFFSET_MS
  const day = Math.floor(local / DAY_MS)
  if (lastDay.number !== day) lastDay = { number: day, text: new Date(local).toISOString().slice(0, -'00:00:00.000Z'.length) }
  const ms = local - day * DAY_MS
  const [hours, minutes, seconds] = [Math.floor(ms / HOUR_MS), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  return `${lastDay.text}${digits(hours, 2)}:${digits(minutes, 2)}:${digits(seconds, 2)}.${digits(ms % 1000, 3)}+09:00`
}

export function kstOrNull (at: Instant | null): string | null {
  return at === null ? null : formatKst(at)
}

function digits (value: number, count: 2 | 3): string {
  const text = String(value)
  return '000'.slice(0, count - text.length) + text
}

/** `2026-11-24T10:00` in Korea, as the fields of forms have it. */
export function kstMinute (at: Instant): string {
  return formatKst(at).slice(0, 16)
}

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/

/** A time of Korea as fields of forms have it, with or without seconds; null for no such time. */
export function readKstLocal (text: string): Instant | null {
  const at = LOCAL_TIME.test(text) ? Date.parse(`${text.padEnd(19, ':00')}+09:00`) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** `2026-11-24 10:00:00 KST`, as people read it. */
export function kstSecond (at: Instant): string {
  return `${formatKst(at).slice(0, 19).replace('T', ' ')} KST`
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Reads any RFC 3339 time that carries its zone.
 * @throws BonginError `invalid-time` for anything else, a local time without a zone included.
 */
export function parseInstant (text: string, field?: string): Instant {
  const at = RFC3339.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) {
    throw new BonginError('invalid-time', {
      detail: 'A time must be RFC 3339 with a zone, e.g. 2026-11-24T10:00:00+09:00.',
      detailKo: '시각은 시간대를 포함한 RFC 3339 형식이어야 합니다(예: 2026-11-24T10:00:00+09:00).',
      ...(field === undefined ? {} : { field })
    })
  }
  return at
}

const KST = /^\d{4}-(?:0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}\+09:00$/
/** Days that every month has. */
const DAYS_OF_ALL_MONTHS = '28'

/** Whether a text is an instant in the one spelling that `formatKst` writes. */
export function isKst (text: string): boolean {
  const day = KST.exec(text)?.[1]
  if (day === undefined || day <= DAYS_OF_ALL_MONTHS) return day !== undefined
  const at = Date.parse(text)
  return !Number.isNaN(at) && formatKst(at) === text
}
