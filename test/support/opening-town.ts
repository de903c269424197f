/**
 * A closed tender with any number of bids, in a database of its own, as the server would have left it. Every bid is really
 * sealed to the tender's joint key for its own supplier. To have a million in half a minute, bids take turns with some two
 * thousand ephemeral keys, which no client would do and which costs the opening just as much; signatures, which the intake
 * checks and the opening never looks at, are random.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { fromBase64url, randomBytes, sha256Hex, toBase64url, toHex } from '../../src/crypto/bytes.ts'
import { canonicalBytes, canonicalJson } from '../../src/crypto/canonical-json.ts'
import { bidAad, bidInfo } from '../../src/crypto/envelope.ts'
import { jointPublicKey, makeHolderKey } from '../../src/crypto/joint-key.ts'
import { jwsSigningInput } from '../../src/crypto/jws.ts'
import { packedMerkleRoot } from '../../src/crypto/merkle-packed.ts'
import type { StreamedOpening } from '../../src/crypto/opening.ts'
import { encodePlaintext } from '../../src/crypto/plaintext.ts'
import { receiptPayload } from '../../src/crypto/receipt.ts'
import type { HolderSeed } from '../../src/crypto/tender-key.ts'
import type { Picks } from '../../src/domain/bid.ts'
import type { OfficerId, Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import type { NoticeTerms } from '../../src/domain/notice.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { naiveAead, naivePublicKey, naiveSchedule } from './naive-hpke.ts'
import { makeTerms } from './notice-terms.ts'

export const TENDER_ID = 'R26BK00000001' as TenderId
const EPHEMERAL_KEYS = 2_000
const ROWS_IN_TRANSACTION = 10_000
const FIRST_SUPPLIER = 1_000_000_000
const ACCEPTED_FROM = Date.parse('2026-11-24T09:00:00+09:00')
const CLIENT_TIME = '2026-11-24T09:00:00.000+09:00'
const HOLDERS = [['platform', 'platform'], ['O00000001', 'executing'], ['O00000002', 'witness']] as const

/** All that an opening needs besides the bids, which lie at `path`. */
export interface OpeningTown { path: string, input: Omit<StreamedOpening, 'slices'>, encs: Uint8Array[] }

export async function buildOpeningTown (folder: string, bids: number, path = join(folder, `opening-${bids}.sqlite`)): Promise<OpeningTown> {
  await openDatabase(path).close()
  const { terms, holderSeeds, publicKey } = makeTender()
  const termsSha256 = sha256Hex(canonicalBytes(terms))
  const seals = makeSeals(publicKey, bidInfo({ tenderId: TENDER_ID, termsSha256, publicKey }), Math.min(bids, EPHEMERAL_KEYS))
  const leafHashes = new Uint8Array(32 * bids)
  const database = new Sqlite(path)
  // The index that tells copied ciphertexts would: see above. No foreign keys: there is nothing here but bids.
  database.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; DROP INDEX bids_by_enc')
  const insert = database.prepare(`INSERT INTO bids (tender_id, supplier_id, thumbprint, terms_sha256, enc, envelope, envelope_sha256, accepted_at, receipt, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'sealed')`)
  for (let from = 0; from < bids; from += ROWS_IN_TRANSACTION) {
    database.exec('BEGIN')
    for (let i = from; i < Math.min(bids, from + ROWS_IN_TRANSACTION); i++) {
      const row = makeBid(i, seals[i % seals.length] as Seal, termsSha256)
      insert.run(TENDER_ID, row.supplierId, row.thumbprint, termsSha256, row.enc, row.envelope, row.envelopeSha256, row.acceptedAt)
      const leaf = canonicalJson(receiptPayload({ tenderId: TENDER_ID, ...row }))
      leafHashes.set(createHash('sha256').update('\0').update(leaf).digest(), 32 * i)
    }
    database.exec('COMMIT')
  }
  database.close()
  const closing = { rootSha256: toHex(packedMerkleRoot(leafHashes)) as Sha256Hex, size: bids }
  return { path, input: { terms, termsSha256, closing, sealedPrices: null, technical: null, holderSeeds }, encs: seals.map(({ enc }) => enc) }
}

