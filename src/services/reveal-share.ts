/**
 * Recovery: for a member that is missing or refuses, the others reveal their shares of its seed until the threshold is
 * met. A share counts only when it is the one that the member committed to, so nobody can stop a recovery by handing in
 * another; where enough of those are in and do not give the member's point, the member itself dealt them wrong.
 */
import { fromBase64url } from '../crypto/bytes.ts'
import { parseContribution } from '../crypto/contribution.ts'
import { unwrapSecret, wrapSecret } from '../crypto/secret-wrap.ts'
import { combineShares, shareCommitment } from '../crypto/shares.ts'
import { keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { COMMITTEE_SEATS } from '../domain/notice.ts'
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
 * for another share than was committed to, and when enough shares are in and do not fit: then they are kept all the same.
 */
export async function revealShare (context: Context, caller: OfficerCaller, { tenderId, envelope, ownerId, share: text }: {
  tenderId: TenderId, envelope: EnvelopeKind, ownerId: string, share: string
}): Promise<HolderStatus[]> {
  const share = fromBase64url(text, '/share')
  const { status, mismatch } = await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, ...COMMITTEE_SEATS)
    await assertOpeningTime(tx, { tender, envelope, at })
    const contribution = await contributionOf(tx, { tenderId, envelope, holderId: ownerId })
    const dealt = parseContribution(contribution.jws).payload.shares.find(({ holderId }) => holderId === caller.holderId)
    if (dealt === undefined) {
      throw new BonginError('recovery-unavailable', {
        field: '/ownerId',
        detail: 'You hold no share of this member\'s seed.',
        detailKo: '이 담당자의 복구 조각을 가지고 있지 않습니다.'
      })
    }
    if (shareCommitment({ share, tenderId: keyContext(tenderId, envelope), ownerId, recipientId: caller.holderId }) !== dealt.commitment) {
      throw new BonginError('share-mismatch', {
        field: '/share',
        detail: 'This is not the share that the member dealt to you and committed to.',
        detailKo: '담당자가 나누어 주고 확약한 복구 조각이 아닙니다.'
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
    if (!(error instanceof BonginError)) throw error
    return new BonginError('share-mismatch', {
      field: '/ownerId',
      detail: `The shares are those that ${ownerId} dealt and committed to, and they do not give its key: ${ownerId} dealt them wrong.`,
      detailKo: `${ownerId}이(가) 나누어 주고 확약한 조각들이지만 키가 복구되지 않습니다. ${ownerId}이(가) 잘못된 조각을 나누어 주었습니다.`
    })
  }
}
