/** A progress bar on stderr for long work: only where people look, never in `--json`. */
import { SingleBar } from 'cli-progress'

export interface Progress { update: (done: number, total: number) => void, stop: () => void }

export function progressBar (what: string, visible: boolean): Progress {
  if (!visible) return { update: () => {}, stop: () => {} }
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}`, clearOnComplete: true, stream: process.stderr, hideCursor: true })
  let started = false
  return {
    update: (done, total) => {
      if (!started) bar.start(total, done)
      started = true
      bar.update(done)
    },
    stop: () => { if (started) bar.stop() }
  }
}