function makeTender (): { terms: NoticeTerms, holderSeeds: HolderSeed[], publicKey: Uint8Array } {
  const holderSeeds = HOLDERS.map(([holderId]) => ({ holderId, seed: randomBytes(32) }))
  const points = holderSeeds.map(({ seed }) => makeHolderKey(seed).point)
  const publicKey = jointPublicKey(points)
  const plain = makeTerms()
  const holders = HOLDERS.map(([holderId, role], i) => ({ holderId: holderId as OfficerId, role, point: toBase64url(points[i] ?? new Uint8Array(0)), proof: '' }))
  const terms: NoticeTerms = { ...plain, tenderId: TENDER_ID, key: { ...plain.key, holders, publicKey: toBase64url(publicKey) } }
  return { terms, holderSeeds, publicKey }
}

interface Seal { enc: Uint8Array, key: Uint8Array, nonce: Uint8Array }

function makeSeals (publicKey: Uint8Array, info: Uint8Array, count: number): Seal[] {
  return Array.from({ length: count }, () => {
    const own = randomBytes(32)
    const enc = naivePublicKey(own)
    const { key, baseNonce } = naiveSchedule({ own, other: publicKey, enc, recipient: publicKey, info })
    return { enc, key, nonce: baseNonce }
  })
}

/** Stands for the certificate of the bidder with this number: DER of its shape, and nothing in it. */
export function certificateOf (number: number): Buffer {
  return Buffer.from(canonicalJson({ number }).padEnd(32)).fill(0x30, 0, 1).fill(30, 1, 2)
}

interface Row { supplierId: SupplierId, thumbprint: Thumbprint, enc: string, envelope: Buffer, envelopeSha256: Sha256Hex, acceptedAt: number }

function makeBid (number: number, seal: Seal, termsSha256: Sha256Hex): Row {
  const supplierId = String(FIRST_SUPPLIER + number) as SupplierId
  const thumbprint = toBase64url(createHash('sha256').update(certificateOf(number)).digest()) as Thumbprint
  const submissionId = toBase64url(randomBytes(16))
  const picks: Picks = [1 + number % 14, 15]
  const content = { amountWon: 88_000_000 + (number * 7_919_003) % 9_000_000, picks }
  const plaintext = encodePlaintext({ content, tenderId: TENDER_ID, termsSha256, supplierId, unitPricesCenti: null, nonce: randomBytes(16) })
  const aad = bidAad({ supplierId, thumbprint, submissionId })
  const [enc, ciphertext] = [toBase64url(seal.enc), naiveAead(seal.key, seal.nonce, aad, plaintext).toString('base64url')]
  const payload = { v: 1, type: 'bongin-bid', tenderId: TENDER_ID, termsSha256, supplierId, submissionId, enc, ciphertext, clientTime: CLIENT_TIME }
  const envelope = Buffer.from(`${jwsSigningInput({ type: 'bongin-bid', signer: thumbprint, payload })}.${toBase64url(randomBytes(256))}`)
  const envelopeSha256 = createHash('sha256').update(envelope).digest('hex') as Sha256Hex
  return { supplierId, thumbprint, enc, envelope, envelopeSha256, acceptedAt: ACCEPTED_FROM + number }
}

/** A town as text, for another process. */
export function townText ({ path, input, encs }: OpeningTown): string {
  const holderSeeds = input.holderSeeds.map(({ holderId, seed }) => ({ holderId, seed: toBase64url(seed) }))
  return JSON.stringify({ path, input: { ...input, holderSeeds }, encs: encs.map(toBase64url) })
}

export function readTown (text: string): OpeningTown {
  const { path, input, encs } = JSON.parse(text) as { path: string, input: OpeningTown['input'] & { holderSeeds: Array<{ holderId: string, seed: string }> }, encs: string[] }
  const holderSeeds = input.holderSeeds.map(({ holderId, seed }) => ({ holderId, seed: fromBase64url(String(seed)) }))
  return { path, input: { ...input, holderSeeds }, encs: encs.map((enc) => fromBase64url(enc)) }
}
