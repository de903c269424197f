/**
 * Opening a slice of bids on one thread. Bids come packed into one buffer and outcomes leave as flat arrays, so that a
 * slice crosses to a worker thread as bytes instead of objects. A bid that does not open is an outcome like any other.
 */
import { VOID_REASONS, type VoidReason } from '../domain/bid.ts'
import { invariant } from '../domain/errors.ts'
import type { Sha256Hex, SupplierId, TenderId } from '../domain/ids.ts'
import { AAD_PREFIX, type Envelope } from './envelope.ts'
import { createOpener, type Opener } from './hpke.ts'
import { type Asked, decodePlaintext, type DecodedBid } from './plaintext.ts'

/** Record i = bytes[offsets[i] … offsets[i + 1]): lengths of enc and of the aad (u16, big-endian), enc, aad, ciphertext. */
export interface PackedBids {
  bytes: Uint8Array
  /** One more than there are bids. */
  offsets: Uint32Array
}

export interface OpenBidsJob {
  /** The tender's opening key (`tender-key.ts`). */
  privateKey: Uint8Array
  /** `bidInfo` of the tender. */
  info: Uint8Array
  expected: { tenderId: TenderId, termsSha256: Sha256Hex } & Asked
  bids: PackedBids
}

/** In the order of the bids. */
export interface OpenedSlice {
  /** 0 = open, else 1 + the index in `VOID_REASONS`. */
  outcomes: Uint8Array
  /** Units; 0 for a void bid. */
  amounts: BigUint64Array
  /** Two for each bid; 0, 0 for a void bid or one without picks. */
  picks: Uint8Array
}

/** How the opening gets its bids opened: here (`openInline`) or on worker threads. */
export type OpenBids = (job: OpenBidsJob) => Promise<OpenedSlice>

/** All on this thread. */
export const openInline: OpenBids = async (job) => openPacked(job)

/** Of enc and aad, two bytes each. */
const LENGTHS_BYTES = 4
/** Digits of a supplier's id, which stands in the aad behind its prefix. */
const SUPPLIER_ID_LENGTH = 10
const ascii = new TextDecoder()

export function packBids (envelopes: ReadonlyArray<Pick<Envelope, 'enc' | 'aad' | 'ciphertext'>>): PackedBids {
  const offsets = new Uint32Array(envelopes.length + 1)
  let length = 0
  envelopes.forEach(({ enc, aad, ciphertext }, index) => {
    length += LENGTHS_BYTES + enc.length + aad.length + ciphertext.length
    invariant(length <= 0xffff_ffff, 'packed bids are shorter than 4 GiB')
    offsets[index + 1] = length
  })
  const bytes = new Uint8Array(length)
  envelopes.forEach(({ enc, aad, ciphertext }, index) => {
    invariant(enc.length <= 0xffff && aad.length <= 0xffff, 'a bid has the lengths that its envelope was checked for')
    const at = offsets[index] ?? 0
    bytes.set([enc.length >> 8, enc.length & 0xff, aad.length >> 8, aad.length & 0xff], at)
    bytes.set(enc, at + LENGTHS_BYTES)
    bytes.set(aad, at + LENGTHS_BYTES + enc.length)
    bytes.set(ciphertext, at + LENGTHS_BYTES + enc.length + aad.length)
  })
  return { bytes, offsets }
}

/** Synchronous, about 50 µs a bid, with X-Wing about 100. */
export function openPacked ({ privateKey, info, expected, bids }: OpenBidsJob): OpenedSlice {
  const count = bids.offsets.length - 1
  const slice: OpenedSlice = { outcomes: new Uint8Array(count), amounts: new BigUint64Array(count), picks: new Uint8Array(2 * count) }
  const opener = createOpener({ privateKey, info })
  for (let i = 0; i < count; i++) {
    const record = bids.bytes.subarray(bids.offsets[i], bids.offsets[i + 1])
    const bid = openRecord(record, { opener, expected })
    if (bid.outcome === 'void') {
      slice.outcomes[i] = 1 + VOID_REASONS.indexOf(bid.reason)
      continue
    }
    slice.amounts[i] = BigInt(bid.content.amountWon)
    if (bid.content.picks !== null) slice.picks.set(bid.content.picks, 2 * i)
  }
  return slice
}

function openRecord (record: Uint8Array, { opener, expected }: { opener: Opener, expected: OpenBidsJob['expected'] }): DecodedBid {
  const [encHigh = 0, encLow = 0, aadHigh = 0, aadLow = 0] = record
  const aadAt = LENGTHS_BYTES + (encHigh << 8 | encLow)
  const aadEnd = aadAt + (aadHigh << 8 | aadLow)
  invariant(aadEnd <= record.length, 'a packed bid holds its whole aad')
  const aad = record.subarray(aadAt, aadEnd)
  const plaintext = opener.open(record.subarray(LENGTHS_BYTES, aadAt), aad, record.subarray(aadEnd))
  if (plaintext === null) return { outcome: 'void', reason: 'undecryptable' }
  const supplierId = ascii.decode(aad.subarray(AAD_PREFIX.length, AAD_PREFIX.length + SUPPLIER_ID_LENGTH)) as SupplierId
  return decodePlaintext(plaintext, { ...expected, supplierId })
}

/** One bid's outcome, out of the flat arrays. */
export function openedBidAt ({ outcomes, amounts, picks }: OpenedSlice, index: number): DecodedBid {
  const outcome = outcomes[index]
  invariant(outcome !== undefined && outcome <= VOID_REASONS.length, 'the slice has an outcome for every bid')
  if (outcome > 0) return { outcome: 'void', reason: VOID_REASONS[outcome - 1] as VoidReason }
  const first = picks[2 * index] ?? 0
  const second = picks[2 * index + 1] ?? 0
  return { outcome: 'open', content: { amountWon: Number(amounts[index]), picks: first === 0 ? null : [first, second] } }
}
