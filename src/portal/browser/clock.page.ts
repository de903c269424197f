/** The server's clock, running: the page says what it was when it was made, the browser counts on, whatever its own clock says. */
import { serverNow } from './server-clock.ts'
import { addOwnTime, offerOwnTimes, showTime } from './shown-time.ts'

const TICK_MS = 250

const clock = document.querySelector<HTMLTimeElement>('#server-clock')
if (clock !== null) {
  const show = (): void => {
    const at = serverNow()
    showTime(clock, at)
    for (const element of document.querySelectorAll<HTMLElement>('[data-until]')) element.textContent = remaining(Number(element.dataset['until']) - at)
  }
  setInterval(show, TICK_MS)
  show()
}

// Every time that the page came with; those that scripts show later have theirs of `shownTime`.
for (const time of document.querySelectorAll<HTMLTimeElement>('time[datetime]')) addOwnTime(time)
const offer = document.querySelector<HTMLElement>('#own-times')
if (offer !== null) offerOwnTimes(offer)

/** `2일 03:04:05`, and nothing below zero. */
function remaining (ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400]
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
  return days === 0 ? clock : `${days}${document.documentElement.lang === 'ko' ? '일' : 'd'} ${clock}`
}
