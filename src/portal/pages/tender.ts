/**
 * A tender's page: notice, changes, history, and the opening board. It shows what the public API shows and nothing more:
 * before the opening the state alone.
 */
import { questionTime } from '../../domain/question.ts'
import { MAX_QUESTIONS_PAGE, readQuestions } from '../../services/answer-question.ts'
import { decisionOf } from '../../services/read-decision.ts'
import { committeeNames, companyNames } from '../../services/read-opening.ts'
import { readTender } from '../../services/read-tender.ts'
import { boardOf } from '../board.ts'
import { changesOf } from '../changes.ts'
import { roundingText } from '../draw.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import { TenderParams } from './parts.ts'

export const tenderPages: PageRoutes = (app, { context, pages }) => {
  app.get('/tenders/:tenderId', { schema: { params: TenderParams } }, async (request, reply) => {
    const { tenderId } = request.params
    const view = await readTender(context, tenderId)
    const { tender, notice, opening, history, nextTenderId } = view
    const board = opening === null ? null : boardOf(opening, notice.terms.price)
    const decision = decisionOf(view)
    const named = board?.rows.flatMap(({ supplierId, members }) => [supplierId, ...members.map((member) => member.supplierId)]) ?? []
    return await pages.send(request, reply, {
      template: 'tender.eta',
      title: notice.terms.title,
      scripts: ['live.js'],
      data: {
        tender,
        notice,
        changes: changesOf(view.notices),
        history,
        nextTenderId,
        opening,
        decision,
        board,
        rounding: board?.draw ? roundingText(board.draw, TEXTS[languageOf(request)]) : '',
        names: await companyNames(context, [...named, ...(decision?.judged ?? []).map(({ supplierId }) => supplierId)]),
        officers: board === null ? null : await committeeNames(context, notice),
        takesQuestions: tender.state === 'published' && questionTime(notice.schedule, context.clock.now()) === 'open',
        questions: await readQuestions(context, { tenderId, after: 0, limit: MAX_QUESTIONS_PAGE })
      }
    })
  })
}
