/**
 * A country's tenders for the reading benches: rows of agencies, tenders and the search table, made from a vocabulary by seeded chance.
 * Only what lists and searches read is real: keys are empty texts, and there are no notices, bids or ledgers behind these tenders.
 * Rows go in by the server's own schema and `searchTerms`; the list indexes are dropped for the load and made again after it.
 */
import Sqlite from 'better-sqlite3'
import { TENDER_STATES } from '../src/domain/tender.ts'
import { DAY_MS, HOUR_MS } from '../src/domain/time.ts'
import { REGIONS_RECORDED } from '../src/services/record-earlier-regions.ts'
import { RESULTS_RECORDED } from '../src/services/record-earlier-results.ts'
import { AWARD_METHODS, TENDER_KINDS } from '../src/domain/notice.ts'
import { facetTerms, searchTerms } from '../src/storage/search.ts'

/** Rows in one transaction. */
const BATCH = 10_000
/** Published on average every 90 seconds, as some 350,000 a year are. */
const INTERVAL_MS = 90_000
const OPEN_FOR_MS = 10 * DAY_MS
export const NEWEST_PUBLISHED_AT = Date.UTC(2026, 10, 24)

const PLACES = ['가람', '나루', '다솔', '라온', '마루', '바른', '새벽', '아라', '자운', '차오름', '카온', '타래', '파란', '하늘', '한빛', '푸른', '달빛', '별내', '솔향', '큰들']
const BODIES = ['시청', '군청', '구청', '교육지원청', '소방본부', '상수도사업본부', '도시공사', '시설관리공단', '대학교', '의료원']
const OBJECTS = [
  '청사', '하수관로', '상수관로', '초등학교', '중학교', '고등학교', '도서관', '체육관', '교량', '터널', '하천', '저수지', '공원', '보건소', '경로당', '주민센터',
  '소방서', '배수펌프장', '정수장', '폐기물처리시설', '가로등', '보도', '주차장', '전산실', '통신망', '급식실', '기숙사', '연구동', '박물관', '문화회관'
]
const PARTS = ['', '외벽', '옥상방수', '내진', '전기', '기계설비', '소방설비', '조경', '석면해체', '승강기', '냉난방기', '창호', '지붕', '바닥', '울타리', '무인경비', '네트워크', '보안']
const WORKS = ['보수공사', '정비공사', '신축공사', '증축공사', '개량공사', '설계용역', '감리용역', '유지관리용역', '청소용역', '구매', '제조구매', '임차', '설치공사', '교체공사', '기본계획 수립용역']
/** One tender in some five thousand has one of these. */
const RARITIES = ['천문대', '잠수함모형', '빙상장', '수목표본']

/** Mulberry32: a small seeded generator; what it makes is no secret. */
export function seededChance (seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return Math.floor(((word ^ (word >>> 14)) >>> 0) / 4_294_967_296 * below)
  }
}

interface Town { chance: (below: number) => number, agencies: Array<{ agencyId: string, name: string }> }

const one = <T>(chance: Town['chance'], list: readonly T[]): T => list[chance(list.length)] as T

function titleOf (chance: Town['chance'], place: string): string {
  const year = 2024 + chance(3)
  const rarity = chance(5000) === 0 ? ` ${one(chance, RARITIES)}` : ''
  return `${year}년 ${place} 제${chance(40) + 1}${one(chance, OBJECTS)}${rarity} ${one(chance, PARTS)}${one(chance, WORKS)}`
}

const tenderIdOf = (number: number): string => `R26BK${String(number).padStart(8, '0')}`

/** Older tenders are done with, those of the last days are open. */
function stateOf (chance: Town['chance'], closesAt: number): string {
  if (closesAt > NEWEST_PUBLISHED_AT) return 'published'
  if (closesAt > NEWEST_PUBLISHED_AT - HOUR_MS) return 'closed'
  const past = TENDER_STATES.slice(TENDER_STATES.indexOf('opened'))
  return one(chance, past)
}

export interface TownOptions {
  tenders: number
  seed?: number
  /** Stands for every tender's seed of the platform: a server starts only on secrets whose key it has. */
  seedWrapped?: string
}

