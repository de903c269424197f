/**
 * From the opening time on the holders reveal: each its own seed, or, for a member that is missing or refuses, the
 * others their recovery shares until the threshold is met. A seed counts only when it gives the point that the notice
 * committed to, so neither a wrong seed nor a wrong share can do harm. Revealed seeds are wrapped at rest until the
 * opening publishes them.
 */
import { fromBase64url } from '../crypto/bytes.ts'
import { parseContribution } from '../crypto/contribution.ts'
import { SEED_BYTES, seedMatches } from '../crypto/joint-key.ts'
import { unwrapSecret, wrapSecret } from '../crypto/secret-wrap.ts'
import { combineShares } from '../crypto/shares.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type Instant, type OfficerId, type TenderId } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { insertReveal, insertShareReveal, listContributions, listReveals, listShareReveals, type Contribution } from '../storage/ceremony.ts'
import type { Db } from '../storage/prepare.ts'
import type { Tender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { currentNotice } from './notice-text.ts'
import { requirePublished, requireSeat, requireState } from './tender-access.ts'

export interface HolderStatus {
  holderId: string
  role: string
  revealed: boolean
  shares: number
  threshold: number
}

/** What a revealed seed is bound to while it waits for the opening. */
export function revealContext (tenderId: TenderId, holderId: string): string {
  return `bongin revealed seed v1/${tenderId}/${holderId}`
}

function shareContext (tenderId: TenderId, ownerId: string, recipientId: string): string {
  return `bongin revealed share v1/${tenderId}/${ownerId}/${recipientId}`
}

/** @throws BonginError `reveal-early`, `reveal-mismatch`, `not-committee-member`, `tender-state`. */
export async function revealSeed (
  context: Context,
  caller: OfficerCaller,
  { tenderId, seed: text }: { tenderId: TenderId; seed: string }
): Promise<HolderStatus[]> {
  const seed = fromBase64url(text, '/seed')
  return await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing', 'witness')
    assertOpeningTime(tender, at)
    const contribution = await contributionOf(tx, tenderId, caller.holderId)
    if (seed.length !== SEED_BYTES || !seedMatches(seed, fromBase64url(contribution.point))) {
      throw new BonginError('reveal-mismatch', {
        field: '/seed',
        detail: 'This seed does not give the point that the notice names for you.',
        detailKo: '공고에 기재된 담당자의 공개점과 맞지 않는 시드입니다.'
      })
    }
    await storeReveal(context, tx, { tenderId, holderId: caller.holderId, seed, via: 'holder', at, actor: caller.holderId })
    return await holderStatus(tx, tenderId)
  })
}

/** A recovery share of another member's seed. @throws BonginError `reveal-early`, `share-mismatch`, `recovery-unavailable`, … */
export async function revealShare (
  context: Context,
  caller: OfficerCaller,
  {
    tenderId,
    ownerId,
    share: text
  }: {
    tenderId: TenderId
    ownerId: string
    share: string
  }
): Promise<HolderStatus[]> {
  const share = fromBase64url(text, '/share')
  return await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing', 'witness', 'audit')
    assertOpeningTime(tender, at)
    const contribution = await contributionOf(tx, tenderId, ownerId)
    const { shares } = parseContribution(contribution.jws).payload
    if (!shares.some(({ holderId }) => holderId === caller.holderId)) {
      throw new BonginError('recovery-unavailable', {
        field: '/ownerId',
        detail: "You hold no share of this member's seed.",
        detailKo: '이 담당자의 복구 조각을 가지고 있지 않습니다.'
      })
    }
    const shareWrapped = wrapSecret({ kek: context.kek, secret: share, context: shareContext(tenderId, ownerId, caller.holderId) })
    await insertShareReveal(tx, { tenderId, ownerId, recipientId: caller.holderId, shareWrapped, revealedAt: at })
    await recover(context, tx, { tenderId, contribution, at })
    return await holderStatus(tx, tenderId)
  })
}

/**
 * Tries every choice of `threshold` shares, so that one wrong share cannot block the right ones.
 * @throws BonginError `share-mismatch` when enough shares are in and none fit; the caller's share is then not kept.
 */
async function recover (
  context: Context,
  tx: Db,
  { tenderId, contribution, at }: { tenderId: TenderId; contribution: Contribution; at: Instant }
): Promise<void> {
  const ownerId = contribution.holderId
  const revealed = await listShareReveals(tx, { tenderId, ownerId })
  const shares = revealed.map(({ recipientId, shareWrapped }) =>
    unwrapSecret({ kek: context.kek, wrapped: shareWrapped, context: shareContext(tenderId, ownerId, recipientId) })
  )
  const { threshold } = parseContribution(contribution.jws).payload
  if (shares.length < threshold) return
  const point = fromBase64url(contribution.point)
  for (const choice of combinations(shares, threshold)) {
    const seed = await combineShares(choice, point).catch(() => null)
    if (seed === null) continue
    await storeReveal(context, tx, { tenderId, holderId: ownerId, seed, via: 'shares', at, actor: ownerId })
    return
  }
  throw new BonginError('share-mismatch', {
    field: '/share',
    detail: "The shares do not rebuild this member's seed. At least one of them is wrong.",
    detailKo: '복구 조각으로 담당자의 시드를 복원할 수 없습니다. 잘못된 조각이 있습니다.'
  })
}

