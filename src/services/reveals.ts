/**
 * What reveals have in common: their time, the tender's contributions, and how revealed seeds are kept: wrapped by the
 * key-encryption key, bound to key and holder. The price seeds are published by the opening, the technical ones never.
 */
import { parseContribution } from '../crypto/contribution.ts'
import { unwrapSecret, wrapSecret } from '../crypto/secret-wrap.ts'
import { keyContext, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type Instant, type OfficerId, type TenderId } from '../domain/ids.ts'
import { COMMITTEE_SEATS } from '../domain/notice.ts'
import { formatKst } from '../domain/time.ts'
import { insertReveal, listContributions, listReveals, listShareReveals, type Contribution } from '../storage/ceremony.ts'
import type { Db } from '../storage/prepare.ts'
import { getTechnicalOpening, getTechnicalResult } from '../storage/technical.ts'
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

/** How far the technical envelopes have come. */
export interface TechnicalStatus {
  opensAt: Instant
  holders: HolderStatus[]
  opened: boolean
  evaluated: boolean
}

/** What a revealed seed of a committee member is bound to. The platform's stays as it was wrapped at the draft. */
export function seedWrapContext ({ tenderId, envelope, holderId }: { tenderId: TenderId, envelope: EnvelopeKind, holderId: string }): string {
  return `bongin revealed seed v1/${keyContext(tenderId, envelope)}/${holderId}`
}

/**
 * The price key waits for its time and, where proposals are evaluated, for the signed result; the technical key is done
 * with once its envelopes are open.
 * @throws BonginError `reveal-early`, `opening-not-ready`, `tender-state`.
 */
export async function assertOpeningTime (db: Db, { tender, envelope, at }: { tender: Tender, envelope: EnvelopeKind, at: Instant }): Promise<void> {
  const opensAt = envelope === 'price' ? tender.opensAt : tender.technicalOpensAt
  if (opensAt === null) throw noTechnicalKey()
  if (at < opensAt && (tender.state === 'published' || tender.state === 'closed')) {
    throw new BonginError('reveal-early', {
      detail: 'Nothing is revealed before the opening time.',
      detailKo: '개찰 시각 전에는 키를 공개할 수 없습니다.',
      extra: { serverTime: formatKst(at), opensAt: formatKst(opensAt) }
    })
  }
  requireState(tender, 'closed')
  if (envelope === 'technical') {
    if ((await getTechnicalOpening(db, tender.tenderId)) === null) return
    throw new BonginError('opening-not-ready', {
      detail: 'The technical envelopes are open already.',
      detailKo: '기술제안서가 이미 개찰되었습니다.'
    })
  }
  if (await isPriceKeyDue(db, tender)) return
  throw new BonginError('opening-not-ready', {
    detail: 'The price key is revealed once the technical evaluation is signed.',
    detailKo: '기술평가 결과가 확정된 뒤에만 가격 키를 공개할 수 있습니다.'
  })
}

/** Whether nothing but its time holds the price key back. */
export async function isPriceKeyDue (db: Db, { tenderId, technicalOpensAt }: Tender): Promise<boolean> {
  return technicalOpensAt === null || (await getTechnicalResult(db, tenderId)) !== null
}

function noTechnicalKey (): BonginError {
  return new BonginError('recovery-unavailable', {
    field: '/envelope',
    detail: 'This tender has no technical key.',
    detailKo: '기술제안서용 키가 없는 공고입니다.'
  })
}

/** @throws BonginError `recovery-unavailable` for somebody who contributed nothing. */
export async function contributionOf (
  db: Db,
  { tenderId, envelope, holderId }: { tenderId: TenderId, envelope: EnvelopeKind, holderId: string }
): Promise<Contribution> {
  const contribution = (await listContributions(db, tenderId)).find((one) => one.holderId === holderId && one.envelope === envelope)
  if (contribution === undefined) throw new BonginError('recovery-unavailable', { field: '/ownerId' })
  return contribution
}

