/**
 * A record whose deadline fell into an outage: closed at 10:00 with all bids but the last, moved to 13:00 by an officer's
 * outage, one more bid, closed again with a tree that extends the first, opened at 14:00.
 */
import { checkpointOrigin } from '../../src/crypto/checkpoint-verify.ts'
import { signCheckpoint } from '../../src/crypto/checkpoint.ts'
import { toHex } from '../../src/crypto/bytes.ts'
import { merkleRoot } from '../../src/crypto/merkle.ts'
import { makeOutageAct } from '../../src/crypto/outage-act.ts'
import { receiptLeafHash } from '../../src/crypto/receipt.ts'
import type { LedgerEntry, RecordLeaf, TenderRecord } from '../../src/crypto/record.ts'
import type { Closing } from '../../src/crypto/verify-bids.ts'
import type { Sha256Hex } from '../../src/domain/ids.ts'
import { extendTimes, showExtension, type Outage } from '../../src/domain/outage.ts'
import { HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { at, entryOf } from './attacks.ts'
import { jwsDigest, kst, makeRecord, rechain, reopen, resign, TENDER_ID } from './make-record.ts'
import { AUDIT, holderOf, PLATFORM_NAME, signerOf, sortCertificates, type World } from './make-world.ts'

/** Stands in for a platform officer: a certificate names no role. */
export const OUTAGE_OFFICER = AUDIT
const at10 = (minute: number): number => parseInstant(kst(`2026-11-24T10:${String(minute).padStart(2, '0')}:00`))

export const OUTAGE: Outage = {
  fromAt: parseInstant(kst('2026-11-24T09:30:00')), recoveredAt: at10(30), announcedAt: at10(31), stepMs: HOUR_MS, extraHolidays: []
}
const APPLIED = kst('2026-11-24T10:32:00')
/** As the notice has them. */
export const PREVIOUS = { closesAt: at10(0), technicalOpensAt: null, opensAt: parseInstant(kst('2026-11-24T11:00:00')) }

export async function outageAct (world: World, { outage = OUTAGE, signedBy = OUTAGE_OFFICER, officerId = OUTAGE_OFFICER }: {
  outage?: Outage, signedBy?: string, officerId?: string
} = {}): Promise<string> {
  return await makeOutageAct(signerOf(world, signedBy), { officerId, outage, reason: '서버 장애' })
}

/** What the ledger says of the outage. */
export function extendedPayload (jws: string, outage = OUTAGE): Record<string, unknown> {
  const extension = extendTimes(outage, PREVIOUS)
  if (extension === null) throw new Error('the outage reaches the deadline')
  return { jwsSha256: jwsDigest(jws), ...showExtension({ previous: PREVIOUS, extension }) }
}

/** The closing over the first leaves, as the ledger and its own checkpoint state it. */
export function closingOver (world: World, { leaves }: TenderRecord, size: number): { payload: Closing, checkpoint: string } {
  const leafHash = (leaf: RecordLeaf): Uint8Array => receiptLeafHash({ ...leaf, tenderId: TENDER_ID, acceptedAt: parseInstant(leaf.acceptedAt) })
  const root = merkleRoot(leaves.slice(0, size).map(leafHash))
  const origin = checkpointOrigin({ platformName: PLATFORM_NAME, tenderId: TENDER_ID })
  const checkpoint = signCheckpoint({ keyName: PLATFORM_NAME, privateKey: world.checkpointKey, origin, size, root })
  return { payload: { rootSha256: toHex(root) as Sha256Hex, size }, checkpoint }
}

export async function makeExtendedRecord (world: World): Promise<TenderRecord> {
  const record = await makeRecord(world)
  const jws = await outageAct(world)
  record.outages = [jws]
  record.certificates = sortCertificates([...record.certificates, holderOf(world, OUTAGE_OFFICER).certificate])
  const last = at(record.leaves, -1)
  last.acceptedAt = kst('2026-11-24T11:00:00')
  const bids = record.ledger.filter(({ type }) => type === 'bid')
  const lastBid = at(bids, -1)
  lastBid.at = last.acceptedAt
  lastBid.payload = { ...lastBid.payload, acceptedAt: last.acceptedAt }
  const closed = entryOf(record, 'closed')
  const extended: LedgerEntry = { ...closed, at: APPLIED, actor: OUTAGE_OFFICER, type: 'extended', payload: extendedPayload(jws) }
  const again: LedgerEntry = { ...closed, at: kst('2026-11-24T13:00:00') }
  const rest = record.ledger.filter((entry) => entry !== lastBid && entry !== closed)
  const reveal = rest.findIndex(({ type }) => type === 'revealed')
  record.ledger = [...rest.slice(0, reveal), closed, extended, lastBid, again, ...rest.slice(reveal)]
  for (const entry of record.ledger) if (entry.type === 'revealed' || entry.type === 'opened') entry.at = kst('2026-11-24T14:00:05')
  resign(world, record)
  const first = closingOver(world, record, record.leaves.length - 1)
  record.earlierCheckpoints = [first.checkpoint]
  entryOf(record, 'closed').payload = { ...first.payload }
  await reopen(world, record)
  rechain(record)
  return record
}
