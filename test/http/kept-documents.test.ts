/**
 * A tender's public document is kept and served from memory, and every write that changes it throws it away: after each the kept
 * answer is compared with one that is made anew.
 */
import t, { type Test } from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, updateDraft } from '../../src/client/ceremony.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { applyOutage } from '../../src/client/outages.ts'
import { cosign, cosignerKey } from '../../src/crypto/cosignature.ts'
import { sha256, utf8 } from '../../src/crypto/bytes.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { openAt, publishDraft, scheduleOf } from '../support/stage.ts'

const audit = cosignerKey({ keyName: 'audit.example', seed: sha256(utf8('audit.example')) })
const app = await buildApp(t, { policy: { cosigners: [audit] } })
const cast = await makeCast(app, { suppliers: 2 })
const { platform, publicApi } = cast
const now = (): number => app.clock.now()
const draft = draftFor(cast)
const tenderId = await publishDraft({ app, cast }, draft)
const path = `/v1/tenders/${tenderId}`

type Document = Record<string, unknown> & { checkpoint: string, closesAt: string }

async function get (etag = ''): Promise<{ status: number, etag: string, body: string, time: string }> {
  const response = await fetch(app.baseUrl + path, { headers: etag === '' ? {} : { 'if-none-match': etag } })
  const header = (name: string): string => response.headers.get(name) ?? ''
  return { status: response.status, etag: header('etag'), body: await response.text(), time: header('bongin-time') }
}

/** The document after a change: not the one before, nor another than one made anew; and kept for the next change. */
async function changed (t: Test, before: string): Promise<Document & { text: string }> {
  const { body, etag } = await get()
  t.not(body, before, 'another document')
  t.equal(app.context.documents.get(tenderId)?.body.toString(), body, 'it is kept')
  t.match(await get(etag), { status: 304, body: '' })
  app.context.documents.changed([tenderId])
  t.same(await get(), { status: 200, etag, body, time: (await get()).time }, 'as one made anew')
  return { ...JSON.parse(body) as Document, text: body }
}

t.test('while nothing changes it is served from memory, with the time in a header alone', async (t) => {
  const first = await get()
  t.equal(app.context.documents.get(tenderId)?.body.toString(), first.body)
  app.clock.set(now() + 1_000)
  const later = await get(first.etag)
  t.match(later, { status: 304, etag: first.etag })
  t.equal(parseInstant(later.time) - parseInstant(first.time), 1_000)
  t.notMatch(first.body, 'serverTime')
  const head = await fetch(app.baseUrl + path, { method: 'HEAD' })
  t.equal(head.headers.get('content-length'), String(Buffer.byteLength(first.body)))
  t.equal(head.headers.get('etag'), first.etag)
  t.match(head.headers.get('content-type'), 'application/json')
  const other = await fetch(`${app.baseUrl}/v1/platform`)
  t.equal((await fetch(`${app.baseUrl}/v1/platform`, { headers: { 'if-none-match': other.headers.get('etag') ?? '' } })).status, 304)
})

t.test('a bid changes nothing that is public', async (t) => {
  const { body } = await get()
  for (const { api, identity } of cast.suppliers) {
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon: 27_500_000, picks: [1, 2] }, now: now() })
    await submitBid(api, platform, envelope)
  }
  t.equal(app.context.documents.get(tenderId)?.body.toString(), body)
})

t.test('each change throws it away', async (t) => {
  let { body } = await get()
  const step = async (what: string, change: () => Promise<unknown>, expected: object): Promise<Document> => {
    t.comment(what)
    await change()
    const { text, ...document } = await changed(t, body)
    body = text
    t.match(document, expected, what)
    return document as Document
  }
  await step('a change notice', async () => {
    const { api, identity } = await cast.login(cast.executing)
    const moved = { ...draft, schedule: { ...draft.schedule, closesAt: '2026-11-24T11:00:00+09:00', opensAt: '2026-11-24T12:00:00+09:00' }, changeReason: '입찰 기간 연장' }
    await updateDraft(api, { tenderId, draft: moved })
    await publish(api, platform, { identity, tenderId, expected: moved, now: now() })
  }, { revision: '001', closesAt: '2026-11-24T11:00:00.000+09:00' })
  const { closesAt, opensAt } = await step('an outage', async () => {
    app.clock.set('2026-11-24T11:10:00+09:00')
    const { api, identity } = await cast.login(cast.chief)
    const period = { fromAt: parseInstant('2026-11-24T10:30:00+09:00'), recoveredAt: parseInstant('2026-11-24T11:05:00+09:00') }
    await applyOutage(api, { ...platform, serverTime: '2026-11-24T11:10:00.000+09:00' }, { identity, period, reason: '통신 장애' })
  }, { extensions: [{ revision: '001' }] })
  const { checkpoint } = await step('the closing', async () => {
    app.clock.set(parseInstant(closesAt))
    await app.scheduler.tick()
  }, { state: 'closed', checkpoint: String })
  await step('a cosignature', async () => {
    await publicApi.post(`${path}/cosignatures`, { line: cosign({ text: checkpoint, key: audit, at: now() }).trimEnd() })
  }, { checkpoint: /— audit\.example/ })
  await step('the opening', async () => { await openAt({ app, cast }, tenderId, String(opensAt)) }, { state: 'opened', openingRows: 2 })
  const { api, identity } = await cast.login(cast.executing)
  await step('the evaluation', async () => { await evaluate(api, identity, { tenderId, qualified: true, reason: '적격' }) }, { state: 'evaluated' })
  await step('the award', async () => { await award(api, identity, { tenderId, reason: '적격' }) }, { state: 'awarded', award: String })
})

t.test('a tender that takes another one up again changes that one', async (t) => {
  app.clock.set('2026-11-26T09:00:00+09:00')
  const failed = await publishDraft({ app, cast }, draftFor(cast, { title: '하수관로정비공사', schedule: scheduleOf('2026-11-26') }))
  app.clock.set('2026-11-26T11:00:00+09:00')
  await app.scheduler.tick()
  t.match(await publicApi.get(`/v1/tenders/${failed}`), { state: 'failed', nextTenderId: null })
  app.clock.set('2026-11-27T09:00:00+09:00')
  const again = draftFor(cast, { title: '재공고', previousTenderId: failed, changeReason: '유찰', schedule: scheduleOf('2026-11-27') })
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const next: TenderId = await draftTender(executing.api, again)
  for (const actor of [executing, witness]) await contribute(actor.api, platform, { identity: actor.identity, tenderId: next, now: now() })
  t.match(await publicApi.get(`/v1/tenders/${failed}`), { nextTenderId: null })
  await publish(executing.api, platform, { identity: executing.identity, tenderId: next, now: now() })
  t.match(await publicApi.get(`/v1/tenders/${failed}`), { nextTenderId: next })
})
