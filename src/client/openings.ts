/**
 * The opening desk: reveal the own seed or a recovery share, wait, evaluate, award. A seed leaves this side only when the
 * notice's opening time has come by the server's clock and by our own, and the price seed of a tender with proposals only
 * when their evaluation is signed and follows: a server that lies gets nothing early. Runs in a browser.
 */
import { fromBase64url, sha256Hex, toBase64url } from '../crypto/bytes.ts'
import { seedMatches } from '../crypto/joint-key.ts'
import { signJws } from '../crypto/jws.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { openShare, unwrapSeed } from '../crypto/shares.ts'
import type { Disqualification } from '../domain/bid.ts'
import { keyContext, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import type { Instant, SupplierId, TenderId } from '../domain/ids.ts'
import type { PriceDecimals } from '../domain/notice.ts'
import { formatKst } from '../domain/time.ts'
import { tenderPath, type Api } from './api.ts'
import { ClientError, encryptionOf, type Identity } from './identity.ts'
import { assertTechnicalComplete } from './technical.ts'
import { getCheckedTender, type CheckedTender } from './tenders.ts'
import type { Trust } from './trust.ts'
import type { EvaluationAnswer, EvaluationView, OpeningStatusView, RevealView, SealedWire } from './types.ts'

/** Between two looks at an opening that is under way. */
export const POLL_INTERVAL_MS = 200

/** @throws ClientError `too-early` unless both clocks are past the time of the checked notice; `mismatch` where there is no such key. */
export function assertOpeningTime ({ last, serverTime }: CheckedTender, { envelope, now }: { envelope: EnvelopeKind, now: Instant }): void {
  const opensAt = envelope === 'price' ? last.opensAt : last.technicalOpensAt
  if (opensAt === null) throw new ClientError('mismatch', 'This tender has no technical key.')
  if (now >= opensAt && serverTime >= opensAt) return
  const clocks = `the server's clock says ${formatKst(serverTime)}, this machine's ${formatKst(now)}`
  throw new ClientError('too-early', `The tender opens at ${formatKst(opensAt)}; ${clocks}. No key is revealed before both are past it.`)
}

/** The key whose turn it is: the technical one until its envelopes are open. */
export function dueEnvelope ({ technical }: Pick<OpeningStatusView, 'technical'>): EnvelopeKind {
  return technical === null || technical.opened ? 'price' : 'technical'
}

/** @throws ClientError `too-early`, RecordFault unless this key may be revealed now. */
async function assertDue (session: Api, trust: Trust, { tender, envelope, now }: {
  tender: CheckedTender, envelope: EnvelopeKind, now: Instant
}): Promise<void> {
  assertOpeningTime(tender, { envelope, now })
  if (envelope === 'price' && tender.last.notice.terms.technicalKey !== null) await assertTechnicalComplete(session, trust, tender)
}

export interface Revealed extends RevealView { envelope: EnvelopeKind }

/** Reveals this member's own seed of the key named, or of the one whose turn it is. */
export async function reveal (session: Api, trust: Trust, { identity, tenderId, envelope: named, now }: {
  identity: Identity, tenderId: TenderId, envelope?: EnvelopeKind | undefined, now: Instant
}): Promise<Revealed> {
  const tender = await getCheckedTender(session, trust, tenderId)
  const envelope = named ?? dueEnvelope(await openingStatus(session, tenderId))
  await assertDue(session, trust, { tender, envelope, now })
  const { holderId } = identity
  const { wrappedSeed } = await session.get<{ wrappedSeed: SealedWire }>(tenderPath(tenderId, '/key'), { envelope })
  const bound = keyContext(tenderId, envelope)
  const seed = await unwrapSeed({ wrapped: wrappedSeed, tenderId: bound, holderId, privateKey: encryptionOf(identity).privateKey })
  const holder = keyOf(tender.last.notice.terms, envelope)?.holders.find((entry) => entry.holderId === holderId)
  expect(holder !== undefined && seedMatches(seed, fromBase64url(holder.point)), `The notice names no point of ${holderId} that this seed gives.`)
  return { envelope, ...await session.post<RevealView>(tenderPath(tenderId, '/reveals'), { seed: toBase64url(seed), envelope }) }
}

/** Reveals the recovery shares that this officer holds of members who have not revealed, or of `ownerId` alone. */
export async function revealShares (session: Api, trust: Trust, { identity, tenderId, ownerId, now }: {
  identity: Identity, tenderId: TenderId, ownerId?: string | undefined, now: Instant
}): Promise<{ envelope: EnvelopeKind, owners: string[], answer: RevealView | null }> {
  const tender = await getCheckedTender(session, trust, tenderId)
  const status = await openingStatus(session, tenderId)
  const envelope = dueEnvelope(status)
  await assertDue(session, trust, { tender, envelope, now })
  const holders = envelope === 'price' ? status.holders : status.technical?.holders ?? []
  const waiting = new Set(holders.filter(({ revealed }) => !revealed).map(({ holderId }) => holderId))
  const { shares } = await session.get<{ shares: Array<SealedWire & { ownerId: string, envelope: EnvelopeKind }> }>(tenderPath(tenderId, '/shares'))
  const owners: string[] = []
  let answer: RevealView | null = null
  for (const share of shares) {
    if (share.envelope !== envelope || !waiting.has(share.ownerId) || (ownerId !== undefined && share.ownerId !== ownerId)) continue
    const opened = await openShare({
      share,
      tenderId: keyContext(tenderId, envelope),
      ownerId: share.ownerId,
      recipientId: identity.holderId,
      privateKey: encryptionOf(identity).privateKey
    })
    answer = await session.post<RevealView>(tenderPath(tenderId, '/share-reveals'), { ownerId: share.ownerId, share: toBase64url(opened), envelope })
    owners.push(share.ownerId)
  }
  return { envelope, owners, answer }
}

export async function openingStatus (session: Api, tenderId: TenderId): Promise<OpeningStatusView> {
  return await session.get(tenderPath(tenderId, '/opening-status'))
}

/**
 * Asks until the tender has left `closed`, or its technical envelopes are open where those are waited for; at most
 * `timeoutMs` long.
 * @returns the last status, of whatever state.
 */
export async function waitForOpening (session: Api, tenderId: TenderId, { timeoutMs, envelope = 'price', wait, onStatus }: {
  timeoutMs: number, envelope?: EnvelopeKind, wait?: (ms: number) => Promise<void>, onStatus?: (status: OpeningStatusView) => void
}): Promise<OpeningStatusView> {
  const pause = wait ?? (async (ms: number) => { await new Promise((resolve) => { setTimeout(resolve, ms) }) })
  for (let waited = 0; ; waited += POLL_INTERVAL_MS) {
    const status = await openingStatus(session, tenderId)
    onStatus?.(status)
    const isOpen = (status.state !== 'published' && status.state !== 'closed') || (envelope === 'technical' && status.technical?.opened === true)
    if (isOpen || waited >= timeoutMs) return status
    await pause(POLL_INTERVAL_MS)
  }
}

/** Digest of the opening record's bytes, for which the server's word is not taken. */
async function openingDigest (session: Api, tenderId: TenderId, claimed: string): Promise<string> {
  const digest = sha256Hex(await session.getBytes(tenderPath(tenderId, '/opening')))
  expectEqual({ what: 'The digest of the opening record', expected: digest, actual: claimed })
  return digest
}

export async function readEvaluation (session: Api, tenderId: TenderId): Promise<EvaluationView> {
  return await session.get(tenderPath(tenderId, '/evaluation'))
}

/** One judgement. Marks are thousandths of a mark: capability under an eligibility review, both under a comprehensive evaluation, else none. */
export interface Judgement {
  tenderId: TenderId
  /** Refused unless it is this bidder's turn; left out: whoever is next. */
  supplierId?: SupplierId | undefined
  qualified: boolean
  capabilityMarksMilli?: number | null
  socialMarksMilli?: number | null
  /** Of a candidate that is not qualified. */
  remark?: Disqualification | null
  reason: string
}

/** Judges the bidder whose turn it is. */
export async function evaluate (session: Api, identity: Identity, judgement: Judgement): Promise<EvaluationAnswer & { supplierId: SupplierId }> {
  const { tenderId, supplierId, qualified, capabilityMarksMilli = null, socialMarksMilli = null, remark = null, reason } = judgement
  const evaluation = await readEvaluation(session, tenderId)
  const openingSha256 = await openingDigest(session, tenderId, evaluation.openingSha256)
  const judged = supplierId ?? evaluation.outcome.next
  if (judged === null) throw new ClientError('mismatch', 'Nobody is left to evaluate. Make the award.')
  const stated = { supplierId: judged, qualified, remark, capabilityMarksMilli, socialMarksMilli, reason }
  const payload = { v: 1, type: 'bongin-evaluation', tenderId, openingSha256, ...stated }
  const jws = await signJws(identity.signer, 'bongin-evaluation', payload)
  return { ...await session.post<EvaluationAnswer>(tenderPath(tenderId, '/evaluations'), { jws }), supplierId: judged }
}

/** The amount is in units of 10^−decimals won. */
export interface Awarded { state: string, decision: 'awarded' | 'failed', supplierId: SupplierId | null, amountWon: number | null, decimals: PriceDecimals }

/** Signs what the evaluation came to: the award to its winner, or the failure when nobody passed. */
export async function award (session: Api, identity: Identity, { tenderId, reason }: { tenderId: TenderId, reason: string }): Promise<Awarded> {
  const { outcome: { state: progress, winner, next }, order, decimals, ...evaluation } = await readEvaluation(session, tenderId)
  if (progress === 'open') throw new ClientError('mismatch', `The evaluation is not finished: ${next ?? 'somebody'} is next.`)
  const openingSha256 = await openingDigest(session, tenderId, evaluation.openingSha256)
  const decision = winner === null ? 'failed' : 'awarded'
  const amountWon = order.find(({ supplierId }) => supplierId === winner)?.amountWon ?? null
  const payload = { v: 1, type: 'bongin-award', tenderId, openingSha256, decision, supplierId: winner, amountWon, reason }
  const jws = await signJws(identity.signer, 'bongin-award', payload)
  const { state } = await session.post<{ state: string }>(tenderPath(tenderId, '/award'), { jws })
  return { state, decision, supplierId: winner, amountWon, decimals }
}
