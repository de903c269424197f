/** Steps of a day: named, timed, with a bar where people look; and work by a named number of hands. */
import { progressBar } from '../../src/cli/progress.ts'

/** Officers at their desks. */
export const DESKS = 16

export async function step<T> (what: string, total: number, work: (tick: (done: number) => void) => Promise<T>): Promise<T> {
  const bar = progressBar(what, process.stderr.isTTY)
  const [ms, result] = await timed(async () => await work((done) => { bar.update(done, total) }))
  bar.stop()
  console.log(`  ${what.padEnd(28)} ${total.toLocaleString('en-US').padStart(8)} in ${(ms / 1000).toFixed(1)} s`)
  return result
}

export async function timed<T> (work: () => Promise<T>): Promise<[ms: number, result: T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

/** Runs `work` for 0 … count − 1, `hands` at a time; results in that order. */
export async function byHands<T> (
  { count, hands = DESKS, onOne = () => {} }: { count: number, hands?: number, onOne?: (done: number) => void },
  work: (index: number) => Promise<T>
): Promise<T[]> {
  const results = new Array<T>(count)
  let next = 0
  let done = 0
  const hand = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) {
      results[i] = await work(i)
      onOne(++done)
    }
  }
  await Promise.all(Array.from({ length: hands }, hand))
  return results
}

export function at<T> (list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error(`nothing at ${index}`)
  return item
}

/** Never early: a timer alone may fire a millisecond before its time. */
export async function sleepUntil (moment: number): Promise<void> {
  while (Date.now() < moment) await new Promise((resolve) => setTimeout(resolve, Math.max(1, moment - Date.now())))
}
