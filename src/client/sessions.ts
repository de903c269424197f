/**
 * Login: the server's challenge, signed with the certified key, buys a short-lived token. The signed statement names the
 * platform, so that one server cannot use it at another. A holder that has a passkey is asked for it in a second step.
 * Runs in a browser.
 */
import { signJws } from '../crypto/jws.ts'
import { ApiProblem, type Api } from './api.ts'
import type { Identity } from './identity.ts'
import type { AssertionWire, CeremonyView } from './passkeys.ts'
import type { SessionView } from './types.ts'

/** `token` for a program that speaks to the server by other means than `api`. */
export interface Session extends Pick<SessionView, 'token' | 'roles' | 'expiresAt' | 'scope' | 'passkeyReset'> { api: Api }

/** Asks the holder's authenticator. */
export type SecondFactor = (ceremony: CeremonyView) => Promise<AssertionWire>

/**
 * An authenticated line to the server; `platform` is the platform's name as its checked keys state it.
 * @throws ApiProblem `second-factor-required` where the holder has a passkey and nobody is there to be asked for it.
 */
export async function openSession (api: Api, identity: Identity, platform: string, secondFactor: SecondFactor | null = null): Promise<Session> {
  const { challenge } = await api.post<{ challenge: string }>('/v1/sessions/challenges', { thumbprint: identity.thumbprint })
  const jws = await signJws(identity.signer, 'bongin-session', { v: 1, type: 'bongin-session', challenge, platform })
  const session = await signedIn(api, jws, secondFactor)
  const { token, roles, expiresAt, scope, passkeyReset } = session
  return { api: api.withToken(token), token, roles, expiresAt, scope, passkeyReset }
}

async function signedIn (api: Api, jws: string, secondFactor: SecondFactor | null): Promise<SessionView> {
  try {
    return await api.post<SessionView>('/v1/sessions', { jws })
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'second-factor-required' || secondFactor === null) throw error
    const { ceremonyId, expiresAt, origin, options } = error.problem as unknown as CeremonyView
    const assertion = await secondFactor({ ceremonyId, expiresAt, origin, options })
    return await api.post<SessionView>('/v1/sessions/second-factor', { ceremonyId, assertion })
  }
}

export async function closeSession (api: Api): Promise<void> {
  await api.delete('/v1/sessions/current')
}
