/**
 * The supplier's side: seal, submit, keep the receipt, withdraw, prove inclusion. A bid is sealed only to a key that was
 * proven, and a submission counts only with a receipt that was verified. Runs in a browser.
 */
import { fromBase64url, fromHex, sha256Hex, toHex, utf8 } from '../crypto/bytes.ts'
import { checkpointOrigin, openCheckpoint } from '../crypto/checkpoint-verify.ts'
import { parseEnvelope, sealBid } from '../crypto/envelope.ts'
import { signJws } from '../crypto/jws.ts'
import { verifyInclusion } from '../crypto/merkle.ts'
import { receiptLeafHash, verifyReceipt, type ReceiptPayload } from '../crypto/receipt.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { assertBidContent, type BidContent } from '../domain/bid.ts'
import type { Instant, Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import type { PriceMethod } from '../domain/notice.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import { segment, type Api } from './api.ts'
import { ClientError, type Identity } from './identity.ts'
import { getCheckedTender, type CheckedTender } from './tenders.ts'
import type { Trust } from './trust.ts'
import type { BidReceipt, InclusionView, MyBid } from './types.ts'

export interface SealedBid { envelope: string, envelopeSha256: Sha256Hex, tender: CheckedTender }

/**
 * Seals a bid for the notice in force, once that notice has been checked.
 * @throws BonginError `invalid-amount`, `invalid-picks`; ClientError `mismatch` where the tender takes no bids.
 */
export async function sealFor (api: Api, trust: Trust, { identity, tenderId, content, now }: {
  identity: Identity, tenderId: TenderId, content: BidContent, now: Instant
}): Promise<SealedBid> {
  const tender = await getCheckedTender(api, trust, tenderId)
  return await sealForTender(tender, { identity, content, now })
}

/** `sealFor` for a tender that was checked before. */
export async function sealForTender (tender: CheckedTender, { identity, content, now }: {
  identity: Identity, content: BidContent, now: Instant
}): Promise<SealedBid> {
  if (tender.view.state !== 'published') throw new ClientError('mismatch', `This tender takes no bids: it is ${tender.view.state}.`)
  const { terms, termsSha256 } = tender.last.notice
  assertBidContent(content, picksNumbers(terms.price.method))
  const envelope = await sealBid({
    tenderId: terms.tenderId,
    termsSha256,
    publicKey: fromBase64url(terms.key.publicKey),
    supplierId: identity.holderId as SupplierId,
    content,
    signer: identity.signer,
    clientTime: formatKst(now)
  })
  return { envelope, envelopeSha256: sha256Hex(utf8(envelope)), tender }
}

/** Whether bidders pick numbers of the price draw under this method. */
export function picksNumbers (method: PriceMethod): boolean {
  return method === 'multiple-derived' || method === 'multiple-sealed'
}

export interface Submitted extends BidReceipt {
  /** The server had this very envelope already. */
  repeated: boolean
}

/** May be repeated without harm: the same envelope gets the same receipt. @throws BonginError `receipt-invalid`, RecordFault. */
export async function submitBid (session: Api, trust: Trust, envelope: string): Promise<Submitted> {
  const { payload: { tenderId, supplierId }, sha256 } = parseEnvelope(envelope)
  const path = `/v1/tenders/${segment(tenderId)}/bids`
  const { status, body } = await session.postRepeatable<BidReceipt>(path, envelope, { contentType: 'application/jose' })
  const promised = readReceipt(trust, body.receipt)
  expectEqual({
    what: 'The receipt',
    expected: { tenderId, supplierId, envelopeSha256: sha256, acceptedAt: body.acceptedAt },
    actual: { tenderId: promised.tenderId, supplierId: promised.supplierId, envelopeSha256: promised.envelopeSha256, acceptedAt: promised.acceptedAt }
  })
  return { ...body, repeated: status === 200 }
}

/** A receipt's contents, once the platform's signature was verified. @throws BonginError `receipt-invalid`. */
export function readReceipt (trust: Trust, receipt: string): ReceiptPayload {
  return verifyReceipt({ receipt, publicKey: trust.receiptKey })
}

export async function myBid (session: Api, trust: Trust, tenderId: TenderId): Promise<MyBid> {
  const bid = await session.get<MyBid>(`/v1/tenders/${segment(tenderId)}/bids/mine`)
  const promised = readReceipt(trust, bid.receipt)
  const { envelopeSha256, acceptedAt } = bid
  expectEqual({
    what: 'The receipt',
    expected: { tenderId, envelopeSha256, acceptedAt },
    actual: { tenderId: promised.tenderId, envelopeSha256: promised.envelopeSha256, acceptedAt: promised.acceptedAt }
  })
  return bid
}

/** Withdraws the standing bid (전자입찰취소신청); the supplier cannot bid for this tender again. */
export async function withdrawBid (session: Api, trust: Trust, { identity, tenderId, reason }: {
  identity: Identity, tenderId: TenderId, reason: string
}): Promise<{ withdrawnAt: string, envelopeSha256: Sha256Hex }> {
  const { envelopeSha256 } = await myBid(session, trust, tenderId)
  const payload = { v: 1, type: 'bongin-withdrawal', tenderId, supplierId: identity.holderId, envelopeSha256, reason }
  const jws = await signJws(identity.signer, 'bongin-withdrawal', payload)
  const { withdrawnAt } = await session.post<{ withdrawnAt: string }>(`/v1/tenders/${segment(tenderId)}/withdrawals`, { jws })
  return { withdrawnAt, envelopeSha256 }
}

export interface Inclusion { leafIndex: number, size: number, rootSha256: Sha256Hex, checkpoint: string }

/**
 * That the receipt's bid is a leaf of the closing record that the platform signed. A failure with a valid receipt in hand
 * is proof of an omission: keep both.
 */
export async function checkInclusion (session: Api, trust: Trust, receipt: string): Promise<Inclusion> {
  const promised = readReceipt(trust, receipt)
  const { tenderId } = promised
  const view = await session.get<InclusionView>(`/v1/tenders/${segment(tenderId)}/bids/mine/inclusion`)
  const { leafIndex, size, proof, rootSha256, checkpoint } = view
  const signed = openCheckpoint({ text: checkpoint, keyName: trust.name, publicKey: trust.checkpointKey })
  expectEqual({
    what: 'The checkpoint',
    expected: { origin: checkpointOrigin({ platformName: trust.name, tenderId }), size, rootSha256 },
    actual: { origin: signed.origin, size: signed.size, rootSha256: toHex(signed.root) }
  })
  const leafHash = receiptLeafHash({ ...promised, acceptedAt: parseInstant(promised.acceptedAt) })
  const included = verifyInclusion({ leafHash, index: leafIndex, size, proof: proof.map((hash) => fromHex(hash)), root: signed.root })
  expect(included, 'The proof does not lead from the receipt\'s bid to the signed root: the bid is not in the closing record.')
  return { leafIndex, size, rootSha256, checkpoint }
}
