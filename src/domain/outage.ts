/**
 * Outages (장애): which deadlines an outage of the platform moves, and to when. KONEPS's rule (국가종합전자조달시스템 이용약관,
 * 전자입찰 자동연기공고 기준), as docs/rules.md reads it. A pure function of the signed outage and the times in force, so that a
 * verifier gets the same new times without asking the platform. New times are never earlier than the old ones, a new closing
 * keeps the step of closing times (rounded up), and nobody has less than two hours from the notice of the recovery on.
 */
import { BonginError } from './errors.ts'
import type { Instant } from './ids.ts'
import { ceilToStep } from './schedule.ts'
import { DAY_MS, formatKst, HOUR_MS, kstOrNull } from './time.ts'
import { instantAt, isWorkingDay, kstDayOf, nextWorkingDay, timeOfDayMs, type KstDay } from './working-days.ts'

/** Every number of the rule. */
export const OUTAGE_RULE = {
  /** Deadlines this long after the recovery are moved too. */
  reachMs: 2 * HOUR_MS,
  /** A longer outage is a long one. */
  longOutageMs: 2 * HOUR_MS,
  /** Deadline inside the outage: from the notice of the recovery on. */
  closesAfterNoticeMs: 2 * HOUR_MS,
  opensAfterNoticeMs: 3 * HOUR_MS,
  /** Deadline after the recovery: closing and opening both move by this. */
  shiftMs: 2 * HOUR_MS,
  /** Long outage: from the notice of the recovery on. */
  longClosesAfterNoticeMs: DAY_MS,
  longOpensAfterNoticeMs: 25 * HOUR_MS,
  /** End of office hours (근무시간), KST; a closing at this very time is within them. */
  officeHoursEndMs: 18 * HOUR_MS
} as const

/** A longer outage is a slip in the date. */
export const MAX_OUTAGE_MS = 31 * DAY_MS
/** From the notice of the recovery to its taking effect: the officer signs it and sends it in between. */
export const MAX_NOTICE_DELAY_MS = 10 * 60_000

export const OUTAGE_RULES = ['deadline-in-outage', 'deadline-after-recovery', 'long-outage'] as const
export type OutageRule = typeof OUTAGE_RULES[number]

export interface Outage {
  fromAt: Instant
  /** 장애복구일시. */
  recoveredAt: Instant
  /** 장애복구 공고일시: when everybody could know. */
  announcedAt: Instant
  /** Closing times are whole multiples of this in Korea Standard Time. */
  stepMs: number
  /** `YYYY-MM-DD`; what the installation adds to the table of holidays. */
  extraHolidays: readonly string[]
}

/** A tender's closing (마감) and opening (개찰), and where it has two envelopes the opening of the technical ones before it. */
export interface TenderTimes { closesAt: Instant, technicalOpensAt: Instant | null, opensAt: Instant }

export interface Extension extends TenderTimes {
  rule: OutageRule
  /** Whether the rule's own time was past office hours or on a closed day. */
  nextWorkingDay: boolean
}

/** An extension and the times that it changed. */
export interface ExtensionOf { previous: TenderTimes, extension: Extension }

/** Times as RFC 3339 at +09:00. */
export interface ShownTimes { closesAt: string, technicalOpensAt: string | null, opensAt: string }
export interface ShownExtension extends ShownTimes { rule: OutageRule, nextWorkingDay: boolean, previous: ShownTimes }

/** As ledger, events and answers write it. */
export function showExtension ({ previous, extension }: ExtensionOf): ShownExtension {
  const { rule, nextWorkingDay } = extension
  return { rule, nextWorkingDay, previous: showTimes(previous), ...showTimes(extension) }
}

function showTimes ({ closesAt, technicalOpensAt, opensAt }: TenderTimes): ShownTimes {
  const technical = kstOrNull(technicalOpensAt)
  return { closesAt: formatKst(closesAt), technicalOpensAt: technical, opensAt: formatKst(opensAt) }
}

/** `at`: when the outage takes effect. @throws BonginError `outage-invalid` with the field at fault. */
export function checkOutage ({ fromAt, recoveredAt, announcedAt }: Outage, at: Instant): void {
  if (recoveredAt <= fromAt) refuse('recoveredAt', 'The outage ends before it begins.', '장애 복구 시각이 장애 시작 시각보다 늦어야 합니다.')
  if (recoveredAt - fromAt > MAX_OUTAGE_MS) refuse('fromAt', 'An outage lasts at most 31 days.', '장애 기간은 31일 이내여야 합니다.')
  if (announcedAt < recoveredAt) refuse('announcedAt', 'The recovery is announced once it is there.', '복구 공고 시각은 복구 시각 이후여야 합니다.')
  if (announcedAt > at) refuse('announcedAt', 'The recovery is announced in the future.', '복구 공고 시각이 현재보다 늦습니다.')
  if (at - announcedAt > MAX_NOTICE_DELAY_MS) {
    refuse('announcedAt', 'The notice of the recovery is more than 10 minutes old.', '복구 공고 시각이 10분 이상 지났습니다.')
  }
}

function refuse (field: string, detail: string, detailKo: string): never {
  throw new BonginError('outage-invalid', { field: `/payload/${field}`, detail, detailKo })
}

