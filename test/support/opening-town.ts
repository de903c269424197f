/**
 * A closed tender with any number of bids, in a database of its own, as the server would have left it. Every bid is really
 * sealed to the tender's joint key for its own supplier (`opening-bids.ts`). To have a million in a minute, bids take turns with some
 * two thousand ephemeral keys, which no client would do and which costs the opening just as much.
 */
import { createSecretKey } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Piscina } from 'piscina'
import { fromBase64url, randomBytes, sha256Hex, toBase64url, toHex } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { bidInfo } from '../../src/crypto/envelope.ts'
import { jointPublicKey, makeHolderKey } from '../../src/crypto/joint-key.ts'
import { packedMerkleRoot } from '../../src/crypto/merkle-packed.ts'
import { HASH_BYTES } from '../../src/crypto/merkle.ts'
import type { StreamedOpening } from '../../src/crypto/opening.ts'
import type { HolderSeed } from '../../src/crypto/tender-key.ts'
import type { OfficerId, Sha256Hex } from '../../src/domain/ids.ts'
import type { NoticeTerms } from '../../src/domain/notice.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { naivePublicKey, naiveSchedule } from './naive-hpke.ts'
import { makeTerms } from './notice-terms.ts'
import makeBids, { TENDER_ID, type BidsTask, type MadeBid, type Seal } from './opening-bids.ts'

const EPHEMERAL_KEYS = 2_000
/** Made by one task and stored in one transaction. */
const BIDS_A_TASK = 2_500
/** Tasks that are made while another one is stored. */
const TASKS_AHEAD = 4
const HOLDERS = [['platform', 'platform'], ['O00000001', 'executing'], ['O00000002', 'witness']] as const

/** All that an opening needs besides the bids, which lie at `path`. */
export interface OpeningTown { path: string, input: Omit<StreamedOpening, 'slices'>, encs: Uint8Array[] }

export async function buildOpeningTown (folder: string, bids: number, path = join(folder, `opening-${bids}.sqlite`)): Promise<OpeningTown> {
  await openDatabase(path).close()
  const { terms, holderSeeds, publicKey } = makeTender()
  const termsSha256 = sha256Hex(canonicalBytes(terms))
  const seals = makeSeals(publicKey, bidInfo({ tenderId: TENDER_ID, termsSha256, publicKey }), Math.min(bids, EPHEMERAL_KEYS))
  const leafHashes = new Uint8Array(HASH_BYTES * bids)
  const database = new Sqlite(path)
  // The index that tells copied ciphertexts would: see above. No foreign keys: there is nothing here but bids.
  database.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; DROP INDEX bids_by_enc')
  const insert = database.prepare(`INSERT INTO bids (tender_id, supplier_id, thumbprint, terms_sha256, enc, envelope, envelope_sha256, accepted_at, receipt, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'sealed')`)
  for await (const { from, rows } of madeBids(bids, { seals, termsSha256 })) {
    database.exec('BEGIN')
    for (const [i, row] of rows.entries()) {
      insert.run(TENDER_ID, row.supplierId, row.thumbprint, termsSha256, row.enc, row.envelope, row.envelopeSha256, row.acceptedAt)
      leafHashes.set(row.leafHash, HASH_BYTES * (from + i))
    }
    database.exec('COMMIT')
  }
  database.close()
  const closing = { rootSha256: toHex(packedMerkleRoot(leafHashes)) as Sha256Hex, size: bids }
  return { path, input: { terms, termsSha256, closing, sealedPrices: null, technical: null, holderSeeds }, encs: seals.map(({ enc }) => enc) }
}

/** In their order; a small town's on this thread, a large one's on all cores. */
async function * madeBids (bids: number, job: Pick<BidsTask, 'seals' | 'termsSha256'>): AsyncGenerator<{ from: number, rows: MadeBid[] }> {
  const pool = bids > BIDS_A_TASK ? new Piscina<BidsTask, MadeBid[]>({ filename: new URL('opening-bids.ts', import.meta.url).href }) : null
  const made: Array<Promise<MadeBid[]>> = []
  for (let from = 0, asked = 0; from < bids; from += BIDS_A_TASK) {
    for (; asked < bids && asked < from + TASKS_AHEAD * BIDS_A_TASK; asked += BIDS_A_TASK) {
      const task = { ...job, from: asked, to: Math.min(bids, asked + BIDS_A_TASK) }
      made.push(pool === null ? Promise.resolve(makeBids(task)) : pool.run(task))
    }
    yield { from, rows: await made.shift() ?? [] }
  }
  await pool?.destroy()
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

function makeSeals (publicKey: Uint8Array, info: Uint8Array, count: number): Seal[] {
  return Array.from({ length: count }, () => {
    const own = randomBytes(32)
    const enc = naivePublicKey(own)
    const { key, baseNonce } = naiveSchedule({ own, other: publicKey, enc, recipient: publicKey, info })
    // A key object, because making one for each bid costs as much as sealing it.
    return { enc, key: createSecretKey(key), nonce: baseNonce }
  })
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
