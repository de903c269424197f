/** The outage rules, each with its boundaries to the millisecond; times in Korea unless the name says otherwise. */
import fc from 'fast-check'
import t from 'tap'
import { checkOutage, extendTimes, MAX_NOTICE_DELAY_MS, MAX_OUTAGE_MS, outageRuleFor, type Outage, type TenderTimes } from '../../src/domain/outage.ts'
import { formatKst, HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { isWorkingDay, kstDayOf, timeOfDayMs } from '../../src/domain/working-days.ts'
import { holds } from '../support/holds.ts'

/** `2026-11-24 10:05` in Korea. */
const at = (text: string): number => parseInstant(`${text.replace(' ', 'T')}${text.length === 16 ? ':00' : ''}+09:00`)
const show = (instant: number): string => formatKst(instant).slice(0, 16).replace('T', ' ')

function outage (from: string, recovered: string, announced = recovered, change: Partial<Outage> = {}): Outage {
  return { fromAt: at(from), recoveredAt: at(recovered), announcedAt: at(announced), stepMs: HOUR_MS, extraHolidays: [], ...change }
}
const times = (closes: string, opens: string): TenderTimes => ({ closesAt: at(closes), technicalOpensAt: null, opensAt: at(opens) })

/** Closing and opening, or null. */
function moved (o: Outage, closes: string, opens: string): [string, string, string] | null {
  const extension = extendTimes(o, times(closes, opens))
  if (extension === null) return null
  return [show(extension.closesAt), show(extension.opensAt), extension.nextWorkingDay ? `${extension.rule}, next day` : extension.rule]
}

t.test('which deadlines an outage concerns, to the millisecond', async (t) => {
  const short = outage('2026-11-24 09:19', '2026-11-24 10:21', '2026-11-24 10:25')
  const cases: Array<[string, number, ReturnType<typeof outageRuleFor>]> = [
    ['before it', short.fromAt - 1, null],
    ['at its beginning', short.fromAt, 'deadline-in-outage'],
    ['at the recovery', short.recoveredAt, 'deadline-in-outage'],
    ['just after the recovery', short.recoveredAt + 1, 'deadline-after-recovery'],
    ['two hours after the recovery', short.recoveredAt + 2 * HOUR_MS, 'deadline-after-recovery'],
    ['later', short.recoveredAt + 2 * HOUR_MS + 1, null]
  ]
  for (const [name, closesAt, rule] of cases) t.equal(outageRuleFor(short, closesAt), rule, name)
  const two = { ...short, fromAt: short.recoveredAt - 2 * HOUR_MS }
  t.equal(outageRuleFor(two, two.fromAt), 'deadline-in-outage', 'two hours are not over two hours')
  const long = { ...two, fromAt: two.fromAt - 1 }
  t.equal(outageRuleFor(long, long.fromAt), 'long-outage')
  t.equal(outageRuleFor(long, long.recoveredAt + 2 * HOUR_MS), 'long-outage', 'also after the recovery')
  t.equal(outageRuleFor(long, long.recoveredAt + 2 * HOUR_MS + 1), null)
})

t.test('a deadline inside the outage: two hours after the notice of the recovery, opening three', async (t) => {
  const o = outage('2026-11-24 09:27', '2026-11-24 10:30', '2026-11-24 11:00')
  t.same(moved(o, '2026-11-24 10:00', '2026-11-24 11:00'), ['2026-11-24 13:00', '2026-11-24 14:00', 'deadline-in-outage'])
  t.same(moved({ ...o, announcedAt: at('2026-11-24 11:00') + 1 }, '2026-11-24 10:00', '2026-11-24 11:00'),
    ['2026-11-24 14:00', '2026-11-24 15:00', 'deadline-in-outage'], 'up to the next whole hour, and the opening with it')
  t.same(moved({ ...o, announcedAt: at('2026-11-24 11:00') - 1 }, '2026-11-24 10:00', '2026-11-24 11:00'),
    ['2026-11-24 13:00', '2026-11-24 14:00', 'deadline-in-outage'])
  const minute = { ...o, announcedAt: at('2026-11-24 11:07'), stepMs: 60_000 }
  t.same(moved(minute, '2026-11-24 10:00', '2026-11-24 11:00'), ['2026-11-24 13:07', '2026-11-24 14:07', 'deadline-in-outage'], 'by the installation\'s step')
  t.same(moved(o, '2026-11-24 10:00', '2026-11-26 10:00')?.[1], '2026-11-26 10:00', 'an opening that was planned later stays')
})

t.test('a deadline within two hours after the recovery: both move by two hours', async (t) => {
  const o = outage('2026-11-24 09:27', '2026-11-24 10:30', '2026-11-24 10:40')
  t.same(moved(o, '2026-11-24 11:00', '2026-11-24 12:00'), ['2026-11-24 13:00', '2026-11-24 14:00', 'deadline-after-recovery'])
  t.same(moved(o, '2026-11-24 12:00', '2026-11-25 10:00'), ['2026-11-24 14:00', '2026-11-25 12:00', 'deadline-after-recovery'])
  t.same(moved(o, '2026-11-24 13:00', '2026-11-24 14:00'), null)
  const late = outage('2026-11-24 09:27', '2026-11-24 10:30', '2026-11-24 12:10')
  t.same(moved(late, '2026-11-24 11:00', '2026-11-24 12:00'), ['2026-11-24 15:00', '2026-11-24 16:00', 'deadline-after-recovery'],
    'after a late notice no less than a deadline inside the outage gets')
  const overnight = outage('2026-11-23 22:00', '2026-11-23 22:40', '2026-11-24 09:00')
  t.same(moved(overnight, '2026-11-23 23:00', '2026-11-24 10:00'), ['2026-11-24 11:00', '2026-11-24 22:00', 'deadline-after-recovery'],
    'the office hours that count are those of the day of the notice')
})

t.test('an outage of more than two hours: 24 hours after the notice, opening 25', async (t) => {
  const o = outage('2026-11-24 09:00', '2026-11-24 13:00', '2026-11-24 13:10')
  t.same(moved(o, '2026-11-24 10:00', '2026-11-24 11:00'), ['2026-11-25 14:00', '2026-11-25 15:00', 'long-outage'])
  t.same(moved(o, '2026-11-24 15:00', '2026-11-24 16:00'), ['2026-11-25 14:00', '2026-11-25 15:00', 'long-outage'])
  const friday = outage('2026-11-27 09:00', '2026-11-27 13:00')
  t.same(moved(friday, '2026-11-27 10:00', '2026-11-27 11:00'), ['2026-11-30 10:00', '2026-11-30 11:00', 'long-outage, next day'], 'Saturday is no working day')
  const evening = outage('2026-11-24 15:00', '2026-11-24 18:00', '2026-11-24 18:00')
  t.same(moved(evening, '2026-11-24 16:00', '2026-11-24 17:00'), ['2026-11-25 18:00', '2026-11-25 19:00', 'long-outage'], 'at 18:00 it is within office hours')
  t.same(moved({ ...evening, announcedAt: evening.announcedAt + 1 }, '2026-11-24 16:00', '2026-11-24 17:00'),
    ['2026-11-26 16:00', '2026-11-26 17:00', 'long-outage, next day'], 'past office hours of the day after')
})

t.test('past office hours or on a closed day: the next working day at the original times', async (t) => {
  const o = outage('2026-11-24 15:30', '2026-11-24 16:00')
  t.same(moved(o, '2026-11-24 16:00', '2026-11-24 17:00'), ['2026-11-24 18:00', '2026-11-24 19:00', 'deadline-in-outage'], 'closing at 18:00')
  t.same(moved({ ...o, announcedAt: o.announcedAt + 1 }, '2026-11-24 16:00', '2026-11-24 17:00'),
    ['2026-11-25 16:00', '2026-11-25 17:00', 'deadline-in-outage, next day'], 'a millisecond more')
  const night = outage('2026-11-24 22:00', '2026-11-24 23:30')
  t.same(moved(night, '2026-11-24 23:00', '2026-11-25 10:00'), ['2026-11-25 23:00', '2026-11-26 10:00', 'deadline-in-outage, next day'],
    'after midnight is past the office hours of the day before; the opening follows the closing')
  const friday = outage('2026-11-27 16:30', '2026-11-27 17:30')
  t.same(moved(friday, '2026-11-27 17:00', '2026-11-27 18:00'), ['2026-11-30 17:00', '2026-11-30 18:00', 'deadline-in-outage, next day'], 'Friday evening')
  t.same(moved(friday, '2026-11-27 18:00', '2026-11-27 19:00'), ['2026-11-30 18:00', '2026-11-30 19:00', 'deadline-after-recovery, next day'])
  t.same(moved({ ...friday, extraHolidays: ['2026-11-30'] }, '2026-11-27 17:00', '2026-11-27 18:00'),
    ['2026-12-01 17:00', '2026-12-01 18:00', 'deadline-in-outage, next day'], 'a holiday of the installation')
  const sunday = outage('2026-11-29 10:00', '2026-11-29 11:00')
  t.same(moved(sunday, '2026-11-29 11:00', '2026-11-29 12:00'), ['2026-11-30 11:00', '2026-11-30 12:00', 'deadline-in-outage, next day'], 'an outage on a Sunday')
  t.same(moved(outage('2026-11-24 22:00', '2026-11-24 23:59'), '2026-11-24 23:00', '2026-11-30 10:00'),
    ['2026-11-25 23:00', '2026-11-30 10:00', 'deadline-in-outage, next day'], 'an opening that was planned later stays')
})

t.test('before the great holidays and over the year\'s end', async (t) => {
  t.same(moved(outage('2026-02-13 16:00', '2026-02-13 17:00'), '2026-02-13 17:00', '2026-02-13 18:00'),
    ['2026-02-19 17:00', '2026-02-19 18:00', 'deadline-in-outage, next day'], 'before 설날')
  t.same(moved(outage('2026-09-23 10:00', '2026-09-23 14:00'), '2026-09-23 14:00', '2026-09-23 15:00'),
    ['2026-09-28 14:00', '2026-09-28 15:00', 'long-outage, next day'], 'before 추석')
  t.same(moved(outage('2026-12-31 16:00', '2026-12-31 17:00'), '2026-12-31 17:00', '2026-12-31 18:00'),
    ['2027-01-04 17:00', '2027-01-04 18:00', 'deadline-in-outage, next day'])
  t.throws(() => moved(outage('2030-12-31 16:00', '2030-12-31 17:00'), '2030-12-31 17:00', '2030-12-31 18:00'), { code: 'holidays-unknown' }, 'beyond the table')
})

t.test('a closing soon after midnight leaves two hours all the same', async (t) => {
  const o = outage('2026-11-23 23:30', '2026-11-24 00:30', '2026-11-24 23:00')
  t.same(moved(o, '2026-11-24 00:00', '2026-11-24 10:00'), ['2026-11-26 00:00', '2026-11-26 10:00', 'deadline-in-outage, next day'])
  t.same(moved({ ...o, announcedAt: at('2026-11-24 22:00') }, '2026-11-24 00:00', '2026-11-24 10:00')?.[0], '2026-11-25 00:00', 'two hours and no less')
})

t.test('two envelopes: the technical opening follows the closing, the opening of prices keeps its distance', async (t) => {
  const both = { ...times('2026-11-27 10:00', '2026-12-01 14:00'), technicalOpensAt: at('2026-11-27 11:00') }
  const three = (o: Outage): string[] => {
    const { closesAt, technicalOpensAt, opensAt } = extendTimes(o, both) ?? both
    return [closesAt, technicalOpensAt ?? 0, opensAt].map(show)
  }
  t.same(three(outage('2026-11-27 09:30', '2026-11-27 10:30', '2026-11-27 11:00')), ['2026-11-27 13:00', '2026-11-27 14:00', '2026-12-01 17:00'])
  t.same(three(outage('2026-11-27 09:30', '2026-11-27 10:30', '2026-11-27 17:00')), ['2026-11-30 10:00', '2026-11-30 11:00', '2026-12-04 14:00'])
  const atOnce = { ...both, technicalOpensAt: both.closesAt }
  t.equal(show(extendTimes(outage('2026-11-27 09:30', '2026-11-27 10:30', '2026-11-27 17:00'), atOnce)?.technicalOpensAt ?? 0), '2026-11-30 10:00', 'at the closing')
  const saturday = { ...both, opensAt: at('2026-12-02 14:00') }
  t.equal(show(extendTimes(outage('2026-11-27 09:30', '2026-11-27 10:30', '2026-11-27 17:00'), saturday)?.opensAt ?? 0), '2026-12-07 14:00', 'not on a Saturday')
})

t.test('an outage that cannot be', async (t) => {
  const good = outage('2026-11-24 09:00', '2026-11-24 10:00', '2026-11-24 10:05')
  const now = good.announcedAt
  t.doesNotThrow(() => { checkOutage(good, now) })
  t.doesNotThrow(() => { checkOutage({ ...good, fromAt: good.recoveredAt - MAX_OUTAGE_MS }, now) })
  const cases: Array<[string, Partial<Outage>, string]> = [
    ['of no length', { fromAt: good.recoveredAt }, 'recoveredAt'],
    ['of too great a length', { fromAt: good.recoveredAt - MAX_OUTAGE_MS - 1 }, 'fromAt'],
    ['announced before the recovery', { announcedAt: good.recoveredAt - 1 }, 'announcedAt'],
    ['announced in the future', { announcedAt: now + 1 }, 'announcedAt'],
    ['announced long ago', { recoveredAt: now - MAX_NOTICE_DELAY_MS - 1, announcedAt: now - MAX_NOTICE_DELAY_MS - 1 }, 'announcedAt']
  ]
  for (const [name, change, field] of cases) {
    t.throws(() => { checkOutage({ ...good, ...change }, now) }, { code: 'outage-invalid', context: { field: `/payload/${field}` } }, name)
  }
})

t.test('whatever the outage: later than before, time enough, closing before opening, on the step, on a working day', async (t) => {
  const start = at('2026-01-01 00:00')
  const hours = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max })
  const delays = hours(3).map((n) => n * HOUR_MS / 2)
  holds(t, fc.property(hours(4 * 8760), fc.integer({ min: 1, max: 5 * HOUR_MS }), delays, fc.integer({ min: 0, max: 7 * HOUR_MS }), hours(40),
    (hour, length, delay, into, gap) => {
      const fromAt = start + hour * HOUR_MS
      const o: Outage = { fromAt, recoveredAt: fromAt + length, announcedAt: fromAt + length + delay, stepMs: HOUR_MS, extraHolidays: [] }
      const closesAt = Math.floor((fromAt + into) / HOUR_MS) * HOUR_MS
      const old = { closesAt, technicalOpensAt: null, opensAt: closesAt + (1 + gap) * HOUR_MS }
      const extension = extendTimes(o, old)
      if (extension === null) return closesAt < fromAt || closesAt > o.recoveredAt + 2 * HOUR_MS
      return extension.closesAt >= o.announcedAt + 2 * HOUR_MS && extension.closesAt > closesAt && extension.closesAt % HOUR_MS === 0 &&
        extension.opensAt > extension.closesAt && extension.opensAt >= old.opensAt && isWorkingDay(kstDayOf(extension.closesAt), []) &&
        (extension.nextWorkingDay ? timeOfDayMs(extension.closesAt) === timeOfDayMs(closesAt) : timeOfDayMs(extension.closesAt) <= 18 * HOUR_MS)
    }), { numRuns: 5000 })
})
