/** Records from before they were kept in parts: the migration takes them apart, and put together they are the bytes that were hashed. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import t from 'tap'
import { canonicalJson } from '../../src/crypto/canonical-json.ts'
import { sha256Hex, utf8 } from '../../src/crypto/bytes.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { openingTexts } from '../../src/services/opening-records.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { getOpening } from '../../src/storage/openings.ts'

const ROWS = { R26BK00000001: 0, R26BK00000002: 1, R26BK00000003: 1_000, R26BK00000004: 2_345 } as const
const MIGRATIONS = new URL('../../migrations', import.meta.url).pathname

function recordOf (tenderId: string, count: number): string {
  const rows = Array.from({ length: count }, (_, i) => ({
    acceptedAt: '2026-11-24T09:00:00.000+09:00',
    amountWon: 9_007_199_254_740_000 + i,
    members: i % 7 === 0 ? [{ supplierId: '1018116406', sharePpm: 600_000 }] : [],
    picks: i % 3 === 0 ? null : [1, 15],
    rank: i + 1,
    remark: 'normal',
    supplierId: String(1_000_000_000 + i),
    voidReason: null
  }))
  return canonicalJson({ v: 1, type: 'bongin-opening', tenderId, outcome: 'ranked', tieOrder: [], prices: { plannedPriceWon: 1 }, rows })
}

t.test('every record is there, with its bytes', async (t) => {
  const folder = t.testdir()
  const [path, first] = [join(folder, 'bongin.db'), join(folder, 'first')]
  mkdirSync(join(first, 'meta'), { recursive: true })
  cpSync(join(MIGRATIONS, '0000_initial.sql'), join(first, '0000_initial.sql'))
  const journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8')) as { entries: unknown[] }
  writeFileSync(join(first, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }))
  const old = new Sqlite(path)
  migrate(drizzle(old), { migrationsFolder: first })
  old.exec('INSERT INTO agencies (agency_id, name, created_at) VALUES (\'1230000\', \'조달청\', 0)')
  const records = Object.entries(ROWS).map(([tenderId, count]) => ({ tenderId: tenderId as TenderId, count, text: recordOf(tenderId, count) }))
  const insert = old.prepare('INSERT INTO openings (tender_id, record, sha256, opened_at) VALUES (?, ?, ?, 7)')
  const insertTender = old.prepare(`INSERT INTO tenders (tender_id, agency_id, created_by, created_at, state, title, kind, method, estimated_price_won,
    closes_at, opens_at, platform_point, platform_proof, platform_ml_kem_key, platform_seed_wrapped)
    VALUES (?, '1230000', '', 0, 'draft', '', '', '', 0, 1, 2, '', '', '', '')`)
  for (const { tenderId, text } of records) {
    insertTender.run(tenderId)
    insert.run(tenderId, text, sha256Hex(utf8(text)))
  }
  old.close()

  const database = openDatabase(path)
  t.teardown(database.close)
  for (const { tenderId, count, text } of records) {
    const opening = await getOpening(database.read, tenderId)
    if (opening === null) throw new Error(`${tenderId} is gone`)
    let read = ''
    for await (const part of openingTexts(database.read, opening)) read += part
    t.equal(read, text, tenderId)
    t.match(opening, { sha256: sha256Hex(utf8(read)), sizeBytes: Buffer.byteLength(text), rowCount: count, openedAt: 7 })
  }
})
