/**
 * Statistics and results: the sums are those of the opening records and awards, a bid before the opening moves nothing that the
 * public can read, and pages go on where the last one ended.
 */
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { award, evaluate } from '../../src/client/openings.ts'
import { suspendSupplier } from '../../src/client/registration.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { databasePath } from '../../src/installation.ts'
import type { OpeningRecord } from '../../src/domain/opening.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs, openAt, publishDraft } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 3 })
const stage = { app, cast }

interface Counts { tenders: number, failed: number, awarded: number, competed: number, bids: number, rated: number, ratePpmSum: number }
type Counted = Counts & { value: string }
interface Statistics {
  from: string
  until: string
  total: Counts
  months: Counted[]
  kinds: Counted[]
  regions: Counted[]
  agencies: Counted[]
  competition: Array<{ bids: number, tenders: number }>
  awardRates: Array<{ fromPpm: number, awards: number }>
}
interface Results { items: unknown[], nextCursor: string | null }

const idOf = (index: number): string => at(cast.suppliers, index).identity.holderId
const text = async (path: string): Promise<string> => await (await fetch(app.baseUrl + path)).text()
const get = async <Body>(path: string): Promise<Body> => JSON.parse(await text(path)) as Body

const bid = async (index: number, tenderId: TenderId, amountWon: number): Promise<unknown> =>
  await bidAs(stage, at(cast.suppliers, index), { tenderId, amountWon, picks: [1 + index, 8] })

/** Everything that these routes tell anybody. */
async function publicAnswers (): Promise<string[]> {
  const paths = [
    '/v1/statistics', '/v1/agencies/1230000', '/v1/agencies/1230000/results',
    ...[0, 1, 2].flatMap((index) => ['', '/results', '/suspensions'].map((rest) => `/v1/suppliers/${idOf(index)}${rest}`)),
    '/statistics', '/statistics.csv', '/agencies/1230000', ...[0, 1, 2].map((index) => `/suppliers/${idOf(index)}`)
  ]
  const answers = await Promise.all(paths.map(async (path) => await text(path)))
  // The pages say what time it is.
  return answers.map((answer) => answer.replace(/<time id="server-clock".*?<\/time>/, ''))
}

const { schedule } = draftFor(cast)
const [first, second, empty] = [
  await publishDraft(stage, draftFor(cast, { eligibility: { linesOfBusiness: [], regions: ['서울특별시'] } })),
  await publishDraft(stage, draftFor(cast, { kind: 'goods' })),
  await publishDraft(stage, draftFor(cast))
]

t.test('nothing that anybody may read here moves before the opening', async (t) => {
  const before = await publicAnswers()
  t.same((JSON.parse(at(before, 0)) as Statistics).total.tenders, 0)
  await bid(0, first, 27_500_000)
  await bid(1, first, 27_900_000)
  await bid(0, second, 27_600_000)
  t.same(await publicAnswers(), before, 'while bids come in')
  app.clock.set(Date.parse(schedule.closesAt) + 60_000)
  await app.scheduler.tick()
  t.same(await publicAnswers(), before, 'nor after the closing')
})

let record: OpeningRecord

t.test('openings and the award are counted as the records have them', async (t) => {
  const executing: Actor = await openAt(stage, first, schedule.opensAt)
  await openAt(stage, second, schedule.opensAt)
  await app.scheduler.tick()
  record = await get<OpeningRecord>(`/v1/tenders/${first}/opening`)
  const { rows, prices: { plannedPriceWon } } = record
  const winner = at(rows, 0)
  await evaluate(executing.api, executing.identity, { tenderId: first, qualified: true, reason: '적격' })
  await award(executing.api, executing.identity, { tenderId: first, reason: '낙찰자 결정' })
  const statistics = await get<Statistics>('/v1/statistics')
  t.equal(statistics.until, '2026-11')
  t.equal(statistics.months.length, 12, 'every month is there')
  const ratePpm = Number(BigInt(winner.amountWon ?? 0) * 1_000_000n / BigInt(plannedPriceWon ?? 1))
  t.same(statistics.total, { tenders: 3, failed: 2, awarded: 1, competed: 3, bids: 3, rated: 1, ratePpmSum: ratePpm }, 'one bid alone and none at all failed')
  t.same(statistics.months.at(-1), { value: '2026-11', ...statistics.total })
  t.same(statistics.kinds.map(({ value, tenders, bids }) => [value, tenders, bids]), [['works', 2, 2], ['goods', 1, 1]])
  t.same(statistics.regions.map(({ value, tenders }) => [value, tenders]), [['nationwide', 2], ['서울특별시', 1]])
  t.match(statistics.agencies, [{ value: '1230000', name: '조달청', tenders: 3 }])
  t.same(statistics.competition.filter(({ tenders }) => tenders > 0).map(({ bids, tenders }) => [bids, tenders]), [[0, 1], [1, 1], [2, 1]])
  t.same(statistics.awardRates, [{ fromPpm: Math.floor(ratePpm / 5_000) * 5_000, awards: 1 }])
  t.match(await get('/v1/agencies/1230000'), { name: '조달청', counts: statistics.total })
  const { items } = await get<Results>('/v1/agencies/1230000/results')
  t.match(items, [
    { tenderId: empty, bids: 0, winnerId: null }, { tenderId: second, bids: 1, winnerId: null },
    { tenderId: first, bids: 2, winnerId: winner.supplierId, awardAmount: winner.amountWon, awardRatePpm: ratePpm }
  ])
})

