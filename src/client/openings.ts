/**
 * The opening desk: reveal the own seed or a recovery share, wait, evaluate, award. A seed leaves this side only when the
 * notice's opening time has come by the server's clock and by our own: a server that lies about the time gets nothing
 * early. Runs in a browser.
 */
import { fromBase64url, sha256Hex, toBase64url } from '../crypto/bytes.ts'
import { seedMatches } from '../crypto/joint-key.ts'
import { signJws } from '../crypto/jws.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { openShare, unwrapSeed } from '../crypto/shares.ts'
import type { Instant, SupplierId, TenderId } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { segment, type Api } from './api.ts'
import { ClientError, encryptionOf, type Identity } from './identity.ts'
import { getCheckedTender, type CheckedTender } from './tenders.ts'
import type { Trust } from './trust.ts'
import type { EvaluationAnswer, EvaluationView, OpeningStatusView, RevealView, SealedWire } from './types.ts'

/** Between two looks at an opening that is under way. */
export const POLL_INTERVAL_MS = 200

const path = (tenderId: TenderId, rest: string): string => `/v1/tenders/${segment(tenderId)}${rest}`

/** @throws ClientError `too-early` unless both clocks are past the opening time of the checked notice. */
export function assertOpeningTime ({ last, serverTime }: CheckedTender, now: Instant): void {
  const { opensAt } = last
  if (now >= opensAt && serverTime >= opensAt) return
  const clocks = `the server's clock says ${formatKst(serverTime)}, this machine's ${formatKst(now)}`
  throw new ClientError('too-early', `The tender opens at ${formatKst(opensAt)}; ${clocks}. No key is revealed before both are past it.`)
}

/** Reveals this member's own seed. */
export async function reveal (session: Api, trust: Trust, { identity, tenderId, now }: {
  identity: Identity, tenderId: TenderId, now: Instant
}): Promise<RevealView> {
  const tender = await getCheckedTender(session, trust, tenderId)
  assertOpeningTime(tender, now)
  const { holderId } = identity
  const { wrappedSeed } = await session.get<{ wrappedSeed: SealedWire }>(path(tenderId, '/key'))
  const seed = await unwrapSeed({ wrapped: wrappedSeed, tenderId, holderId, privateKey: encryptionOf(identity).privateKey })
  const holder = tender.last.notice.terms.key.holders.find((entry) => entry.holderId === holderId)
  expect(holder !== undefined && seedMatches(seed, fromBase64url(holder.point)), `The notice names no point of ${holderId} that this seed gives.`)
  return await session.post(path(tenderId, '/reveals'), { seed: toBase64url(seed) })
}

/** Reveals the recovery shares that this officer holds of members who have not revealed, or of `ownerId` alone. */
export async function revealShares (session: Api, trust: Trust, { identity, tenderId, ownerId, now }: {
  identity: Identity, tenderId: TenderId, ownerId?: string | undefined, now: Instant
}): Promise<{ owners: string[], answer: RevealView | null }> {
  const tender = await getCheckedTender(session, trust, tenderId)
  assertOpeningTime(tender, now)
  const { holders } = await openingStatus(session, tenderId)
  const waiting = new Set(holders.filter(({ revealed }) => !revealed).map(({ holderId }) => holderId))
  const { shares } = await session.get<{ shares: Array<SealedWire & { ownerId: string }> }>(path(tenderId, '/shares'))
  const owners: string[] = []
  let answer: RevealView | null = null
  for (const share of shares) {
    if (!waiting.has(share.ownerId) || (ownerId !== undefined && share.ownerId !== ownerId)) continue
    const opened = await openShare({
      share, tenderId, ownerId: share.ownerId, recipientId: identity.holderId, privateKey: encryptionOf(identity).privateKey
    })
    answer = await session.post<RevealView>(path(tenderId, '/share-reveals'), { ownerId: share.ownerId, share: toBase64url(opened) })
    owners.push(share.ownerId)
  }
  return { owners, answer }
}