/** The instants from which to which a deadline is moved, both included. */
export function outageReach ({ fromAt, recoveredAt }: Pick<Outage, 'fromAt' | 'recoveredAt'>): { from: Instant, until: Instant } {
  return { from: fromAt, until: recoveredAt + OUTAGE_RULE.reachMs }
}

/** The rule that moves this deadline, or null where the outage does not concern it. */
export function outageRuleFor (outage: Outage, closesAt: Instant): OutageRule | null {
  const { from, until } = outageReach(outage)
  if (closesAt < from || closesAt > until) return null
  if (outage.recoveredAt - outage.fromAt > OUTAGE_RULE.longOutageMs) return 'long-outage'
  return closesAt <= outage.recoveredAt ? 'deadline-in-outage' : 'deadline-after-recovery'
}

/** What the outage makes of a tender's times, or null where it leaves them alone. @throws BonginError `holidays-unknown`. */
export function extendTimes (outage: Outage, times: TenderTimes): Extension | null {
  const rule = outageRuleFor(outage, times.closesAt)
  if (rule === null) return null
  const wanted = ruleTimes(rule, outage, times)
  const closesAt = ceilToStep(wanted.closesAt, outage.stepMs)
  if (closesAt > instantAt(wanted.day, OUTAGE_RULE.officeHoursEndMs) || !isWorkingDay(wanted.day, outage.extraHolidays)) {
    return { rule, nextWorkingDay: true, ...onNextWorkingDay(outage, times, wanted.day) }
  }
  // Rounding moves both, so that they stay as far apart as the rule says.
  const openingAt = Math.max(firstOpening(times), wanted.openingAt + (closesAt - wanted.closesAt))
  return { rule, nextWorkingDay: false, closesAt, ...openings(times, openingAt) }
}

/** The opening that follows the closing: of the technical envelopes where there are any, else of the bids. */
function firstOpening ({ technicalOpensAt, opensAt }: TenderTimes): Instant {
  return technicalOpensAt ?? opensAt
}

/** Both openings once the first is at `openingAt`: the second one stays as far behind it as it was. */
function openings ({ technicalOpensAt, opensAt }: TenderTimes, openingAt: Instant): Omit<TenderTimes, 'closesAt'> {
  if (technicalOpensAt === null) return { technicalOpensAt, opensAt: openingAt }
  return { technicalOpensAt: openingAt, opensAt: opensAt + (openingAt - technicalOpensAt) }
}

/** By the rule's hours alone; `day` is the day in Korea whose office hours count. */
interface RuleTimes { closesAt: Instant, openingAt: Instant, day: KstDay }

function ruleTimes (rule: OutageRule, { announcedAt }: Outage, times: TenderTimes): RuleTimes {
  switch (rule) {
    case 'deadline-in-outage':
      return {
        closesAt: announcedAt + OUTAGE_RULE.closesAfterNoticeMs,
        openingAt: announcedAt + OUTAGE_RULE.opensAfterNoticeMs,
        day: kstDayOf(announcedAt)
      }
    case 'long-outage':
      return {
        closesAt: announcedAt + OUTAGE_RULE.longClosesAfterNoticeMs,
        openingAt: announcedAt + OUTAGE_RULE.longOpensAfterNoticeMs,
        day: kstDayOf(announcedAt + OUTAGE_RULE.longClosesAfterNoticeMs)
      }
    case 'deadline-after-recovery': {
      const { closesAt } = times
      // Where the notice comes late, at least as long as a deadline inside the outage gets.
      const shiftMs = Math.max(OUTAGE_RULE.shiftMs, announcedAt + OUTAGE_RULE.closesAfterNoticeMs - closesAt)
      return { closesAt: closesAt + shiftMs, openingAt: firstOpening(times) + shiftMs, day: kstDayOf(Math.max(closesAt, announcedAt)) }
    }
  }
}

/** The times of day that the tender had, on the next working day after `day`; an opening that was planned later stays. */
function onNextWorkingDay ({ announcedAt, extraHolidays }: Outage, times: TenderTimes, day: KstDay): TenderTimes {
  const after = (other: KstDay): KstDay => nextWorkingDay(other, extraHolidays)
  const sameTimeOn = (on: KstDay, at: Instant): Instant => instantAt(on, timeOfDayMs(at))
  let closingDay = after(day)
  // A closing soon after midnight may come too soon after a notice in the evening.
  if (sameTimeOn(closingDay, times.closesAt) < announcedAt + OUTAGE_RULE.closesAfterNoticeMs) closingDay = after(closingDay)
  const closesAt = sameTimeOn(closingDay, times.closesAt)
  const first = firstOpening(times)
  // Technical envelopes may be opened at the very closing.
  const openingDay = first === times.closesAt || sameTimeOn(closingDay, first) > closesAt ? closingDay : after(closingDay)
  const moved = openings(times, Math.max(first, sameTimeOn(openingDay, first)))
  const lastDay = kstDayOf(moved.opensAt)
  // Only the opening of prices behind a technical one can have come to lie on a closed day.
  const opensAt = moved.opensAt === times.opensAt || isWorkingDay(lastDay, extraHolidays) ? moved.opensAt : sameTimeOn(after(lastDay), moved.opensAt)
  return { closesAt, technicalOpensAt: moved.technicalOpensAt, opensAt }
}
