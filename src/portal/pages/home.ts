/** The first page: what closes and opens today, what is new. */
import { searchTenders } from '../../services/read-tender.ts'
import { KST_OFFSET_MS } from '../../domain/time.ts'
import { languageOf, TEXTS } from '../locale.ts'
import { CONCLUDED } from './search.ts'
import type { PageRoutes } from '../plugin.ts'

/** Tenders shown in each list. */
const SHOWN = 10
/** Looked through for those of today. */
const LOOKED_AT = 100
const DAY_MS = 24 * 3_600_000

export const homePage: PageRoutes = (app, { context, pages }) => {
  app.get('/', async (request, reply) => {
    const today = dayOf(context.clock.now())
    const published = (await searchTenders(context, { states: ['published'], limit: LOOKED_AT })).items
    const closed = (await searchTenders(context, { states: ['closed'], limit: LOOKED_AT })).items
    const opened = (await searchTenders(context, { states: CONCLUDED, limit: SHOWN })).items
    const soonest = <T extends { closesAt: number }>(items: T[]): T[] => items.sort((a, b) => a.closesAt - b.closesAt).slice(0, SHOWN)
    return await pages.send(request, reply, {
      template: 'home.eta',
      title: TEXTS[languageOf(request)].home,
      scripts: ['live.js'],
      data: {
        closing: soonest(published.filter(({ closesAt }) => dayOf(closesAt) === today)),
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
