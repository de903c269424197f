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

export const homePage: PageRoutes = (app, { context, pages }) => {
  app.get('/', async (request, reply) => {
    const today = dayOf(context.clock.now())
    const [from, until] = [today * DAY_MS - KST_OFFSET_MS, (today + 1) * DAY_MS - KST_OFFSET_MS - 1]
    const closing = (await searchTenders(context, { state: 'published', closesFrom: from, closesUntil: until, limit: SHOWN })).items
    const published = (await searchTenders(context, { state: 'published', limit: LOOKED_AT })).items
    const closed = (await searchTenders(context, { state: 'closed', limit: LOOKED_AT })).items
    const opened = (await searchConcluded(context, { limit: SHOWN })).items
    const soonest = <T extends { closesAt: number }>(items: T[]): T[] => items.sort((a, b) => a.closesAt - b.closesAt).slice(0, SHOWN)
    return await pages.send(request, reply, {
      template: 'home.eta',
      title: TEXTS[languageOf(request)].home,
      scripts: ['live.js'],
      data: {
        closing,
        opening: soonest([...published, ...closed].filter(({ opensAt }) => dayOf(opensAt) === today)),
        newest: published.slice(0, SHOWN),
        opened
      }
    })
  })
}

/** Days are Korean ones. */
function dayOf (at: number): number {
  return Math.floor((at + KST_OFFSET_MS) / DAY_MS)
}