export async function openingStatus (session: Api, tenderId: TenderId): Promise<OpeningStatusView> {
  return await session.get(path(tenderId, '/opening-status'))
}

/**
 * Asks until the tender has left `closed`, at most `timeoutMs` long.
 * @returns the last status, of whatever state.
 */
export async function waitForOpening (session: Api, tenderId: TenderId, { timeoutMs, wait, onStatus }: {
  timeoutMs: number, wait?: (ms: number) => Promise<void>, onStatus?: (status: OpeningStatusView) => void
}): Promise<OpeningStatusView> {
  const pause = wait ?? (async (ms: number) => { await new Promise((resolve) => { setTimeout(resolve, ms) }) })
  for (let waited = 0; ; waited += POLL_INTERVAL_MS) {
    const status = await openingStatus(session, tenderId)
    onStatus?.(status)
    if ((status.state !== 'published' && status.state !== 'closed') || waited >= timeoutMs) return status
    await pause(POLL_INTERVAL_MS)
  }
}

/** Digest of the opening record's bytes, for which the server's word is not taken. */
async function openingDigest (session: Api, tenderId: TenderId, claimed: string): Promise<string> {
  const digest = sha256Hex(await session.getBytes(path(tenderId, '/opening')))
  expectEqual({ what: 'The digest of the opening record', expected: digest, actual: claimed })
  return digest
}

export async function readEvaluation (session: Api, tenderId: TenderId): Promise<EvaluationView> {
  return await session.get(path(tenderId, '/evaluation'))
}

/** Judges the bidder whose turn it is. `capabilityMarksMilli` (thousandths of a mark) only under an eligibility review. */
export async function evaluate (session: Api, identity: Identity, { tenderId, supplierId, qualified, capabilityMarksMilli, reason }: {
  tenderId: TenderId, supplierId?: SupplierId | undefined, qualified: boolean, capabilityMarksMilli: number | null, reason: string
}): Promise<EvaluationAnswer & { supplierId: SupplierId }> {
  const evaluation = await readEvaluation(session, tenderId)
  const openingSha256 = await openingDigest(session, tenderId, evaluation.openingSha256)
  const judged = supplierId ?? evaluation.outcome.next
  if (judged === null) throw new ClientError('mismatch', 'Nobody is left to evaluate. Make the award.')
  const payload = { v: 1, type: 'bongin-evaluation', tenderId, openingSha256, supplierId: judged, qualified, capabilityMarksMilli, reason }
  const jws = await signJws(identity.signer, 'bongin-evaluation', payload)
  return { ...await session.post<EvaluationAnswer>(path(tenderId, '/evaluations'), { jws }), supplierId: judged }
}

export interface Awarded { state: string, decision: 'awarded' | 'failed', supplierId: SupplierId | null, amountWon: number | null }

/** Signs what the evaluation came to: the award to its winner, or the failure when nobody passed. */
export async function award (session: Api, identity: Identity, { tenderId, reason }: { tenderId: TenderId, reason: string }): Promise<Awarded> {
  const { outcome: { state: progress, winner, next }, order, ...evaluation } = await readEvaluation(session, tenderId)
  if (progress === 'open') throw new ClientError('mismatch', `The evaluation is not finished: ${next ?? 'somebody'} is next.`)
  const openingSha256 = await openingDigest(session, tenderId, evaluation.openingSha256)
  const decision = winner === null ? 'failed' : 'awarded'
  const amountWon = order.find(({ supplierId }) => supplierId === winner)?.amountWon ?? null
  const payload = { v: 1, type: 'bongin-award', tenderId, openingSha256, decision, supplierId: winner, amountWon, reason }
  const jws = await signJws(identity.signer, 'bongin-award', payload)
  const { state } = await session.post<{ state: string }>(path(tenderId, '/award'), { jws })
  return { state, decision, supplierId: winner, amountWon }
}
