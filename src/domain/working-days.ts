/**
 * Working days (근무일) in Korea: Monday to Friday that is no public holiday. A day is counted in whole days of Korea
 * Standard Time since 1970-01-01, a time of day in milliseconds from its midnight, so that "the same time on another day"
 * is an addition. Korea has no daylight saving.
 */
import { BonginError, invariant } from './errors.ts'
import { isHoliday } from './holidays.ts'
import type { Instant } from './ids.ts'
import { DAY_MS, formatKst, KST_OFFSET_MS } from './time.ts'

/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = 4
const [SUNDAY, SATURDAY] = [0, 6]
/** Far beyond any run of holidays; a longer search means a broken table. */
const MAX_CLOSED_DAYS = 31

/** Whole days in Korea since 1970-01-01. */
export type KstDay = number

export function kstDayOf (at: Instant): KstDay {
  return Math.floor((at + KST_OFFSET_MS) / DAY_MS)
}

/** Milliseconds since midnight in Korea. */
export function timeOfDayMs (at: Instant): number {
  return at + KST_OFFSET_MS - kstDayOf(at) * DAY_MS
}

export function instantAt (day: KstDay, timeOfDayMs: number): Instant {
  return day * DAY_MS - KST_OFFSET_MS + timeOfDayMs
}

/** `YYYY-MM-DD`. */
export function formatDay (day: KstDay): string {
  return formatKst(instantAt(day, 0)).slice(0, 10)
}

/** @throws BonginError `invalid-time` unless it is `YYYY-MM-DD` of a day that exists. */
export function parseDay (text: string): KstDay {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00+09:00`) : Number.NaN
  if (!Number.isNaN(at) && formatDay(kstDayOf(at)) === text) return kstDayOf(at)
  throw new BonginError('invalid-time', {
    detail: `"${text}" is no day such as 2026-11-24.`,
    detailKo: '날짜는 2026-11-24와 같은 형식이어야 합니다.'
  })
}

/** @throws BonginError `holidays-unknown`. */
export function isWorkingDay (day: KstDay, extraHolidays: readonly string[]): boolean {
  const weekday = (day + WEEKDAY_OF_DAY_ZERO) % 7
  // The year is looked up for a weekend too: whether a day is known must not hang on its weekday.
  const holiday = isHoliday(formatDay(day), extraHolidays)
  return weekday !== SUNDAY && weekday !== SATURDAY && !holiday
}

/** The first working day after this one, which itself never counts. @throws BonginError `holidays-unknown`. */
export function nextWorkingDay (day: KstDay, extraHolidays: readonly string[]): KstDay {
  for (let next = day + 1; next <= day + MAX_CLOSED_DAYS; next++) {
    if (isWorkingDay(next, extraHolidays)) return next
  }
  invariant(false, `a working day comes within ${MAX_CLOSED_DAYS} days`)
}
