/** Lists by what a bidder asks for first: where it may bid from, for how much, until when, for which agency; over HTTP and on the page. */
import t, { type Test } from 'tap'
import type { TenderPage } from '../../src/client/types.ts'
import { insertAgency } from '../../src/storage/officers.ts'
import { REGIONS_RECORDED, recordEarlierRegions } from '../../src/services/record-earlier-regions.ts'
import { getSetting } from '../../src/storage/counters.ts'
import { setRegions } from '../../src/storage/tender-regions.ts'
import { sql } from 'drizzle-orm'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { publishDraft, scheduleOf } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 0 })
const plain = draftFor(cast)
const near = await publishDraft({ app, cast }, {
  ...plain, title: '서울 공사', eligibility: { linesOfBusiness: [], regions: ['서울특별시', '경기도'] }, estimatedPriceWon: 26_980_000
})
const later = scheduleOf('2026-12-08')
const far = await publishDraft({ app, cast }, {
  ...plain, title: '부산 공사', eligibility: { linesOfBusiness: [], regions: ['부산광역시'] }, estimatedPriceWon: 26_980_001, schedule: later
})
const everywhere = await publishDraft({ app, cast }, { ...plain, title: '전국 공사', estimatedPriceWon: 20_000_000, schedule: later })
const NAMES = new Map([[near, 'near'], [far, 'far'], [everywhere, 'everywhere']])

async function found (query: Record<string, string>): Promise<Array<string | undefined>> {
  const response = await fetch(`${app.baseUrl}/v1/tenders?${new URLSearchParams(query).toString()}`)
  return (await response.json() as TenderPage).items.map(({ tenderId }) => NAMES.get(tenderId)).sort()
}

const CONDITIONS: ReadonlyArray<{ api: Record<string, string>, page: Record<string, string>, wanted: string[] }> = [
  { api: { region: '경기도' }, page: { region: '경기도' }, wanted: ['everywhere', 'near'] },
  { api: { region: '부산광역시' }, page: { region: '부산광역시' }, wanted: ['everywhere', 'far'] },
  { api: { region: '제주특별자치도' }, page: { region: '제주특별자치도' }, wanted: ['everywhere'] },
  { api: { estimatedFrom: '26980000' }, page: { estimatedFrom: '26,980,000' }, wanted: ['far', 'near'] },
  { api: { estimatedUntil: '26980000' }, page: { estimatedUntil: ' 26,980,000 ' }, wanted: ['everywhere', 'near'] },
  { api: { estimatedFrom: '26980000', estimatedUntil: '26980000' }, page: { estimatedFrom: '26980000', estimatedUntil: '26980000' }, wanted: ['near'] },
  { api: { closesUntil: '2026-11-24T23:59:59.999+09:00' }, page: { closesUntil: '2026-11-24' }, wanted: ['near'] },
  { api: { closesFrom: '2026-12-08T00:00:00.000+09:00' }, page: { closesFrom: '2026-12-08', closesUntil: '2026-12-08' }, wanted: ['everywhere', 'far'] },
  { api: { q: '공사', region: '서울특별시', estimatedFrom: '1' }, page: { q: '공사', region: '서울특별시', estimatedFrom: '1', closesFrom: '2026-11-24' }, wanted: ['everywhere', 'near'] },
  { api: { agencyId: '1230000', region: '부산광역시' }, page: { agency: '조달청', region: '부산광역시' }, wanted: ['everywhere', 'far'] },
  { api: { agencyId: '1230001' }, page: { agency: '1230001' }, wanted: [] }
]

async function onPage (query: Record<string, string>, path = '/tenders'): Promise<{ status: number, html: string, ids: Array<string | undefined> }> {
  const response = await fetch(`${app.baseUrl}${path}?${new URLSearchParams({ lang: 'en', ...query }).toString()}`, { headers: { accept: 'text/html' } })
  const html = await response.text()
  const ids = [...NAMES].filter(([tenderId]) => html.includes(tenderId)).map(([, name]) => name).sort()
  return { status: response.status, html, ids }
}

t.test('each condition, over HTTP, on the page and to take along', async (t) => {
  for (const { api, page, wanted } of CONDITIONS) {
    t.same(await found(api), wanted, `API ${JSON.stringify(api)}`)
    const { status, ids, html } = await onPage(page)
    t.same({ status, ids }, { status: 200, ids: wanted }, `page ${JSON.stringify(page)}`)
    t.same((await onPage(page, '/tenders.csv')).ids, wanted, 'the same as CSV')
    for (const value of Object.values(page)) t.ok(html.includes(value.trim()), 'the form keeps what was asked')
  }
})

async function refusedBeside (t: Test, query: Record<string, string>, field: string, text: string): Promise<void> {
  const { status, html, ids } = await onPage(query)
  t.same({ status, ids }, { status: 400, ids: [] }, JSON.stringify(query))
  t.match(html, new RegExp(`<input id="${field}"[^>]*aria-invalid="true" aria-describedby="${field}-error"><span id="${field}-error" class="field-error">${text}`), 'said beside it')
  t.ok(Object.values(query).every((value) => html.includes(value.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))), 'nothing typed is lost')
  t.equal((await onPage(query, '/tenders.atom')).status, 400, 'nor is it read as something else in a subscription')
}

t.test('what nobody can have meant is said beside its field', async (t) => {
  await refusedBeside(t, { estimatedFrom: '<b>many</b>', region: '경기도' }, 'estimatedFrom', 'Enter a number of won.')
  await refusedBeside(t, { estimatedFrom: '2', estimatedUntil: '1' }, 'estimatedUntil', 'The end comes before the start.')
  await refusedBeside(t, { closesFrom: '2026-02-30' }, 'closesFrom', 'Enter a day such as 2026-11-24.')
  await refusedBeside(t, { closesFrom: '2026-12-08', closesUntil: '2026-12-07' }, 'closesUntil', 'The end comes before the start.')
  await refusedBeside(t, { agency: '없는 기관' }, 'agency', 'No agency has such a name.')
})

t.test('a name that several agencies have leads to each of them; a whole name is meant as it is', async (t) => {
  await app.context.db.write(async (tx) => {
    for (const [agencyId, name] of [['B000001', '가람시청 <본청>'], ['B000002', '가람시'], ['B000003', '가람시 상수도']] as const) {
      await insertAgency(tx, { agencyId: agencyId as never, name, createdAt: 0 })
    }
  })
  const { status, html } = await onPage({ agency: '가람', region: '경기도' })
  t.equal(status, 400)
  t.match(html, /agency=B000001&amp;region|region=[^"]*&amp;agency=B000001|agency=B000001/)
  t.match(html, '가람시청 &lt;본청&gt;')
  t.equal(html.match(/agency=B00000\d/g)?.length, 3)
  t.equal((await onPage({ agency: '가람시' })).status, 200)
})

t.test('the first start with this version reads the regions of earlier notices', async (t) => {
  const { db } = app.context
  t.equal(await getSetting(db.read, REGIONS_RECORDED), 'true')
  await db.write(async (tx) => {
    for (const tenderId of NAMES.keys()) await setRegions(tx, tenderId, '')
    tx.run(sql`DELETE FROM settings WHERE name = ${REGIONS_RECORDED}`)
  })
  t.same(await found({ region: '제주특별자치도' }), ['everywhere', 'far', 'near'])
  await recordEarlierRegions(db)
  t.same(await found({ region: '제주특별자치도' }), ['everywhere'])
  t.same(await found({ region: '경기도' }), ['everywhere', 'near'])
})
