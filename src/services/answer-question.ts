/**
 * The executing officer answers (답변) by a signed act that names the question by its digest; once, and before the closing.
 * An answer explains the notice and changes nothing of it: that is what a change notice is for.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { isQuestionText, MAX_ANSWER_CHARS } from '../domain/question.ts'
import { appendEvent } from '../storage/events.ts'
import { getQuestion, insertAnswer, listQuestions, type ListedQuestion } from '../storage/questions.ts'
import { parseJws } from '../crypto/jws.ts'
import type { Context, OfficerCaller } from './context.ts'
import { readPage, type Page } from './page.ts'
import { appendLedger } from './ledger.ts'
import { isString, readMembers, readSignedAct } from './signed-act.ts'
import { certificatesOf } from './signer-certificates.ts'
import { requirePublished, requireSeat, requireState } from './tender-access.ts'

export const MAX_QUESTIONS_PAGE = 100

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0
const isAnswer = (value: unknown): value is string => isQuestionText(value, MAX_ANSWER_CHARS)

/**
 * @throws BonginError `tender-state`, `not-committee-member`, `not-found`, `question-invalid`, `question-answered`, `wrong-tender`,
 *   `signature-invalid`.
 */
export async function answerQuestion (context: Context, caller: OfficerCaller, { tenderId, jws }: {
  tenderId: TenderId, jws: string
}): Promise<{ number: number, answeredAt: Instant }> {
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    requireState(tender, 'published')
    const act = await readSignedAct(tx, { jws, type: 'bongin-answer', caller, now })
    const said = readMembers<{ tenderId: string, number: number, questionSha256: string, text: string }>(act, {
      tenderId: isString, number: isNumber, questionSha256: isString, text: isAnswer
    })
    if (said.tenderId !== tenderId) throw new BonginError('wrong-tender', { field: '/payload/tenderId' })
    const { number, text } = said
    const found = await getQuestion(tx, { tenderId, number })
    if (found === null) throw new BonginError('not-found', { field: '/payload/number', detail: 'There is no such question.', detailKo: '해당 질의가 없습니다.' })
    const { sha256 } = found.questions
    if (said.questionSha256 !== sha256) {
      throw new BonginError('question-invalid', {
        field: '/payload/questionSha256', detail: 'The answer is signed to another question.', detailKo: '다른 질의에 대하여 서명한 답변입니다.'
      })
    }
    if (found.answers !== null) throw new BonginError('question-answered', { field: '/payload/number' })
    await insertAnswer(tx, { tenderId, number, text, jws, answeredAt: now })
    const payload = { number, questionSha256: sha256, jwsSha256: sha256Hex(utf8(jws)) }
    await appendLedger(tx, { tenderId, at: now, actor: caller.holderId, type: 'answered', payload })
    await appendEvent(tx, { at: now, type: 'tender.answered', tenderId, data: { number } })
    return { number, answeredAt: now }
  })
}

export interface QuestionsPage extends Page<ListedQuestion, number> {
  /** PEM, of everybody who signed one of these answers. */
  certificates: string[]
}

/** In the order in which they were asked. @throws BonginError `tender-not-found`. */
export async function readQuestions (context: Context, { tenderId, after, limit }: {
  tenderId: TenderId, after: number, limit: number
}): Promise<QuestionsPage> {
  await requirePublished(context.db.read, tenderId)
  const read = async (limit: number): Promise<ListedQuestion[]> => await listQuestions(context.db.read, { tenderId, after, limit })
  const { items, next } = await readPage({ limit, max: MAX_QUESTIONS_PAGE, read, placeOf: ({ number }) => number })
  const signers = items.flatMap(({ answer }) => answer === null ? [] : [parseJws(answer.jws, 'bongin-answer').thumbprint]).filter((signer) => signer !== null)
  return { items, certificates: await certificatesOf(context, new Set(signers)), next }
}
