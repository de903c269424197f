/** The schedule of a notice: the order of its times, whole hours in Korea, and the named limits. */
import t from 'tap'
import { checkSchedule, MAX_NOTICE_MS, MAX_OPENING_DELAY_MS, type Schedule } from '../../src/domain/schedule.ts'
import { DAY_MS, HOUR_MS, parseInstant } from '../../src/domain/time.ts'

const now = parseInstant('2026-11-19T09:30:00+09:00')
const closesAt = parseInstant('2026-11-24T10:00:00+09:00')
const good: Schedule = {
  now, questionsFrom: now, questionsUntil: closesAt - DAY_MS, closesAt, opensAt: closesAt + HOUR_MS, stepMs: HOUR_MS
}

await t.test('accepted', async (t) => {
  t.doesNotThrow(() => checkSchedule(good))
  t.doesNotThrow(() => checkSchedule({ ...good, questionsFrom: closesAt, questionsUntil: closesAt }), 'questions may end with the tender')
  t.doesNotThrow(() => checkSchedule({ ...good, closesAt: closesAt + 1000, opensAt: closesAt + 2000, stepMs: 1000 }), 'a demo closes on the second')
  t.doesNotThrow(() => checkSchedule({ ...good, opensAt: closesAt + MAX_OPENING_DELAY_MS }))
  t.doesNotThrow(() => checkSchedule({ ...good, closesAt: parseInstant('2026-11-24T00:00:00+09:00'), stepMs: DAY_MS }), 'a day of Korea, not of Greenwich')
})

await t.test('refused, each with its field', async (t) => {
  const cases: Array<[string, Partial<Schedule>, string]> = [
    ['questions end before they begin', { questionsFrom: closesAt - HOUR_MS }, '/schedule/questionsUntil'],
    ['questions after the closing', { questionsUntil: closesAt + 1 }, '/schedule/questionsUntil'],
    ['closing now', { now: closesAt }, '/schedule/closesAt'],
    ['closing in the past', { now: closesAt + 1 }, '/schedule/closesAt'],
    ['closing too far ahead', { now: closesAt - MAX_NOTICE_MS - 1 }, '/schedule/closesAt'],
    ['not on the hour', { closesAt: closesAt + 60_000 }, '/schedule/closesAt'],
    ['not on the second', { closesAt: closesAt + 1, stepMs: 1000 }, '/schedule/closesAt'],
    ['midnight of Greenwich', { closesAt: parseInstant('2026-11-24T00:00:00Z'), stepMs: DAY_MS }, '/schedule/closesAt'],
    ['opening with the closing', { opensAt: closesAt }, '/schedule/opensAt'],
    ['opening before the closing', { opensAt: closesAt - 1 }, '/schedule/opensAt'],
    ['opening too late', { opensAt: closesAt + MAX_OPENING_DELAY_MS + 1 }, '/schedule/opensAt']
  ]
  for (const [name, change, field] of cases) {
    t.throws(() => checkSchedule({ ...good, ...change }), { code: 'schedule-invalid', context: { field } }, name)
  }
  t.throws(() => checkSchedule({ ...good, stepMs: 0 }), /invariant/)
})
