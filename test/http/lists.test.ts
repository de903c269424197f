/** Lists of tenders over HTTP: keyset pages that give each tender once, Korean search, and plans that need no sorting. */
import fc from 'fast-check'
import t from 'tap'
import type { TenderPage } from '../../src/client/types.ts'
import { sqlOfList, type TenderFilter, type TenderOrder } from '../../src/storage/tender-list.ts'
import { sql } from 'drizzle-orm'
import { buildTown, NEWEST_PUBLISHED_AT } from '../../bench/tender-town.ts'
import { buildApp } from '../support/build-app.ts'
import { ManualClock } from '../support/manual-clock.ts'

const TENDERS = 600
const app = await buildApp(t, { clock: new ManualClock(new Date(NEWEST_PUBLISHED_AT).toISOString()) })
buildTown(app.context.db.path, { tenders: TENDERS })

async function page (query: string): Promise<TenderPage> {
  const response = await fetch(`${app.baseUrl}/v1/tenders?${query}`)
  t.equal(response.status, 200, query)
  return await response.json() as TenderPage
}

async function all (query: string): Promise<TenderPage['items']> {
  const items: TenderPage['items'] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { items: more, nextCursor }: TenderPage = await page(`${query}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    items.push(...more)
    cursor = nextCursor
  }
  return items
}

t.test('pages of any size and condition give each tender once, in order', async (t) => {
  const everything = await all('limit=100')
  t.equal(everything.length, TENDERS)
  const choice = (...values: string[]) => fc.constantFrom('', ...values)
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 7, max: 100 }), choice('published', 'opened', 'awarded'), choice('works', 'goods'), choice('lowest', 'two-stage'), fc.constantFrom('newest', 'closing'),
    async (limit, state, kind, method, sort) => {
      const given = Object.entries({ state, kind, method }).filter(([, value]) => value !== '')
      const found = await all(`${new URLSearchParams([['limit', String(limit)], ['sort', sort], ...given]).toString()}`)
      const wanted = everything.filter((item) => given.every(([name, value]) => item[name as 'state'] === value))
      const place = ({ closesAt, tenderId }: typeof wanted[number]): string => `${closesAt} ${tenderId}`
      const expected = sort === 'newest' ? wanted : wanted.toSorted((a, b) => place(a) < place(b) ? -1 : 1)
      if (found.map(({ tenderId }) => tenderId).join() !== expected.map(({ tenderId }) => tenderId).join()) throw new Error('another list')
    }
  ), { seed: 20261124, numRuns: 25 })
})

t.test('a word inside a compound, two syllables, one, two words, other spellings, and what is no word', async (t) => {
  const everything = await all('limit=100')
  const titles = (items: TenderPage['items']): string[] => items.map(({ title }) => title)
  for (const word of ['관로', '내진', '교', '상수도사업본부', '보수공사', '2026년', '제1']) {
    const found = await all(`limit=100&q=${encodeURIComponent(word)}`)
    const wanted = everything.filter(({ title, agencyName }) => `${title} ${agencyName}`.includes(word))
    t.same(titles(found), titles(wanted), word)
  }
  const two = everything.filter(({ title }) => title.includes('내진') && title.includes('공사'))
  t.same(titles(await all(`limit=100&q=${encodeURIComponent('공사 내진')}`)), titles(two), 'both words, in any order')
  t.same(titles(await all(`limit=100&q=${encodeURIComponent('내진'.normalize('NFD'))}`)), titles(await all(`limit=100&q=${encodeURIComponent('내진')}`)), 'in parts or composed')
  for (const hostile of ['"', '" OR "', 'terms : x', '내진*', 'NEAR(내진 공사)', '-', '(', '%', "';--"]) await page(`q=${encodeURIComponent(hostile)}`)
  t.same((await page(`q=${encodeURIComponent('없는낱말')}`)).items, [])
})

t.test('lists come out of an index in order: nothing is sorted, no table is walked', async (t) => {
  const shapes: Array<TenderFilter & { order: TenderOrder }> = [
    { order: 'newest' }, { order: 'closing' }, { order: 'newest', state: 'published' }, { order: 'closing', state: 'published' },
    { order: 'newest', kind: 'works' }, { order: 'newest', agencyId: 'B000001' as never }, { order: 'closing', closesFrom: 1, closesUntil: 2 },
    { order: 'newest', state: 'published', kind: 'works' }, { order: 'newest', query: '교량' }
  ]
  for (const shape of shapes) {
    const text = sqlOfList(app.context.db.read, shape)
    const plan = app.context.db.read.all<{ detail: string }>(sql.raw(`EXPLAIN QUERY PLAN ${text.replaceAll('?', '1')}`)).map(({ detail }) => detail).join('\n')
    t.notMatch(plan, /TEMP B-TREE/, JSON.stringify(shape))
    t.notMatch(plan, /SCAN tenders(?! USING (?:COVERING )?INDEX)/, 'by an index')
  }
})

t.test('a cursor or an order that cannot be is refused', async (t) => {
  for (const query of ['cursor=x', 'cursor=R26BK00000001', 'sort=closing&q=%EA%B5%90', 'sort=newest&closesFrom=2026-01-01T00:00:00%2B09:00', 'closesFrom=yesterday']) {
    const response = await fetch(`${app.baseUrl}/v1/tenders?${query}`)
    t.ok(response.status === 400 || response.status === 422, `${query}: ${response.status}`)
    t.match(response.headers.get('content-type'), 'application/problem+json')
  }
})
