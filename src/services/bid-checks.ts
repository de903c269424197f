/**
 * What a bid needs that came in, before the database is asked anything: its envelope is read, the signature checked under its sender's
 * key, and the receipt signed that it gets if it is accepted. A worker thread does it, many bids at a time, which cross in one
 * piece of memory. What is not as it should be comes back as null; then the server looks at the bid itself and says what is wrong.
 */
import type { KeyObject } from 'node:crypto'
import type { Envelope, EnvelopePayload } from '../crypto/envelope.ts'
import { readEnvelope } from '../crypto/envelope-scan.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import type { PublicKey } from '../crypto/platform/types.ts'
import { signReceipt } from '../crypto/receipt-signing.ts'
import { readRsaPublicKey } from '../crypto/rsa-keys.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import { BoundedMap } from '../storage/bounded-map.ts'

export interface ReceivedBid {
  /** The compact JWS as it came. */
  body: Uint8Array
  /** DER of its sender's certified key. */
  spki: Uint8Array
  receivedAt: Instant
}

/** Signed by the sender's key. Whose and which tender's it says it is, is for the caller to compare. */
export interface CheckedBid {
  /** Of the certificate that the header names. */
  thumbprint: Thumbprint
  payload: Omit<EnvelopePayload, 'ciphertext'>
  sha256: Sha256Hex
  /** Of no effect, and kept by nobody, until the bid's row holds it. */
  receipt: string
}

export interface BidChecks {
  /** null where the bid is not in order, or there is no thread to look at it. */
  check: (bid: ReceivedBid) => Promise<CheckedBid | null>
}

/** Without a thread the server looks at every bid itself. */
export const NO_BID_CHECKS: BidChecks = { check: async () => null }

/** The platform's Ed25519 key of receipts. */
export interface ReceiptKey { privateKey: KeyObject, kid: string }

/** Of every bid its key, then its body, behind each other. */
export interface PackedBids { bytes: Uint8Array<ArrayBuffer>, ends: Uint32Array, receivedAt: Float64Array }

export function packBids (bids: readonly ReceivedBid[]): PackedBids {
  const parts = bids.flatMap(({ spki, body }) => [spki, body])
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  const ends = Uint32Array.from(parts, (part) => {
    bytes.set(part, end)
    end += part.length
    return end
  })
  return { bytes, ends, receivedAt: Float64Array.from(bids, ({ receivedAt }) => receivedAt) }
}

export function checkBids ({ bytes, ends, receivedAt }: PackedBids, receiptKey: ReceiptKey): Array<CheckedBid | null> {
  return Array.from(receivedAt, (at, i) => {
    const part = (j: number): Uint8Array => bytes.subarray(j === 0 ? 0 : ends[j - 1], ends[j])
    return checkBid({ spki: part(2 * i), body: part(2 * i + 1), receivedAt: at }, receiptKey)
  })
}

function checkBid ({ body, spki, receivedAt }: ReceivedBid, receiptKey: ReceiptKey): CheckedBid | null {
  try {
    const envelope = readEnvelope(body)
    verifyJws(envelope.jws, keyOf(spki))
    return withReceipt(envelope, receivedAt, receiptKey)
  } catch (error) {
    if (error instanceof BonginError) return null
    throw error
  }
}

/** Of an envelope whose signature was checked. */
export function withReceipt ({ jws, payload: sealed, sha256 }: Envelope, receivedAt: Instant, receiptKey: ReceiptKey): CheckedBid {
  const { ciphertext: _, ...payload } = sealed
  invariant(jws.thumbprint !== null, 'an envelope is signed by a certified key')
  const { tenderId, supplierId } = payload
  const receipt = signReceipt(receiptKey, { tenderId, supplierId, envelopeSha256: sha256, acceptedAt: receivedAt })
  return { thumbprint: jws.thumbprint, payload, sha256, receipt }
}

/** Keys in memory, some 3 KB each; to read one costs more than to check a signature. */
const MAX_KEPT_KEYS = 20_000
const keys = new BoundedMap<string, PublicKey>(MAX_KEPT_KEYS)

function keyOf (spki: Uint8Array): PublicKey {
  const name = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1')
  let key = keys.get(name)
  if (key === undefined) keys.set(name, key = readRsaPublicKey(spki))
  return key
}
