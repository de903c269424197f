/**
 * A page: a template and what it shows, in the reader's language, under a policy that lets nothing run or load that is not
 * ours. Templates escape whatever they print; `f` formats, `t` has the words.
 */
import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BonginError } from '../domain/errors.ts'
import { problemOf } from '../http/problems.ts'
import type { Server } from '../http/server.ts'
import type { Assets } from './assets.ts'
import { formats } from './format.ts'
import { inOtherLanguage, languageOf, rememberLanguage, TEXTS } from './locale.ts'
import type { Texts } from './texts/ko.ts'

const TEMPLATES = new URL('templates/', import.meta.url).pathname

/** No inline script or style, no other host, no frame around the pages. */
export const PAGE_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "worker-src 'self'", "form-action 'self'",
  "base-uri 'none'", "frame-ancestors 'none'"
].join('; ')

export interface Page {
  template: string
  /** Without the site's name; in the reader's language where it is made of words. */
  title: string | ((t: Texts) => string)
  /** Names of scripts that this page loads; without them it is of use, or says what is. */
  scripts?: readonly string[]
  data: object
  status?: number
}

export interface Pages {
  send: (request: FastifyRequest, reply: FastifyReply, page: Page) => Promise<FastifyReply>
  sendError: (request: FastifyRequest, reply: FastifyReply, error: BonginError) => Promise<FastifyReply>
}

export async function makePages (app: Server, { assets, now }: { assets: () => Promise<Assets>, now: () => number }): Promise<Pages> {
  const engine = new Eta({ views: TEMPLATES, autoEscape: true })
  await app.register(view, { engine: { eta: engine }, templates: TEMPLATES, production: true })
  const send: Pages['send'] = async (request, reply, { template, title, scripts = [], data, status = 200 }) => {
    const language = languageOf(request)
    rememberLanguage(request, reply)
    const { urlOf } = await assets()
    const html = await reply.viewAsync(template, {
      ...data,
      t: TEXTS[language],
      f: formats(language),
      language,
      title: typeof title === 'string' ? title : title(TEXTS[language]),
      now: now(),
      path: request.url,
      otherLanguageUrl: inOtherLanguage(request.url, language),
      style: urlOf('portal.css'),
      scripts: ['clock.js', ...scripts].map(urlOf),
      urlOf
    })
    return await reply.code(status).type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY).header('cache-control', status < 400 ? 'no-cache' : 'no-store').header('vary', 'accept-language, cookie').send(html)
  }
  return {
    send,
    async sendError (request, reply, error) {
      const { status, title, titleKo, detail, detailKo, code } = problemOf(error)
      const korean = languageOf(request) === 'ko'
      const data = { heading: korean ? titleKo : title, text: korean ? detailKo : detail, code }
      return await send(request, reply, { template: 'error.eta', title: korean ? titleKo : title, data, status })
    }
  }
}
