/** The first page: what closes and opens today, what is new. */
import { searchConcluded, searchTenders } from '../../services/read-tender.ts'
import { KST_OFFSET_MS } from '../../domain/time.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'

/** Tenders shown in each list. */
const SHOWN = 10
/** Looked through for those of today. */
const LOOKED_AT = 100
const DAY_MS = 24 * 3_600_000
/** Days between a closing and its opening, where proposals are evaluated in between. */
const OPENED_WITHIN_MS = 14 * DAY_MS

export const homePage: PageRoutes = (app, { context, pages }) => {
  app.get('/', async (request, reply) => {
    const today = dayOf(context.clock.now())
    const [from, until] = [today * DAY_MS - KST_OFFSET_MS, (today + 1) * DAY_MS - KST_OFFSET_MS - 1]
    const closing = (await searchTenders(context, { state: 'published', closesFrom: from, closesUntil: until, limit: SHOWN })).items
    const newest = (await searchTenders(context, { state: 'published', limit: SHOWN })).items
    const byClosing = { order: 'closing', closesFrom: from - OPENED_WITHIN_MS, closesUntil: until, limit: LOOKED_AT } as const
    const waiting = await Promise.all((['closed', 'published'] as const).map(async (state) => (await searchTenders(context, { state, ...byClosing })).items))
    const opened = (await searchConcluded(context, { limit: SHOWN })).items
    return await pages.send(request, reply, {
      template: 'home.eta',
      title: TEXTS[languageOf(request)].home,
      data: {
        closing,
        opening: waiting.flat().filter(({ opensAt }) => dayOf(opensAt) === today).sort((a, b) => a.opensAt - b.opensAt).slice(0, SHOWN),
        newest,
        opened
      }
    })
  })
}

/** Days are Korean ones. */
function dayOf (at: number): number {
  return Math.floor((at + KST_OFFSET_MS) / DAY_MS)
}
