/**
 * The pages of a bid: the form's parts are those that the notice asks for. Nothing that is typed comes here; it is sealed in the
 * reader's browser, and goes through the API.
 */
import { drawsPrices } from '../../domain/draw.ts'
import type { NoticeTerms } from '../../domain/notice.ts'
import { MAX_SUMMARY_LENGTH } from '../../domain/technical-opening.ts'
import { readTender } from '../../services/read-tender.ts'
import type { PageRoutes } from '../plugin.ts'
import type { TextKey } from '../texts/ko.ts'
import { TenderParams } from './parts.ts'

export const bidPages: PageRoutes = (app, { context, pages }) => {
  const page = (path: string, { template, script, title }: { template: string, script: string, title: TextKey }): void => {
    app.get(`/tenders/:tenderId/${path}`, { schema: { params: TenderParams } }, async (request, reply) => {
      const { tender, notice } = await readTender(context, request.params.tenderId)
      const { terms } = notice
      return await pages.send(request, reply, {
        template,
        title: (t) => `${t[title]}: ${terms.title}`,
        scripts: [script],
        data: { tender, notice, draws: drawsPrices(terms.price.method), commands: commandsFor(terms), maxSummary: MAX_SUMMARY_LENGTH }
      })
    })
  }
  page('bid', { template: 'bid.eta', script: 'bid.js', title: 'bidTitle' })
  page('joint', { template: 'joint.eta', script: 'joint.js', title: 'jointAgreeTitle' })
}

/** What does the same on a command line, for readers without script. */
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
