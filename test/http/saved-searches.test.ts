/**
 * Saved searches find what `GET /v1/tenders` finds under the same conditions, only what was published after they were saved, and each
 * tender once; nobody but their owner hears of it.
 */
import fc from 'fast-check'
import t from 'tap'
import { deleteSearch, listNotices, listSearches, markNoticesRead, saveSearch, type SearchWire } from '../../src/client/notifications.ts'
import { facetsKey, facetsKeysOf, MAX_SAVED_SEARCHES, answersSearch } from '../../src/domain/notification.ts'
import { anchorsIn, anchorsOf, isFoundIn, soughtText } from '../../src/domain/search-words.ts'
import type { AgencyId, TenderId } from '../../src/domain/ids.ts'
import { beginFollowing } from '../../src/services/notify/follow-events.ts'
import { indexTender, matchExpression, searchRowId } from '../../src/storage/search.ts'
import { sql } from 'drizzle-orm'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { publishDraft } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const [first, second] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]

t.test('the words of a search are found where the index of tenders finds them', async (t) => {
  const letter = fc.constantFrom(...'공사전기보수용역abcé19 -·')
  const text = fc.string({ unit: letter, maxLength: 14 })
  const tenderId = 'R99BK00000001' as TenderId
  await fc.assert(fc.asyncProperty(text, text, async (title, query) => {
    const found = await app.context.db.write(async (tx) => {
      await indexTender(tx, { tenderId, text: title, agencyId: '1230000', kind: 'works', method: 'lowest' })
      const match = matchExpression(query)
      return match !== null && tx.get(sql`SELECT 1 AS found FROM tender_search WHERE tender_search MATCH ${match} AND rowid = ${searchRowId(tenderId)}`) !== undefined
    })
    t.equal(isFoundIn(soughtText(title), query), found, `"${query}" in "${title}"`)
    // Whichever of its anchors a search is kept under, a notice that answers it looks there.
    if (found) t.ok(anchorsOf(query).every((anchor) => anchorsIn(soughtText(title)).includes(anchor)))
  }), { numRuns: 300, seed: 20261124 })
  await app.context.db.write(async (tx) => { tx.run(sql`DELETE FROM tender_search WHERE rowid = ${searchRowId(tenderId)}`) })
})

t.test('a notice looks under every key of a search that it may answer', async (t) => {
  const facets = { kind: 'works', method: 'negotiated', agencyId: '1230000' as AgencyId } as const
  const keys = facetsKeysOf(facets)
  t.equal(new Set(keys).size, 8)
  for (const search of [{}, { kind: 'works' }, { method: 'negotiated' }, { kind: 'works', agencyId: facets.agencyId }, facets] as const) {
    t.ok(keys.includes(facetsKey(search)))
    t.ok(answersSearch({ ...facets, closesAt: 0, estimatedPriceWon: 0, regions: [], text: [] }, search))
  }
  t.notOk(keys.includes(facetsKey({ kind: 'goods' })))
})

t.test('what is published answers the searches that GET /v1/tenders would answer it to', async (t) => {
  const searches: SearchWire[] = [
    { q: '보수' }, { q: '전기 공사' }, { q: '수공' }, { kind: 'works' }, { kind: 'goods', q: '청사' }, { agencyId: '1230000' as AgencyId, method: 'restricted-lowest' },
    { closesFrom: '2026-11-24T10:00:00+09:00', closesUntil: '2026-11-24T10:00:00+09:00' }, { closesFrom: '2026-11-24T10:00:01+09:00', kind: 'works' }, { q: '1' },
    { estimatedFrom: 26_980_001 }, { estimatedUntil: 26_980_000, region: '부산광역시' }, { region: '경기도' }
  ]
  const numbers = []
  for (const [i, search] of searches.entries()) numbers.push(await saveSearch(first.api, { name: `검색 ${i}`, ...search }))
  t.same(numbers, searches.map((_, i) => i + 1))
  await saveSearch(second.api, { name: '내 것', q: '전기공사' })
  const titles = ['청사 보수공사', '청사 전기공사 1차', '연구용역']
  for (const title of titles) {
    const tenderId = await publishDraft({ app, cast }, draftFor(cast, { title }))
    await app.notifier.tick()
    const [newest] = (await listNotices(first.api)).items
    const answers: string[] = []
    for (const [i, search] of searches.entries()) {
      const query = new URLSearchParams(Object.entries(search) as Array<[string, string]>)
      const { items } = await (await fetch(`${app.baseUrl}/v1/tenders?${query.toString()}`)).json() as { items: Array<{ tenderId: string }> }
      if (items.some((item) => item.tenderId === tenderId)) answers.push(`검색 ${i}`)
    }
    t.match(newest, { tenderId, title, type: 'tender.matched', read: false })
    t.ok(answers.includes(String(newest?.data['search'])), `${title}: ${String(newest?.data['search'])} of ${answers.join()}`)
  }
  const { items, unread } = await listNotices(second.api)
  t.match(items, [{ number: 1, title: '청사 전기공사 1차', data: { search: '내 것' } }], 'only what its own search finds')
  t.equal(items.length, 1)
  t.equal(unread, 1)
})

