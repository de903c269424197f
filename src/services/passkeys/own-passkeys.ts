/** A holder's own passkeys: listed, registered, removed. */
import { verifyAttestation, creationOptions, requestOptions } from '../../crypto/webauthn.ts'
import { sha256Hex, utf8 } from '../../crypto/bytes.ts'
import { BonginError, invariant } from '../../domain/errors.ts'
import { MAX_PASSKEYS, MAX_SHOWN_RESETS, requiresPasskey, type AssertionWire, type AttestationWire } from '../../domain/passkey.ts'
import { appendAudit } from '../../storage/audit.ts'
import {
  countPasskeys, deletePasskey, getPasskey, insertPasskey, listPasskeys, listResets, type PasskeyReset, type StoredPasskey
} from '../../storage/passkeys.ts'
import type { Db } from '../../storage/prepare.ts'
import { deleteSessionsOfHolder, markSecondFactor } from '../../storage/sessions.ts'
import { certifiedKey } from '../certified-key.ts'
import type { Caller, Context } from '../context.ts'
import { relyingPartyOf, spendCeremony, startCeremony, userHandleOf, withPasskey, type StartedCeremony } from './ceremonies.ts'

export type { PasskeyReset, StoredPasskey }

export interface OwnPasskeys { items: StoredPasskey[], required: boolean, resets: PasskeyReset[] }

export async function readPasskeys ({ db, policy }: Context, { holderId, kind }: Caller): Promise<OwnPasskeys> {
  return {
    items: await listPasskeys(db.read, holderId),
    required: requiresPasskey(policy.requirePasskey, kind),
    resets: await listResets(db.read, { holderId, since: 0, limit: MAX_SHOWN_RESETS })
  }
}

/** @throws BonginError `passkey-limit`. */
export async function offerRegistration (context: Context, { holderId, thumbprint }: Caller): Promise<StartedCeremony> {
  const existing = await listPasskeys(context.db.read, holderId)
  if (existing.length >= MAX_PASSKEYS) throw tooMany()
  const { commonName, organization } = await certifiedKey(context.db.read, thumbprint, context.clock.now())
  return await startCeremony(context, { purpose: 'register', holderId, thumbprint, credentialId: null }, async (challenge) =>
    await creationOptions(relyingPartyOf(context), {
      challenge,
      userHandle: userHandleOf(context, holderId),
      userName: holderId,
      displayName: `${organization} ${commonName}`,
      existing,
      timeoutMs: context.policy.challengeMs
    }))
}

/**
 * From the first passkey on this session counts as opened with both factors, and every other one of the holder ends: it was
 * opened with one.
 * @throws BonginError `challenge-invalid`, `passkey-invalid`, `passkey-limit`, `key-reused`, `session-invalid`.
 */
export async function registerPasskey (context: Context, { caller, token, ceremonyId, name, attestation }: {
  caller: Caller, token: string, ceremonyId: string, name: string, attestation: AttestationWire
}): Promise<StoredPasskey> {
  const { holderId, thumbprint } = caller
  if (name.trim() === '') throw new BonginError('invalid-request', { field: '/name' })
  const { challengeSha256 } = await spendCeremony(context, { ceremonyId, purpose: 'register', thumbprint })
  const { transports, publicKey, ...verified } = await verifyAttestation(relyingPartyOf(context), { attestation, challengeSha256 })
  const now = context.clock.now()
  const passkey: StoredPasskey = {
    ...verified, publicKey: Buffer.from(publicKey), transports: [...transports], holderId, name: name.trim(), createdAt: now, lastUsedAt: null
  }
  await context.db.write(async (tx) => {
    const existing = await countPasskeys(tx, holderId)
    if (existing >= MAX_PASSKEYS) throw tooMany()
    if (!await insertPasskey(tx, passkey)) throw new BonginError('key-reused', { field: '/attestation/id' })
    const tokenSha256 = sha256Hex(utf8(token))
    context.db.holders.forget()
    if (!await markSecondFactor(tx, tokenSha256)) throw new BonginError('session-invalid')
    if (existing === 0) await deleteSessionsOfHolder(tx, { holderId, except: tokenSha256 })
    await audit(tx, { context, holderId, action: 'passkey.registered', passkey })
  })
  return passkey
}

/** Any passkey of the holder may answer, the one to be removed as well. @throws BonginError `not-found`, `passkey-last`. */
export async function offerRemoval (context: Context, caller: Caller, credentialId: string): Promise<StartedCeremony> {
  const { holderId, thumbprint } = caller
  await assertRemovable(context, context.db.read, caller, credentialId)
  const allowed = await listPasskeys(context.db.read, holderId)
  return await startCeremony(context, { purpose: 'remove', holderId, thumbprint, credentialId }, async (challenge) =>
    await requestOptions(relyingPartyOf(context), { challenge, allowed, timeoutMs: context.policy.challengeMs }))
}

/**
 * The certificate alone never takes a second factor off, not even the last one: who has stolen the key file and waits at an
 * open session would be rid of the very thing that stands in the way. A lost authenticator is an officer's to reset.
 * Every other session of the holder ends, since the removed one may have opened it.
 * @throws BonginError `challenge-invalid`, `passkey-invalid`, `passkey-cloned`, `not-found`, `passkey-last`.
 */
export async function removePasskey (context: Context, { caller, token, ceremonyId, assertion }: {
  caller: Caller, token: string, ceremonyId: string, assertion: AssertionWire
}): Promise<void> {
  const { holderId, thumbprint } = caller
  const ceremony = await spendCeremony(context, { ceremonyId, purpose: 'remove', thumbprint })
  const { credentialId } = ceremony
  invariant(credentialId !== null, 'a removal names what is removed')
  await withPasskey(context, { ceremony, assertion, action: 'remove' }, async (tx) => {
    const passkey = await assertRemovable(context, tx, caller, credentialId)
    await deletePasskey(tx, { holderId, credentialId })
    context.db.holders.forget()
    await deleteSessionsOfHolder(tx, { holderId, except: sha256Hex(utf8(token)) })
    await audit(tx, { context, holderId, action: 'passkey.removed', passkey })
  })
}

async function assertRemovable ({ policy }: Context, db: Db, { holderId, kind }: Caller, credentialId: string): Promise<StoredPasskey> {
  const passkey = await getPasskey(db, { holderId, credentialId })
  if (passkey === null) throw new BonginError('not-found', { field: '/credentialId' })
  if (!requiresPasskey(policy.requirePasskey, kind) || await countPasskeys(db, holderId) > 1) return passkey
  throw new BonginError('passkey-last', {
    detail: 'This installation requires a passkey, and this is the last one. Register another one first.',
    detailKo: '이 시스템은 패스키를 요구하므로 마지막 패스키는 삭제할 수 없습니다. 다른 패스키를 먼저 등록하십시오.'
  })
}

async function audit (tx: Db, { context, holderId, action, passkey: { credentialId, name, backedUp } }: {
  context: Context, holderId: string, action: string, passkey: StoredPasskey
}): Promise<void> {
  const detail = { credentialId, name, backedUp }
  await appendAudit(tx, { at: context.clock.now(), actor: holderId, action, code: 'ok', field: null, tenderId: null, detail })
}

function tooMany (): BonginError {
  return new BonginError('passkey-limit', {
    detail: `A holder has at most ${MAX_PASSKEYS} passkeys. Remove one first.`,
    detailKo: `패스키는 ${MAX_PASSKEYS}개까지 등록할 수 있습니다. 먼저 하나를 삭제하십시오.`
  })
}
