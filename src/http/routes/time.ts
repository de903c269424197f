/** The server's time and how exact it is: what the operator states of the clock, and how late the process notices what happens. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import type { Routes } from '../server.ts'
import { nullable, strict, Time } from '../schemas.ts'

const Milliseconds = Type.Integer()
const Delay = strict({ from: Time, until: Time, p50Ms: Milliseconds, p99Ms: Milliseconds, maxMs: Milliseconds })

export const timeRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/time',
    {
      config: { access: 'public' },
      schema: {
        tags: ['platform'],
        summary: '서버 시각과 정밀도 — the server\'s time, how sure its clock is, and how late it may notice a request',
        response: {
          200: strict({
            serverTime: Time,
            epochMs: Milliseconds,
            clock: strict({ offsetMs: nullable(Milliseconds), uncertaintyMs: nullable(Milliseconds) }),
            eventLoop: Type.Array(Delay)
          })
        }
      }
    },
    async (_request, reply) => {
      const eventLoop = context.timekeeping.delays.map(({ from, until, ...delay }) => ({ from: formatKst(from), until: formatKst(until), ...delay }))
      const now = context.clock.now()
      reply.header('cache-control', 'no-store')
      return { serverTime: formatKst(now), epochMs: now, clock: context.policy.clock, eventLoop }
    }
  )
}