function * combinations<T> (items: readonly T[], size: number, from = 0, chosen: T[] = []): Generator<T[]> {
  if (chosen.length === size) {
    yield chosen
    return
  }
  for (let i = from; i < items.length; i++) yield * combinations(items, size, i + 1, [...chosen, items[i] as T])
}

async function storeReveal (
  context: Context,
  tx: Db,
  {
    tenderId,
    holderId,
    seed,
    via,
    at,
    actor
  }: {
    tenderId: TenderId
    holderId: string
    seed: Uint8Array
    via: 'holder' | 'shares'
    at: Instant
    actor: string
  }
): Promise<void> {
  const seedWrapped = wrapSecret({ kek: context.kek, secret: seed, context: revealContext(tenderId, holderId) })
  if (!(await insertReveal(tx, { tenderId, holderId, via, seedWrapped, revealedAt: at }))) return
  await appendLedger(tx, { tenderId, at, actor, type: 'revealed', payload: { holderId, via } })
}

async function contributionOf (db: Db, tenderId: TenderId, holderId: string): Promise<Contribution> {
  const contribution = (await listContributions(db, tenderId)).find((one) => one.holderId === holderId)
  if (contribution === undefined) throw new BonginError('recovery-unavailable', { field: '/ownerId' })
  return contribution
}

/** @throws BonginError `reveal-early`, `tender-state`. */
function assertOpeningTime (tender: Tender, at: Instant): void {
  if (at < tender.opensAt && (tender.state === 'published' || tender.state === 'closed')) {
    throw new BonginError('reveal-early', {
      detail: 'Nothing is revealed before the opening time.',
      detailKo: '개찰 시각 전에는 키를 공개할 수 없습니다.',
      extra: { serverTime: formatKst(at), opensAt: formatKst(tender.opensAt) }
    })
  }
  requireState(tender, 'closed')
}

/** Who has revealed; the platform counts as soon as the clock allows. */
export async function holderStatus (db: Db, tenderId: TenderId): Promise<HolderStatus[]> {
  const { key, committee } = (await currentNotice(db, tenderId)).terms
  const revealed = await listReveals(db, tenderId)
  const status: HolderStatus[] = []
  for (const { holderId, role } of key.holders) {
    const shares = (await listShareReveals(db, { tenderId, ownerId: holderId })).length
    const done = revealed.some((reveal) => reveal.holderId === holderId)
    status.push({ holderId, role, revealed: done, shares, threshold: committee.threshold })
  }
  return status
}

/** The committee's seeds by holder once all are in, else null. */
export async function revealedSeeds (context: Context, tenderId: TenderId): Promise<Map<string, Uint8Array> | null> {
  const db = context.db.read
  const { key } = (await currentNotice(db, tenderId)).terms
  const revealed = await listReveals(db, tenderId)
  const seeds = new Map(
    revealed.map(({ holderId, seedWrapped }) => [
      holderId,
      unwrapSecret({ kek: context.kek, wrapped: seedWrapped, context: revealContext(tenderId, holderId) })
    ])
  )
  const committee = key.holders.filter(({ holderId }) => holderId !== PLATFORM_HOLDER_ID)
  invariant(committee.length > 0, 'a joint key has committee members')
  return committee.every(({ holderId }) => seeds.has(holderId)) ? seeds : null
}

/** The caller's own wrapped seed, or the shares addressed to it. */
export async function readOwnKey (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<{ enc: string; ciphertext: string }> {
  const tender = await requirePublished(context.db.read, tenderId)
  await requireSeat(context.db.read, tender, caller, 'executing', 'witness')
  return parseContribution((await contributionOf(context.db.read, tenderId, caller.holderId)).jws).payload.wrappedSeed
}

export async function readOwnShares (
  context: Context,
  caller: OfficerCaller,
  tenderId: TenderId
): Promise<Array<{ ownerId: OfficerId; enc: string; ciphertext: string }>> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  await requireSeat(db, tender, caller, 'executing', 'witness', 'audit')
  return (await listContributions(db, tenderId)).flatMap(({ holderId, jws }) =>
    parseContribution(jws)
      .payload.shares.filter((share) => share.holderId === caller.holderId)
      .map(({ enc, ciphertext }) => ({ ownerId: holderId as OfficerId, enc, ciphertext }))
  )
}

/** The opening desk's view. @throws BonginError `not-committee-member`, `tender-not-found`. */
export async function readOpeningStatus (
  context: Context,
  caller: OfficerCaller,
  tenderId: TenderId
): Promise<{ tender: Tender; holders: HolderStatus[] }> {
  const tender = await requirePublished(context.db.read, tenderId)
  await requireSeat(context.db.read, tender, caller, 'executing', 'witness', 'audit')
  return { tender, holders: await holderStatus(context.db.read, tenderId) }
}
