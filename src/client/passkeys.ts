/**
 * Passkeys: the calls around an authenticator, which itself is the caller's to ask (`navigator.credentials` in a browser).
 * A holder's own ones, and their reset by a platform officer's signed act. Runs in a browser.
 */
import { signJws } from '../crypto/jws.ts'
import type { Instant } from '../domain/ids.ts'
import type { AssertionWire, AttestationWire } from '../domain/passkey.ts'
import { formatKst } from '../domain/time.ts'
import type { Api } from './api.ts'
import type { Identity } from './identity.ts'

export type { AssertionWire, AttestationWire } from '../domain/passkey.ts'

/** Good for one try, at this address alone; `options` as `navigator.credentials` takes them in JSON (WebAuthn §5.1). */
export interface CeremonyView { ceremonyId: string, expiresAt: string, origin: string, options: object }
export interface PasskeyView { credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean }
export interface PasskeyResetView { at: string, resetBy: string, reason: string, removed: number }
export interface PasskeysView { items: PasskeyView[], max: number, required: boolean, origin: string, resets: PasskeyResetView[] }

export async function myPasskeys (session: Api): Promise<PasskeysView> {
  return await session.get('/v1/me/passkeys')
}

/** From the first one on this holder's logins need both factors; its other sessions end. */
export async function addPasskey (session: Api, { name, create }: {
  name: string, create: (ceremony: CeremonyView) => Promise<AttestationWire>
}): Promise<PasskeyView> {
  const ceremony = await session.post<CeremonyView>('/v1/me/passkeys/challenges', {})
  return await session.post('/v1/me/passkeys', { ceremonyId: ceremony.ceremonyId, name, attestation: await create(ceremony) })
}

/** Any passkey of the holder may answer. The other sessions end. */
export async function removePasskey (session: Api, { credentialId, get }: {
  credentialId: string, get: (ceremony: CeremonyView) => Promise<AssertionWire>
}): Promise<void> {
  const ceremony = await session.post<CeremonyView>('/v1/me/passkeys/removal-challenges', { credentialId })
  await session.post('/v1/me/passkeys/removal', { ceremonyId: ceremony.ceremonyId, assertion: await get(ceremony) })
}

/** `platform` is the platform's name. @throws ApiProblem `not-found` for a holder without passkeys. */
export async function resetPasskeys (session: Api, { identity, platform, holderId, reason, now }: {
  identity: Identity, platform: string, holderId: string, reason: string, now: Instant
}): Promise<PasskeyResetView> {
  const payload = { v: 1, type: 'bongin-passkey-reset', platform, holderId, reason, at: formatKst(now) }
  return await session.post('/v1/passkey-resets', { jws: await signJws(identity.signer, 'bongin-passkey-reset', payload) })
}
