/** Times as pages show them: Korean time with its zone, and in the tooltip the reader's own time where the reader's machine keeps another. */
import type { Instant } from '../../domain/ids.ts'
import { KST_OFFSET_MS, kstSecond, parseInstant } from '../../domain/time.ts'

/** An instant, or its RFC 3339 text. */
export function shownTime (at: Instant | string): HTMLTimeElement {
  const time = document.createElement('time')
  showTime(time, typeof at === 'string' ? parseInstant(at) : at)
  return time
}

export function showTime (time: HTMLTimeElement, at: Instant): void {
  time.dateTime = new Date(at).toISOString()
  time.textContent = kstSecond(at)
  addOwnTime(time)
}

/** By its `datetime`; nothing where the reader's time is Korea's at that instant. */
export function addOwnTime (time: HTMLTimeElement): void {
  const at = new Date(time.dateTime)
  if (at.getTimezoneOffset() * 60_000 === -KST_OFFSET_MS) return
  time.title = at.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'long' })
}
