/**
 * What one thread does with a slice of accepted bids: hash and read each envelope, open its seal, check what was sealed, and
 * hash its leaf of the closing record. Pure: leaves in, columns out. A bid that cannot be read or opened is an outcome like any
 * other; an envelope that is not the one committed to is told apart, because then it is not the tender that was bid on.
 * Runs in a browser.
 */
import { allocate, hash, sha256Into } from '#platform/digests'
import { scanEnvelope } from '#platform/scan'
import { at, DIGEST_BYTES, makeColumns, outcomeOf, supplierIdOf, type BidColumns } from '../domain/bid-columns.ts'
import type { ConsortiumShare } from '../domain/consortium.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import { technicalVoidReasons, type TechnicalOutcome } from '../domain/technical-opening.ts'
import { fromHex } from './bytes.ts'
import { parseEnvelope, type Envelope } from './envelope.ts'
import type { ScannedEnvelope } from './envelope-scan.ts'
import { packedMerkleRoot } from './merkle-packed.ts'
import { type BidSeal, openBids, type OpenBidsJob } from './open-bids.ts'
import type { SealTables } from './open-each.ts'
import { receiptText } from './receipt.ts'

/** One accepted bid, in order of acceptance. */
export interface OpeningLeaf {
  supplierId: SupplierId
  envelopeSha256: Sha256Hex
  acceptedAt: Instant
  /** Not in the tree: whoever calls must hold the signed withdrawal, or the change of terms that superseded the bid. */
  state: 'sealed' | 'withdrawn' | 'superseded'
  /** The compact JWS; needed for a sealed bid, never looked at for the others. */
  envelope: string | null
}

/** An envelope that is not the one that the closing record names, or none at all. No reason of a void bid: it stops the opening. */
export const OTHER_ENVELOPE = 255

/** Whose bids. */
export type Expected = OpenBidsJob['expected']

/** The same for every slice of a tender. */
export interface OpenJob extends OpenBidsJob {
  /** What the technical evaluation came to; null where there is one envelope. */
  technical: TechnicalOutcome | null
}

/** Columns in the order of the leaves; an outcome may be `OTHER_ENVELOPE`. */
export interface OpenedLeaves extends BidColumns {
  /** Of the slice's part of the closing record's tree (RFC 9162), 32 bytes. */
  root: Uint8Array
}

/** What can be done before there is a key: everything but opening the seals of the bids that count. */
export interface PreparedLeaves {
  /** As they will be; bids whose seals are to be opened have outcome 0 and no amount. */
  columns: OpenedLeaves
  /** Places in the columns of the seals. */
  places: Uint32Array
  seals: readonly BidSeal[]
  tables: SealTables | null
}

const MISMATCHED = outcomeOf('mismatched-plaintext')
const UNDECRYPTABLE = outcomeOf('undecryptable')

export function openLeaves (leaves: readonly OpeningLeaf[], job: OpenJob): OpenedLeaves {
  return openPrepared(prepareLeaves(leaves, job.expected), job)
}

export function prepareLeaves (leaves: readonly OpeningLeaf[], expected: Expected): PreparedLeaves {
  const columns = makeColumns(leaves.length)
  const places: number[] = []
  const seals: BidSeal[] = []
  leaves.forEach((leaf, index) => {
    columns.supplierIds[index] = Number(leaf.supplierId)
    columns.acceptedAt[index] = leaf.acceptedAt
    columns.digests.set(fromHex(leaf.envelopeSha256), DIGEST_BYTES * index)
    const read = leaf.state === 'sealed' ? readLeaf(leaf, expected) : outcomeOf(leaf.state)
    if (typeof read === 'number') {
      columns.outcomes[index] = read
      return
    }
    if (read.members.length > 0) columns.members.set(index, read.members)
    places.push(index)
    seals.push(read.seal)
  })
  const root = packedMerkleRoot(leafHashesOf(leaves, expected.tenderId))
  return { columns: { ...columns, root }, places: Uint32Array.from(places), seals, tables: null }
}

