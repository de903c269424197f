/**
 * The link in every mail, without login. GET only asks, since mail scanners follow links; POST ends it, whether it comes from that page or,
 * with one click (RFC 8058), from the reader's mail program. Nobody is told whether a token that is not ours belongs to anybody.
 */
import { Type } from 'typebox'
import { BonginError } from '../../domain/errors.ts'
import { subscriptionOf, unsubscribe } from '../../services/notify/email-address.ts'
import type { PageRoutes } from '../plugin.ts'

/** `List-Unsubscribe=One-Click`, or nothing. */
const MAX_FORM_BYTES = 1_024

const Params = Type.Object({ token: Type.String({ pattern: '^[0-9]{10}\\.[A-Za-z0-9_-]{43}$' }) })

function notThere (): BonginError {
  return new BonginError('not-found', {
    detail: 'This link has been used, or is not complete.', detailKo: '이미 사용되었거나 올바르지 않은 링크입니다.'
  })
}

export const unsubscribePages: PageRoutes = (app, { context, pages }) => {
  app.get('/unsubscribe/:token', { schema: { params: Params } }, async (request, reply) => {
    const { token } = request.params
    const found = await subscriptionOf(context, token)
    if (found === null) throw notThere()
    reply.header('referrer-policy', 'no-referrer')
    return await pages.send(request, reply, {
      template: 'unsubscribe.eta',
      title: (t) => t.unsubscribe,
      data: { done: false, address: found.address, action: `/unsubscribe/${token}` }
    })
  })

  app.register(async (forms) => {
    // What the form says is not needed: that it came is all. RFC 8058 allows both types.
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
      forms.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: MAX_FORM_BYTES }, (_request, _body, done) => { done(null, null) })
    }
    forms.post('/unsubscribe/:token', { schema: { params: Params } }, async (request, reply) => {
      const { token } = request.params as { token: string }
      if (!await unsubscribe(context, token)) throw notThere()
      return await pages.send(request, reply, { template: 'unsubscribe.eta', title: (t) => t.unsubscribe, data: { done: true } })
    })
  })
}
