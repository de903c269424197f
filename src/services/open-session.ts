/**
 * Login without a password: the server gives a challenge, the holder signs it with the certified key, and gets a
 * short-lived opaque token. A challenge works once; token and challenge are stored as hashes only. A holder that has a
 * passkey gets the token in a second step, for an answer of its authenticator.
 */
import { randomBytes } from 'node:crypto'
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { parseJws } from '../crypto/jws.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import { requestOptions } from '../crypto/webauthn.ts'
import { BonginError, type JsonValue } from '../domain/errors.ts'
import type { Instant, OfficerId, SupplierId, Thumbprint } from '../domain/ids.ts'
import { requiresPasskey, type AssertionWire } from '../domain/passkey.ts'
import { formatKst } from '../domain/time.ts'
import { getOfficer } from '../storage/officers.ts'
import { countPasskeys, listPasskeys, type PasskeyReset, type StoredPasskey } from '../storage/passkeys.ts'
import type { Db } from '../storage/prepare.ts'
import { deleteExpired, deleteSession, insertChallenge, insertSession, takeChallenge, type Session } from '../storage/sessions.ts'
import { certifiedKey, committedKey } from './certified-key.ts'
import type { Caller, Context } from './context.ts'
import { relyingPartyOf, spendCeremony, startCeremony, withPasskey, type StartedCeremony } from './passkeys/ceremonies.ts'
import { lastReset } from './passkeys/reset-passkeys.ts'
import { isString, readMembers } from './signed-act.ts'

/** Also for an unknown thumbprint: who is registered is not told here. */
export async function makeChallenge (context: Context, thumbprint: Thumbprint): Promise<{ challenge: string; expiresAt: Instant }> {
  const challenge = randomBytes(32).toString('base64url')
  const now = context.clock.now()
  const expiresAt = now + context.policy.challengeMs
  await context.db.write(async (tx) => {
    await deleteExpired(tx, now)
    await insertChallenge(tx, { challengeSha256: sha256Hex(utf8(challenge)), thumbprint, expiresAt })
  })
  return { challenge, expiresAt }
}

export interface OpenedSession {
  token: string
  expiresAt: Instant
  caller: Caller
  /** The installation demands a passkey and the holder has none: it can do nothing but register the first one. */
  firstPasskeyOnly: boolean
  /** A reset of the holder's passkeys in the last weeks. */
  passkeyReset: PasskeyReset | null
}

/**
 * The whole login of a holder without passkeys; of one with passkeys the first step.
 * @throws BonginError `challenge-invalid`, `signature-invalid`, `certificate-*`, `envelope-malformed`, `second-factor-required`.
 */
export async function openSession (context: Context, jws: string): Promise<OpenedSession> {
  const act = parseJws(jws, 'bongin-session')
  const { challenge, platform } = readMembers<{ challenge: string; platform: string }>(act, { challenge: isString, platform: isString })
  const { thumbprint } = act
  const now = context.clock.now()
  // The challenge is spent before the signature is looked at, in a transaction of its own: a failed try uses it up.
  const fresh =
    thumbprint !== null &&
    (await context.db.write(async (tx) => await takeChallenge(tx, { challengeSha256: sha256Hex(utf8(challenge)), thumbprint, now })))
  if (thumbprint === null || !fresh || platform !== context.platform.name) throw challengeInvalid()
  const { publicKey, holderId } = await certifiedKey(context.db.read, thumbprint, now)
  verifyJws(act, publicKey)
  const passkeys = await listPasskeys(context.db.read, holderId)
  if (passkeys.length > 0) throw secondFactorRequired(await offerLogin(context, { thumbprint, holderId, passkeys }))
  return await opened(context, await context.db.write(async (tx) => {
    // Registered since: the other factor is asked for from that moment on.
    if (await countPasskeys(tx, holderId) > 0) throw challengeInvalid()
    return await grantSession(context, tx, { thumbprint, secondFactor: false })
  }))
}

/** The second step. @throws BonginError `challenge-invalid`, `passkey-invalid`, `passkey-cloned`, `certificate-*`. */
export async function finishSession (context: Context, { ceremonyId, assertion }: {
  ceremonyId: string, assertion: AssertionWire
}): Promise<OpenedSession> {
  const ceremony = await spendCeremony(context, { ceremonyId, purpose: 'login', thumbprint: null })
  return await opened(context, await withPasskey(context, { ceremony, assertion, action: 'login' }, async (tx) =>
    await grantSession(context, tx, { thumbprint: ceremony.thumbprint, secondFactor: true })))
}

