/**
 * Recovery from a lost authenticator: a platform officer takes a holder's passkeys away by a signed act with a reason. It
 * stays on record, and the holder is told of it at the next login, a supplier with an e-mail address at once. Nobody resets
 * its own: whoever sits at an officer's open session would be rid of that officer's second factor.
 */
import { sha256Hex, utf8 } from '../../crypto/bytes.ts'
import { BonginError } from '../../domain/errors.ts'
import { PASSKEY_RESET_AGE_MS, PASSKEY_RESET_TOLD_MS } from '../../domain/passkey.ts'
import type { Instant } from '../../domain/ids.ts'
import { parseInstant } from '../../domain/time.ts'
import { appendAudit } from '../../storage/audit.ts'
import { deletePasskeysOf, getReset, insertReset, listResets, type PasskeyReset } from '../../storage/passkeys.ts'
import { deleteSessionsOfHolder } from '../../storage/sessions.ts'
import type { Context, OfficerCaller } from '../context.ts'
import { mailReset } from '../notify/email-address.ts'
import { isReason, isString, readMembers, readSignedAct } from '../signed-act.ts'

/**
 * The same statement again changes nothing. Sessions of the holder end.
 * @throws BonginError `envelope-malformed`, `signature-invalid`, `certificate-*`, `forbidden` (the own ones), `invalid-time`, `not-found`.
 */
export async function resetPasskeys (context: Context, caller: OfficerCaller, jws: string): Promise<PasskeyReset> {
  const sha256 = sha256Hex(utf8(jws))
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const act = await readSignedAct(tx, { jws, type: 'bongin-passkey-reset', caller, now })
    const { holderId, reason, at } = readMembers<{ holderId: string, reason: string, at: string, platform: string }>(
      act, { holderId: isString, reason: isReason, at: isString, platform: (value): value is string => value === context.platform.name }
    )
    const known = await getReset(tx, sha256)
    if (known !== null) return known
    if (holderId === caller.holderId) {
      throw new BonginError('forbidden', {
        field: '/payload/holderId',
        detail: 'Another platform officer resets your passkeys.',
        detailKo: '본인의 패스키는 다른 등록 담당관이 초기화하여야 합니다.'
      })
    }
    if (Math.abs(parseInstant(at, '/payload/at') - now) > PASSKEY_RESET_AGE_MS) {
      throw new BonginError('invalid-time', {
        field: '/payload/at',
        detail: 'The statement must be dated now, within five minutes.',
        detailKo: '초기화 문서의 시각은 현재 시각과 5분 이내여야 합니다.'
      })
    }
    const removed = await deletePasskeysOf(tx, holderId)
    if (removed === 0) {
      throw new BonginError('not-found', {
        field: '/payload/holderId',
        detail: 'This holder has no passkeys.',
        detailKo: '등록된 패스키가 없는 인증서 소지자입니다.'
      })
    }
    context.db.holders.forget()
    await deleteSessionsOfHolder(tx, { holderId })
    const reset: PasskeyReset = { sha256, holderId, jws, reason, resetBy: caller.holderId, resetAt: now, removed }
    await insertReset(tx, reset)
    await mailReset(tx, reset)
    const detail = { holderId, removed, reason, sha256 }
    await appendAudit(tx, { at: now, actor: caller.holderId, action: 'passkeys.reset', code: 'ok', field: null, tenderId: null, detail })
    return reset
  })
}

/** What a login tells the holder of: the last reset, for a while. */
export async function lastReset ({ db }: Context, holderId: string, now: Instant): Promise<PasskeyReset | null> {
  return (await listResets(db.read, { holderId, since: now - PASSKEY_RESET_TOLD_MS, limit: 1 }))[0] ?? null
}
