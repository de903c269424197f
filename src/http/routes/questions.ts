/** Questions and answers on a notice: asked by suppliers, answered by the executing officer, read by everybody. */
import { Type } from 'typebox'
import { MAX_ANSWER_CHARS, MAX_QUESTION_CHARS } from '../../domain/question.ts'
import { formatKst } from '../../domain/time.ts'
import { answerQuestion, MAX_QUESTIONS_PAGE, readQuestions } from '../../services/answer-question.ts'
import { askQuestion } from '../../services/ask-question.ts'
import { officerOf, supplierOf } from '../auth.ts'
import { LIMITED } from '../limits.ts'
import type { Routes } from '../server.ts'
import { Jws, nullable, Pem, Sha256Schema, strict, TenderIdSchema, Time } from '../schemas.ts'

const DEFAULT_PAGE = 50
/** A question or an answer of the longest, and what goes around it. */
const MAX_QUESTION_BODY_BYTES = 16 * 1024
const MAX_ANSWER_BODY_BYTES = 64 * 1024

const params = strict({ tenderId: TenderIdSchema })
const Number = Type.Integer({ minimum: 1 })
const QuestionText = Type.String({ minLength: 1, maxLength: MAX_QUESTION_CHARS })
const Answer = strict({ text: Type.String({ minLength: 1, maxLength: MAX_ANSWER_CHARS }), answeredAt: Time, jws: Jws })
const Question = strict({ number: Number, text: QuestionText, askedAt: Time, questionSha256: Sha256Schema, answer: nullable(Answer) })

export const questionRoutes: Routes = async (app, { context }) => {
  app.get('/v1/tenders/:tenderId/questions', {
    config: { access: 'public' },
    schema: {
      tags: ['tenders'],
      summary: '질의·답변 — questions on the notice in the order in which they came, without who asked, and the signed answers',
      params,
      querystring: strict({
        cursor: Type.Optional(Type.Integer({ minimum: 0 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_QUESTIONS_PAGE }))
      }),
      response: { 200: strict({ items: Type.Array(Question), certificates: Type.Array(Pem), nextCursor: nullable(Number) }) }
    }
  }, async (request) => {
    const { cursor = 0, limit = DEFAULT_PAGE } = request.query
    const { items, certificates, next } = await readQuestions(context, { tenderId: request.params.tenderId, after: cursor, limit })
    return {
      items: items.map(({ number, text, askedAt, sha256, answer }) => ({
        number,
        text,
        askedAt: formatKst(askedAt),
        questionSha256: sha256,
        answer: answer === null ? null : { ...answer, answeredAt: formatKst(answer.answeredAt) }
      })),
      certificates,
      nextCursor: next
    }
  })

  app.post('/v1/tenders/:tenderId/questions', {
    bodyLimit: MAX_QUESTION_BODY_BYTES,
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['tenders'],
      summary: '질의 — ask about the notice; the question is public at once, who asked is not',
      params,
      body: strict({ text: QuestionText }),
      response: { 201: strict({ number: Number, askedAt: Time, questionSha256: Sha256Schema }) }
    }
  }, async (request, reply) => {
    const { tenderId } = request.params
    const asked = await askQuestion(context, supplierOf(request), { tenderId, text: request.body.text, receivedAt: context.clock.now() })
    return await reply.code(201).send({ number: asked.number, askedAt: formatKst(asked.askedAt), questionSha256: asked.sha256 })
  })

  app.post('/v1/tenders/:tenderId/answers', {
    bodyLimit: MAX_ANSWER_BODY_BYTES,
    config: { access: ['executing'] },
    schema: {
      tags: ['tenders'],
      summary: '답변 — a signed answer to one question, once, before the closing',
      params,
      body: strict({ jws: Jws }),
      response: { 201: strict({ number: Number, answeredAt: Time }) }
    }
  }, async (request, reply) => {
    const { number, answeredAt } = await answerQuestion(context, officerOf(request), { tenderId: request.params.tenderId, jws: request.body.jws })
    return await reply.code(201).send({ number, answeredAt: formatKst(answeredAt) })
  })
}
