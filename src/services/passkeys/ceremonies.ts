/**
 * A ceremony (WebAuthn §4): the server's challenge goes to the holder's authenticator and comes back signed. Each is for one
 * purpose, one holder and one certificate, works once and not for long; a failed try uses it up. Only hashes of its id and
 * challenge are stored.
 */
import { createHash, randomBytes } from 'node:crypto'
import { sha256Hex, utf8 } from '../../crypto/bytes.ts'
import { passkeyInvalid, verifyAssertion, type RelyingParty } from '../../crypto/webauthn.ts'
import { BonginError } from '../../domain/errors.ts'
import type { Instant, Thumbprint } from '../../domain/ids.ts'
import { MAX_PASSKEY_CEREMONIES, type AssertionWire } from '../../domain/passkey.ts'
import { appendAudit } from '../../storage/audit.ts'
import { advancePasskey, getPasskey, insertCeremony, takeCeremony, type Ceremony } from '../../storage/passkeys.ts'
import type { Db } from '../../storage/prepare.ts'
import type { Context } from '../context.ts'

export interface StartedCeremony {
  ceremonyId: string
  expiresAt: Instant
  /** Where the authenticator can be asked. */
  origin: string
  /** For `navigator.credentials`, as JSON (WebAuthn §5.1.8 and §5.1.9). */
  options: object
}

export function relyingPartyOf ({ policy, platform }: Context): RelyingParty {
  return { ...policy.relyingParty, name: platform.name }
}

/** Stays the same for a holder, and tells nobody who that is. */
export function userHandleOf ({ platform }: Context, holderId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(JSON.stringify(['bongin passkey user v1', platform.name, holderId])).digest())
}

export async function startCeremony (
  context: Context,
  about: Pick<Ceremony, 'purpose' | 'holderId' | 'thumbprint' | 'credentialId'>,
  makeOptions: (challenge: Uint8Array<ArrayBuffer>) => Promise<object>
): Promise<StartedCeremony> {
  const ceremonyId = randomBytes(32).toString('base64url')
  const challenge = randomBytes(32)
  const options = await makeOptions(new Uint8Array(challenge))
  const now = context.clock.now()
  const expiresAt = now + context.policy.challengeMs
  const row = {
    ...about, ceremonySha256: sha256Hex(utf8(ceremonyId)), challengeSha256: sha256Hex(utf8(challenge.toString('base64url'))), expiresAt
  }
  await context.db.write(async (tx) => { await insertCeremony(tx, row, { now, keep: MAX_PASSKEY_CEREMONIES }) })
  return { ceremonyId, expiresAt, origin: context.policy.relyingParty.origin, options }
}

/** Spends it, in a transaction of its own. `thumbprint` null: whoever has the id may go on. @throws BonginError `challenge-invalid`. */
export async function spendCeremony (context: Context, { ceremonyId, purpose, thumbprint }: {
  ceremonyId: string, purpose: Ceremony['purpose'], thumbprint: Thumbprint | null
}): Promise<Ceremony> {
  const now = context.clock.now()
  const ceremony = await context.db.write(async (tx) => await takeCeremony(tx, { ceremonySha256: sha256Hex(utf8(ceremonyId)), now }))
  if (ceremony !== null && ceremony.purpose === purpose && (thumbprint === null || ceremony.thumbprint === thumbprint)) return ceremony
  throw new BonginError('challenge-invalid', {
    field: '/ceremonyId',
    detail: 'This request to the authenticator is unknown, used, expired, or made for something else. Begin anew.',
    detailKo: '알 수 없거나 이미 사용되었거나 만료된 패스키 요청입니다. 처음부터 다시 하십시오.'
  })
}

/**
 * Verifies a passkey of the ceremony's holder, and does `work` in the transaction that moves its counter on.
 * A counter that does not go forward tells of a copied authenticator: refused, with an entry on the audit trail.
 * @throws BonginError `passkey-invalid`, `passkey-cloned`.
 */
export async function withPasskey<T> (
  context: Context, { ceremony, assertion, action }: { ceremony: Ceremony, assertion: AssertionWire, action: string }, work: (tx: Db) => Promise<T>
): Promise<T> {
  const { holderId, challengeSha256 } = ceremony
  const rp = relyingPartyOf(context)
  const own = { holderId, credentialId: assertion.id }
  const key = await getPasskey(context.db.read, own)
  if (key === null) throw passkeyInvalid('credential', rp)
  const { counter, backedUp } = await verifyAssertion(rp, { assertion, key, challengeSha256 })
  const at = context.clock.now()
  const done = await context.db.write(async (tx) => {
    const stored = await getPasskey(tx, own)
    if (stored === null) throw passkeyInvalid('credential', rp)
    if (await advancePasskey(tx, { credentialId: stored.credentialId, counter, backedUp, at })) return { value: await work(tx) }
    const detail = { action, credentialId: stored.credentialId, name: stored.name, counter, storedCounter: stored.counter }
    await appendAudit(tx, { at, actor: holderId, action: 'passkey.cloned', code: 'passkey-cloned', field: null, tenderId: null, detail })
    return null
  })
  if (done !== null) return done.value
  throw new BonginError('passkey-cloned', {
    detail: 'The authenticator counts less than it did before, as a copy of it would. Use another passkey, and have this one removed.',
    detailKo: '인증장치의 사용 횟수가 이전보다 커지지 않아 복제가 의심됩니다. 다른 패스키를 사용하고 이 패스키는 삭제하십시오.'
  })
}
