/**
 * A bid comes in (입찰서 제출). The answer is sent after the commit is durable, and carries the receipt; the same envelope
 * again gets the same receipt, even after the deadline, so that a lost answer never costs a bid.
 * The time that counts is when the last byte of the request was read (`receivedAt`), compared with the deadline inside
 * the writer, in order; a closing waits until what was received before it is there. Nothing in the answer depends on other bids.
 */
import { fromBase64url } from '../crypto/bytes.ts'
import { readEnvelope } from '../crypto/envelope-scan.ts'
import { SUITE_BYTES } from '../crypto/hpke-seal.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import { formatKst } from '../domain/time.ts'
import { getBid, hasWithdrawn, insertBid, type StoredBid } from '../storage/bids.ts'
import type { Db } from '../storage/prepare.ts'
import type { BiddenTender } from '../storage/tenders.ts'
import { type CheckedBid, withReceipt } from './bid-checks.ts'
import { committedKey } from './certified-key.ts'
import type { Context, SupplierCaller } from './context.ts'
import { appendLedger, SUPPLIER_ACTOR } from './ledger.ts'
import { assertMayBid } from './may-bid.ts'
import { noticeInForce } from './notice-text.ts'
import { assertOwnKey } from './signed-act.ts'
import { requireBiddenTender } from './tender-access.ts'

export type Acceptance = Pick<StoredBid, 'receipt' | 'acceptedAt' | 'envelopeSha256'> & { repeated: boolean }

/**
 * @throws BonginError `envelope-malformed`, `invalid-base64url`, `wrong-tender`, `wrong-revision`, `signature-invalid`,
 * `certificate-*`, `bid-late`, `bid-exists`, `bid-withdrawn`, `ciphertext-copied`, `supplier-ineligible`,
 * `supplier-suspended`, `joint-bid-invalid`, `tender-not-open`, `tender-not-found`, `overloaded`.
 */
export async function submitBid (
  context: Context,
  caller: SupplierCaller,
  {
    tenderId,
    body,
    receivedAt
  }: {
    tenderId: TenderId
    body: Uint8Array
    receivedAt: Instant
  }
): Promise<Acceptance> {
  const { stored } = await context.bidsUnderWay.during(tenderId, async () => {
    const bid = await readBid(context, caller, { tenderId, body, receivedAt })
    // Within an object, because to be with the writer is enough here.
    return { stored: context.db.write(async (tx) => await acceptBid(tx, { bid, body, caller, tenderId, receivedAt })) }
  })
  return await stored
}

/** By the thread for it; what that does not pass is looked at here, for the reason. */
async function readBid (
  { db, bidChecks, platform: { receiptKey, receiptKid } }: Context,
  caller: SupplierCaller,
  { tenderId, body, receivedAt }: { tenderId: TenderId, body: Uint8Array, receivedAt: Instant }
): Promise<CheckedBid> {
  const { publicKey, publicKeySpki } = await committedKey(db.holders, caller.thumbprint, receivedAt)
  const checked = await bidChecks.check({ body, spki: publicKeySpki, receivedAt })
  if (checked !== null) {
    assertOwnKey(checked, caller)
    assertFor(checked.payload, caller, tenderId)
    return checked
  }
  const envelope = readEnvelope(body)
  assertOwnKey(envelope.jws, caller)
  assertFor(envelope.payload, caller, tenderId)
  verifyJws(envelope.jws, publicKey)
  return withReceipt(envelope, receivedAt, { privateKey: receiptKey, kid: receiptKid })
}

function assertFor (payload: CheckedBid['payload'], caller: SupplierCaller, tenderId: TenderId): void {
  if (payload.tenderId !== tenderId) {
    throw new BonginError('wrong-tender', {
      field: '/payload/tenderId',
      detail: 'This envelope is sealed for another tender.',
      detailKo: '다른 공고에 봉인된 입찰서입니다.'
    })
  }
  if (payload.supplierId !== caller.holderId) {
    throw new BonginError('signature-invalid', {
      field: '/payload/supplierId',
      detail: 'The envelope names another supplier than its signer.',
      detailKo: '입찰서의 업체와 서명자가 다릅니다.'
    })
  }
}

