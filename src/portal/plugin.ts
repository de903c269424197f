/**
 * The portal (입찰 포털): pages for people, from the same process and the same use cases as the API. Everything public is of
 * use without script; what needs a key happens in the reader's browser, through the API, by `client/`.
 */
import type { FastifyError } from 'fastify'
import { BonginError } from '../domain/errors.ts'
import { refusalOf } from '../http/errors.ts'
import type { Routes, Server } from '../http/server.ts'
import type { Context } from '../services/context.ts'
import { lazyAssets, serveAssets } from './assets.ts'
import { askPage } from './pages/ask.ts'
import { bidPages } from './pages/bid.ts'
import { helpPage } from './pages/help.ts'
import { homePage } from './pages/home.ts'
import { openingFiles } from './pages/opening-files.ts'
import { partyPages } from './pages/parties.ts'
import { officerPages } from './pages/officer.ts'
import { searchPages } from './pages/search.ts'
import { statisticsPages } from './pages/statistics.ts'
import { supplierPages } from './pages/supplier.ts'
import { tenderPages } from './pages/tender.ts'
import { unsubscribePages } from './pages/unsubscribe.ts'
import { verifyPage } from './pages/verify.ts'
import { makePages, type Pages } from './render.ts'

const NOT_THERE = {
  detail: 'There is nothing at this address. Search by number or title.',
  detailKo: '이 주소에는 아무것도 없습니다. 공고번호나 공고명으로 검색하십시오.'
}

/** What a file of pages registers. */
export type PageRoutes = (app: Server, options: { context: Context, pages: Pages }) => void

export const portal: Routes = async (app, { context }) => {
  const assets = lazyAssets()
  serveAssets(app, assets)
  const pages = await makePages(app, { assets, now: () => context.clock.now() })
  app.addHook('onRoute', (route) => { route.schema = { ...route.schema, hide: true } })
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    return await pages.sendError(request, reply, refusalOf(error, request, reply))
  })
  app.get('/*', async (request, reply) => {
    if (request.url.startsWith('/v1/') || !wantsPage(request.headers.accept)) return reply.callNotFound()
    return await pages.sendError(request, reply, new BonginError('not-found', NOT_THERE))
  })
  const all = [
    homePage, searchPages, tenderPages, openingFiles, statisticsPages, partyPages, verifyPage, supplierPages, bidPages, askPage, officerPages,
    unsubscribePages, helpPage
  ]
  for (const routes of all) routes(app, { context, pages })
}

/** Browsers ask for HTML by name; programs do not. */
function wantsPage (accept: string | undefined): boolean {
  return accept?.includes('text/html') === true
}
