/**
 * Login: the server's challenge, signed with the certified key, buys a short-lived token. The signed statement names the
 * platform, so that one server cannot use it at another. Runs in a browser.
 */
import { signJws } from '../crypto/jws.ts'
import type { Api } from './api.ts'
import type { Identity } from './identity.ts'
import type { SessionView } from './types.ts'

/** `token` for a program that speaks to the server by other means than `api`. */
export interface Session { api: Api, token: string, roles: SessionView['roles'], expiresAt: string }

/** An authenticated line to the server; `platform` is the platform's name as its checked keys state it. */
export async function openSession (api: Api, identity: Identity, platform: string): Promise<Session> {
  const { challenge } = await api.post<{ challenge: string }>('/v1/sessions/challenges', { thumbprint: identity.thumbprint })
  const jws = await signJws(identity.signer, 'bongin-session', { v: 1, type: 'bongin-session', challenge, platform })
  const session = await api.post<SessionView>('/v1/sessions', { jws })
  return { api: api.withToken(session.token), token: session.token, roles: session.roles, expiresAt: session.expiresAt }
}

export async function closeSession (api: Api): Promise<void> {
  await api.delete('/v1/sessions/current')
}
