/** Working days in Korea: days change at Korean midnight, weekends and holidays are skipped, unknown years refused. */
import t from 'tap'
import { parseInstant } from '../../src/domain/time.ts'
import { formatDay, instantAt, isWorkingDay, kstDayOf, nextWorkingDay, parseDay, timeOfDayMs } from '../../src/domain/working-days.ts'

const next = (day: string, extra: readonly string[] = []): string => formatDay(nextWorkingDay(parseDay(day), extra))

t.test('a day begins at midnight in Korea', async (t) => {
  const midnight = parseInstant('2026-11-24T00:00:00+09:00')
  t.equal(formatDay(kstDayOf(midnight)), '2026-11-24')
  t.equal(formatDay(kstDayOf(midnight - 1)), '2026-11-23')
  t.equal(timeOfDayMs(midnight), 0)
  t.equal(timeOfDayMs(midnight - 1), 86_399_999)
  const at = parseInstant('2026-11-24T17:05:03.007+09:00')
  t.equal(instantAt(kstDayOf(at), timeOfDayMs(at)), at)
  t.equal(instantAt(parseDay('2026-11-25'), timeOfDayMs(at)), at + 86_400_000)
})

t.test('days are read strictly', async (t) => {
  t.equal(parseDay('1970-01-01'), 0)
  t.equal(formatDay(parseDay('2028-02-29')), '2028-02-29')
  for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '20261124', '2026-11-24T00:00:00', '']) {
    t.throws(() => parseDay(text), { code: 'invalid-time' }, text)
  }
})

t.test('weekdays', async (t) => {
  const working = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']
  for (const day of working) t.ok(isWorkingDay(parseDay(day), []), day)
  for (const day of ['2026-11-28', '2026-11-29', '2026-12-25', '2026-10-05']) t.notOk(isWorkingDay(parseDay(day), []), day)
  t.notOk(isWorkingDay(parseDay('2026-11-25'), ['2026-11-25']), 'a holiday of the installation')
})

t.test('the next working day', async (t) => {
  t.equal(next('2026-11-24'), '2026-11-25', 'a Tuesday')
  t.equal(next('2026-11-27'), '2026-11-30', 'over a weekend')
  t.equal(next('2026-11-28'), '2026-11-30', 'from a Saturday')
  t.equal(next('2026-02-13'), '2026-02-19', 'over 설날')
  t.equal(next('2026-09-23'), '2026-09-28', 'over 추석, whose Saturday gets no substitute')
  t.equal(next('2027-02-05'), '2027-02-10', 'over 설날 with its substitute')
  t.equal(next('2028-09-29'), '2028-10-06', 'over 추석 that falls together with 개천절')
  t.equal(next('2026-12-31'), '2027-01-04', 'over the year\'s end')
  t.equal(next('2026-11-27', ['2026-11-30', '2026-12-01']), '2026-12-02', 'over days of the installation')
})

t.test('a year that is not known', async (t) => {
  t.throws(() => isWorkingDay(parseDay('2031-01-04'), []), { code: 'holidays-unknown' }, 'on a Saturday too')
  t.throws(() => nextWorkingDay(parseDay('2030-12-31'), []), { code: 'holidays-unknown' })
  t.throws(() => isWorkingDay(parseDay('2023-12-29'), []), { code: 'holidays-unknown' })
})
