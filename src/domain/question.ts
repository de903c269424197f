/**
 * Questions on a notice (질의·답변): how long, how many, and when. They are asked within the notice's own times and before the
 * closing; who asked is nobody's business but the asker's, so no rule here knows a name.
 */
import { BonginError } from './errors.ts'
import type { Instant } from './ids.ts'
import type { NoticeSchedule } from './notice.ts'
import { parseInstant } from './time.ts'

/** Characters as JavaScript counts them (UTF-16). */
export const MAX_QUESTION_CHARS = 2_000
export const MAX_ANSWER_CHARS = 4_000
/** Of one supplier on one tender. */
export const MAX_QUESTIONS_OF_SUPPLIER = 20
/** On one tender. */
export const MAX_QUESTIONS = 1_000

/** Control characters besides line feed and tab, and those that turn the direction of what stands beside them. */
// eslint-disable-next-line no-control-regex
const UNSHOWABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

export function isQuestionText (text: unknown, maxChars: number): text is string {
  return typeof text === 'string' && text.trim().length > 0 && text.length <= maxChars && text.isWellFormed() && !UNSHOWABLE.test(text)
}

/** @throws BonginError `question-invalid`. */
export function checkQuestion (text: string): void {
  if (isQuestionText(text, MAX_QUESTION_CHARS)) return
  throw new BonginError('question-invalid', {
    field: '/text',
    detail: `A question is text of 1 to ${MAX_QUESTION_CHARS} characters, without control characters.`,
    detailKo: `질의는 1자 이상 ${MAX_QUESTION_CHARS}자 이하의 글이어야 하며 제어 문자를 쓸 수 없습니다.`
  })
}

/** @throws BonginError `question-invalid` where there are too many, of this supplier or of all. */
export function checkQuestionCount ({ own, all }: { own: number, all: number }): void {
  if (own < MAX_QUESTIONS_OF_SUPPLIER && all < MAX_QUESTIONS) return
  const most = own < MAX_QUESTIONS_OF_SUPPLIER ? MAX_QUESTIONS : MAX_QUESTIONS_OF_SUPPLIER
  throw new BonginError('question-invalid', {
    detail: own < MAX_QUESTIONS_OF_SUPPLIER ? `This tender has ${most} questions; it takes no more.` : `A supplier may ask ${most} questions on a tender.`,
    detailKo: own < MAX_QUESTIONS_OF_SUPPLIER ? `이 공고의 질의는 ${most}건까지만 받습니다.` : `한 공고에 업체당 ${most}건까지 질의할 수 있습니다.`
  })
}

/** Questions are taken from `questionsFrom` on and before `questionsUntil`. */
export function questionTime ({ questionsFrom, questionsUntil }: Pick<NoticeSchedule, 'questionsFrom' | 'questionsUntil'>, now: Instant): 'early' | 'open' | 'late' {
  if (now < parseInstant(questionsFrom)) return 'early'
  return now < parseInstant(questionsUntil) ? 'open' : 'late'
}

/** @throws BonginError `questions-closed` outside of that time. */
export function checkQuestionTime (schedule: Pick<NoticeSchedule, 'questionsFrom' | 'questionsUntil'>, now: Instant): void {
  if (questionTime(schedule, now) === 'open') return
  const { questionsFrom, questionsUntil } = schedule
  throw new BonginError('questions-closed', {
    detail: `Questions are taken from ${questionsFrom} to ${questionsUntil}.`,
    detailKo: `질의 기간은 ${questionsFrom}부터 ${questionsUntil}까지입니다.`,
    extra: { questionsFrom, questionsUntil }
  })
}
