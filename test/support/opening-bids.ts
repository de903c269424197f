/**
 * Bids of `opening-town.ts`, each really sealed for its own supplier, in whatever thread this runs: a large town has them made on all
 * cores. Signatures, which the intake checks and the opening never looks at, are random.
 */
import { hash, randomBytes, type KeyObject } from 'node:crypto'
import { toBase64url } from '../../src/crypto/bytes.ts'
import { canonicalJson } from '../../src/crypto/canonical-json.ts'
import { bidAad } from '../../src/crypto/envelope.ts'
import { jwsSigningInput } from '../../src/crypto/jws.ts'
import { encodePlaintext, NONCE_BYTES } from '../../src/crypto/plaintext.ts'
import { receiptText } from '../../src/crypto/receipt.ts'
import type { Picks } from '../../src/domain/bid.ts'
import type { Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import { naiveAead } from './naive-hpke.ts'

export const TENDER_ID = 'R26BK00000001' as TenderId
const FIRST_SUPPLIER = 1_000_000_000
const ACCEPTED_FROM = Date.parse('2026-11-24T09:00:00+09:00')
const CLIENT_TIME = '2026-11-24T09:00:00.000+09:00'
const SIGNATURE_BYTES = 256

/** What two ends of HPKE have come to (RFC 9180 §5.1). */
export interface Seal { enc: Uint8Array, key: KeyObject, nonce: Uint8Array }

export interface BidsTask { seals: readonly Seal[], termsSha256: Sha256Hex, from: number, to: number }

export interface MadeBid {
  supplierId: SupplierId
  thumbprint: Thumbprint
  enc: string
  envelope: Uint8Array
  envelopeSha256: Sha256Hex
  acceptedAt: number
  /** Of the closing record. */
  leafHash: Uint8Array
}

/** Bids number `from` to `to - 1`, which take turns with the seals. */
export default function makeBids ({ seals, termsSha256, from, to }: BidsTask): MadeBid[] {
  const [noise, chances] = [randomBytes(2 * SIGNATURE_BYTES), randomBytes(2 * NONCE_BYTES * (to - from))]
  return Array.from({ length: to - from }, (_, i) => {
    const seal = seals[(from + i) % seals.length] as Seal
    const chance = chances.subarray(2 * NONCE_BYTES * i, 2 * NONCE_BYTES * (i + 1))
    const signature = noise.subarray(i % SIGNATURE_BYTES, i % SIGNATURE_BYTES + SIGNATURE_BYTES)
    return makeBid(from + i, { seal, termsSha256, chance, signature })
  })
}

/** Stands for the certificate of the bidder with this number: DER of its shape, and nothing in it. */
export function certificateOf (number: number): Buffer {
  return Buffer.from(canonicalJson({ number }).padEnd(32)).fill(0x30, 0, 1).fill(30, 1, 2)
}

interface Parts { seal: Seal, termsSha256: Sha256Hex, chance: Uint8Array, signature: Uint8Array }

function makeBid (number: number, { seal, termsSha256, chance, signature }: Parts): MadeBid {
  const supplierId = String(FIRST_SUPPLIER + number) as SupplierId
  const thumbprint = hash('sha256', certificateOf(number), 'base64url') as Thumbprint
  const submissionId = toBase64url(chance.subarray(NONCE_BYTES))
  const picks: Picks = [1 + number % 14, 15]
  const content = { amountWon: 88_000_000 + (number * 7_919_003) % 9_000_000, picks }
  const bound = { tenderId: TENDER_ID, termsSha256, supplierId }
  const plaintext = encodePlaintext({ content, ...bound, unitPricesCenti: null, nonce: chance.subarray(0, NONCE_BYTES) })
  const aad = bidAad({ supplierId, thumbprint, submissionId })
  const [enc, ciphertext] = [toBase64url(seal.enc), naiveAead(seal.key, seal.nonce, aad, plaintext).toString('base64url')]
  const payload = { v: 1, type: 'bongin-bid', ...bound, submissionId, enc, ciphertext, clientTime: CLIENT_TIME }
  const envelope = Buffer.from(`${jwsSigningInput({ type: 'bongin-bid', signer: thumbprint, payload })}.${toBase64url(signature)}`)
  const envelopeSha256 = hash('sha256', envelope, 'hex') as Sha256Hex
  const bid = { supplierId, envelopeSha256, acceptedAt: ACCEPTED_FROM + number }
  const leaf = receiptText({ tenderId: TENDER_ID, ...bid })
  return { ...bid, thumbprint, enc, envelope, leafHash: hash('sha256', `\0${leaf}`, 'buffer') }
}