async function acceptBid (
  tx: Db,
  {
    bid,
    body,
    caller,
    tenderId,
    receivedAt
  }: {
    bid: CheckedBid
    body: Uint8Array
    caller: SupplierCaller
    tenderId: TenderId
    receivedAt: Instant
  }
): Promise<Acceptance> {
  const { payload, receipt, sha256: envelopeSha256 } = bid
  const { termsSha256, enc, technical } = payload
  const supplierId = caller.holderId
  const tender = await requireBiddenTender(tx, tenderId)
  const standing = await getBid(tx, { tenderId, supplierId, termsSha256 })
  if (standing?.envelopeSha256 === envelopeSha256) return { ...standing, repeated: true }

  assertOpen(tender, receivedAt)
  if (await hasWithdrawn(tx, { tenderId, supplierId })) {
    throw new BonginError('bid-withdrawn', {
      detail: 'You withdrew your bid. A supplier that withdrew cannot bid for this tender again.',
      detailKo: '입찰을 취소한 업체는 이 공고에 다시 투찰할 수 없습니다.'
    })
  }
  if (standing !== null) {
    throw new BonginError('bid-exists', {
      detail: 'You have a bid for this tender; it cannot be exchanged.',
      detailKo: '이미 제출한 입찰서가 있으며, 교환할 수 없습니다.'
    })
  }
  if (termsSha256 !== tender.termsSha256) {
    throw new BonginError('wrong-revision', {
      field: '/payload/termsSha256',
      detail: 'This envelope is sealed for other terms than those in force. Read the notice again and seal a new bid.',
      detailKo: '현재 유효한 공고 내용이 아닌 내용에 봉인된 입찰서입니다. 공고를 다시 확인하고 새로 봉인하십시오.'
    })
  }
  const { terms } = await noticeInForce(tx, tender)
  assertTechnicalPart(payload, terms)
  assertSuite(payload, terms)
  await assertMayBid(tx, { payload, terms, at: receivedAt })

  const accepted = { tenderId, supplierId, envelopeSha256, acceptedAt: receivedAt, receipt }
  const sealed = { termsSha256, enc, technicalEnc: technical?.enc ?? null, envelope: Buffer.from(body.buffer, body.byteOffset, body.length) }
  if (!(await insertBid(tx, { ...accepted, ...sealed, thumbprint: caller.thumbprint }))) {
    throw new BonginError('ciphertext-copied', {
      field: '/payload/enc',
      detail: 'Another bid for this tender carries the same sealed content.',
      detailKo: '이 공고의 다른 입찰서와 봉인 내용이 같습니다.'
    })
  }
  await appendLedger(tx, {
    tenderId,
    at: receivedAt,
    actor: SUPPLIER_ACTOR,
    type: 'bid',
    payload: { supplierId, envelopeSha256, acceptedAt: formatKst(receivedAt) }
  })
  return { receipt, acceptedAt: receivedAt, envelopeSha256, repeated: false }
}

/** Sealed in the suite of the tender's keys. @throws BonginError `envelope-malformed`. */
function assertSuite ({ enc, technical }: CheckedBid['payload'], { key }: NoticeTerms): void {
  const fits = (one: string): boolean => fromBase64url(one).length === SUITE_BYTES[key.suite].enc
  if (fits(enc) && (technical === undefined || fits(technical.enc))) return
  throw new BonginError('envelope-malformed', {
    field: fits(enc) ? '/payload/technical/enc' : '/payload/enc',
    detail: `This tender's bids are sealed in suite ${key.suite}.`,
    detailKo: `이 공고의 입찰서는 암호 방식 ${key.suite}로 봉인해야 합니다.`
  })
}

/** A proposal where the tender opens proposals, and none elsewhere. @throws BonginError `envelope-malformed`. */
function assertTechnicalPart ({ technical }: CheckedBid['payload'], { technicalKey }: NoticeTerms): void {
  const wanted = technicalKey !== null
  if ((technical !== undefined) === wanted) return
  throw new BonginError('envelope-malformed', {
    field: '/payload/technical',
    detail: wanted ? 'This tender wants a sealed proposal beside the price.' : 'This tender takes no proposals.',
    detailKo: wanted ? '이 공고에는 가격과 함께 봉인된 제안서를 제출해야 합니다.' : '이 공고에는 제안서를 제출할 수 없습니다.'
  })
}

/** @throws BonginError `bid-late` from the deadline on, `tender-not-open` for a cancelled tender. */
export function assertOpen (tender: Pick<BiddenTender, 'state' | 'closesAt'>, at: Instant): void {
  if (tender.state === 'cancelled') {
    throw new BonginError('tender-not-open', {
      detail: 'This tender was cancelled.',
      detailKo: '취소된 공고입니다.',
      extra: { state: tender.state }
    })
  }
  if (tender.state === 'published' && at < tender.closesAt) return
  throw new BonginError('bid-late', {
    detail: "The deadline has passed; the time that counts is the server's. The attempt is on record.",
    detailKo: '마감되었습니다. 서버 시각이 기준이며, 제출 시도는 기록되었습니다.',
    extra: { serverTime: formatKst(at), closesAt: formatKst(tender.closesAt) }
  })
}