/**
 * Fills the tables of a migrated database that nobody else has open. Tender numbers go from 1 upwards in order of publication.
 * @returns the titles' vocabulary is fixed, so the same options make the same rows.
 */
export function buildTown (path: string, { tenders, seed = 1, seedWrapped = '' }: TownOptions): void {
  const connection = new Sqlite(path)
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = OFF')
  connection.pragma('foreign_keys = OFF')
  connection.pragma('cache_size = -400000')
  const made = 'SELECT name, sql FROM sqlite_master WHERE type = \'index\' AND tbl_name = \'tenders\' AND sql IS NOT NULL'
  const indexes = connection.prepare<[], { name: string, sql: string }>(made).all()
  for (const { name } of indexes) connection.exec(`DROP INDEX ${name}`)
  const chance = seededChance(seed)
  const agencies = PLACES.flatMap((place, i) => BODIES.map((body, j) => ({ agencyId: `B${String(i * BODIES.length + j).padStart(6, '0')}`, name: `${place}${body}` })))
  const insertAgency = connection.prepare('INSERT INTO agencies (agency_id, name, created_at) VALUES (?, ?, 0)')
  for (const { agencyId, name } of agencies) insertAgency.run(agencyId, name)
  // These tenders have no notices that their results could be made of.
  for (const name of [RESULTS_RECORDED, REGIONS_RECORDED]) connection.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, \'true\')').run(name)
  connection.exec('INSERT INTO tender_search (tender_search, rank) VALUES (\'automerge\', 0), (\'crisismerge\', 200)')
  for (let from = 1; from <= tenders; from += BATCH) {
    insertBatch(connection, { chance, agencies }, { from, to: Math.min(from + BATCH - 1, tenders), tenders, seedWrapped })
  }
  connection.exec('INSERT INTO tender_search (tender_search) VALUES (\'optimize\')')
  connection.exec('INSERT INTO tender_search (tender_search, rank) VALUES (\'automerge\', 4), (\'crisismerge\', 16)')
  for (const { sql } of indexes) connection.exec(sql)
  connection.pragma('wal_checkpoint(TRUNCATE)')
  connection.close()
}

interface Batch { from: number, to: number, tenders: number, seedWrapped: string }

function insertBatch (connection: Sqlite.Database, { chance, agencies }: Town, { from, to, tenders, seedWrapped }: Batch): void {
  const insertTender = connection.prepare(`INSERT INTO tenders (tender_id, agency_id, created_by, created_at, state, revision, title, kind, method,
    estimated_price_won, terms_sha256, published_at, closes_at, opens_at, platform_point, platform_proof, platform_ml_kem_key, platform_seed_wrapped)
    VALUES (?, ?, 'O00000001', ?, ?, 1, ?, ?, ?, ?, '', ?, ?, ?, '', '', '', ?)`)
  const insertTerms = connection.prepare('INSERT INTO tender_search (rowid, terms, facets) VALUES (?, ?, ?)')
  connection.exec('BEGIN')
  for (let number = from; number <= to; number++) {
    const agency = one(chance, agencies)
    const title = titleOf(chance, agency.name.slice(0, 2))
    const kind = one(chance, TENDER_KINDS)
    const method = one(chance, AWARD_METHODS)
    const publishedAt = NEWEST_PUBLISHED_AT - (tenders - number) * INTERVAL_MS
    const closesAt = Math.ceil((publishedAt + OPEN_FOR_MS / 2 + chance(OPEN_FOR_MS)) / HOUR_MS) * HOUR_MS
    const tenderId = tenderIdOf(number)
    insertTender.run(
      tenderId, agency.agencyId, publishedAt, stateOf(chance, closesAt), title, kind, method, (chance(99_000) + 1_000) * 10_000,
      publishedAt, closesAt, closesAt + HOUR_MS, seedWrapped
    )
    const terms = searchTerms(`${title} ${agency.name}`).join(' ')
    insertTerms.run(2_600_000_000 + number, terms, facetTerms({ agencyId: agency.agencyId, kind, method }).join(' '))
  }
  connection.exec('COMMIT')
}
