/**
 * What reveals have in common: the opening time, the tender's contributions, and how revealed seeds are kept until the
 * opening publishes them: wrapped by the key-encryption key, bound to tender and holder.
 */
import { parseContribution } from '../crypto/contribution.ts'
import { unwrapSecret, wrapSecret } from '../crypto/secret-wrap.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type Instant, type OfficerId, type TenderId } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { insertReveal, listContributions, listReveals, listShareReveals, type Contribution } from '../storage/ceremony.ts'
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

function seedWrapContext (tenderId: TenderId, holderId: string): string {
  return `bongin revealed seed v1/${tenderId}/${holderId}`
}

/** @throws BonginError `reveal-early`, `tender-state`. */
export function assertOpeningTime (tender: Tender, at: Instant): void {
  if (at < tender.opensAt && (tender.state === 'published' || tender.state === 'closed')) {
    throw new BonginError('reveal-early', {
      detail: 'Nothing is revealed before the opening time.',
      detailKo: '개찰 시각 전에는 키를 공개할 수 없습니다.',
      extra: { serverTime: formatKst(at), opensAt: formatKst(tender.opensAt) }
    })
  }
  requireState(tender, 'closed')
}

/** @throws BonginError `recovery-unavailable` for somebody who contributed nothing. */
export async function contributionOf (db: Db, tenderId: TenderId, holderId: string): Promise<Contribution> {
  const contribution = (await listContributions(db, tenderId)).find((one) => one.holderId === holderId)
  if (contribution === undefined) throw new BonginError('recovery-unavailable', { field: '/ownerId' })
  return contribution
}

/** Keeps the first reveal of a holder's seed, and says so in the ledger. */
export async function storeReveal (
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
  const seedWrapped = wrapSecret({ kek: context.kek, secret: seed, context: seedWrapContext(tenderId, holderId) })
  if (!(await insertReveal(tx, { tenderId, holderId, via, seedWrapped, revealedAt: at }))) return
  await appendLedger(tx, { tenderId, at, actor, type: 'revealed', payload: { holderId, via } })
}

/** Who has revealed, and how many shares are in for whom. */
export async function holderStatus (db: Db, tenderId: TenderId): Promise<HolderStatus[]> {
  const { key, committee } = (await currentNotice(db, tenderId)).terms
  const revealed = new Set((await listReveals(db, tenderId)).map(({ holderId }) => holderId))
  const status: HolderStatus[] = []
  for (const { holderId, role } of key.holders) {
    const shares = (await listShareReveals(db, { tenderId, ownerId: holderId })).length
    status.push({ holderId, role, revealed: revealed.has(holderId), shares, threshold: committee.threshold })
  }
  return status
}

/** The committee's seeds by holder once all are in, else null. */
export async function revealedSeeds (context: Context, tenderId: TenderId): Promise<Map<string, Uint8Array> | null> {
  const db = context.db.read
  const { key } = (await currentNotice(db, tenderId)).terms
  const seeds = new Map(
    (await listReveals(db, tenderId)).map(({ holderId, seedWrapped }) => [
      holderId,
      unwrapSecret({ kek: context.kek, wrapped: seedWrapped, context: seedWrapContext(tenderId, holderId) })
    ])
  )
  const committee = key.holders.filter(({ holderId }) => holderId !== PLATFORM_HOLDER_ID)
  invariant(committee.length > 0, 'a joint key has committee members')
  return committee.every(({ holderId }) => seeds.has(holderId)) ? seeds : null
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

/** The caller's own seed, sealed to itself. */
export async function readOwnKey (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<{ enc: string; ciphertext: string }> {
  const tender = await requirePublished(context.db.read, tenderId)
  await requireSeat(context.db.read, tender, caller, 'executing', 'witness')
  return parseContribution((await contributionOf(context.db.read, tenderId, caller.holderId)).jws).payload.wrappedSeed
}

export interface OwnShare {
  ownerId: OfficerId
  enc: string
  ciphertext: string
}

/** Recovery shares sealed to the caller. */
export async function readOwnShares (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<OwnShare[]> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  await requireSeat(db, tender, caller, 'executing', 'witness', 'audit')
  return (await listContributions(db, tenderId)).flatMap(({ holderId, jws }) =>
    parseContribution(jws)
      .payload.shares.filter((share) => share.holderId === caller.holderId)
      .map(({ enc, ciphertext }) => ({ ownerId: holderId as OfficerId, enc, ciphertext }))
  )
}
