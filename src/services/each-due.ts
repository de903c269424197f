/** What falls due falls due for each tender by itself: one whose key does not open, say, must not hold up the others of its hour. */
import type { TenderId } from '../domain/ids.ts'
import type { Context } from './context.ts'

/**
 * Failures are reported by tender; what failed is due again in the next round. Results of those that did not fail, as they came.
 * `atOnce` are under way at a time, all where it is absent; one that takes long keeps one place.
 */
export async function eachDue<Due extends { tenderId: TenderId }, Result> (
  { reportError }: Pick<Context, 'reportError'>, what: string, due: readonly Due[], work: (one: Due) => Promise<Result>, atOnce = due.length
): Promise<Result[]> {
  const results: Result[] = []
  const rest = due.values()
  const workThrough = async (): Promise<void> => {
    for (const one of rest) {
      try {
        results.push(await work(one))
      } catch (error) {
        reportError(error, `${what} ${one.tenderId}`)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, due.length) }, workThrough))
  return results
}
