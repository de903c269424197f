/**
 * The supplier's pages: shells and forms. They show nothing that the public API does not show; whatever needs a key or a
 * session happens in the reader's browser, through the API (`browser/`).
 */
import { drawsPrices } from '../../domain/draw.ts'
import type { NoticeTerms } from '../../domain/notice.ts'
import { REGIONS } from '../../domain/regions.ts'
import { readTender } from '../../services/read-tender.ts'
import { KIND_CODES, METHOD_CODES } from '../format.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import type { Texts } from '../texts/ko.ts'
import { shell, TenderParams, type Shell } from './parts.ts'

export const supplierPages: PageRoutes = (app, options) => {
  const at = (path: string, page: Shell): void => { shell([app, options], path, page) }
  at('/register', { template: 'register.eta', script: 'register.js', title: 'register', data: () => ({ regions: REGIONS }) })
  at('/register/status', { template: 'register-status.eta', script: 'register-status.js', title: 'statusTitle' })
  at('/login', { template: 'login.eta', script: 'login.js', title: 'login' })
  at('/my/notifications', { template: 'notifications.eta', script: 'notifications.js', title: 'notifications', data: () => ({ kinds: KIND_CODES, methods: METHOD_CODES }) })
  at('/my/security', { template: 'security.eta', script: 'security.js', title: 'security' })
  at('/my', { template: 'my.eta', script: 'my.js', title: 'my' })

  const { context, pages } = options
  app.get('/tenders/:tenderId/bid', { schema: { params: TenderParams } }, async (request, reply) => {
    const { tender, notice } = await readTender(context, request.params.tenderId)
    const t = TEXTS[languageOf(request)]
    const { terms } = notice
    return await pages.send(request, reply, {
      template: 'bid.eta',
      title: `${t.bidTitle}: ${terms.title}`,
      scripts: ['bid.js'],
      data: { tender, notice, draws: drawsPrices(terms.price.method), reason: reasonAgainst(terms, t), commands: commandsFor(terms) }
    })
  })
}

/** Why the form cannot make a bid for this tender; null where it can. */
function reasonAgainst ({ unitPrices, technicalKey }: NoticeTerms, t: Texts): string | null {
  if (unitPrices.length > 0) return t.bidUnitPrices
  return technicalKey === null ? null : t.bidProposal
}

/** What does the same on a command line. */
function commandsFor ({ tenderId, unitPrices, technicalKey, jointBids, price }: NoticeTerms): string[] {
  const options = [
    ...(unitPrices.length > 0 ? ['--unit-prices prices.json'] : []),
    ...(drawsPrices(price.method) ? ['--picks 3,7'] : []),
    ...(technicalKey === null ? [] : ['--proposal proposal.json']),
    ...(jointBids === null ? [] : ['--agreement MEMBER.agreement.json'])
  ]
  return [
    ...(technicalKey === null ? [] : ['bongin bid example-proposal > proposal.json']),
    ['bongin bid seal', tenderId, ...options].join(' '),
    `bongin bid submit ${tenderId}.bid.jws`
  ]
}
