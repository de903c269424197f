/**
 * An outage on a tender's closing day, through the real server: who may apply it, what it moves, what it passes over, bids in
 * the new time, an opening at the new time, and records that verify offline. The platform is out from 09:30 to 10:30 on the
 * side of the suppliers; the server goes on.
 */
import { sql } from 'drizzle-orm'
import t from 'tap'
import { checkInclusion, myBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, updateDraft } from '../../src/client/ceremony.ts'
import { reveal, waitForOpening } from '../../src/client/openings.ts'
import { applyOutage, listOutages, previewOutage } from '../../src/client/outages.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getCheckedTender, getTender } from '../../src/client/tenders.ts'
import { makeOutageAct } from '../../src/crypto/outage-act.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs } from '../support/stage.ts'
import { countRows, expectRefusal, sendRaw, tokenOf } from '../support/refusals.ts'

const EXTRA_HOLIDAYS = ['2026-11-25']
const app = await buildApp(t, { policy: { extraHolidays: EXTRA_HOLIDAYS } })
const cast = await makeCast(app, { suppliers: 3 })
const { platform, publicApi } = cast
const [s0, s1, s2] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2)]
const now = (): number => app.clock.now()
const kst = (time: string): string => `2026-11-24T${time}:00.000+09:00`
const today = (time: string): number => parseInstant(kst(time))
const period = { fromAt: today('09:30'), recoveredAt: today('10:30') }

function schedule (closes: string, opens: string): TenderDraft['schedule'] {
  return { questionsFrom: kst('09:00'), questionsUntil: kst('09:30'), closesAt: kst(closes), technicalOpensAt: null, opensAt: kst(opens) }
}

