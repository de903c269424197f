/** The server's time, counted on from the page's making by the browser's steady clock: what the machine's own clock says does not matter. */
import type { Instant } from '../../domain/ids.ts'

const clock = document.querySelector<HTMLTimeElement>('#server-clock')
const offset = Number(clock?.dataset['now']) - performance.now()

/** Whole milliseconds. */
export function serverNow (): Instant {
  return Math.floor(performance.now() + offset)
}
