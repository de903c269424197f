/**
 * Recovery: for a member that is missing or refuses, the others reveal their shares of its seed until the threshold is
 * met. Every share handed in is kept, and may be replaced by its holder; wrong ones among enough right ones are passed
 * over, so nobody can stop a recovery by handing in a bad share.
 */
import { fromBase64url } from '../crypto/bytes.ts'
import { parseContribution } from '../crypto/contribution.ts'
import { unwrapSecret, wrapSecret } from '../crypto/secret-wrap.ts'
import { combineShares } from '../crypto/shares.ts'
import { keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { listShareReveals, putShareReveal, type Contribution } from '../storage/ceremony.ts'
import type { Db } from '../storage/prepare.ts'
import type { Context, OfficerCaller } from './context.ts'
import { assertOpeningTime, contributionOf, holderStatus, storeReveal, type HolderStatus } from './reveals.ts'
import { requirePublished, requireSeat } from './tender-access.ts'

/** What a revealed share is bound to. */
export function shareWrapContext ({ tenderId, envelope, ownerId, recipientId }: {
  tenderId: TenderId, envelope: EnvelopeKind, ownerId: string, recipientId: string
}): string {
  return `bongin revealed share v1/${keyContext(tenderId, envelope)}/${ownerId}/${recipientId}`
}

/**
 * @throws BonginError `reveal-early`, `opening-not-ready`, `recovery-unavailable`, `not-committee-member`, `tender-state`; `share-mismatch`
 * when enough shares are in and do not fit: the share is kept all the same, since another's may be the wrong one.
 */
export async function revealShare (context: Context, caller: OfficerCaller, { tenderId, envelope, ownerId, share: text }: {
  tenderId: TenderId, envelope: EnvelopeKind, ownerId: string, share: string
}): Promise<HolderStatus[]> {
  const share = fromBase64url(text, '/share')
  const { status, mismatch } = await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing', 'witness', 'audit')
    await assertOpeningTime(tx, { tender, envelope, at })
    const contribution = await contributionOf(tx, { tenderId, envelope, holderId: ownerId })
    if (!parseContribution(contribution.jws).payload.shares.some(({ holderId }) => holderId === caller.holderId)) {
      throw new BonginError('recovery-unavailable', {
        field: '/ownerId',
        detail: 'You hold no share of this member\'s seed.',
        detailKo: '이 담당자의 복구 조각을 가지고 있지 않습니다.'
      })
    }
    const bound = shareWrapContext({ tenderId, envelope, ownerId, recipientId: caller.holderId })
    const shareWrapped = wrapSecret({ kek: context.kek, secret: share, context: bound })
    await putShareReveal(tx, { tenderId, ownerId, recipientId: caller.holderId, envelope, shareWrapped, revealedAt: at })
    const failure = await recover(context, tx, { tenderId, contribution, at, actor: caller.holderId })
    return { status: await holderStatus(tx, tenderId, envelope), mismatch: failure }
  })
  if (mismatch !== null) throw mismatch
  return status
}

/** Stores the seed once enough shares give it; what does not fit is returned, not thrown, so that the shares stay. */
async function recover (context: Context, tx: Db, { tenderId, contribution, at, actor }: {
  tenderId: TenderId, contribution: Contribution, at: Instant, actor: string
}): Promise<BonginError | null> {
  const { holderId: ownerId, envelope } = contribution
  const shares = (await listShareReveals(tx, { tenderId, ownerId, envelope })).map(({ recipientId, shareWrapped }) =>
    unwrapSecret({ kek: context.kek, wrapped: shareWrapped, context: shareWrapContext({ tenderId, envelope, ownerId, recipientId }) }))
  if (shares.length < parseContribution(contribution.jws).payload.threshold) return null
  try {
    const seed = await combineShares(shares, fromBase64url(contribution.point))
    await storeReveal(context, tx, { tenderId, envelope, holderId: ownerId, seed, via: 'shares', at, actor })
    return null
  } catch (error) {
    if (error instanceof BonginError) return error
    throw error
  }
}