async function tender (title: string, closes: string, opens: string): Promise<{ tenderId: TenderId, draft: TenderDraft }> {
  const draft = draftFor(cast, { title, schedule: schedule(closes, opens) })
  const tenderId = await draftTender(cast.executing.api, draft)
  for (const { api, identity } of [cast.executing, cast.witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  await publish(cast.executing.api, platform, { identity: cast.executing.identity, tenderId, expected: draft, now: now() })
  return { tenderId, draft }
}

const bid = async (actor: Actor, tenderId: TenderId, amountWon: number): Promise<string> =>
  (await bidAs({ app, cast }, actor, { tenderId, amountWon })).receipt

async function openTender (tenderId: TenderId): Promise<void> {
  const desk = [await cast.login(cast.executing), await cast.login(cast.witness)]
  for (const { api, identity } of desk) await reveal(api, platform, { identity, tenderId, now: now() })
  t.not((await waitForOpening(at(desk, 0).api, tenderId, { timeoutMs: 20_000 })).state, 'closed')
}

const eventsOf = async (tenderId: TenderId): Promise<string[]> => (await getTender(publicApi, tenderId)).history.map(({ type }) => type)
const raw = async (path: string): Promise<Response> => await sendRaw(app, { path, method: 'GET', contentType: null })

const inside = await tender('장애 중 마감', '10:00', '11:00')
const after = await tender('복구 후 2시간 이내 마감', '12:00', '13:00')
const later = await tender('관계없는 공고', '14:00', '15:00')
const opened = await tender('이미 개찰된 공고', '10:00', '10:10')
const revealing = await tender('키 공개 중인 공고', '10:00', '10:10')
const receipts: string[] = []
/** The outage's statement, as it was sent. */
let jws = ''

t.test('before the outage is applied: a tender closed, one opened, one whose keys are being revealed', async (t) => {
  receipts.push(await bid(s0, inside.tenderId, 27_500_000), await bid(s1, inside.tenderId, 27_600_000))
  for (const supplier of [s0, s1]) await bid(supplier, opened.tenderId, 27_500_000)
  await bid(s0, revealing.tenderId, 27_500_000)
  await bid(s0, after.tenderId, 27_500_000)
  app.clock.set(kst('10:00'))
  await app.scheduler.tick()
  app.clock.set(kst('10:10'))
  await openTender(opened.tenderId)
  const { api, identity } = await cast.login(cast.executing)
  await reveal(api, platform, { identity, tenderId: revealing.tenderId, now: now() })
  const { state, checkpoint } = await getTender(publicApi, inside.tenderId)
  t.equal(state, 'closed')
  t.match(checkpoint, /\n2\n/, 'the first closing has two bids')
})

t.test('only a platform officer looks and applies, with its own signature and the installation\'s values', async (t) => {
  app.clock.set(kst('10:35'))
  const outage = { ...period, announcedAt: now(), stepMs: HOUR_MS, extraHolidays: EXTRA_HOLIDAYS }
  const { identity } = cast.chief
  const act = async (change: Partial<typeof outage> = {}, { signer = identity, officerId = identity.holderId } = {}): Promise<string> =>
    await makeOutageAct(signer.signer, { officerId, outage: { ...outage, ...change }, reason: '통신 장애' })
  const token = await tokenOf(app, identity, platform.name)
  for (const [name, actor] of [['the executing officer', cast.executing], ['an audit officer', cast.audit], ['a supplier', s0]] as const) {
    const request = { path: '/v1/outages', body: { jws: await act({}, { signer: actor.identity, officerId: actor.identity.holderId }) } }
    const own = await tokenOf(app, actor.identity, platform.name)
    await expectRefusal(t, app, { name, request: { ...request, token: own }, refusal: { status: 403, code: 'forbidden' } })
    t.equal((await sendRaw(app, { path: `/v1/outages/preview?from=${encodeURIComponent(kst('09:30'))}&recovered=${encodeURIComponent(kst('10:30'))}`, method: 'GET', contentType: null, token: own })).status, 403)
  }
  const refuse = async (name: string, body: object, refusal: { status: number, code: string, field?: string }): Promise<void> => {
    await expectRefusal(t, app, { name, request: { path: '/v1/outages', token, body }, refusal })
  }
  const invalid = (field: string): { status: number, code: string, field: string } => ({ status: 422, code: 'outage-invalid', field: `/payload/${field}` })
  await refuse('signed by another', { jws: await act({}, { signer: cast.executing.identity }) }, { status: 401, code: 'signature-invalid', field: '/protected/x5t#S256' })
  await refuse('in another officer\'s name', { jws: await act({}, { officerId: cast.audit.identity.holderId }) }, invalid('officerId'))
  await refuse('without the installation\'s holiday', { jws: await act({ extraHolidays: [] }) }, invalid('extraHolidays'))
  await refuse('with a holiday of its own', { jws: await act({ extraHolidays: ['2026-11-25', '2026-11-26'] }) }, invalid('extraHolidays'))
  await refuse('with another step', { jws: await act({ stepMs: 60_000 }) }, invalid('stepMs'))
  await refuse('ending before it begins', { jws: await act({ fromAt: outage.recoveredAt }) }, invalid('recoveredAt'))
  await refuse('announced in the future', { jws: await act({ announcedAt: now() + 1 }) }, invalid('announcedAt'))
  await refuse('announced long ago', { jws: await act({ recoveredAt: today('10:20'), announcedAt: today('10:20') }) }, invalid('announcedAt'))
  await refuse('a word less', { jws: `${(await act()).split('.', 2).join('.')}.AAAA` }, { status: 401, code: 'signature-invalid', field: '/signature' })
})

t.test('looking first changes nothing and says what applying does', async (t) => {
  const { api } = await cast.login(cast.chief)
  const before = countRows(app)
  const preview = await previewOutage(api, period)
  t.match(preview, {
    extensions: [
      { tenderId: inside.tenderId, rule: 'deadline-in-outage', nextWorkingDay: false, previous: { closesAt: kst('10:00'), opensAt: kst('11:00') }, closesAt: kst('13:00'), opensAt: kst('14:00') },
      { tenderId: after.tenderId, rule: 'deadline-after-recovery', closesAt: kst('14:00'), opensAt: kst('15:00') }
    ],
    passedOver: [{ tenderId: opened.tenderId, state: 'opened' }, { tenderId: revealing.tenderId, state: 'closed' }]
  })
  t.equal(preview.extensions.length, 2)
  t.same(countRows(app), before)
  t.equal((await getTender(publicApi, inside.tenderId)).state, 'closed')
})

t.test('applied: what it concerns is moved, the closed tender taken up again, the opened one passed over', async (t) => {
  const { api, identity } = await cast.login(cast.chief)
  const applied = await applyOutage(api, { ...platform, serverTime: kst('10:35') }, { identity, period, reason: '통신 장애' })
  jws = applied.jws
  t.same(applied.extensions.map(({ tenderId }) => tenderId), [inside.tenderId, after.tenderId])
  t.same(applied.passedOver, [opened.tenderId, revealing.tenderId])
  t.match(await getCheckedTender(publicApi, platform, inside.tenderId), {
    view: { state: 'published', checkpoint: null, closesAt: kst('13:00'), opensAt: kst('14:00') }, last: { closesAt: today('13:00'), opensAt: today('14:00') }
  })
  t.match(await getTender(publicApi, after.tenderId), { state: 'published', closesAt: kst('14:00'), opensAt: kst('15:00'), notice: { schedule: { closesAt: kst('12:00') } } })
  t.match(await getTender(publicApi, later.tenderId), { closesAt: kst('14:00'), opensAt: kst('15:00'), extensions: [] })
  t.match(await getTender(publicApi, opened.tenderId), { closesAt: kst('10:00'), extensions: [] })
  t.same(await eventsOf(inside.tenderId), ['tender.published', 'tender.closed', 'tender.extended'])
  t.same(await eventsOf(after.tenderId), ['tender.published', 'tender.extended'])
  const { items } = await listOutages(publicApi)
  t.match(items, [{ fromAt: kst('09:30'), recoveredAt: kst('10:30'), announcedAt: kst('10:35'), reason: '통신 장애', jws, tenders: 2, appliedBy: identity.holderId }])
  t.equal(items.length, 1)
})

t.test('the same statement again changes nothing; another over the same time is refused', async (t) => {
  const token = await tokenOf(app, cast.chief.identity, platform.name)
  const before = countRows(app)
  const again = await sendRaw(app, { path: '/v1/outages', body: { jws }, token })
  t.equal(again.status, 200)
  t.match(await again.json(), { extensions: [{ tenderId: inside.tenderId, closesAt: kst('13:00') }, { tenderId: after.tenderId }], passedOver: [opened.tenderId, revealing.tenderId] })
  t.same({ ...countRows(app), sessions: 0 }, { ...before, sessions: 0 })
  const outage = { ...period, announcedAt: now(), stepMs: HOUR_MS, extraHolidays: EXTRA_HOLIDAYS }
  const act = async (change: object): Promise<object> =>
    ({ jws: await makeOutageAct(cast.chief.identity.signer, { officerId: cast.chief.identity.holderId, outage: { ...outage, ...change }, reason: '다른 장애' }) })
  const refusal = { status: 409, code: 'outage-exists', field: '/payload/fromAt', extra: { outageSha256: /^[0-9a-f]{64}$/ } }
  for (const change of [{}, { fromAt: period.recoveredAt - 1, recoveredAt: now() }, { recoveredAt: period.fromAt + 1, fromAt: period.fromAt - 1 }]) {
    await expectRefusal(t, app, { name: JSON.stringify(change), request: { path: '/v1/outages', token, body: await act(change) }, refusal })
  }
})

t.test('nothing about bids shows while the tender runs again', async (t) => {
  for (const path of ['ledger', 'record', 'opening']) {
    t.equal((await raw(`/v1/tenders/${inside.tenderId}/${path}`)).status, 409, path)
  }
  const { api } = await cast.login(s0)
  await t.rejects(checkInclusion(api, platform, at(receipts, 0)), { code: 'not-yet-open' })
  const events = await (await raw(`/v1/events?tenderId=${inside.tenderId}`)).json() as { items: Array<{ type: string, data: object }> }
  t.same(Object.keys(events.items.find(({ type }) => type === 'tender.extended')?.data ?? {}).sort(),
    ['closesAt', 'nextWorkingDay', 'opensAt', 'outageSha256', 'previous', 'reason', 'rule', 'technicalOpensAt'])
})

t.test('bids in the new time, to the millisecond; a bid that stands stays', async (t) => {
  app.clock.set(today('13:00') - 1)
  await t.rejects(bid(s0, inside.tenderId, 27_400_000), { code: 'bid-exists' })
  receipts.push(await bid(s2, inside.tenderId, 27_700_000))
  app.clock.set(kst('13:00'))
  await t.rejects(bid(s2, inside.tenderId, 27_700_000), { code: 'bid-late' })
  await app.scheduler.tick()
  t.match(await getTender(publicApi, inside.tenderId), { state: 'closed', checkpoint: /\n3\n/ })
  t.equal((await getTender(publicApi, after.tenderId)).state, 'published')
  await t.rejects(bid(s2, inside.tenderId, 27_700_000), { code: 'mismatch' })
  for (const [i, supplier] of [s0, s1, s2].entries()) {
    const { api } = await cast.login(supplier)
    t.match(await checkInclusion(api, platform, at(receipts, i)), { leafIndex: i, size: 3 })
    t.equal((await myBid(api, platform, inside.tenderId)).status, 'sealed')
  }
})

t.test('a change notice after the extension: before the moved deadline, though past the one of its own', async (t) => {
  const { api, identity } = await cast.login(cast.executing)
  const moved = { ...after.draft, schedule: schedule('16:00', '17:00'), changeReason: '입찰 기간 연장' }
  await updateDraft(api, { tenderId: after.tenderId, draft: moved })
  await publish(api, platform, { identity, tenderId: after.tenderId, expected: moved, now: now() })
  t.match(await getCheckedTender(publicApi, platform, after.tenderId), { view: { closesAt: kst('16:00') }, last: { closesAt: today('16:00'), extensions: [] } })
})

t.test('no program of the operator alters what was closed, applied or moved', async (t) => {
  const attempt = async (statement: string): Promise<unknown> => await app.context.db.write(async (tx) => tx.run(sql.raw(statement)))
  const one = `WHERE tender_id = '${inside.tenderId}'`
  const cleared = 'closing_root = NULL, closing_size = NULL, checkpoint = NULL'
  await t.rejects(attempt(`UPDATE tenders SET ${cleared} ${one}`), { cause: { message: 'a closing record is never altered' } })
  await t.rejects(attempt(`UPDATE tenders SET state = 'published', ${cleared} ${one}`), { cause: { message: 'a closing record is never altered' } },
    'the extension that there was kept another checkpoint')
  await t.rejects(attempt(`UPDATE tenders SET closing_size = 2 ${one}`), { cause: { message: 'a closing record is never altered' } })
  for (const table of ['outages', 'extensions']) {
    await t.rejects(attempt(`DELETE FROM ${table}`), { cause: { message: `${table} is append-only` } })
  }
  await t.rejects(attempt(`UPDATE extensions SET closes_at = closes_at + 1 ${one}`), { cause: { message: 'extensions is append-only' } })
})

t.test('keys are asked for at the new opening time, by server and client', async (t) => {
  app.clock.set(today('14:00') - 1)
  const { api, identity } = await cast.login(cast.executing)
  await t.rejects(reveal(api, platform, { identity, tenderId: inside.tenderId, now: now() }), { code: 'too-early', message: /opens at 2026-11-24T14:00/ })
  const token = await tokenOf(app, identity, platform.name)
  const early = await sendRaw(app, { path: `/v1/tenders/${inside.tenderId}/reveals`, body: { seed: 'A'.repeat(43) }, token })
  t.match(await early.json(), { code: 'reveal-early', opensAt: kst('14:00') })
  app.clock.set(kst('14:00'))
  await openTender(inside.tenderId)
  t.match(await getTender(publicApi, inside.tenderId), { state: 'opened', opening: { rows: [{ amountWon: 27_500_000 }, {}, {}] } })
})

t.test('the records verify offline, the moved ones with their outage', async (t) => {
  const trustedRootDer = platform.rootDer
  const record = await downloadRecord(publicApi, inside.tenderId)
  t.equal((await verifyRecord(record, { trustedRootDer, receipts })).failure, null)
  t.same(record.outages, [jws])
  t.equal(record.earlierCheckpoints.length, 1)
  t.same(record.ledger.map(({ type }) => type).filter((type) => ['closed', 'extended', 'bid'].includes(type)), ['bid', 'bid', 'closed', 'extended', 'bid', 'closed'])
  t.match(record.ledger.filter(({ type }) => type === 'closed').map(({ payload }) => payload), [{ size: 2 }, { size: 3 }])
  t.match(record.ledger.find(({ type }) => type === 'extended'), { actor: cast.chief.identity.holderId, payload: { rule: 'deadline-in-outage', closesAt: kst('13:00') } })
  app.clock.set(kst('16:00'))
  await t.rejects(bid(s1, later.tenderId, 27_500_000), { code: 'bid-late' }, 'what was not concerned closed at its own time')
  await app.scheduler.tick()
  app.clock.set(kst('17:00'))
  await openTender(after.tenderId)
  const revised = await downloadRecord(publicApi, after.tenderId)
  t.equal((await verifyRecord(revised, { trustedRootDer })).failure, null)
  t.same(revised.outages, [jws])
  t.equal((await verifyRecord(await downloadRecord(publicApi, opened.tenderId), { trustedRootDer })).failure, null)
})
