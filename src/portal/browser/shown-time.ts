/**
 * Times as pages show them: Korean time with its zone. Where the reader's machine keeps another, its time is in the tooltip, and
 * beside every time for those who ask so (a tooltip needs a mouse).
 */
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
  time.dataset['own'] = time.title = at.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'long' })
}

const KEPT = 'bongin.ownTimes'

/** Offers the reader's own times to those whose machine does not keep Korea's; what they chose stands on every page. */
export function offerOwnTimes (offer: HTMLElement): void {
  if (new Date().getTimezoneOffset() * 60_000 === -KST_OFFSET_MS) return
  const button = offer.querySelector('button')
  const show = (shown: boolean): void => {
    document.documentElement.toggleAttribute('data-own-times', shown)
    button?.setAttribute('aria-pressed', String(shown))
  }
  button?.addEventListener('click', () => {
    const shown = button.getAttribute('aria-pressed') !== 'true'
    localStorage.setItem(KEPT, String(shown))
    show(shown)
  })
  show(localStorage.getItem(KEPT) === 'true')
  offer.hidden = false
}
