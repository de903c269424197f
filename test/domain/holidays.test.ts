/**
 * The table of holidays against two other ways of knowing them: the lunar dates by ICU's Korean calendar (`dangi`), and all
 * of a year's days computed anew from the regulation (관공서의 공휴일에 관한 규정) and the election law (공직선거법 §34).
 */
import t from 'tap'
import { FIRST_HOLIDAY_YEAR, HOLIDAYS, isHoliday, LAST_HOLIDAY_YEAR } from '../../src/domain/holidays.ts'
import { DAY_MS } from '../../src/domain/time.ts'

const YEARS = Array.from({ length: LAST_HOLIDAY_YEAR - FIRST_HOLIDAY_YEAR + 1 }, (_, i) => FIRST_HOLIDAY_YEAR + i)
const utc = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const iso = (at: number): string => new Date(at).toISOString().slice(0, 10)
const plus = (day: string, days: number): string => iso(utc(day) + days * DAY_MS)
const weekday = (day: string): number => new Date(utc(day)).getUTCDay()

const lunar = new Intl.DateTimeFormat('en-u-ca-dangi', { timeZone: 'UTC', month: 'numeric', day: 'numeric' })

/** The day of a year on which this lunar date falls. */
function lunarDay (year: number, month: number, day: number): string {
  for (let at = utc(`${year}-01-01`); at < utc(`${year + 1}-01-01`); at += DAY_MS) {
    if (lunar.format(at) === `${month}/${day}`) return iso(at)
  }
  throw new Error(`no ${month}/${day} in ${year}`)
}

/** Elections at the end of a term: the first Wednesday from so many days before its last day on. */
const ELECTIONS: Readonly<Record<number, ReadonlyArray<{ lastDay: string, daysBefore: number }>>> = {
  2024: [{ lastDay: '2024-05-29', daysBefore: 50 }],
  2026: [{ lastDay: '2026-06-30', daysBefore: 30 }],
  2028: [{ lastDay: '2028-05-29', daysBefore: 50 }],
  2030: [{ lastDay: '2030-06-03', daysBefore: 70 }, { lastDay: '2030-06-30', daysBefore: 30 }]
}
/** Days that the government named: no rule gives them. The president of 2025 was elected after a removal from office. */
const NAMED: Readonly<Record<number, readonly string[]>> = { 2024: ['2024-10-01'], 2025: ['2025-01-27', '2025-06-03'] }

function fixedDays (year: number): string[] {
  const sinceLaw = year >= 2026 ? ['05-01', '07-17'] : []
  return ['01-01', '03-01', '05-05', '06-06', '08-15', '10-03', '10-09', '12-25', ...sinceLaw].map((day) => `${year}-${day}`)
}

/** §3: these get a substitute on Saturdays, Sundays and other holidays; the two feasts of three days not on Saturdays. */
function expectedDays (year: number): string[] {
  const feasts = [lunarDay(year, 1, 1), lunarDay(year, 8, 15)].map((day) => [plus(day, -1), day, plus(day, 1)])
  const single = [...fixedDays(year).filter((day) => !/-(?:01-01|06-06)$/.test(day)), lunarDay(year, 4, 8)]
  const all = new Set([...fixedDays(year), ...feasts.flat(), ...single, ...(NAMED[year] ?? [])])
  for (const { lastDay, daysBefore } of ELECTIONS[year] ?? []) {
    let day = plus(lastDay, -daysBefore)
    while (weekday(day) !== 3) day = plus(day, 1)
    // Not on a holiday or beside one.
    if ([-1, 0, 1].some((n) => all.has(plus(day, n)))) day = plus(day, 7)
    all.add(day)
  }
  const count = (day: string): number => [...single, ...feasts.flat()].filter((other) => other === day).length
  const firstFree = (day: string): string => {
    let free = plus(day, 1)
    while (all.has(free) || weekday(free) === 0 || weekday(free) === 6) free = plus(free, 1)
    return free
  }
  const substitutes = new Set<string>()
  for (const days of feasts) {
    if (days.some((day) => weekday(day) === 0 || count(day) > 1)) substitutes.add(firstFree(days[2] ?? ''))
  }
  for (const day of single) {
    const inFeast = feasts.flat().includes(day)
    if (!inFeast && (weekday(day) === 0 || weekday(day) === 6 || count(day) > 1)) substitutes.add(firstFree(day))
  }
  return [...new Set([...all, ...substitutes])].sort()
}

t.test('every year is what the regulation makes of the calendar', async (t) => {
  for (const year of YEARS) {
    const listed = Object.keys(HOLIDAYS).filter((day) => day.startsWith(`${year}-`))
    t.strictSame(listed, expectedDays(year), `${year}: ${listed.length} days, in order`)
  }
  t.equal(Object.keys(HOLIDAYS).length, YEARS.reduce((sum, year) => sum + expectedDays(year).length, 0), 'and no other year')
})

t.test('the lunar dates stand under their names', async (t) => {
  for (const year of YEARS) {
    const [newYear, buddha, harvest] = [lunarDay(year, 1, 1), lunarDay(year, 4, 8), lunarDay(year, 8, 15)]
    t.match(HOLIDAYS[plus(newYear, -1)], /설날 전날/, `${newYear}`)
    t.match(HOLIDAYS[newYear], /^설날$/)
    t.match(HOLIDAYS[plus(newYear, 1)], /설날 다음 날/)
    t.match(HOLIDAYS[buddha], /부처님오신날/, buddha)
    t.match(HOLIDAYS[plus(harvest, -1)], /추석 전날/, harvest)
    t.match(HOLIDAYS[harvest], /^추석/)
    t.match(HOLIDAYS[plus(harvest, 1)], /추석 다음 날/)
  }
})

t.test('an installation adds days; a year that is not in the table is refused', async (t) => {
  t.equal(isHoliday('2026-11-25', []), false)
  t.equal(isHoliday('2026-11-25', ['2026-11-25']), true)
  t.equal(isHoliday('2026-12-25', []), true)
  for (const day of [`${FIRST_HOLIDAY_YEAR - 1}-12-31`, `${LAST_HOLIDAY_YEAR + 1}-01-01`]) {
    t.throws(() => isHoliday(day, [day]), { code: 'holidays-unknown', context: { extra: { lastYear: LAST_HOLIDAY_YEAR } } }, day)
  }
  t.equal(isHoliday(`${LAST_HOLIDAY_YEAR}-12-31`, []), false)
})
