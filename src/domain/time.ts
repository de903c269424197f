/**
 * Time as an input: instants are epoch milliseconds, and every instant that is shown or signed is written
 * in Korea Standard Time with its zone (`2026-11-24T10:00:00.000+09:00`), so that one instant has one spelling.
 * Korea has had no daylight saving since 1988: the offset is constant.
 */
import { BonginError } from './errors.ts'
import type { Instant } from './ids.ts'

export const KST_OFFSET_MS = 9 * 3_600_000
export const HOUR_MS = 3_600_000

/** RFC 3339 with milliseconds at +09:00, the only spelling that Bongin writes. */
export function formatKst (at: Instant): string {
  return new Date(at + KST_OFFSET_MS).toISOString().replace('Z', '+09:00')
}

/** `2026-11-24 10:00:00 KST`, as people read it. */
export function kstSecond (at: Instant): string {
  return `${new Date(at + KST_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')} KST`
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

/** Whether a text is an instant in the one spelling that `formatKst` writes. */
export function isKst (text: string): boolean {
  try {
    return formatKst(parseInstant(text)) === text
  } catch {
    return false
  }
}
