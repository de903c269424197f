/** Times as they are written: what Date writes, nine hours on. */
import fc from 'fast-check'
import t from 'tap'
import { formatKst, isKst, KST_OFFSET_MS, parseInstant } from '../../src/domain/time.ts'

t.test('an instant is written as Date writes it, in whatever order they come', async (t) => {
  const anyDay = fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 })
  const oneDay = fc.integer({ min: 1_764_460_800_000, max: 1_764_547_200_000 })
  fc.assert(fc.property(fc.oneof(anyDay, oneDay), (at) => {
    const text = formatKst(at)
    return text === new Date(at + KST_OFFSET_MS).toISOString().replace('Z', '+09:00') && parseInstant(text) === at && isKst(text)
  }), { seed: 2026, numRuns: 2_000 })
  for (const at of [-KST_OFFSET_MS - 1, -KST_OFFSET_MS, 24 * 3_600_000 - KST_OFFSET_MS - 1]) t.equal(parseInstant(formatKst(at)), at)
  t.throws(() => formatKst(Number.NaN), RangeError)
})

t.test('no other spelling of an instant is the one', async (t) => {
  for (const text of [
    '2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00+09:00', '2026-02-30T10:00:00.000+09:00', '2026-11-24T24:00:00.000+09:00', '2026-11-24 10:00:00.000+09:00'
  ]) t.notOk(isKst(text), text)
})
