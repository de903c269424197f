/**
 * Who is asking, and whether they may. Every route states its access; one that does not cannot be registered.
 * The token is looked up before anything of the body is read.
 */
import fastifyPlugin from 'fastify-plugin'
import { BonginError, invariant } from '../domain/errors.ts'
import type { Role } from '../domain/holder.ts'
import type { Caller, Context, OfficerCaller, SupplierCaller } from '../services/context.ts'
import { authenticate } from '../services/open-session.ts'

/** `public`: anybody; `holder`: anyone with a session; otherwise one of the roles. */
export type Access = 'public' | 'holder' | readonly Role[]

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Also for a session that can only register its first passkey. */
    firstPasskey?: true
  }
  interface FastifyRequest { caller: Caller | null, token: string | null, receivedAt: number }
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/

export const authPlugin = fastifyPlugin<{ context: Context }>(async (app, { context }) => {
  app.decorateRequest('caller', null)
  app.decorateRequest('token', null)
  app.decorateRequest('receivedAt', 0)

  app.addHook('onRoute', (route) => {
    // Routes of the documentation pages come from a plugin of their own and are public.
    if (route.url.startsWith('/v1/')) invariant(route.config?.access !== undefined, `route ${route.url} states its access`)
  })

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public'
    if (access === 'public') return
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) {
      throw new BonginError('authentication-required', {
        detail: 'Send the session token as "Authorization: Bearer …".',
        detailKo: '세션 토큰을 "Authorization: Bearer …" 헤더로 보내십시오.'
      })
    }
    const { caller, firstPasskeyOnly } = await authenticate(context, token)
    request.token = token
    request.caller = caller
    if (firstPasskeyOnly && request.routeOptions.config.firstPasskey !== true) throw passkeyRequired(context)
    if (access !== 'holder' && !access.some((role) => caller.roles.includes(role as never))) {
      throw new BonginError('forbidden', {
        detail: `This needs the role ${access.join(' or ')}.`,
        detailKo: `필요한 역할: ${access.join(', ')}`
      })
    }
  })
}, { name: 'auth' })

function passkeyRequired ({ policy: { relyingParty: { origin } } }: Context): BonginError {
  return new BonginError('passkey-required', {
    detail: `This installation requires a passkey. Register the first one at ${origin}/my/security; until then this session can do nothing else.`,
    detailKo: `이 시스템은 패스키를 요구합니다. ${origin}/my/security에서 첫 패스키를 등록하십시오. 그 전에는 다른 일을 할 수 없습니다.`
  })
}

/** The raw body that a content type parser kept. @throws BonginError `unsupported-media-type` where none was sent. */
export function rawBodyOf (request: { body: unknown }): Buffer {
  if (Buffer.isBuffer(request.body)) return request.body
  throw new BonginError('unsupported-media-type', {
    detail: 'Send the body with its content type.',
    detailKo: '본문과 콘텐츠 형식을 함께 보내십시오.'
  })
}

export function callerOf (request: { caller: Caller | null }): Caller {
  invariant(request.caller !== null, 'a protected route has a caller')
  return request.caller
}

export function officerOf (request: { caller: Caller | null }): OfficerCaller {
  const caller = callerOf(request)
  invariant(caller.kind === 'officer', 'officers\' roles belong to officers')
  return caller
}

export function supplierOf (request: { caller: Caller | null }): SupplierCaller {
  const caller = callerOf(request)
  invariant(caller.kind === 'supplier', 'the role of supplier belongs to suppliers')
  return caller
}
