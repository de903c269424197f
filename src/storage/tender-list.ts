/**
 * Lists of published tenders in keyset pages. A page is made in two steps in one statement: candidates in the order of an index,
 * at most `MAX_CANDIDATES` of them, then what the index could not tell is checked on the rows. So a page costs the same whatever
 * the number of tenders, and one that finds too little among its candidates is short and says where to go on.
 */
import { and, asc, desc, eq, gte, isNotNull, lt, lte, or, sql, type SQL } from 'drizzle-orm'
import type { AgencyId, Instant, TenderId } from '../domain/ids.ts'
import type { AwardMethod, TenderKind } from '../domain/notice.ts'
import type { TenderState } from '../domain/tender.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Db } from './prepare.ts'
import { facetsExpression, matchExpression, rowIdAsTenderId, searchRowId } from './search.ts'
import { agencies, tenders } from './schema.ts'
import { regionsText } from './tender-regions.ts'
import type { Tender } from './tenders.ts'

/** Index entries that one page may look at: some 20 ms where hardly any of them fits. */
export const MAX_CANDIDATES = 10_000

export interface TenderFilter {
  state?: TenderState | undefined
  kind?: TenderKind | undefined
  method?: AwardMethod | undefined
  agencyId?: AgencyId | undefined
  /** Both included. */
  closesFrom?: Instant | undefined
  closesUntil?: Instant | undefined
  /** Won, both included. */
  estimatedFrom?: number | undefined
  estimatedUntil?: number | undefined
  /** Where a bidder is: tenders for all the country are open to it, too. */
  region?: string | undefined
  /** Searched for by newest only. */
  query?: string | undefined
}

/** `newest`: by id, downwards. `closing`: by closing time, then id, upwards. */
export type TenderOrder = 'newest' | 'closing'

/** The place of a tender in a list; the next page begins behind it. */
export interface TenderPlace { tenderId: TenderId, closesAt: Instant }

export type TenderSummary = Pick<
  Tender,
  'tenderId' | 'revision' | 'title' | 'agencyId' | 'kind' | 'method' | 'state' | 'estimatedPriceWon' | 'publishedAt' | 'closesAt' | 'opensAt'
> & { agencyName: string }

export interface TenderListQuery extends TenderFilter { order: TenderOrder, after?: TenderPlace | undefined, limit: number }

/** `next` is null at the list's end. */
export interface TenderPage { items: TenderSummary[], next: TenderPlace | null }

/** A draft, or a tender cancelled before it was published, is never listed. */
export async function listTenders (db: Db, query: TenderListQuery): Promise<TenderPage> {
  const { closesFrom = 0, closesUntil = Number.MAX_SAFE_INTEGER, estimatedFrom = 0, estimatedUntil = Number.MAX_SAFE_INTEGER, after, limit } = query
  const text = query.query === undefined ? null : matchExpression(query.query)
  const values = {
    ...query,
    closesFrom,
    closesUntil,
    estimatedFrom,
    estimatedUntil,
    region: query.region === undefined ? '' : regionsText([query.region]),
    match: text === null ? '' : [text, ...facetsExpression(query)].join(' AND '),
    afterId: after?.tenderId ?? '',
    afterTime: after?.closesAt ?? 0,
    beforeRow: after === undefined ? Number.MAX_SAFE_INTEGER : searchRowId(after.tenderId),
    candidates: MAX_CANDIDATES,
    lastCandidate: MAX_CANDIDATES - 1,
    limit: limit + 1
  }
  const statements = statementsFor(db, { ...query, text: text !== null })
  const rows = statements.page.all(values)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  if (rows.length > limit && last !== undefined) return { items, next: { tenderId: last.tenderId, closesAt: last.closesAt } }
  return { items, next: statements.lastCandidate.get(values) ?? null }
}

/** Which conditions a query has: all queries of one shape share their prepared statements. */
interface Shape extends TenderFilter { text: boolean, order: TenderOrder, after?: TenderPlace | undefined }
type Statements = ReturnType<typeof makeStatements>

/** Of eleven conditions, each there or not, and two orders there are four thousand; the one made first makes room. */
const MAX_SHAPES = 200
const prepared = new WeakMap<Db, BoundedMap<string, Statements>>()

function statementsFor (db: Db, shape: Shape): Statements {
  const { text, order, after, state, kind, method, agencyId, closesFrom, closesUntil, estimatedFrom, estimatedUntil, region } = shape
  const parts = [text, after, state, kind, method, agencyId, closesFrom, closesUntil, estimatedFrom, estimatedUntil, region]
  const key = parts.map((part) => (part === undefined || part === false ? '-' : '+')).join('') + order
  let ofDb = prepared.get(db)
  if (ofDb === undefined) prepared.set(db, ofDb = new BoundedMap<string, Statements>(MAX_SHAPES))
  let statements = ofDb.get(key)
  if (statements === undefined) ofDb.set(key, statements = makeStatements(db, shape))
  return statements
}

