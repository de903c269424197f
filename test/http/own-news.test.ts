/**
 * News of the tenders that a supplier bid for: everything on its own pages, and outside the server nothing before the opening but that there is
 * news, the same for whatever happened to whichever tender. Nothing that a supplier sees counts other suppliers' notices.
 */
import t from 'tap'
import { withdrawBid } from '../../src/client/bids.ts'
import { addWebhook, enterEmail, listNotices, verifyEmail, type NoticeView } from '../../src/client/notifications.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { applyOutage } from '../../src/client/outages.ts'
import { fetchPlatform } from '../../src/client/platform.ts'
import { answerQuestion, askQuestion } from '../../src/client/questions.ts'
import { cancelTender } from '../../src/client/tenders.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import type { OpeningRecord } from '../../src/domain/opening.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { codeIn, openMailbox } from '../support/mailbox.ts'
import { openReceiver } from '../support/receiver.ts'
import { bidAs, openAt, publishDraft } from '../support/stage.ts'

const mailbox = await openMailbox(t)
const receiver = await openReceiver(t)
const app = await buildApp(t, {
  env: { BONGIN_SMTP_HOST: '127.0.0.1', BONGIN_SMTP_PORT: String(mailbox.port), BONGIN_SMTP_SECURITY: 'none', BONGIN_LOOPBACK_WEBHOOKS: 'true' }
})
const cast = await makeCast(app, { suppliers: 4 })
const stage = { app, cast }

const bid = async (index: number, tenderId: TenderId, amountWon: number): Promise<unknown> =>
  await bidAs(stage, at(cast.suppliers, index), { tenderId, amountWon, picks: [1 + index, 8] })

const noticesOf = async (index: number): Promise<NoticeView[]> => (await listNotices((await cast.login(at(cast.suppliers, index))).api)).items
const typesOf = async (index: number): Promise<string[]> => (await noticesOf(index)).map(({ type }) => type)

interface Outside { type: string, data: Record<string, unknown> }
const calls = (): Outside[] => receiver.calls.map(({ body }) => JSON.parse(body) as Outside)

for (const [i, { api }] of cast.suppliers.slice(0, 2).entries()) {
  await enterEmail(api, { address: `bidder${i}@supplier.example` })
  await app.notifier.tick()
  await verifyEmail(api, codeIn(at(mailbox.letters, -1)))
  await addWebhook(api, `${receiver.url}/${i}`)
}
mailbox.letters.length = 0

const [tenderId, cancelled] = [await publishDraft(stage, draftFor(cast)), await publishDraft(stage, draftFor(cast, { title: '취소될 공사' }))]

t.test('before the opening nothing outside says which tender, or what happened', async (t) => {
  await bid(0, tenderId, 27_500_000)
  await bid(1, tenderId, 27_900_000)
  await bid(0, cancelled, 27_500_000)
  await bid(3, tenderId, 27_600_000)
  const { api, identity } = await cast.login(at(cast.suppliers, 3))
  await withdrawBid(api, cast.platform, { identity, tenderId, reason: '착오' })
  await askQuestion((await cast.login(at(cast.suppliers, 2))).api, { tenderId, text: '현장설명회가 있습니까?' })
  const { api: executing, identity: officer } = await cast.login(cast.executing)
  await answerQuestion(executing, officer, { tenderId, number: 1, text: '없습니다.' })
  await cancelTender(executing, officer, { tenderId: cancelled, reason: '예산 변경' })
  app.clock.set('2026-11-24T10:00:30+09:00')
  await app.scheduler.tick()
  const { api: chief, identity: platformOfficer } = await cast.login(cast.chief)
  const period = { fromAt: parseInstant('2026-11-24T09:40:00+09:00'), recoveredAt: parseInstant('2026-11-24T10:00:20+09:00') }
  await applyOutage(chief, await fetchPlatform(cast.publicApi), { identity: platformOfficer, period, reason: '통신 장애' })
  await app.notifier.tick()
  t.same(await typesOf(0), ['tender.extended', 'tender.closed', 'tender.cancelled', 'tender.answered'])
  t.same(await typesOf(1), ['tender.extended', 'tender.closed', 'tender.answered'])
  t.same(await typesOf(2), ['tender.answered'], 'who asked, and did not bid')
  t.same(await typesOf(3), [], 'who withdrew')
  t.match((await noticesOf(1))[0], { tenderId, data: { reason: '통신 장애' } })
  t.equal(calls().length, 7)
  for (const { body } of receiver.calls) t.match(body, /^\{"type":"notices\.waiting","data":\{"number":[1-4]\}\}$/)
  t.equal(mailbox.letters.length, 7)
  for (const { source, text, header } of mailbox.letters) {
    t.equal(header('subject'), '[봉인] 새 알림이 있습니다')
    t.notMatch(source + text, /R\d\dBK|공사|취소될|장애/)
  }
  const bodies = mailbox.letters.map(({ text }) => text.replace(/unsubscribe\/\S+/, ''))
  t.equal(new Set(bodies).size, 1, 'word for word the same, whatever it was')
})

t.test('numbers are the supplier\'s own: they count nobody else\'s', async (t) => {
  t.same((await noticesOf(0)).map(({ number }) => number), [4, 3, 2, 1])
  t.same((await noticesOf(1)).map(({ number }) => number), [3, 2, 1])
  const ids = receiver.calls.map(({ headers }) => String(headers['webhook-id']))
  for (const id of ids) t.match(id, /^msg_[\w-]{22}$/)
  t.equal(new Set(ids).size, ids.length)
})

t.test('with the opening it is said, with the own row', async (t) => {
  receiver.calls.length = 0
  mailbox.letters.length = 0
  const { closesAt, opensAt } = await (await fetch(`${app.baseUrl}/v1/tenders/${tenderId}`)).json() as { closesAt: string, opensAt: string }
  app.clock.set(closesAt)
  await app.scheduler.tick()
  await app.notifier.tick()
  t.same(new Set(calls().map(({ type }) => type)), new Set(['notices.waiting']), 'closed again')
  const executing = await openAt(stage, tenderId, opensAt)
  await app.notifier.tick()
  const { rows } = await (await fetch(`${app.baseUrl}/v1/tenders/${tenderId}/opening`)).json() as OpeningRecord
  for (const index of [0, 1]) {
    const own = rows.find(({ supplierId }) => supplierId === at(cast.suppliers, index).identity.holderId)
    const [newest] = await noticesOf(index)
    t.match(newest, { type: 'tender.opened', tenderId, data: { rank: own?.rank, amount: own?.amountWon } })
    t.match(at(calls().filter(({ type }) => type === 'tender.opened'), index).data, { tenderId, title: '청사 보수공사' })
  }
  t.match(mailbox.letters.map(({ header }) => header('subject')).slice(-2), ['[봉인] 개찰결과: 청사 보수공사', '[봉인] 개찰결과: 청사 보수공사'])
  t.same(await typesOf(3), [])

  await evaluate(executing.api, executing.identity, { tenderId, qualified: true, reason: '적격' })
  await award(executing.api, executing.identity, { tenderId, reason: '낙찰자 결정' })
  await app.notifier.tick()
  const winner = rows.find(({ rank }) => rank === 1)?.supplierId
  for (const index of [0, 1]) {
    const won = at(cast.suppliers, index).identity.holderId === winner
    t.match((await noticesOf(index))[0], { type: 'tender.awarded', data: { winner, won } })
  }
})
