/**
 * The form for a question on a notice (질의). It says when questions are taken by the rule that the server holds them to; the
 * question itself goes through the API, from the supplier's browser.
 */
import { Type } from 'typebox'
import { TENDER_ID_PATTERN, type TenderId } from '../../domain/ids.ts'
import { MAX_QUESTION_CHARS, questionTime } from '../../domain/question.ts'
import { readTender } from '../../services/read-tender.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'

const Params = Type.Object({ tenderId: Type.String({ pattern: TENDER_ID_PATTERN }) })

export const askPage: PageRoutes = (app, { context, pages }) => {
  app.get('/tenders/:tenderId/ask', { schema: { params: Params } }, async (request, reply) => {
    const { tender, notice } = await readTender(context, (request.params as { tenderId: TenderId }).tenderId)
    const when = tender.state === 'published' ? questionTime(notice.schedule, context.clock.now()) : 'late'
    return await pages.send(request, reply, {
      template: 'ask.eta',
      title: `${TEXTS[languageOf(request)].askTitle}: ${notice.terms.title}`,
      scripts: ['ask.js'],
      data: { tender, notice, when, maxChars: MAX_QUESTION_CHARS }
    })
  })
}
