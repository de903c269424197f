/**
 * A supplier asks about a notice (질의). The question is public at once and its asker never: neither list, event nor ledger
 * names it, and the digest that they name is of what everybody can read.
 */
import { questionSha256 } from '../crypto/question.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { checkQuestion, checkQuestionCount, checkQuestionTime } from '../domain/question.ts'
import { formatKst } from '../domain/time.ts'
import { appendEvent } from '../storage/events.ts'
import { countQuestions, insertQuestion, type StoredQuestion } from '../storage/questions.ts'
import type { Context, SupplierCaller } from './context.ts'
import { appendLedger, SUPPLIER_ACTOR } from './ledger.ts'
import { noticeInForce } from './notice-text.ts'
import { requirePublished, requireState } from './tender-access.ts'

/** @throws BonginError `tender-not-found`, `tender-state`, `questions-closed`, `question-invalid`. */
export async function askQuestion (context: Context, { holderId: supplierId }: SupplierCaller, { tenderId, text, receivedAt }: {
  tenderId: TenderId, text: string, receivedAt: Instant
}): Promise<StoredQuestion> {
  checkQuestion(text)
  return await context.db.write(async (tx) => {
    const tender = await requirePublished(tx, tenderId)
    requireState(tender, 'published')
    checkQuestionTime((await noticeInForce(tx, tender)).schedule, receivedAt)
    const all = await countQuestions(tx, tenderId)
    checkQuestionCount({ own: await countQuestions(tx, tenderId, supplierId), all })
    const [number, at] = [all + 1, context.clock.now()]
    const sha256 = questionSha256({ tenderId, number, askedAt: formatKst(at), text })
    const question = { tenderId, number, supplierId, text, sha256, askedAt: at }
    await insertQuestion(tx, question)
    await appendLedger(tx, { tenderId, at, actor: SUPPLIER_ACTOR, type: 'asked', payload: { number, questionSha256: sha256 } })
    await appendEvent(tx, { at, type: 'tender.asked', tenderId, data: { number } })
    return question
  })
}
