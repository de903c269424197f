/** What is due at one time: so many at once, one that takes long or fails holds up no other. */
import t from 'tap'
import type { TenderId } from '../../src/domain/ids.ts'
import { eachDue } from '../../src/services/each-due.ts'

const due = Array.from({ length: 9 }, (_, number) => ({ number, tenderId: `R26BK0000000${number}` as TenderId }))

function unexpected (error: unknown): void { t.fail(String(error)) }

t.test('one that takes long keeps one place, and the others go on', async (t) => {
  const othersAreDone = Promise.withResolvers<undefined>()
  let [underWay, most, others] = [0, 0, 0]
  const results = await eachDue({ reportError: unexpected }, 'closing', due, async ({ number }) => {
    most = Math.max(most, ++underWay)
    if (number === 0) await othersAreDone.promise
    else if (++others === due.length - 1) othersAreDone.resolve(undefined)
    await new Promise((resolve) => setImmediate(resolve))
    underWay--
    return number
  }, 3)
  t.equal(most, 3)
  t.same(results.toSorted((a, b) => a - b), due.map(({ number }) => number))
})

t.test('one that fails is reported, and the others are done', async (t) => {
  const reported: unknown[] = []
  const results = await eachDue({ reportError: (error, what) => { reported.push([String(error), what]) } }, 'closing', due, async ({ number }) => {
    if (number % 4 === 1) throw new Error(`no. ${number}`)
    return number
  }, 2)
  t.same(reported, [['Error: no. 1', 'closing R26BK00000001'], ['Error: no. 5', 'closing R26BK00000005']])
  t.same(results.toSorted((a, b) => a - b), [0, 2, 3, 4, 6, 7, 8])
  t.same(await eachDue({ reportError: unexpected }, 'closing', [], async () => 1), [])
})
