/**
 * A tender's page: notice, changes, history, and the opening board. It shows what the public API shows and nothing more:
 * before the opening the state alone.
 */
import type { TenderId } from '../../domain/ids.ts'
import { TENDER_ID_PATTERN } from '../../domain/ids.ts'
import { readTender } from '../../services/read-tender.ts'
import { Type } from 'typebox'
import { boardOf } from '../board.ts'
import { changesOf } from '../changes.ts'
import type { PageRoutes } from '../plugin.ts'

const Params = Type.Object({ tenderId: Type.String({ pattern: TENDER_ID_PATTERN }) })

export const tenderPages: PageRoutes = (app, { context, pages }) => {
  app.get('/tenders/:tenderId', { schema: { params: Params } }, async (request, reply) => {
    const { tenderId } = request.params as { tenderId: TenderId }
    const view = await readTender(context, tenderId)
    const { tender, notice, openingRecord, history, nextTenderId } = view
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
        board: openingRecord === null ? null : boardOf(openingRecord, notice.terms.price.decimals)
      }
    })
  })
}