t.test('each tender once, however many searches find it and however often it is looked at again', async (t) => {
  const { items } = await listNotices(first.api)
  t.equal(new Set(items.map(({ tenderId }) => tenderId)).size, items.length)
  // As after a crash in the middle: the journal from its beginning.
  await app.context.db.write(async (tx) => { tx.run(sql`UPDATE settings SET value = '0' WHERE name = 'notify-position'`) })
  await app.notifier.tick()
  t.same((await listNotices(first.api)).items, items, 'nothing new')
  await beginFollowing(app.context)
})

t.test('a search finds nothing from before it was saved, and nothing once it is gone', async (t) => {
  const number = await saveSearch(second.api, { name: '모두', kind: 'works' })
  await app.context.db.write(async (tx) => { tx.run(sql`UPDATE settings SET value = '0' WHERE name = 'notify-position'`) })
  await app.notifier.tick()
  t.equal((await listNotices(second.api)).items.length, 1)
  await deleteSearch(second.api, number)
  await publishDraft({ app, cast }, draftFor(cast, { title: '도로 포장' }))
  await app.notifier.tick()
  t.equal((await listNotices(second.api)).items.length, 1)
  await t.rejects(deleteSearch(second.api, number), { code: 'not-found' })
})

t.test('pages, and what was read', async (t) => {
  const whole = await listNotices(first.api)
  const page = await listNotices(first.api, { limit: 2 })
  t.same(page.items, whole.items.slice(0, 2))
  t.same((await listNotices(first.api, { limit: 100, cursor: page.nextCursor ?? 0 })).items, whole.items.slice(2))
  const middle = at(whole.items, 1).number
  t.equal(await markNoticesRead(first.api, middle), whole.unread - middle)
  t.same((await listNotices(first.api)).items.map(({ read }) => read), whole.items.map(({ number }) => number <= middle))
  t.equal((await fetch(`${app.baseUrl}/v1/me/notices`)).status, 401)
  t.equal((await fetch(`${app.baseUrl}/v1/me/notices`, { headers: { authorization: 'Bearer ' + 'A'.repeat(43) } })).status, 401)
  await t.rejects(listNotices(cast.executing.api), { code: 'forbidden' }, 'officers have none')
})

t.test('searches have limits', async (t) => {
  await t.rejects(saveSearch(first.api, { name: '모두' }), { code: 'invalid-request' })
  await t.rejects(saveSearch(first.api, { name: '모두', q: '---' }), { code: 'invalid-request' })
  await t.rejects(saveSearch(first.api, { name: ' ', q: '공사' }), { code: 'invalid-request' })
  await t.rejects(saveSearch(first.api, { name: 'x', closesFrom: '내일' }), { code: 'invalid-time' })
  const { length } = await listSearches(first.api)
  for (let i = length; i < MAX_SAVED_SEARCHES; i++) await saveSearch(first.api, { name: `더 ${i}`, q: '공사' })
  await t.rejects(saveSearch(first.api, { name: '하나 더', q: '공사' }), { code: 'notification-limit' })
  t.equal((await listSearches(first.api)).length, MAX_SAVED_SEARCHES)
})
