/**
 * A bid comes in (입찰서 제출). The answer is sent after the commit is durable, and carries the receipt; the same envelope
 * again gets the same receipt, even after the deadline, so that a lost answer never costs a bid.
 * The time that counts is when the last byte of the request was read (`receivedAt`), compared with the deadline inside
 * the writer, in order. Nothing in the answer depends on other bids.
 */
import type { Envelope } from '../crypto/envelope.ts'
import { parseEnvelope } from '../crypto/envelope.ts'
import { signReceiptJws, verifyJws } from '../crypto/jws-verify.ts'
import { receiptPayload } from '../crypto/receipt.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { getBid, hasWithdrawn, insertBid, type StoredBid } from '../storage/bids.ts'
import type { Db } from '../storage/prepare.ts'
import { getSupplier, suspendedUntil } from '../storage/suppliers.ts'
import type { Tender } from '../storage/tenders.ts'
import { certifiedKey } from './certified-key.ts'
import type { Context, SupplierCaller } from './context.ts'
import { appendLedger, SUPPLIER_ACTOR } from './ledger.ts'
import { currentNotice } from './notice-text.ts'
import { assertOwnKey } from './signed-act.ts'
import { requirePublished } from './tender-access.ts'

export type Acceptance = Pick<StoredBid, 'receipt' | 'acceptedAt' | 'envelopeSha256'> & { repeated: boolean }

/**
 * @throws BonginError `envelope-malformed`, `invalid-base64url`, `wrong-tender`, `wrong-revision`, `signature-invalid`,
 * `certificate-*`, `bid-late`, `bid-exists`, `bid-withdrawn`, `ciphertext-copied`, `supplier-ineligible`,
 * `supplier-suspended`, `tender-not-open`, `tender-not-found`, `overloaded`.
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
  const envelope = parseEnvelope(body)
  assertOwnKey(envelope.jws, caller)
  assertFor(envelope, caller, tenderId)
  verifyJws(envelope.jws, (await certifiedKey(context.db.read, caller.thumbprint, receivedAt)).publicKey)
  return await context.db.write(async (tx) => await acceptBid(context, tx, { envelope, body, caller, tenderId, receivedAt }))
}

function assertFor ({ payload }: Envelope, caller: SupplierCaller, tenderId: TenderId): void {
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
  context: Context,
  tx: Db,
  {
    envelope,
    body,
    caller,
    tenderId,
    receivedAt
  }: {
    envelope: Envelope
    body: Uint8Array
    caller: SupplierCaller
    tenderId: TenderId
    receivedAt: Instant
  }
): Promise<Acceptance> {
  const { termsSha256, enc } = envelope.payload
  const supplierId = caller.holderId
  const tender = await requirePublished(tx, tenderId)
  const standing = await getBid(tx, { tenderId, supplierId, termsSha256 })
  if (standing?.envelopeSha256 === envelope.sha256) return { ...standing, repeated: true }

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
  await assertMayBid(tx, { tenderId, supplierId, at: receivedAt })

  const bid = { tenderId, supplierId, envelopeSha256: envelope.sha256, acceptedAt: receivedAt }
  const receipt = signReceiptJws({ privateKey: context.platform.receiptKey, kid: context.platform.receiptKid }, receiptPayload(bid))
  if (!(await insertBid(tx, { ...bid, thumbprint: caller.thumbprint, termsSha256, enc, envelope: Buffer.from(body), receipt }))) {
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
    payload: { supplierId, envelopeSha256: envelope.sha256, acceptedAt: formatKst(receivedAt) }
  })
  return { receipt, acceptedAt: receivedAt, envelopeSha256: envelope.sha256, repeated: false }
}

/** @throws BonginError `bid-late` from the deadline on, `tender-not-open` for a cancelled tender. */
export function assertOpen (tender: Tender, at: Instant): void {
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

async function assertMayBid (
  tx: Db,
  { tenderId, supplierId, at }: { tenderId: TenderId; supplierId: SupplierCaller['holderId']; at: Instant }
): Promise<void> {
  const until = await suspendedUntil(tx, supplierId, at)
  if (until !== null) {
    throw new BonginError('supplier-suspended', {
      detail: 'You are suspended from bidding.',
      detailKo: '부정당업자 제재 기간에는 투찰할 수 없습니다.',
      extra: { suspendedUntil: formatKst(until) }
    })
  }
  const profile = (await getSupplier(tx, supplierId))?.profile
  const { linesOfBusiness, regions } = (await currentNotice(tx, tenderId)).terms.eligibility
  const lineFits = linesOfBusiness.length === 0 || linesOfBusiness.some((line) => profile?.linesOfBusiness.includes(line) === true)
  const regionFits = regions.length === 0 || (profile !== undefined && regions.includes(profile.region))
  if (lineFits && regionFits) return
  throw new BonginError('supplier-ineligible', {
    field: lineFits ? '/profile/region' : '/profile/linesOfBusiness',
    detail: lineFits ? 'This tender is for suppliers of other regions.' : 'This tender needs a line of business that you have not registered.',
    detailKo: lineFits ? '지역 제한으로 참가할 수 없는 공고입니다.' : '이 공고에 필요한 업종이 등록되어 있지 않습니다.'
  })
}
