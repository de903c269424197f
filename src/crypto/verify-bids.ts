/**
 * The accepted bids: the leaves are those of the signed checkpoint, and every bid that counts is there as its supplier
 * signed it. A leaf's state is not in the tree, so it must be proven: `withdrawn` by the supplier's signed request,
 * `superseded` by the change of terms (the ledger's story), `sealed` by the envelope for the terms in force. Runs in a browser.
 */
import { checkConsortium } from '../domain/consortium.ts'
import type { Instant, Sha256Hex, SupplierId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import { technicalVoidReasons } from '../domain/technical-opening.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import { toHex } from './bytes.ts'
import { checkpointOrigin, openCheckpoint } from './checkpoint-verify.ts'
import { readAgreements } from './consortium.ts'
import { parseEnvelope, type EnvelopePayload } from './envelope.ts'
import { parseJws, type ParsedJws } from './jws.ts'
import { buildTree, merkleRoot, treeRoot, type MerkleTree } from './merkle.ts'
import type { OpeningLeaf } from './open-leaves.ts'
import { receiptLeafHash, verifyReceipt } from './receipt.ts'
import { supplierIdText, tenderIdText, type RecordLeaf, type TenderRecord } from './record.ts'
import { checkShape, expect, expectEqual, object, oneOf, RecordFault, sha256Text, text } from './record-shape.ts'
import type { ReadNotice } from './verify-notice.ts'
import type { CheckedPlatform, Signers } from './verify-platform.ts'
import type { CheckedTechnical } from './verify-technical.ts'

const MAX_REASON_LENGTH = 2000

export interface Closing { rootSha256: Sha256Hex, size: number }

/** The signed notes are the platform's, for this tender, and the last one speaks of these leaves; oldest first. */
export function checkCheckpoints ({ record, platform, notice }: { record: TenderRecord, platform: CheckedPlatform, notice: ReadNotice }): Closing[] {
  const { tenderId } = notice.notice.terms
  const read = (text: string): Closing => {
    const { origin, size, root } = openCheckpoint({ text, keyName: platform.name, publicKey: platform.checkpointKey.publicKey })
    expectEqual({ what: 'The checkpoint\'s origin', expected: checkpointOrigin({ platformName: platform.name, tenderId }), actual: origin })
    return { rootSha256: toHex(root) as Sha256Hex, size }
  }
  const closing = read(record.checkpoint)
  expectEqual({ what: 'The opening\'s closing record', expected: closing, actual: record.opening.closing })
  return [...record.earlierCheckpoints.map(read), closing]
}

/** A closing that an outage undid has the first leaves of the one that stands: nothing was dropped, swapped or slipped in. */
export function checkEarlierClosings (tree: MerkleTree, closings: readonly Closing[]): void {
  const hashes = tree[0] ?? []
  closings.forEach(({ rootSha256, size }, index) => {
    expect(size <= hashes.length, `Closing ${index} had more leaves than the closing record.`)
    expectEqual({ what: `The root of closing ${index}`, expected: toHex(merkleRoot(hashes.slice(0, size))), actual: rootSha256 })
  })
}

/** Leaves → root and size of the checkpoint; every leaf accepted between publication and deadline, no envelope twice. */
export function checkLeaves ({ leaves, closing, first, last }: {
  leaves: readonly RecordLeaf[], closing: Closing, first: ReadNotice, last: ReadNotice
}): MerkleTree {
  expectEqual({ what: 'The number of leaves', expected: closing.size, actual: leaves.length })
  const { tenderId } = last.notice.terms
  const seen = new Set<Sha256Hex>()
  const tree = buildTree(leaves.map((leaf, index) => {
    const acceptedAt = parseInstant(leaf.acceptedAt)
    expect(!seen.has(leaf.envelopeSha256), `Leaf ${index} repeats an envelope.`)
    seen.add(leaf.envelopeSha256)
    expect(acceptedAt >= first.publishedAt, `Leaf ${index} was accepted before the notice was published.`)
    expect(acceptedAt < last.closesAt, `Leaf ${index} was accepted at ${leaf.acceptedAt}, after the deadline ${formatKst(last.closesAt)}.`)
    return receiptLeafHash({ ...leaf, tenderId, acceptedAt })
  }))
  expectEqual({ what: 'The root over the leaves', expected: closing.rootSha256, actual: toHex(treeRoot(tree)) })
  return tree
}

/**
 * Every envelope that counts is there, whole, signed by its supplier and for these terms; no other is published, nor is
 * one that the technical evaluation left out.
 */
export function checkEnvelopes ({ record, last, signers, technical }: {
  record: TenderRecord, last: ReadNotice, signers: Signers, technical: CheckedTechnical | null
}): OpeningLeaf[] {
  expectEqual({ what: 'The number of envelope places', expected: record.leaves.length, actual: record.envelopes.length })
  const live = new Set<SupplierId>()
  const voidReason = technicalVoidReasons(technical?.outcome ?? null)
  return record.leaves.map((leaf, index) => {
    const { supplierId, envelopeSha256, state } = leaf
    const acceptedAt = parseInstant(leaf.acceptedAt)
    const envelope = record.envelopes[index] ?? null
    if (state !== 'sealed') {
      expect(envelope === null, `Leaf ${index} is ${state}; such an envelope is never published.`)
      return { supplierId, envelopeSha256, acceptedAt, state, envelope }
    }
    expect(!live.has(supplierId), `Supplier ${supplierId} has more than one bid that counts (leaf ${index}).`)
    live.add(supplierId)
    if (voidReason(supplierId) !== null) {
      expect(envelope === null, `Leaf ${index} is out by the technical evaluation; its price envelope is never opened or published.`)
      return { supplierId, envelopeSha256, acceptedAt, state, envelope }
    }
    expect(envelope !== null, `The envelope of leaf ${index} (${supplierId}) is missing.`)
    checkEnvelope({ envelope, leaf, index, acceptedAt, last, signers })
    return { supplierId, envelopeSha256, acceptedAt, state, envelope }
  })
}

function checkEnvelope ({ envelope, leaf, index, acceptedAt, last, signers }: {
  envelope: string, leaf: RecordLeaf, index: number, acceptedAt: Instant, last: ReadNotice, signers: Signers
}): void {
  const what = `The envelope of leaf ${index}`
  const { sha256, payload, jws } = parseEnvelope(envelope)
  expectEqual({ what: `${what}, SHA-256`, expected: leaf.envelopeSha256, actual: sha256 })
  const { terms, termsSha256 } = last.notice
  expectEqual({
    what,
    expected: { tenderId: terms.tenderId, termsSha256, supplierId: leaf.supplierId },
    actual: { tenderId: payload.tenderId, termsSha256: payload.termsSha256, supplierId: payload.supplierId }
  })
  expect((payload.technical !== undefined) === (terms.technicalKey !== null), `${what} has a technical part exactly where the tender has a technical key.`)
  signers.verify(jws, { kind: 'supplier', holderId: leaf.supplierId, at: acceptedAt })
  checkJointBid({ payload, what, acceptedAt, terms, signers })
}

/** A joint bid keeps the notice's rules, and every member signed that it takes part. */
function checkJointBid ({ payload, what, acceptedAt, terms, signers }: {
  payload: EnvelopePayload, what: string, acceptedAt: Instant, terms: NoticeTerms, signers: Signers
}): void {
  const { consortium, supplierId: leaderId, tenderId } = payload
  if (consortium === undefined) return
  checkConsortium({ members: consortium.members, leaderId, rule: terms.jointBids })
  for (const { supplierId, jws } of readAgreements({ ...consortium, tenderId, leaderId })) {
    try {
      signers.verify(jws, { kind: 'supplier', holderId: supplierId, at: acceptedAt })
    } catch (error) {
      throw new RecordFault(`${what}: the agreement of ${supplierId} does not hold. ${error instanceof Error ? error.message : ''}`, { cause: error })
    }
  }
}

export interface WithdrawalPayload { tenderId: string, supplierId: SupplierId, envelopeSha256: Sha256Hex, reason: string }
export interface CheckedWithdrawal { text: string, payload: WithdrawalPayload }

const withdrawalShape = object({
  v: oneOf(1), type: oneOf('bongin-withdrawal'), tenderId: tenderIdText, supplierId: supplierIdText, envelopeSha256: sha256Text, reason: text({ max: MAX_REASON_LENGTH })
})

/** One signed request for every withdrawn leaf, and none besides. `timeOf` is when the ledger took the request. */
export function checkWithdrawals ({ record, signers, timeOf }: {
  record: TenderRecord, signers: Signers, timeOf: (jws: string) => Instant
}): CheckedWithdrawal[] {
  const waiting = new Map(record.leaves.filter(({ state }) => state === 'withdrawn').map((leaf) => [leaf.envelopeSha256, leaf]))
  const checked = record.withdrawals.map((text, index) => {
    const jws: ParsedJws = parseJws(text, 'bongin-withdrawal')
    const payload = checkShape<WithdrawalPayload>(withdrawalShape, jws.payload, '/payload')
    const leaf = waiting.get(payload.envelopeSha256)
    expect(leaf !== undefined, `Withdrawal ${index} is for an envelope that is not withdrawn, or that was withdrawn before.`)
    expectEqual({
      what: `Withdrawal ${index}`,
      expected: { tenderId: record.opening.tenderId, supplierId: leaf.supplierId },
      actual: { tenderId: payload.tenderId, supplierId: payload.supplierId }
    })
    signers.verify(jws, { kind: 'supplier', holderId: leaf.supplierId, at: timeOf(text) })
    waiting.delete(payload.envelopeSha256)
    return { text, payload }
  })
  const [unproven] = waiting.values()
  expect(unproven === undefined, `The bid of ${unproven?.supplierId ?? ''} is called withdrawn, but there is no signed request.`)
  return checked
}

/** A receipt is a promise of inclusion: its leaf must be among those of the closing record. */
export function checkReceipts ({ receipts, platform, tree, tenderId }: {
  receipts: readonly string[], platform: CheckedPlatform, tree: MerkleTree, tenderId: string
}): void {
  const leaves = new Set((tree[0] ?? []).map((hash) => toHex(hash)))
  receipts.forEach((receipt, index) => {
    const payload = verifyReceipt({ receipt, publicKey: platform.receiptKey.publicKey })
    expectEqual({ what: `Receipt ${index}, tender`, expected: tenderId, actual: payload.tenderId })
    const leaf = toHex(receiptLeafHash({ ...payload, acceptedAt: parseInstant(payload.acceptedAt) }))
    expect(leaves.has(leaf), `Receipt ${index} (${payload.supplierId}, ${payload.acceptedAt}) promises a leaf that the closing record does not have: the bid was left out.`)
  })
}