interface Granted { token: string, session: Session }

async function grantSession (context: Context, tx: Db, { thumbprint, secondFactor }: {
  thumbprint: Thumbprint, secondFactor: boolean
}): Promise<Granted> {
  const now = context.clock.now()
  const { notAfter } = await certifiedKey(tx, thumbprint, now)
  const token = randomBytes(32).toString('base64url')
  const session = { thumbprint, expiresAt: Math.min(now + context.policy.sessionMs, notAfter), secondFactor }
  await insertSession(tx, { tokenSha256: sha256Hex(utf8(token)), ...session })
  return { token, session }
}

async function opened (context: Context, { token, session }: Granted): Promise<OpenedSession> {
  const now = context.clock.now()
  const caller = await callerOf(context, session.thumbprint, now)
  const passkeyReset = await lastReset(context, caller.holderId, now)
  return { token, expiresAt: session.expiresAt, caller, firstPasskeyOnly: isFirstPasskeyOnly(context, session, caller), passkeyReset }
}

async function offerLogin (context: Context, { thumbprint, holderId, passkeys }: {
  thumbprint: Thumbprint, holderId: string, passkeys: readonly StoredPasskey[]
}): Promise<StartedCeremony> {
  return await startCeremony(context, { purpose: 'login', holderId, thumbprint, credentialId: null }, async (challenge) =>
    await requestOptions(relyingPartyOf(context), { challenge, allowed: passkeys, timeoutMs: context.policy.challengeMs }))
}

function secondFactorRequired ({ ceremonyId, expiresAt, origin, options }: StartedCeremony): BonginError {
  return new BonginError('second-factor-required', {
    detail: `The certificate was accepted; this holder also has a passkey. Log in at ${origin}/login. ` +
      `A program takes the session from ${origin}/my/security (BONGIN_SESSION).`,
    detailKo: `인증서는 확인되었으며, 등록된 패스키 확인이 더 필요합니다. ${origin}/login에서 로그인하십시오. ` +
      `명령줄 도구는 ${origin}/my/security에서 복사한 세션(BONGIN_SESSION)을 사용합니다.`,
    extra: { ceremonyId, expiresAt: formatKst(expiresAt), origin, options: options as JsonValue }
  })
}

function isFirstPasskeyOnly ({ policy }: Context, { secondFactor }: Session, { kind }: Caller): boolean {
  return !secondFactor && requiresPasskey(policy.requirePasskey, kind)
}

/** Who a token speaks for. @throws BonginError `session-invalid`, `certificate-*`. */
export async function authenticate (context: Context, token: string): Promise<{ caller: Caller, firstPasskeyOnly: boolean }> {
  const now = context.clock.now()
  const session = await context.db.holders.session(sha256Hex(utf8(token)), now)
  if (session === null) {
    throw new BonginError('session-invalid', {
      detail: 'The session has ended. Log in again.',
      detailKo: '세션이 만료되었습니다. 다시 로그인하십시오.'
    })
  }
  const caller = await callerOf(context, session.thumbprint, now)
  return { caller, firstPasskeyOnly: isFirstPasskeyOnly(context, session, caller) }
}

export async function closeSession (context: Context, token: string): Promise<void> {
  await context.db.write(async (tx) => {
    context.db.holders.forget()
    await deleteSession(tx, sha256Hex(utf8(token)))
  })
}

async function callerOf ({ db }: Context, thumbprint: Thumbprint, now: Instant): Promise<Caller> {
  const certificate = await committedKey(db.holders, thumbprint, now)
  if (certificate.kind === 'supplier') return { kind: 'supplier', holderId: certificate.holderId as SupplierId, roles: ['supplier'], thumbprint }
  const officerId = certificate.holderId as OfficerId
  const officer = await getOfficer(db.read, officerId)
  return { kind: 'officer', holderId: officerId, roles: officer?.roles ?? [], thumbprint }
}

function challengeInvalid (): BonginError {
  return new BonginError('challenge-invalid', {
    field: '/payload/challenge',
    detail: 'The challenge is unknown, used, expired, or made for another certificate or platform. Ask for a new one.',
    detailKo: '알 수 없거나 이미 사용되었거나 만료된, 또는 다른 인증서나 시스템의 인증 요청값입니다. 다시 요청하십시오.'
  })
}