t.test('the page and the CSV have the same sums', async (t) => {
  const { total, agencies } = await get<Statistics>('/v1/statistics')
  const html = await text('/statistics?lang=en')
  const rate = `${(total.ratePpmSum / total.rated / 10_000).toFixed(3)} %`
  for (const figure of [`<dd>${total.tenders}</dd>`, `<dd>${total.awarded}</dd>`, '<dd>66.7 %</dd>', `<dd>${rate}</dd>`]) t.ok(html.includes(figure), figure)
  t.match(html, `<a href="/agencies/${agencies[0]?.value ?? ''}">`)
  const csv = (await text('/statistics.csv?lang=en')).split('\r\n')
  t.ok(csv.includes(`total,,,3,2,1,3,3,1,${total.ratePpmSum}`), csv[1] ?? '')
  t.ok(csv.some((line) => line.startsWith('agency,1230000,조달청,3,2,1,')))
})

t.test('a supplier has the rows that opening records have of it, page by page', async (t) => {
  const page = await get<Results>(`/v1/suppliers/${idOf(0)}/results?limit=1`)
  t.match(page.items, [{ tenderId: second, amount: 27_600_000 }])
  const next = await get<Results>(`/v1/suppliers/${idOf(0)}/results?limit=1&cursor=${page.nextCursor ?? ''}`)
  const row = record.rows.find(({ supplierId }) => supplierId === idOf(0))
  t.match(next.items, [{ tenderId: first, amount: row?.amountWon, rank: row?.rank, remark: row?.remark }])
  t.equal(next.nextCursor, null, 'and no third page')
  t.same((await get<Results>(`/v1/suppliers/${idOf(2)}/results`)).items, [], 'who did not bid has none')
  t.equal((await fetch(`${app.baseUrl}/v1/suppliers/${idOf(0)}/results?cursor=x`)).status, 400)
  t.equal((await fetch(`${app.baseUrl}/v1/agencies/9999999/results`)).status, 404)
})

t.test('suspensions are public, without who imposed them', async (t) => {
  const { api } = await cast.login(cast.chief)
  await suspendSupplier(api, { supplierId: idOf(1), from: '2026-12-01T00:00:00+09:00', until: '2027-02-01T00:00:00+09:00', reason: '계약 불이행' })
  const answer = await text(`/v1/suppliers/${idOf(1)}/suspensions`)
  t.match(JSON.parse(answer), { items: [{ from: '2026-12-01T00:00:00.000+09:00', liftedAt: null }] })
  t.notMatch(answer, cast.chief.identity.holderId)
})

t.test('periods have bounds', async (t) => {
  t.same((await get<Statistics>('/v1/statistics?from=2026-12&until=2026-12')).total.tenders, 0, 'another month has nothing')
  for (const query of ['from=2026-13', 'from=2027-01&until=2026-12', 'from=2020-01&until=2026-12', 'from=x']) {
    t.ok([400, 422].includes((await fetch(`${app.baseUrl}/v1/statistics?${query}`)).status), query)
  }
})

t.test('what was opened before there were results has them from the next start on', async (t) => {
  const paths = ['/v1/statistics', '/v1/agencies/1230000/results', ...[0, 1, 2].map((index) => `/v1/suppliers/${idOf(index)}/results`)]
  const expected = await Promise.all(paths.map(text))
  await app.close()
  const database = new Sqlite(databasePath(app.dataDir))
  database.exec(`DROP TRIGGER participations_no_delete; DROP TRIGGER results_no_delete; DELETE FROM participations; DELETE FROM results;
    DELETE FROM statistics; DELETE FROM settings WHERE name = 'results-recorded'`)
  database.close()
  const again = await buildApp(t, { clock: app.clock, dataDir: app.dataDir })
  const answers = await Promise.all(paths.map(async (path) => await (await fetch(again.baseUrl + path)).text()))
  t.same(answers, expected)
})
