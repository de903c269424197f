/**
 * The supplier's pages: shells and forms. They show nothing that the public API does not show; whatever needs a key or a
 * session happens in the reader's browser, through the API (`browser/`).
 */
import { Type } from 'typebox'
import { drawsPrices } from '../../domain/draw.ts'
import { TENDER_ID_PATTERN, type TenderId } from '../../domain/ids.ts'
import type { NoticeTerms } from '../../domain/notice.ts'
import { REGIONS } from '../../domain/regions.ts'
import { readTender } from '../../services/read-tender.ts'
import { KIND_CODES, METHOD_CODES } from '../format.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import type { Texts } from '../texts/ko.ts'

interface Shell { template: string, script: string, title: keyof Texts, data?: object }

const Params = Type.Object({ tenderId: Type.String({ pattern: TENDER_ID_PATTERN }) })

export const supplierPages: PageRoutes = (app, { context, pages }) => {
  const shell = (path: string, { template, script, title, data = {} }: Shell): void => {
    app.get(path, async (request, reply) =>
      await pages.send(request, reply, { template, title: TEXTS[languageOf(request)][title], scripts: [script], data }))
  }
  shell('/register', { template: 'register.eta', script: 'register.js', title: 'register', data: { regions: REGIONS } })
  shell('/register/status', { template: 'register-status.eta', script: 'register-status.js', title: 'statusTitle' })
  shell('/login', { template: 'login.eta', script: 'login.js', title: 'login' })
  shell('/my/notifications', { template: 'notifications.eta', script: 'notifications.js', title: 'notifications', data: { kinds: KIND_CODES, methods: METHOD_CODES } })
  shell('/my/security', { template: 'security.eta', script: 'security.js', title: 'security' })
  shell('/my', { template: 'my.eta', script: 'my.js', title: 'my' })

  app.get('/tenders/:tenderId/bid', { schema: { params: Params } }, async (request, reply) => {
    const { tender, notice } = await readTender(context, (request.params as { tenderId: TenderId }).tenderId)
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
