/**
 * The schedule of a notice: questions, closing (마감), openings (개찰). Instants in, a refusal or nothing out; "now" is the
 * caller's clock. KONEPS closes on the hour; the step is the platform's policy, so that a demo may close on the second.
 */
import { BonginError, invariant } from './errors.ts'
import type { Instant } from './ids.ts'
import { DAY_MS, KST_OFFSET_MS } from './time.ts'

/** From now to the closing; a longer notice is a slip in the year. */
export const MAX_NOTICE_MS = 366 * DAY_MS
/** From the closing to the opening. */
export const MAX_OPENING_DELAY_MS = 31 * DAY_MS

/** Tenders that may close in one hour (마감 시간대), so that no hour draws all bidders. */
export const MAX_CLOSINGS_PER_HOUR = 1_500

export interface Schedule {
  now: Instant
  questionsFrom: Instant
  questionsUntil: Instant
  closesAt: Instant
  /** Opening of the technical envelopes, from the closing on; null where there are none. */
  technicalOpensAt?: Instant | null
  opensAt: Instant
  /** Whether the tender has technical envelopes. */
  twoEnvelopes?: boolean
  /** Closing times are whole multiples of this in Korea Standard Time. */
  stepMs: number
}

/** @throws BonginError `schedule-invalid` with the field at fault. */
export function checkSchedule (schedule: Schedule): void {
  const { now, questionsFrom, questionsUntil, closesAt, technicalOpensAt = null, opensAt, twoEnvelopes = false, stepMs } = schedule
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
  checkTechnicalOpening({ closesAt, technicalOpensAt, opensAt, twoEnvelopes })
  if (opensAt - closesAt > MAX_OPENING_DELAY_MS) {
    refuse('opensAt', 'The opening must be within 31 days of the closing.', '개찰은 입찰 마감 후 31일 이내여야 합니다.')
  }
}

function checkTechnicalOpening ({ closesAt, technicalOpensAt, opensAt, twoEnvelopes }: {
  closesAt: Instant, technicalOpensAt: Instant | null, opensAt: Instant, twoEnvelopes: boolean
}): void {
  if (technicalOpensAt === null) {
    if (twoEnvelopes) refuse('technicalOpensAt', 'Technical envelopes need an opening time of their own.', '기술제안서 개찰 시각이 필요합니다.')
    return
  }
  if (!twoEnvelopes) refuse('technicalOpensAt', 'This method has no technical envelopes.', '이 방법에는 기술제안서 개찰이 없습니다.')
  if (technicalOpensAt < closesAt || technicalOpensAt >= opensAt) {
    refuse('technicalOpensAt', 'Technical envelopes are opened from the closing on and before the prices.',
      '기술제안서 개찰은 입찰 마감 이후, 가격 개찰 이전이어야 합니다.')
  }
}

/** The first closing time of the step at or after this instant, counted in Korea Standard Time. */
export function ceilToStep (at: Instant, stepMs: number): Instant {
  return Math.ceil((at + KST_OFFSET_MS) / stepMs) * stepMs - KST_OFFSET_MS
}

function refuse (field: string, detail: string, detailKo: string): never {
  throw new BonginError('schedule-invalid', { field: `/schedule/${field}`, detail, detailKo })
}
