/**
 * The form for a question on a notice (질의). It says when questions are taken by the rule that the server holds them to; the
 * question itself goes through the API, from the supplier's browser.
 */
import { MAX_QUESTION_CHARS, questionTime } from '../../domain/question.ts'
import { readTender } from '../../services/read-tender.ts'
import type { PageRoutes } from '../plugin.ts'
import { TenderParams } from './parts.ts'

export const askPage: PageRoutes = (app, { context, pages }) => {
  app.get('/tenders/:tenderId/ask', { schema: { params: TenderParams } }, async (request, reply) => {
    const { tender, notice } = await readTender(context, request.params.tenderId)
    const when = tender.state === 'published' ? questionTime(notice.schedule, context.clock.now()) : 'late'
    return await pages.send(request, reply, {
      template: 'ask.eta',
      title: (t) => `${t.askTitle}: ${notice.terms.title}`,
      scripts: ['ask.js'],
      data: { tender, notice, when, maxChars: MAX_QUESTION_CHARS }
    })
  })
}
