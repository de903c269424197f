/**
 * What one thread does with a slice of accepted bids: hash and read each envelope, open its seal, check what was sealed, and
 * hash its leaf of the closing record. Pure: bytes in, columns out. A bid that cannot be read or opened is an outcome like any
 * other; an envelope that is not the one committed to is told apart, because then it is not the tender that was bid on.
 */
import { hash } from 'node:crypto'
import { DIGEST_BYTES, outcomeOf } from '../domain/bid-columns.ts'
import type { ConsortiumShare } from '../domain/consortium.ts'
import { BonginError } from '../domain/errors.ts'
import type { TenderId } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { toHex } from './bytes.ts'
import { parseEnvelope, type Envelope } from './envelope.ts'
import { scanEnvelope, type ScannedEnvelope } from './envelope-scan.ts'
import { openPacked, packBids, type OpenBidsJob } from './open-bids.ts'
import type { PackedLeaves } from './packed-leaves.ts'

/** An envelope that is not the one that the closing record names. No reason of a void bid: it stops the opening. */
export const OTHER_ENVELOPE = 255

export interface OpenLeavesJob extends Pick<OpenBidsJob, 'privateKey' | 'info' | 'expected'> { leaves: PackedLeaves }

/** In the order of the leaves. */
export interface OpenedLeaves {
  /** As in `BidColumns`, or `OTHER_ENVELOPE`. */
  outcomes: Uint8Array
  amounts: Float64Array
  picks: Uint8Array
  /** RFC 9162 leaf hashes, `DIGEST_BYTES` each. */
  leafHashes: Uint8Array
  /** Of joint bids, by place in the slice. */
  members: Array<[index: number, members: ConsortiumShare[]]>
}

/** How the opening gets its slices opened: here (`openLeavesInline`) or on worker threads. */
export type OpenLeaves = (job: OpenLeavesJob) => Promise<OpenedLeaves>

export const openLeavesInline: OpenLeaves = async (job) => openLeaves(job)

export function openLeaves ({ leaves, privateKey, info, expected }: OpenLeavesJob): OpenedLeaves {
  const { count } = leaves
  const opened: OpenedLeaves = {
    outcomes: new Uint8Array(count),
    amounts: new Float64Array(count),
    picks: new Uint8Array(2 * count),
    leafHashes: new Uint8Array(DIGEST_BYTES * count),
    members: []
  }
  const places: number[] = []
  const seals: Array<Pick<Envelope, 'enc' | 'aad' | 'ciphertext'>> = []
  for (let index = 0; index < count; index++) {
    const digest = toHex(leaves.digests.subarray(DIGEST_BYTES * index, DIGEST_BYTES * (index + 1)))
    opened.leafHashes.set(leafHashAt(leaves, { index, digest, tenderId: expected.tenderId }), DIGEST_BYTES * index)
    const read = readLeaf(leaves, { index, digest, expected })
    if (typeof read === 'number') {
      opened.outcomes[index] = read
      continue
    }
    if ('consortium' in read && read.consortium.length > 0) opened.members.push([index, read.consortium])
    places.push(index)
    seals.push(read)
  }
  const slice = openPacked({ privateKey, info, expected, bids: packBids(seals) })
  places.forEach((index, i) => {
    opened.outcomes[index] = slice.outcomes[i] ?? 0
    opened.amounts[index] = Number(slice.amounts[i])
    opened.picks.set(slice.picks.subarray(2 * i, 2 * i + 2), 2 * index)
  })
  return opened
}

interface Expected { index: number, digest: string, expected: OpenBidsJob['expected'] }
type Seal = Pick<ScannedEnvelope, 'enc' | 'aad' | 'ciphertext'>

/** The seal to open, or the outcome of a bid without that. */
function readLeaf (leaves: PackedLeaves, { index, digest, expected }: Expected): number | Seal | (Seal & { consortium: ConsortiumShare[] }) {
  const shutOut = leaves.shutOut[index] ?? 0
  if (shutOut !== 0) return shutOut
  const bytes = leaves.envelopes.subarray(leaves.offsets[index], leaves.offsets[index + 1])
  if (hash('sha256', bytes, 'hex') !== digest) return OTHER_ENVELOPE
  const supplierId = String(leaves.supplierIds[index]).padStart(10, '0')
  const scanned = scanEnvelope(bytes)
  if (scanned !== null) return isFor(scanned, supplierId, expected) ? scanned : MISMATCHED
  try {
    // A copy: the text decoder takes no shared memory.
    const { payload, enc, aad, ciphertext } = parseEnvelope(Uint8Array.from(bytes))
    if (!isFor(payload, supplierId, expected)) return MISMATCHED
    return { enc, aad, ciphertext, consortium: sharesOf(payload) }
  } catch (error) {
    // The intake parses every envelope, so this one came by another way; one bad bid still stops nothing.
    if (error instanceof BonginError) return UNDECRYPTABLE
    throw error
  }
}

const MISMATCHED = outcomeOf('mismatched-plaintext')
const UNDECRYPTABLE = outcomeOf('undecryptable')

function isFor (stated: Pick<ScannedEnvelope, 'supplierId' | 'tenderId' | 'termsSha256'>, supplierId: string, expected: OpenBidsJob['expected']): boolean {
  return stated.supplierId === supplierId && stated.tenderId === expected.tenderId && stated.termsSha256 === expected.termsSha256
}

/** Shares as the leader signed them; agreements are the intake's and the verifier's business. */
function sharesOf ({ consortium }: Envelope['payload']): ConsortiumShare[] {
  return consortium?.members.map(({ supplierId, sharePpm }) => ({ supplierId, sharePpm })) ?? []
}

/** `receiptLeafHash` of `receipt.ts`, whose canonical JSON is written here without a general writer. */
function leafHashAt (leaves: PackedLeaves, { index, digest, tenderId }: { index: number, digest: string, tenderId: TenderId }): Buffer {
  const acceptedAt = formatKst(leaves.acceptedAt[index] ?? 0)
  const supplierId = String(leaves.supplierIds[index]).padStart(10, '0')
  return hash('sha256', `\0{"acceptedAt":"${acceptedAt}","envelopeSha256":"${digest}","supplierId":"${supplierId}","tenderId":"${tenderId}",` +
    '"type":"bongin-receipt","v":1}', 'buffer')
}
