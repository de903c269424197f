/**
 * Withdrawal (전자입찰취소신청) before the deadline, for a clerical error: the bid is void, stays on record as a leaf, and
 * the supplier is shut out of this tender. And what a supplier may know of its own bid.
 */
import { sha256Hex, toHex, utf8 } from '../crypto/bytes.ts'
import { packedInclusion, packedSize } from '../crypto/merkle-packed.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, Sha256Hex, TenderId } from '../domain/ids.ts'
import { hasWithdrawn, insertWithdrawal, latestBid, type StoredBid } from '../storage/bids.ts'
import { leafIndexOf } from './closing-trees.ts'
import type { Context, SupplierCaller } from './context.ts'
import { appendLedger, SUPPLIER_ACTOR } from './ledger.ts'
import { isReason, isString, readMembers, readSignedAct } from './signed-act.ts'
import { assertOpen } from './submit-bid.ts'
import { cosignedNote } from './cosign-checkpoint.ts'
import { requirePublished } from './tender-access.ts'

/** @throws BonginError `bid-not-found`, `withdrawal-mismatch`, `bid-withdrawn`, `bid-late`, `signature-invalid`. */
export async function withdrawBid (
  context: Context,
  caller: SupplierCaller,
  {
    tenderId,
    jws,
    receivedAt
  }: {
    tenderId: TenderId
    jws: string
    receivedAt: Instant
  }
): Promise<Instant> {
  const supplierId = caller.holderId
  return await context.db.write(async (tx) => {
    const tender = await requirePublished(tx, tenderId)
    const act = await readSignedAct(tx, { jws, type: 'bongin-withdrawal', caller, now: receivedAt })
    const request = readMembers<{ tenderId: string; supplierId: string; envelopeSha256: string; reason: string }>(act, {
      tenderId: isString,
      supplierId: isString,
      envelopeSha256: isString,
      reason: isReason
    })
    assertOpen(tender, receivedAt)
    if (await hasWithdrawn(tx, { tenderId, supplierId })) {
      throw new BonginError('bid-withdrawn', { detail: 'This bid is withdrawn already.', detailKo: '이미 취소한 입찰입니다.' })
    }
    const bid = await latestBid(tx, { tenderId, supplierId })
    if (bid === null || bid.state !== 'sealed') throw bidNotFound()
    if (request.tenderId !== tenderId || request.supplierId !== supplierId || request.envelopeSha256 !== bid.envelopeSha256) {
      throw new BonginError('withdrawal-mismatch', {
        field: '/payload/envelopeSha256',
        detail: 'The request names another tender, supplier or envelope than the bid that stands.',
        detailKo: '취소 신청이 제출된 입찰서와 다른 공고, 업체 또는 입찰서를 가리킵니다.'
      })
    }
    await insertWithdrawal(tx, { tenderId, supplierId, jws, withdrawnAt: receivedAt })
    const { envelopeSha256 } = bid
    await appendLedger(tx, {
      tenderId,
      at: receivedAt,
      actor: SUPPLIER_ACTOR,
      type: 'withdrawn',
      payload: { supplierId, envelopeSha256, jwsSha256: sha256Hex(utf8(jws)) }
    })
    return receivedAt
  })
}

/** @throws BonginError `bid-not-found`. */
export async function readOwnBid (context: Context, caller: SupplierCaller, tenderId: TenderId): Promise<StoredBid> {
  await requirePublished(context.db.read, tenderId)
  const bid = await latestBid(context.db.read, { tenderId, supplierId: caller.holderId })
  if (bid === null) throw bidNotFound()
  return bid
}

export interface Inclusion {
  leafIndex: number
  size: number
  proof: Sha256Hex[]
  rootSha256: Sha256Hex
  checkpoint: string
}

/** Proof that the caller's bid is a leaf of the closing record. @throws BonginError `bid-not-found`, `not-yet-open` before the closing. */
export async function readInclusion (context: Context, caller: SupplierCaller, tenderId: TenderId): Promise<Inclusion> {
  const tender = await requirePublished(context.db.read, tenderId)
  if (tender.closingRoot === null || tender.checkpoint === null) {
    throw new BonginError('not-yet-open', {
      detail: 'The closing record is made at the deadline.',
      detailKo: '마감 기록은 마감 시각에 만들어집니다.'
    })
  }
  const own = await readOwnBid(context, caller, tenderId)
  const rootSha256 = tender.closingRoot
  const closing = await context.closingTrees.of(context.db.read, { tenderId, rootSha256 })
  const leafIndex = leafIndexOf(closing, own.bidNo)
  const proof = packedInclusion(closing.tree, leafIndex).map((hash) => toHex(hash) as Sha256Hex)
  return { leafIndex, size: packedSize(closing.tree), proof, rootSha256, checkpoint: await cosignedNote(context.db.read, tender.checkpoint) }
}

function bidNotFound (): BonginError {
  return new BonginError('bid-not-found', {
    detail: 'You have no bid that stands for this tender.',
    detailKo: '이 공고에 유효하게 제출한 입찰서가 없습니다.'
  })
}