/** Keeps the first reveal of a holder's seed, and says so in the ledger. */
export async function storeReveal (
  context: Context,
  tx: Db,
  {
    tenderId,
    envelope,
    holderId,
    seed,
    via,
    at,
    actor
  }: {
    tenderId: TenderId
    envelope: EnvelopeKind
    holderId: string
    seed: Uint8Array
    via: 'holder' | 'shares'
    at: Instant
    actor: string
  }
): Promise<void> {
  const seedWrapped = wrapSecret({ kek: context.kek, secret: seed, context: seedWrapContext({ tenderId, envelope, holderId }) })
  if (!(await insertReveal(tx, { tenderId, holderId, envelope, via, seedWrapped, revealedAt: at }))) return
  await appendLedger(tx, { tenderId, at, actor, type: 'revealed', payload: { envelope, holderId, via } })
}

/** Who has revealed its part of that key, and how many shares are in for whom; nobody where there is no such key. */
export async function holderStatus (db: Db, tenderId: TenderId, envelope: EnvelopeKind): Promise<HolderStatus[]> {
  const { terms } = await currentNotice(db, tenderId)
  const { committee } = terms
  const revealed = new Set((await listReveals(db, tenderId, envelope)).map(({ holderId }) => holderId))
  const status: HolderStatus[] = []
  for (const { holderId, role } of keyOf(terms, envelope)?.holders ?? []) {
    const shares = (await listShareReveals(db, { tenderId, ownerId: holderId, envelope })).length
    status.push({ holderId, role, revealed: revealed.has(holderId), shares, threshold: committee.threshold })
  }
  return status
}

/** The committee's seeds of that key by holder once all are in, else null. */
export async function revealedSeeds (context: Context, tenderId: TenderId, envelope: EnvelopeKind): Promise<Map<string, Uint8Array> | null> {
  const db = context.db.read
  const key = keyOf((await currentNotice(db, tenderId)).terms, envelope)
  invariant(key !== null, 'seeds are asked for where there is a key')
  const seeds = new Map(
    (await listReveals(db, tenderId, envelope)).filter(({ holderId }) => holderId !== PLATFORM_HOLDER_ID).map(({ holderId, seedWrapped }) => [
      holderId,
      unwrapSecret({ kek: context.kek, wrapped: seedWrapped, context: seedWrapContext({ tenderId, envelope, holderId }) })
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
): Promise<{ tender: Tender; holders: HolderStatus[]; technical: TechnicalStatus | null }> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  await requireSeat(db, tender, caller, ...COMMITTEE_SEATS)
  return { tender, holders: await holderStatus(db, tenderId, 'price'), technical: await technicalStatus(db, tender) }
}

async function technicalStatus (db: Db, { tenderId, technicalOpensAt }: Tender): Promise<TechnicalStatus | null> {
  if (technicalOpensAt === null) return null
  const opened = (await getTechnicalOpening(db, tenderId)) !== null
  const evaluated = (await getTechnicalResult(db, tenderId)) !== null
  return { opensAt: technicalOpensAt, holders: await holderStatus(db, tenderId, 'technical'), opened, evaluated }
}

/** The caller's own seed of that key, sealed to itself. */
export async function readOwnKey (
  context: Context,
  caller: OfficerCaller,
  { tenderId, envelope }: { tenderId: TenderId; envelope: EnvelopeKind }
): Promise<{ enc: string; ciphertext: string }> {
  const tender = await requirePublished(context.db.read, tenderId)
  await requireSeat(context.db.read, tender, caller, 'executing', 'witness')
  return parseContribution((await contributionOf(context.db.read, { tenderId, envelope, holderId: caller.holderId })).jws).payload.wrappedSeed
}

export interface OwnShare {
  ownerId: OfficerId
  envelope: EnvelopeKind
  enc: string
  ciphertext: string
}

/** Recovery shares sealed to the caller. */
export async function readOwnShares (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<OwnShare[]> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  await requireSeat(db, tender, caller, ...COMMITTEE_SEATS)
  return (await listContributions(db, tenderId)).flatMap(({ holderId, envelope, jws }) =>
    parseContribution(jws)
      .payload.shares.filter((share) => share.holderId === caller.holderId)
      .map(({ enc, ciphertext }) => ({ ownerId: holderId as OfficerId, envelope, enc, ciphertext }))
  )
}
