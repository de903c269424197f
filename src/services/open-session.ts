/**
 * Login without a password: the server gives a challenge, the holder signs it with the certified key, and gets a
 * short-lived opaque token. A challenge works once; token and challenge are stored as hashes only.
 */
import { randomBytes } from 'node:crypto'
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { parseJws } from '../crypto/jws.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, OfficerId, SupplierId, Thumbprint } from '../domain/ids.ts'
import { getOfficer } from '../storage/officers.ts'
import { deleteExpired, deleteSession, insertChallenge, insertSession, takeChallenge } from '../storage/sessions.ts'
import { certifiedKey, committedKey } from './certified-key.ts'
import type { Caller, Context } from './context.ts'
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

/** @throws BonginError `challenge-invalid`, `signature-invalid`, `certificate-*`, `envelope-malformed`. */
export async function openSession (context: Context, jws: string): Promise<{ token: string; expiresAt: Instant; caller: Caller }> {
  const act = parseJws(jws, 'bongin-session')
  const { challenge, platform } = readMembers<{ challenge: string; platform: string }>(act, { challenge: isString, platform: isString })
  const { thumbprint } = act
  const now = context.clock.now()
  // The challenge is spent before the signature is looked at, in a transaction of its own: a failed try uses it up.
  const fresh =
    thumbprint !== null &&
    (await context.db.write(async (tx) => await takeChallenge(tx, { challengeSha256: sha256Hex(utf8(challenge)), thumbprint, now })))
  if (thumbprint === null || !fresh || platform !== context.platform.name) throw challengeInvalid()
  const certificate = await certifiedKey(context.db.read, thumbprint, now)
  verifyJws(act, certificate.publicKey)

  const token = randomBytes(32).toString('base64url')
  const expiresAt = Math.min(now + context.policy.sessionMs, certificate.notAfter)
  await context.db.write(async (tx) => {
    await insertSession(tx, { tokenSha256: sha256Hex(utf8(token)), thumbprint, expiresAt })
  })
  return { token, expiresAt, caller: await callerOf(context, thumbprint, now) }
}

/** Who a token speaks for. @throws BonginError `session-invalid`, `certificate-*`. */
export async function authenticate (context: Context, token: string): Promise<Caller> {
  const now = context.clock.now()
  const session = await context.db.holders.session(sha256Hex(utf8(token)), now)
  if (session === null) {
    throw new BonginError('session-invalid', {
      detail: 'The session has ended. Log in again.',
      detailKo: '세션이 만료되었습니다. 다시 로그인하십시오.'
    })
  }
  return await callerOf(context, session.thumbprint, now)
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
