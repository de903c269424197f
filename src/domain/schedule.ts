/**
 * The schedule of a notice: questions, closing (마감), opening (개찰). Instants in, a refusal or nothing out; "now" is the
 * caller's clock. KONEPS closes on the hour; the step is the platform's policy, so that a demo may close on the second.
 */
import { BonginError, invariant } from './errors.ts'
import type { Instant } from './ids.ts'
import { HOUR_MS, KST_OFFSET_MS } from './time.ts'

export const DAY_MS = 24 * HOUR_MS
/** From now to the closing; a longer notice is a slip in the year. */
export const MAX_NOTICE_MS = 366 * DAY_MS
/** From the closing to the opening. */
export const MAX_OPENING_DELAY_MS = 31 * DAY_MS

export interface Schedule {
  now: Instant
  questionsFrom: Instant
  questionsUntil: Instant
  closesAt: Instant
  opensAt: Instant
  /** Closing times are whole multiples of this in Korea Standard Time. */
  stepMs: number
}

/** @throws BonginError `schedule-invalid` with the field at fault. */
export function checkSchedule (schedule: Schedule): void {
  const { now, questionsFrom, questionsUntil, closesAt, opensAt, stepMs } = schedule
  invariant(Number.isSafeInteger(stepMs) && stepMs > 0, 'closing times have a step')
  if (questionsUntil < questionsFrom) {
    refuse('questionsUntil', 'Questions end before they begin.', '질의 마감이 질의 시작보다 빠릅니다.')
  }
  if (closesAt < questionsUntil) refuse('questionsUntil', 'Questions must end by the closing time.', '질의 마감은 입찰 마감 이전이어야 합니다.')
  if (closesAt <= now) refuse('closesAt', 'The closing time has passed.', '입찰 마감 시각이 이미 지났습니다.')
  if (closesAt - now > MAX_NOTICE_MS) refuse('closesAt', 'The closing time is more than 366 days ahead.', '입찰 마감은 366일 이내여야 합니다.')
  if ((closesAt + KST_OFFSET_MS) % stepMs !== 0) {
    refuse('closesAt', `The closing time must be a whole multiple of ${stepMs / 1000} s in Korea Standard Time.`,
      `입찰 마감 시각은 한국 표준시로 ${stepMs / 1000}초 단위여야 합니다.`)
  }
  if (opensAt <= closesAt) refuse('opensAt', 'The opening must be later than the closing.', '개찰은 입찰 마감 이후여야 합니다.')
  if (opensAt - closesAt > MAX_OPENING_DELAY_MS) {
    refuse('opensAt', 'The opening must be within 31 days of the closing.', '개찰은 입찰 마감 후 31일 이내여야 합니다.')
  }
}

function refuse (field: string, detail: string, detailKo: string): never {
  throw new BonginError('schedule-invalid', { field: `/schedule/${field}`, detail, detailKo })
}
