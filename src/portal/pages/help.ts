/** How it works, for people: what is promised, how to bid, how to check. */
import { languageOf } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'

export const helpPage: PageRoutes = (app, { context, pages }) => {
  app.get('/help', async (request, reply) => await pages.send(request, reply, {
    template: languageOf(request) === 'ko' ? 'help-ko.eta' : 'help-en.eta', title: (t) => t.help, data: { clock: context.policy.clock, delay: context.timekeeping.delays[0] }
  }))
}
