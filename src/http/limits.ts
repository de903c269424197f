/**
 * How often one supplier may write in a minute. Counted by who asks, after the session is known and before anything of the
 * body is read, so that a program gone wild costs a header and no more, and never another supplier's turn. The same bid sent again
 * after a lost answer does not count, for it only fetches its receipt. For one process: the counts are in its memory.
 */
import rateLimit from '@fastify/rate-limit'
import fastifyPlugin from 'fastify-plugin'
import { BonginError } from '../domain/errors.ts'
import type { Context } from '../services/context.ts'
import { SupplierCounts } from '../services/supplier-counts.ts'
import { callerOf } from './auth.ts'

declare module 'fastify' {
  /** This request was a repeat and does not count. */
  interface FastifyRequest { giveBackTurn: () => void }
}

const WINDOW_MS = 60_000

/** Answers say when to come again, not how many are left. */
const NO_COUNTS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }

/** In a route's `config`: its requests count. Each route counts for itself. */
export const LIMITED = { rateLimit: {} }

export const limitsPlugin = fastifyPlugin<{ context: Context }>(async (app, { context }) => {
  const max = context.policy.supplierRequestsPerMinute
  const byRoute = new Map<string, SupplierCounts>()
  class Store extends SupplierCounts {
    constructor () { super({ max }) }

    child ({ routeInfo: { url } }: { routeInfo: { url: string } }): Store {
      const counts = new Store()
      byRoute.set(url, counts)
      return counts
    }
  }
  app.decorateRequest('giveBackTurn', function () {
    byRoute.get(this.routeOptions.url ?? '')?.giveBack(callerOf(this).holderId)
  })
  await app.register(rateLimit, {
    global: false,
    hook: 'preParsing',
    max,
    timeWindow: WINDOW_MS,
    store: Store as never,
    keyGenerator: (request) => callerOf(request).holderId,
    addHeaders: NO_COUNTS,
    addHeadersOnExceeding: NO_COUNTS,
    errorResponseBuilder: (_request, { max, ttl }) => tooMany(max, Math.ceil(ttl / 1000))
  })
}, { name: 'limits', dependencies: ['auth'] })

function tooMany (max: number, seconds: number): BonginError {
  return new BonginError('too-many-requests', {
    detail: `A supplier may send ${max} of these in a minute. Send it again in ${seconds} s; nothing of this one was kept.`,
    detailKo: `업체당 1분에 ${max}건까지 보낼 수 있습니다. ${seconds}초 후에 다시 보내십시오. 이번 요청은 저장되지 않았습니다.`,
    extra: { retryAfterSeconds: seconds }
  })
}
