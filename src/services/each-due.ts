/** What falls due falls due for each tender by itself: one whose key does not open, say, must not hold up the others of its hour. */
import type { TenderId } from '../domain/ids.ts'
import type { Context } from './context.ts'

/** Failures are reported by tender; what failed is due again in the next round. Results of those that did not fail. */
export async function eachDue<Due extends { tenderId: TenderId }, Result> (
  context: Context, what: string, due: readonly Due[], work: (one: Due) => Promise<Result>
): Promise<Result[]> {
  const results = await Promise.all(due.map(async (one) => {
    try {
      return [await work(one)]
    } catch (error) {
      context.reportError(error, `${what} ${one.tenderId}`)
      return []
    }
  }))
  return results.flat(1) as Result[]
}
