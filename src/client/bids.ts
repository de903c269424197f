/**
 * The supplier's side: seal, submit, keep the receipt, withdraw, prove inclusion. A bid is sealed only to a key that was
 * proven, and a submission counts only with a receipt that was verified. Runs in a browser.
 */
import { fromBase64url, fromHex, sha256Hex, toHex, utf8 } from '../crypto/bytes.ts'
import { checkpointOrigin, openCheckpoint } from '../crypto/checkpoint-verify.ts'
import { readAgreements, type Consortium } from '../crypto/consortium.ts'
import { parseEnvelope, sealBid } from '../crypto/envelope.ts'
import { signJws } from '../crypto/jws.ts'
import { verifyInclusion } from '../crypto/merkle.ts'
import { receiptLeafHash, verifyReceipt, type ReceiptPayload } from '../crypto/receipt.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { assertBidContent, type BidContent } from '../domain/bid.ts'
import { checkConsortium } from '../domain/consortium.ts'
import { drawsPrices } from '../domain/draw.ts'
import type { Instant, Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import type { Proposal } from '../domain/technical-opening.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import { assertUnitPrices } from '../domain/unit-prices.ts'
import { tenderPath, type Api } from './api.ts'
import { ClientError, type Identity } from './identity.ts'
import { getCheckedTender, type CheckedTender } from './tenders.ts'
import type { Trust } from './trust.ts'
import type { BidReceipt, InclusionView, MyBid } from './types.ts'

export interface SealedBid { envelope: string, envelopeSha256: Sha256Hex, tender: CheckedTender }

export interface BidToSeal {
  identity: Identity
  content: BidContent
  now: Instant
  /** Hundredths of a won, one for each line of a unit-price contract. */
  unitPricesCenti?: readonly number[] | null | undefined
  /** Of a joint bid, which this supplier leads. */
  consortium?: Consortium | undefined
  /** Where the tender opens proposals, and only there. */
  proposal?: Proposal | undefined
}

/**
 * Seals a bid for the notice in force, once that notice has been checked.
 * @throws BonginError `invalid-amount`, `invalid-picks`, `unit-prices-invalid`, `joint-bid-invalid`; ClientError `mismatch`
 * where the tender takes no bids.
 */
export async function sealFor (api: Api, trust: Trust, { tenderId, ...bid }: BidToSeal & { tenderId: TenderId }): Promise<SealedBid> {
  return await sealForTender(await getCheckedTender(api, trust, tenderId), bid)
}

/** Whether the tender takes such a bid, before it is sealed or shown as what will be. @throws as `sealFor`. */
export function checkBid ({ view, last }: CheckedTender, { identity, content, unitPricesCenti = null, consortium, proposal }: Omit<BidToSeal, 'now'>): void {
  if (view.state !== 'published') throw new ClientError('mismatch', `This tender takes no bids: it is ${view.state}.`)
  const { terms } = last.notice
  const leaderId = identity.holderId as SupplierId
  assertBidContent(content, drawsPrices(terms.price.method))
  assertUnitPrices({ lines: terms.unitPrices, unitPricesCenti, decimals: terms.price.decimals, amountWon: content.amountWon })
  if (consortium !== undefined) {
    checkConsortium({ members: consortium.members, leaderId, rule: terms.jointBids })
    readAgreements({ ...consortium, tenderId: terms.tenderId, leaderId })
  }
  technicalPart(terms, proposal)
}

/** `sealFor` for a tender that was checked before. */
export async function sealForTender (tender: CheckedTender, bid: BidToSeal): Promise<SealedBid> {
  checkBid(tender, bid)
  const { identity, content, now, unitPricesCenti = null, consortium, proposal } = bid
  const { terms, termsSha256 } = tender.last.notice
  const envelope = await sealBid({
    tenderId: terms.tenderId,
    termsSha256,
    publicKey: fromBase64url(terms.key.publicKey),
    supplierId: identity.holderId as SupplierId,
    content,
    unitPricesCenti,
    consortium,
    technical: technicalPart(terms, proposal),
    signer: identity.signer,
    clientTime: formatKst(now)
  })
  return { envelope, envelopeSha256: sha256Hex(utf8(envelope)), tender }
}

/** What is sealed to the technical key. @throws ClientError `mismatch` for a proposal too much or too few. */
function technicalPart ({ technicalKey }: NoticeTerms, proposal: Proposal | undefined): { proposal: Proposal, publicKey: Uint8Array } | undefined {
  if (technicalKey === null) {
    if (proposal !== undefined) throw new ClientError('mismatch', 'This tender takes no proposals.')
    return undefined
  }
  if (proposal === undefined) throw new ClientError('mismatch', 'This tender wants a proposal beside the price.')
  return { proposal, publicKey: fromBase64url(technicalKey.publicKey) }
}

export interface Submitted extends BidReceipt {
  /** The server had this very envelope already. */
  repeated: boolean
}

/** May be repeated without harm: the same envelope gets the same receipt. @throws BonginError `receipt-invalid`, RecordFault. */
export async function submitBid (session: Api, trust: Trust, envelope: string): Promise<Submitted> {
  const { payload: { tenderId, supplierId }, sha256 } = parseEnvelope(envelope)
  const path = tenderPath(tenderId, '/bids')
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
  const bid = await session.get<MyBid>(tenderPath(tenderId, '/bids/mine'))
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
  const { withdrawnAt } = await session.post<{ withdrawnAt: string }>(tenderPath(tenderId, '/withdrawals'), { jws })
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
  const view = await session.get<InclusionView>(tenderPath(tenderId, '/bids/mine/inclusion'))
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