const is = (column: typeof tenders.state | typeof tenders.kind | typeof tenders.method | typeof tenders.agencyId, name: string): SQL =>
  eq(column, sql.placeholder(name))

/** The columns that an index begins with, the most telling first; what is left over is checked on the rows. */
function indexed (shape: Shape): SQL[] {
  const { agencyId, state, kind, method, order } = shape
  if (agencyId !== undefined) return [is(tenders.agencyId, 'agencyId')]
  if (state !== undefined && kind !== undefined) return [is(tenders.state, 'state'), is(tenders.kind, 'kind')]
  if (state !== undefined) return [is(tenders.state, 'state')]
  if (kind !== undefined) return [is(tenders.kind, 'kind')]
  return method !== undefined && order === 'newest' ? [is(tenders.method, 'method')] : []
}

function closingWithin ({ closesFrom, closesUntil }: Shape): SQL[] {
  return [
    ...(closesFrom === undefined ? [] : [gte(tenders.closesAt, sql.placeholder('closesFrom'))]),
    ...(closesUntil === undefined ? [] : [lte(tenders.closesAt, sql.placeholder('closesUntil'))])
  ]
}

/** What no index tells. */
function unindexed ({ estimatedFrom, estimatedUntil, region }: Shape): Array<SQL | undefined> {
  return [
    ...(estimatedFrom === undefined ? [] : [gte(tenders.estimatedPriceWon, sql.placeholder('estimatedFrom'))]),
    ...(estimatedUntil === undefined ? [] : [lte(tenders.estimatedPriceWon, sql.placeholder('estimatedUntil'))]),
    ...(region === undefined ? [] : [or(eq(tenders.regions, ''), sql`instr(${tenders.regions}, ${sql.placeholder('region')}) > 0`)])
  ]
}

/** Ids in the list's order, from behind the last page. */
function candidates (db: Db, shape: Shape) {
  if (shape.text) {
    return db.select({ id: sql<TenderId>`${rowIdAsTenderId(sql`rowid`)}`.as('id') }).from(sql`tender_search`)
      .where(sql`tender_search MATCH ${sql.placeholder('match')} AND rowid < ${sql.placeholder('beforeRow')}`)
      .orderBy(sql`rowid DESC`)
  }
  const ids = db.select({ id: tenders.tenderId }).from(tenders)
  if (shape.order === 'newest') {
    const behind = shape.after === undefined ? [] : [lt(tenders.tenderId, sql.placeholder('afterId'))]
    return ids.where(and(...indexed(shape), ...behind)).orderBy(desc(tenders.tenderId))
  }
  const behind = shape.after === undefined
    ? []
    : [sql`(${tenders.closesAt}, ${tenders.tenderId}) > (${sql.placeholder('afterTime')}, ${sql.placeholder('afterId')})`]
  return ids.where(and(...indexed(shape), ...closingWithin(shape), ...behind)).orderBy(asc(tenders.closesAt), asc(tenders.tenderId))
}

function makeStatements (db: Db, shape: Shape) {
  const { state, kind, method, agencyId } = shape
  const conditions = [
    isNotNull(tenders.revision),
    ...(state === undefined ? [] : [is(tenders.state, 'state')]),
    ...(kind === undefined ? [] : [is(tenders.kind, 'kind')]),
    ...(method === undefined ? [] : [is(tenders.method, 'method')]),
    ...(agencyId === undefined ? [] : [is(tenders.agencyId, 'agencyId')]),
    ...closingWithin(shape),
    ...unindexed(shape)
  ]
  const found = candidates(db, shape).limit(sql.placeholder('candidates')).as('found')
  const last = candidates(db, shape).limit(1).offset(sql.placeholder('lastCandidate')).as('last')
  // SQLite runs a cross join as it is written: candidates first, in their order, and stops at the page's last row.
  const page = db
    .select({
      tenderId: tenders.tenderId,
      revision: tenders.revision,
      title: tenders.title,
      agencyId: tenders.agencyId,
      agencyName: agencies.name,
      kind: tenders.kind,
      method: tenders.method,
      state: tenders.state,
      estimatedPriceWon: tenders.estimatedPriceWon,
      publishedAt: tenders.publishedAt,
      closesAt: tenders.closesAt,
      opensAt: tenders.opensAt
    })
    .from(found)
    .crossJoin(tenders)
    .crossJoin(agencies)
    .where(and(eq(tenders.tenderId, found.id), eq(agencies.agencyId, tenders.agencyId), ...conditions))
    .limit(sql.placeholder('limit'))
  const lastCandidate = db.select({ tenderId: tenders.tenderId, closesAt: tenders.closesAt }).from(last)
    .crossJoin(tenders).where(eq(tenders.tenderId, last.id))
  return { page: page.prepare(), lastCandidate: lastCandidate.prepare(), sql: page.toSQL().sql }
}

/** The statement behind a list, for tests that read its query plan. */
export const sqlOfList = (db: Db, { query, ...shape }: TenderFilter & { order: TenderOrder, after?: TenderPlace }): string =>
  statementsFor(db, { ...shape, text: query !== undefined }).sql
