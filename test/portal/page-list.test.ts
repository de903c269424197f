/** No page of the portal is without its pictures and figures: the list of `npm run pages` has every route that answers with a page. */
import t from 'tap'
import { listFaults, PAGES } from '../../scripts/pages/page-list.ts'
import { portalPages } from '../../scripts/pages/routes.ts'
import { buildApp } from '../support/build-app.ts'

t.test('every page of the portal is in the list of pages, once', async (t) => {
  const app = await buildApp(t)
  const routes = await portalPages(app.context)
  for (const route of ['/', '/tenders/:tenderId/bid', '/desk/tenders/:tenderId', '/unsubscribe/:token']) t.ok(routes.includes(route), `${route} is registered`)
  t.same(routes.filter((route) => /\.(?:csv|pdf|ics|atom)$|^\/assets/.test(route)), [], 'files are no pages')
  t.same(listFaults(routes), [])
  const [first] = PAGES
  t.match(listFaults([...routes, '/new-page']), [/^\/new-page is a page/], 'a page that nobody has listed is told of')
  t.match(listFaults(routes.slice(1)), [/which is no page/], 'and so is a line whose page is gone')
  t.match(listFaults(routes, [...PAGES, ...(first === undefined ? [] : [first])]), [/two pages called home/])
})
