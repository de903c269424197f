/** The first page: what closes and opens today, what is new. */
import { searchConcluded, searchTenders } from '../../services/read-tender.ts'
import { DAY_MS } from '../../domain/time.ts'
import { instantAt, kstDayOf } from '../../domain/working-days.ts'
import type { PageRoutes } from '../plugin.ts'

/** Tenders shown in each list. */
const SHOWN = 10
/** Looked through for those of today. */
const LOOKED_AT = 100
/** Days between a closing and its opening, where proposals are evaluated in between. */
const OPENED_WITHIN_MS = 14 * DAY_MS

export const homePage: PageRoutes = (app, { context, pages }) => {
  app.get('/', async (request, reply) => {
    const today = kstDayOf(context.clock.now())
    const [from, until] = [instantAt(today, 0), instantAt(today + 1, 0) - 1]
    const closing = (await searchTenders(context, { state: 'published', closesFrom: from, closesUntil: until, limit: SHOWN })).items
    const newest = (await searchTenders(context, { state: 'published', limit: SHOWN })).items
    const byClosing = { order: 'closing', closesFrom: from - OPENED_WITHIN_MS, closesUntil: until, limit: LOOKED_AT } as const
    const waiting = await Promise.all((['closed', 'published'] as const).map(async (state) => (await searchTenders(context, { state, ...byClosing })).items))
    const opened = (await searchConcluded(context, { limit: SHOWN })).items
    return await pages.send(request, reply, {
      template: 'home.eta',
      title: (t) => t.home,
      data: {
        closing,
        opening: waiting.flat().filter(({ opensAt }) => kstDayOf(opensAt) === today).sort((a, b) => a.opensAt - b.opensAt).slice(0, SHOWN),
        newest,
        opened
      }
    })
  })
}