/** Fills the columns in place. */
export function openPrepared (prepared: PreparedLeaves, job: OpenJob): OpenedLeaves {
  const { columns } = prepared
  const { places, seals, tables } = job.technical === null ? prepared : withoutFailed(prepared, job.technical)
  const { outcomes, amounts, picks } = openBids(seals, job, tables)
  places.forEach((index, i) => {
    columns.outcomes[index] = at(outcomes, i)
    columns.amounts[index] = at(amounts, i)
    columns.picks[2 * index] = at(picks, 2 * i)
    columns.picks[2 * index + 1] = at(picks, 2 * i + 1)
  })
  return columns
}

/** A price envelope whose proposal failed is not opened, and need not be there. */
function withoutFailed ({ columns, places, seals, tables }: PreparedLeaves, technical: TechnicalOutcome): Omit<PreparedLeaves, 'columns'> {
  const reasonOf = technicalVoidReasons(technical)
  for (let index = 0; index < columns.count; index++) {
    if (NOT_SEALED.has(at(columns.outcomes, index))) continue
    const reason = reasonOf(supplierIdOf(columns, index))
    if (reason === null) continue
    columns.outcomes[index] = outcomeOf(reason)
    columns.members.delete(index)
  }
  const counts = (index: number): boolean => columns.outcomes[index] === 0
  const kept = places.filter(counts)
  // Tables are of pairs in their order: they are of no use once a seal is left out.
  if (kept.length === places.length) return { places, seals, tables }
  return { places: kept, seals: seals.filter((_, i) => counts(at(places, i))), tables: null }
}

/** Withdrawn and superseded bids stay what they are, whatever their proposals came to. */
const NOT_SEALED: ReadonlySet<number> = new Set([outcomeOf('withdrawn'), outcomeOf('superseded')])
const ALONE: ConsortiumShare[] = []

interface ReadLeaf { seal: BidSeal, members: ConsortiumShare[] }

/** The seal to open of a bid that counts, or its outcome without that. */
function readLeaf ({ supplierId, envelopeSha256, envelope }: OpeningLeaf, expected: Expected): number | ReadLeaf {
  if (envelope === null || hash('sha256', envelope, 'hex') !== envelopeSha256) return OTHER_ENVELOPE
  const scanned = scanEnvelope(envelope)
  if (scanned !== null) return isFor(scanned, supplierId, expected) ? { seal: scanned, members: ALONE } : MISMATCHED
  try {
    const { payload, enc, aad, ciphertext } = parseEnvelope(envelope)
    return isFor(payload, supplierId, expected) ? { seal: { supplierId, enc, aad, ciphertext }, members: sharesOf(payload) } : MISMATCHED
  } catch (error) {
    // The intake parses every envelope, so this one came by another way; one bad bid still stops nothing.
    if (error instanceof BonginError) return UNDECRYPTABLE
    throw error
  }
}

function isFor (stated: Pick<ScannedEnvelope, 'supplierId' | 'tenderId' | 'termsSha256'>, supplierId: SupplierId, expected: Expected): boolean {
  return stated.supplierId === supplierId && stated.tenderId === expected.tenderId && stated.termsSha256 === expected.termsSha256
}

/** Shares as the leader signed them; agreements are the intake's and the verifier's business. */
function sharesOf ({ consortium }: Envelope['payload']): ConsortiumShare[] {
  return consortium?.members.map(({ supplierId, sharePpm }) => ({ supplierId, sharePpm })) ?? []
}

/** `receiptLeafHash` of `receipt.ts` of each leaf, `DIGEST_BYTES` behind each other. */
export function leafHashesOf (leaves: ReadonlyArray<Omit<OpeningLeaf, 'state' | 'envelope'>>, tenderId: TenderId): Uint8Array {
  const hashes = allocate(DIGEST_BYTES * leaves.length)
  leaves.forEach(({ supplierId, envelopeSha256, acceptedAt }, index) => {
    sha256Into(`\0${receiptText({ tenderId, supplierId, envelopeSha256, acceptedAt })}`, hashes, DIGEST_BYTES * index)
  })
  return hashes
}
