/**
 * The page that verifies an opening in the reader's browser. The server sends words and an address alone: record, steps and
 * verdict are the business of `browser/verify.page.ts`, and of `bongin verify` where there is no script.
 */
import { VERIFY_STEP_NAMES_KO, VERIFY_STEPS } from '../../domain/verify-steps.ts'
import { readTender } from '../../services/read-tender.ts'
import { languageOf } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import { VERIFY_TEXTS } from '../texts/verify.ts'
import { TenderParams } from './parts.ts'

export const verifyPage: PageRoutes = (app, { context, pages }) => {
  app.get('/tenders/:tenderId/verify', { schema: { params: TenderParams } }, async (request, reply) => {
    const { tenderId } = request.params
    const { notice, opening } = await readTender(context, tenderId)
    const language = languageOf(request)
    const words = VERIFY_TEXTS[language]
    const isOpened = opening !== null
    return await pages.send(request, reply, {
      template: 'verify.eta',
      title: (t) => `${t.checkYourself} · ${tenderId}`,
      scripts: isOpened ? ['verify.js'] : [],
      data: {
        tenderId,
        subject: notice.terms.title,
        isOpened,
        words,
        steps: VERIFY_STEPS.map((name) => ({ name, shown: language === 'ko' ? VERIFY_STEP_NAMES_KO[name] : name, checks: words.checks[name], means: words.means[name] }))
      }
    })
  })
}
