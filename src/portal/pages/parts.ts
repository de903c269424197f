/** What pages have in common: what stands in their addresses, shells whose work is a script's, and tables to take along. */
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { oneOf, TenderIdSchema } from '../../http/schemas.ts'
import { languageOf, LANGUAGES, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import type { TextKey } from '../texts/ko.ts'

export const TenderParams = Type.Object({ tenderId: TenderIdSchema })
/** `?lang=`: read by `languageOf`. */
export const Lang = Type.Optional(oneOf(LANGUAGES))
/** What a form sends for a field that nobody filled. */
export const NOTHING = Type.Literal('')

/** A page of words and forms: what it shows besides comes by its script, through the API. `data` hangs on the language alone. */
export interface Shell { template: string, script: string, title: TextKey, data?: (language: ReturnType<typeof languageOf>) => object }

/** At `path`, which may name a tender. */
export function shell ([app, { pages }]: Parameters<PageRoutes>, path: string, { template, script, title, data = () => ({}) }: Shell): void {
  const schema = path.includes(':tenderId') ? { params: TenderParams } : {}
  app.get(path, { schema }, async (request, reply) => {
    const language = languageOf(request)
    const { tenderId = '' } = request.params as { tenderId?: string }
    const heading = TEXTS[language][title]
    return await pages.send(request, reply, {
      template, title: tenderId === '' ? heading : `${heading} · ${tenderId}`, scripts: [script], data: { tenderId, ...data(language) }
    })
  })
}

export async function sendCsv (reply: FastifyReply, name: string, csv: string): Promise<FastifyReply> {
  return await reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`).send(csv)
}
