/**
 * A whole server's data folder with one closed tender of many bids whose committee has revealed: what is needed for the server
 * itself to open it, store its record and serve it. Signatures are random bytes; nothing here looks at them.
 */
import Sqlite from 'better-sqlite3'
import { fromHex, randomBytes, sha256, toBase64url, toHex } from '../../src/crypto/bytes.ts'
import { checkpointOrigin, signCheckpoint } from '../../src/crypto/checkpoint.ts'
import { jwsSigningInput } from '../../src/crypto/jws.ts'
import { wrapSecret } from '../../src/crypto/secret-wrap.ts'
import { PLATFORM_HOLDER_ID, type Thumbprint } from '../../src/domain/ids.ts'
import type { Notice } from '../../src/domain/notice.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import type { Installation } from '../../src/installation.ts'
import { seedContext } from '../../src/services/platform-part.ts'
import { seedWrapContext } from '../../src/services/reveals.ts'
import { certificateOf, TENDER_ID } from './opening-bids.ts'
import { buildOpeningTown, type OpeningTown } from './opening-town.ts'

export const CLOSES_AT = Date.parse('2026-11-24T10:00:00+09:00')
export const OPENS_AT = Date.parse('2026-11-24T11:00:00+09:00')

export async function buildServerTown (installation: Installation, bids: number): Promise<OpeningTown> {
  const town = await buildOpeningTown('', bids, installation.databasePath)
  const { input } = town
  const { terms, termsSha256, closing, holderSeeds } = input
  const officerDer = certificateOf(bids)
  const signer = toBase64url(sha256(officerDer)) as Thumbprint
  const jws = (type: 'bongin-notice', payload: object): string => `${jwsSigningInput({ type, signer, payload })}.${toBase64url(randomBytes(256))}`
  const publishedAt = CLOSES_AT - 240 * HOUR_MS
  const notice: Notice = {
    v: 1,
    type: 'bongin-notice',
    revision: '000',
    termsSha256,
    previousTenderId: null,
    changeReason: '',
    terms,
    schedule: {
      publishedAt: formatKst(publishedAt),
      questionsFrom: formatKst(publishedAt),
      questionsUntil: formatKst(CLOSES_AT - HOUR_MS),
      closesAt: formatKst(CLOSES_AT),
      technicalOpensAt: null,
      opensAt: formatKst(OPENS_AT)
    }
  }
  const { kek, platform: { name, checkpointKey } } = installation
  const wrapped = (holderId: string, seed: Uint8Array): string => wrapSecret({
    kek,
    secret: seed,
    context: holderId === PLATFORM_HOLDER_ID ? seedContext(TENDER_ID) : seedWrapContext({ tenderId: TENDER_ID, envelope: 'price', holderId })
  })
  const seedOf = (holderId: string): Uint8Array => holderSeeds.find((one) => one.holderId === holderId)?.seed ?? new Uint8Array(0)
  const checkpoint = signCheckpoint({
    keyName: name,
    privateKey: checkpointKey,
    origin: checkpointOrigin({ platformName: name, tenderId: TENDER_ID }),
    size: closing.size,
    root: fromHex(closing.rootSha256)
  })
  const database = new Sqlite(installation.databasePath)
  database.pragma('foreign_keys = OFF')
  database.prepare('INSERT INTO agencies (agency_id, name, created_at) VALUES (?, ?, 0)').run(terms.agencyId, terms.agencyName)
  const certificate = database.prepare(`INSERT INTO certificates (thumbprint, kind, holder_id, serial_hex, der, public_key_sha256, not_before, not_after)
    VALUES (?, ?, ?, ?, ?, ?, 0, 1)`)
  database.exec('BEGIN')
  const addCertificate = (kind: 'officer' | 'supplier', holderId: string, der: Uint8Array): void => {
    const digest = sha256(der)
    certificate.run(toBase64url(digest), kind, holderId, toHex(digest), der, toHex(digest))
  }
  addCertificate('officer', terms.committee.executing, officerDer)
  for (let i = 0; i < bids; i++) addCertificate('supplier', String(i), certificateOf(i))
  database.exec('COMMIT')
  database.prepare(`INSERT INTO tenders (tender_id, agency_id, created_by, created_at, state, revision, title, kind, method, estimated_price_won, terms_sha256,
    published_at, closes_at, opens_at, platform_point, platform_proof, platform_ml_kem_key, platform_seed_wrapped, closing_root, closing_size, checkpoint)
    VALUES (?, ?, ?, ?, 'closed', 0, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', ?, ?, ?, ?)`)
    .run(TENDER_ID, terms.agencyId, terms.committee.executing, publishedAt, terms.title, terms.kind, terms.method, terms.estimatedPriceWon,
      termsSha256, publishedAt, CLOSES_AT, OPENS_AT, wrapped(PLATFORM_HOLDER_ID, seedOf(PLATFORM_HOLDER_ID)),
      closing.rootSha256, closing.size, checkpoint)
  database.prepare('INSERT INTO notices (tender_id, revision, jws, terms_sha256, published_at) VALUES (?, 0, ?, ?, ?)')
    .run(TENDER_ID, jws('bongin-notice', notice), termsSha256, publishedAt)
  const reveal = database.prepare(`INSERT INTO reveals (tender_id, holder_id, envelope, via, seed_wrapped, revealed_at)
    VALUES (?, ?, 'price', 'holder', ?, ?)`)
  for (const { holderId, seed } of holderSeeds) {
    if (holderId !== PLATFORM_HOLDER_ID) reveal.run(TENDER_ID, holderId, wrapped(holderId, seed), OPENS_AT)
  }
  database.close()
  return town
}
