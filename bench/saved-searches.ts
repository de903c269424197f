/**
 * What it costs to find the saved searches that a notice answers, at 200,000 of them and at 2,000, and to tell their owners; and to hold the notice
 * against all of them one by one, which is what the index saves. `node bench/saved-searches.ts [--searches N]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Sqlite from 'better-sqlite3'
import type { AgencyId, SupplierId, TenderId } from '../src/domain/ids.ts'
import { answersSearch, facetsKey, NO_ANCHOR, type SearchConditions, type SearchedNotice } from '../src/domain/notification.ts'
import type { AwardMethod, TenderKind } from '../src/domain/notice.ts'
import { anchorsOf, soughtText } from '../src/domain/search-words.ts'
import { matchesOf } from '../src/services/notify/recipients.ts'
import { openDatabase, type Database } from '../src/storage/database.ts'
import { tellSuppliers } from '../src/storage/notifications.ts'
import { rarestTerm } from '../src/storage/saved-searches.ts'
import { median } from './measure.ts'
import { buildTown, seededChance } from './tender-town.ts'

const TENDERS = 20_000
const NOTICES = 60
/** Searches of one supplier, on average. */
const EACH = 2
const FEW = 2_000
const SEED = 7

interface Row { tender_id: string, agency_id: string, title: string, kind: TenderKind, method: AwardMethod, closes_at: number }

const { values } = parseArgs({ options: { searches: { type: 'string' } } })
const folder = mkdtempSync(join(tmpdir(), 'bongin-searches-'))
try {
  for (const searches of [FEW, Number(values.searches ?? 200_000)]) await measure(searches)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Two words of a title; a word with kind or agency; an agency with a kind; a kind alone, rarely. */
function conditionsLike ({ title, kind, agency_id: agencyId }: Row, chance: (below: number) => number): SearchConditions {
  const words = title.split(' ')
  const word = (): string => words[chance(words.length)] ?? title
  switch (chance(20)) {
    case 0: return { kind, method: 'restricted-lowest' }
    case 1: case 2: case 3: case 4: case 5: return { agencyId: agencyId as AgencyId, kind }
    case 6: case 7: case 8: case 9: case 10: return { query: `${word()} ${word()}` }
    default: return { query: word(), ...(chance(2) === 0 ? { agencyId: agencyId as AgencyId } : { kind }) }
  }
}

const supplierOf = (search: number): string => String(1_000_000_000 + Math.floor(search / EACH))

async function fill (db: Database, path: string, searches: number): Promise<{ notices: Row[], all: SearchConditions[] }> {
  const chance = seededChance(SEED)
  const connection = new Sqlite(path)
  const rows = connection.prepare('SELECT tender_id, agency_id, title, kind, method, closes_at FROM tenders').all() as Row[]
  const one = (): Row => rows[chance(rows.length)] as Row
  const anchors = new Map<string, string>()
  const all: SearchConditions[] = []
  connection.exec('BEGIN')
  const supplier = connection.prepare("INSERT INTO suppliers (supplier_id, profile, created_at) VALUES (?, '{}', 0)")
  const insert = connection.prepare('INSERT INTO saved_searches (supplier_id, number, name, conditions, anchor, facets, created_at, after_position) VALUES (?, ?, ?, ?, ?, ?, 0, 0)')
  for (let i = 0; i < searches; i++) {
    const supplierId = supplierOf(i)
    if (i % EACH === 0) supplier.run(supplierId)
    const conditions = conditionsLike(one(), chance)
    const { query = '' } = conditions
    const anchor = anchors.get(query) ?? await rarestTerm(db.read, anchorsOf(query)) ?? NO_ANCHOR
    anchors.set(query, anchor)
    insert.run(supplierId, i % EACH + 1, '검색', JSON.stringify(conditions), anchor, facetsKey(conditions))
    all.push(conditions)
  }
  connection.exec('COMMIT')
  connection.close()
  return { notices: Array.from({ length: NOTICES }, one), all }
}

async function measure (searches: number): Promise<void> {
  const path = join(folder, `${searches}.db`)
  await openDatabase(path).close()
  buildTown(path, { tenders: TENDERS })
  const db = openDatabase(path)
  const { notices, all } = await fill(db, path, searches)
  const [looking, telling, scanning, matches]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (const row of notices) {
    const columns = { agencyId: row.agency_id as AgencyId, closesAt: row.closes_at, estimatedPriceWon: 0, regions: [] }
    const notice: SearchedNotice = { ...row, ...columns, text: soughtText(row.title) }
    let started = performance.now()
    const found = new Set<SupplierId>()
    for await (const told of matchesOf(db.read, { notice, position: 1 })) for (const { supplierId } of told) found.add(supplierId)
    looking.push(performance.now() - started)
    matches.push(found.size)
    started = performance.now()
    const expected = new Set(all.flatMap((conditions, i) => answersSearch(notice, conditions) ? [supplierOf(i)] : []))
    scanning.push(performance.now() - started)
    if (expected.size !== found.size) throw new Error(`${row.title}: ${found.size} found of ${expected.size}`)
    started = performance.now()
    const cause = { eventKey: `match/${row.tender_id}`, at: 0, topic: 'matched', tenderId: row.tender_id as TenderId } as const
    for await (const told of matchesOf(db.read, { notice, position: 1 })) {
      await db.write(async (tx) => await tellSuppliers(tx, { cause, told, now: 0 }))
    }
    telling.push(performance.now() - started)
  }
  await db.close()
  const ms = (times: number[]): string => `${median(times).toFixed(1)} ms (at most ${Math.max(...times).toFixed(1)})`
  console.log(`${searches.toLocaleString('en-US')} searches, ${NOTICES} notices; suppliers told of one: ${median(matches)} (at most ${Math.max(...matches)})`)
  console.log(`  found ${ms(looking)}; found and told, on disk ${ms(telling)}; all held against one by one, in memory ${ms(scanning)}`)
}
