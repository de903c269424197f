/**
 * From the opening time on a committee member reveals its own seed of the key that is due. It counts only when it gives
 * the point that the notice committed to, so a wrong one can do no harm.
 */
import { fromBase64url } from '../crypto/bytes.ts'
import { SEED_BYTES, seedMatches } from '../crypto/joint-key.ts'
import type { EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import type { TenderId } from '../domain/ids.ts'
import type { Context, OfficerCaller } from './context.ts'
import { assertOpeningTime, contributionOf, holderStatus, storeReveal, type HolderStatus } from './reveals.ts'
import { requirePublished, requireSeat } from './tender-access.ts'

/** @throws BonginError `reveal-early`, `opening-not-ready`, `reveal-mismatch`, `not-committee-member`, `tender-state`. */
export async function revealSeed (context: Context, caller: OfficerCaller, { tenderId, envelope, seed: text }: {
  tenderId: TenderId, envelope: EnvelopeKind, seed: string
}): Promise<HolderStatus[]> {
  const seed = fromBase64url(text, '/seed')
  return await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing', 'witness')
    await assertOpeningTime(tx, { tender, envelope, at })
    const { point } = await contributionOf(tx, { tenderId, envelope, holderId: caller.holderId })
    if (seed.length !== SEED_BYTES || !seedMatches(seed, fromBase64url(point))) {
      throw new BonginError('reveal-mismatch', {
        field: '/seed',
        detail: 'This seed does not give the point that the notice names for you.',
        detailKo: '공고에 기재된 담당자의 공개점과 맞지 않는 시드입니다.'
      })
    }
    await storeReveal(context, tx, { tenderId, envelope, holderId: caller.holderId, seed, via: 'holder', at, actor: caller.holderId })
    return await holderStatus(tx, tenderId, envelope)
  })
}
