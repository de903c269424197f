/**
 * Whether the server kept its word: every receipt's leaf is in the closing record that the platform signed, every refused
 * bid is not, and the records verify offline.
 */
import { checkpointOrigin, openCheckpoint } from '../../src/crypto/checkpoint-verify.ts'
import { toHex } from '../../src/crypto/bytes.ts'
import { merkleRoot } from '../../src/crypto/merkle.ts'
import { receiptLeafHash, verifyReceipt } from '../../src/crypto/receipt.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { Api } from '../../src/client/api.ts'
import type { Platform } from '../../src/client/platform.ts'
import { downloadRecord } from '../../src/client/records.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'

export interface Checked { leaves: number, faults: string[] }

/** @param whole also verify the opening, as `bongin verify` does. */
export async function checkTender (api: Api, trust: Platform, { tenderId, receipts, refused, whole }: {
  tenderId: TenderId
  receipts: readonly string[]
  /** Suppliers whose bid was refused as late. */
  refused: ReadonlySet<string>
  whole: boolean
}): Promise<Checked> {
  const record = await downloadRecord(api, tenderId)
  const hashes = record.leaves.map((leaf) => receiptLeafHash({ ...leaf, tenderId, acceptedAt: parseInstant(leaf.acceptedAt) }))
  const faults: string[] = []
  const signed = openCheckpoint({ text: record.checkpoint, keyName: trust.name, publicKey: trust.checkpointKey })
  const committed = signed.origin === checkpointOrigin({ platformName: trust.name, tenderId }) && signed.size === hashes.length &&
    toHex(signed.root) === toHex(merkleRoot(hashes))
  if (!committed) faults.push(`${tenderId}: the leaves are not those of the signed checkpoint`)
  const committedLeaves = new Set(hashes.map(toHex))
  for (const receipt of receipts) {
    const facts = verifyReceipt({ receipt, publicKey: trust.receiptKey })
    const leaf = toHex(receiptLeafHash({ ...facts, acceptedAt: parseInstant(facts.acceptedAt) }))
    if (facts.tenderId !== tenderId || !committedLeaves.has(leaf)) faults.push(`${tenderId}: ${facts.supplierId} has a receipt and no leaf`)
  }
  if (record.leaves.length !== receipts.length) faults.push(`${tenderId}: ${record.leaves.length} leaves for ${receipts.length} receipts`)
  for (const { supplierId } of record.leaves) if (refused.has(supplierId)) faults.push(`${tenderId}: ${supplierId} was refused and has a leaf`)
  if (whole) faults.push(...await wholeCheck(record, trust, receipts))
  return { leaves: record.leaves.length, faults }
}

async function wholeCheck (record: TenderRecord, trust: Platform, receipts: readonly string[]): Promise<string[]> {
  const { failure } = await verifyRecord(record, { trustedRootDer: trust.rootDer, receipts })
  return failure === null ? [] : [`${record.opening.tenderId}: verification fails at ${failure.step}: ${failure.detail}`]
}
