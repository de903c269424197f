/**
 * Does reading grow with the number of tenders? The first page of a list and Korean searches through the whole server (HTTP
 * injected, so that no network is measured), at a million tenders and at a thousand, in turn; and the same searches by LIKE.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import Sqlite from 'better-sqlite3'
import { buildApp, type App } from '../src/app.ts'
import { randomBytes } from '../src/crypto/bytes.ts'
import { wrapSecret } from '../src/crypto/secret-wrap.ts'
import { readConfig } from '../src/config.ts'
import { databasePath, openInstallation } from '../src/installation.ts'
import { DEFAULT_POLICY } from '../src/services/context.ts'
import { openDatabase } from '../src/storage/database.ts'
import { figure, interleave, median, printSamples, type BenchOptions, type Contestant, type Figure, type Samples } from './measure.ts'
import { runBenches } from './report.ts'
import { buildTown, NEWEST_PUBLISHED_AT } from './tender-town.ts'

const FEW = 1_000
const MANY = 1_000_000
const MANY_QUICK = 50_000
export const PAGE = 50
/** Requests in one turn. */
const REQUESTS = 40
/** A rare word, a common one inside compounds, a two-syllable one, two words, a longer one. */
const SEARCHES = ['천문대', '보수', '교량', '터널 내진', '체육관'] as const

export async function benchReading ({ quick }: BenchOptions): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bongin-bench-'))
  const apps: App[] = []
  try {
    for (const tenders of [FEW, quick ? MANY_QUICK : MANY]) apps.push(await serverWith(join(folder, String(tenders)), tenders))
    const [few, many] = apps as [App, App]
    const lists = await benchLists(few, many, quick ? 5 : 9)
    return [...lists, ...await benchSearches(many, quick)]
  } finally {
    for (const app of apps) await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function serverWith (dataDir: string, tenders: number): Promise<App> {
  const started = performance.now()
  const installation = await openInstallation(readConfig({ BONGIN_DATA_DIR: dataDir }), NEWEST_PUBLISHED_AT)
  await openDatabase(databasePath(dataDir)).close()
  const seedWrapped = wrapSecret({ kek: installation.kek, secret: randomBytes(32), context: 'bench' })
  buildTown(databasePath(dataDir), { tenders, seedWrapped })
  console.log(`  ${tenders.toLocaleString('en-US')} tenders made in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  const clock = { now: () => NEWEST_PUBLISHED_AT }
  // Towns and servers share one event loop, and making a town holds it.
  return await buildApp({ installation, clock, policy: DEFAULT_POLICY, logger: pino({ level: 'silent' }), openingThreads: 1, maxLoopDelayMs: Infinity })
}

export function pageOf (app: App): Contestant {
  return async () => {
    for (let i = 0; i < REQUESTS; i++) await items(app, `/v1/tenders?limit=${PAGE}`, PAGE)
    return REQUESTS
  }
}

export function searchFor (app: App, query: string): Contestant {
  return async () => {
    for (let i = 0; i < REQUESTS; i++) await items(app, `/v1/tenders?limit=${PAGE}&q=${encodeURIComponent(query)}`, 1)
    return REQUESTS
  }
}

async function benchLists (few: App, many: App, rounds: number): Promise<Figure[]> {
  const samples = await interleave(rounds, { 'first page, few tenders': pageOf(few), 'first page, many tenders': pageOf(many) })
  printSamples(samples)
  const times = inverseRatios(samples, 'first page, many tenders', 'first page, few tenders')
  return [figure('list-growth', times, { numerator: `time of the first page of ${PAGE}, many tenders`, denominator: `the same of ${FEW}` })]
}

/** LIKE reads every title: in the quick run, with fewer of them, the ratio is no answer to the question of the target. */
async function benchSearches (many: App, quick: boolean): Promise<Figure[]> {
  const database = new Sqlite(many.context.db.path, { readonly: true })
  const like = database.prepare('SELECT tender_id, title FROM tenders WHERE title LIKE ? ORDER BY tender_id DESC LIMIT ?')
  const ratios: number[] = []
  for (const query of SEARCHES) {
    const [word = ''] = query.split(' ')
    const samples = await interleave(quick ? 1 : 3, {
      [`search ${query}`]: searchFor(many, query),
      // All that fits, as the search's index knows all that fits: a first page of a common word LIKE finds at once, too.
      [`LIKE ${word}`]: () => {
        like.all(`%${word}%`, MANY)
        return 1
      }
    })
    printSamples(samples)
    ratios.push(median(inverseRatios(samples, `LIKE ${word}`, `search ${query}`)))
  }
  database.close()
  const titles = (quick ? MANY_QUICK : MANY).toLocaleString('en-US')
  const numerator = `time of LIKE over ${titles} titles, ${SEARCHES.length} words`
  return [figure('search-vs-like', ratios, { numerator, denominator: 'time of the search, whole request', judged: !quick })]
}

async function items (app: App, url: string, atLeast: number): Promise<void> {
  const { statusCode, body } = await app.server.inject({ url })
  if (statusCode !== 200 || (JSON.parse(body) as { items: unknown[] }).items.length < atLeast) throw new Error(`${url}: ${statusCode} ${body.slice(0, 200)}`)
}

/** Of times, where samples are rates. */
function inverseRatios (samples: Samples, above: string, below: string): number[] {
  return (samples[above] ?? []).map(({ rate }, round) => (samples[below]?.[round]?.rate ?? Number.NaN) / rate)
}

if (import.meta.main) await runBenches({ reading: benchReading })
