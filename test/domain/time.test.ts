/** Times as they are written: what Date writes, nine hours on. */
import fc from 'fast-check'
import t from 'tap'
import { formatKst, isKst, kstMinute, KST_OFFSET_MS, parseInstant, readKstLocal } from '../../src/domain/time.ts'

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
    '2026-11-24T10:00:00.000Z', '2026-11-24T10:00:00+09:00', '2026-02-30T10:00:00.000+09:00', '2026-11-24T24:00:00.000+09:00', '2026-11-24 10:00:00.000+09:00',
    '2026-02-29T10:00:00.000+09:00', '2100-02-29T10:00:00.000+09:00', '2026-04-31T10:00:00.000+09:00', '2026-00-01T10:00:00.000+09:00', '2026-13-01T10:00:00.000+09:00',
    '2026-11-00T10:00:00.000+09:00', '2026-11-32T10:00:00.000+09:00', '2026-11-24T10:60:00.000+09:00', '2026-11-24T10:00:60.000+09:00', '2026-11-24T10:00:00.000+09:00\n'
  ]) t.notOk(isKst(text), text)
  for (const day of ['2026-02-28', '2028-02-29', '2000-02-29', '2026-01-31', '2026-04-30']) t.ok(isKst(`${day}T23:59:59.999+09:00`), day)
})

t.test('a field of a form says a time of Korea, with or without seconds', async (t) => {
  const at = parseInstant('2026-11-24T10:00:00+09:00')
  t.equal(kstMinute(at), '2026-11-24T10:00')
  t.equal(readKstLocal('2026-11-24T10:00'), at)
  t.equal(readKstLocal('2026-11-24T10:00:30'), at + 30_000)
  for (const text of ['', '2026-11-24', '2026-11-24 10:00', '2026-13-24T10:00', '2026-11-24T25:00', '2026-11-24T10:00Z']) t.equal(readKstLocal(text), null, text)
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (instant) => readKstLocal(kstMinute(instant)) === instant - instant % 60_000))
})
