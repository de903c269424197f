/**
 * An outage that moves tenders with two envelopes, through the real server: the technical opening follows the new closing, the
 * opening of prices stays as far behind it as it was, no key is given before its new time, and the records verify offline.
 * The platform is out from 09:30 to 10:30; the recovery is announced at 10:35.
 */
import t from 'tap'
import { checkInclusion } from '../../src/client/bids.ts'
import { award, evaluate, openingStatus, reveal } from '../../src/client/openings.ts'
import { applyOutage, previewOutage } from '../../src/client/outages.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { readProposals } from '../../src/client/technical.ts'
import { getCheckedTender, getTender } from '../../src/client/tenders.ts'
import { randomBytes, toBase64url } from '../../src/crypto/bytes.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { EnvelopeKind } from '../../src/domain/envelope-kind.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { formatKst, parseInstant } from '../../src/domain/time.ts'
import { makeCast, type Actor } from '../support/actors.ts'
import { at, entryOf, expectFaults } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { rechain } from '../support/make-record.ts'
import {
  bidWith, evaluateAll, idOf, moveTo, negotiatedDraft, proposalOf, publishTwo, revealAll, scheduleOn, supplierOf
} from '../support/two-envelopes.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 3 })
const { platform, publicApi } = cast
const [first, second, third] = [0, 1, 2].map((i) => at(cast.suppliers, i)) as [Actor, Actor, Actor]
const panel = await Promise.all(['평가일', '평가이', '평가삼'].map(async (name) => await cast.enrol(name, 'evaluator')))
const now = (): number => app.clock.now()
const kst = (time: string): string => `2026-11-24T${time}:00.000+09:00`
const period = { fromAt: parseInstant(kst('09:30')), recoveredAt: parseInstant(kst('10:30')) }

/** Closing, technical opening and opening of prices, all on that day. */
type Times = readonly [closes: string, technical: string, prices: string]
async function tender (title: string, [closes, technical, prices]: Times): Promise<TenderId> {
  const schedule = { ...scheduleOn('2026-11-24'), closesAt: kst(closes), technicalOpensAt: kst(technical), opensAt: kst(prices) }
  return await publishTwo(app, cast, negotiatedDraft(cast, { title, schedule }))
}

const bid = async (actor: Actor, tenderId: TenderId, amountWon: number): Promise<string> =>
  await bidWith(app, cast, { actor, tenderId, amountWon, proposal: proposalOf(`제안 ${amountWon}`) })

/** Neither the client gives a seed nor the server takes one. */
async function expectEarly (t: Tap, tenderId: TenderId, envelope: EnvelopeKind): Promise<void> {
  const { api, identity } = await cast.login(cast.executing)
  await t.rejects(reveal(api, platform, { identity, tenderId, envelope, now: now() }), { code: 'too-early' }, `${envelope}: the client`)
  const seed = toBase64url(randomBytes(32))
  await t.rejects(api.post(`/v1/tenders/${tenderId}/reveals`, { seed, envelope }), { code: 'reveal-early' }, `${envelope}: the server`)
}
type Tap = Pick<typeof t, 'rejects'>

/** State, and times as the client works them out; it refuses a server that shows others. */
async function timesOf (tenderId: TenderId): Promise<unknown> {
  const { view: { state }, last: { closesAt, technicalOpensAt, opensAt } } = await getCheckedTender(publicApi, platform, tenderId)
  return [state, ...[closesAt, technicalOpensAt ?? 0, opensAt].map(formatKst)]
}

const inside = await tender('장애 중 마감', ['10:00', '11:00', '14:00'])
const after = await tender('복구 후 2시간 이내 마감', ['12:00', '12:30', '15:00'])
const begun = await tender('기술 키 공개 중', ['10:00', '10:00', '14:00'])
const receipts: string[] = []
const AMOUNTS = [80_000_000, 90_000_000, 85_000_000] as const

t.test('before the outage is applied: two bids closed, and a tender whose technical key is being revealed', async (t) => {
  receipts.push(await bid(first, inside, AMOUNTS[0]), await bid(second, inside, AMOUNTS[1]))
  await bid(first, after, AMOUNTS[0])
  for (const actor of [first, second]) await bid(actor, begun, AMOUNTS[1])
  await moveTo(app, kst('10:00'))
  const { api, identity } = await cast.login(cast.executing)
  await reveal(api, platform, { identity, tenderId: begun, envelope: 'technical', now: now() })
  t.match(await getTender(publicApi, inside), { state: 'closed', checkpoint: /\n2\n/ })
})

t.test('all three times move together; whose technical key is begun is passed over', async (t) => {
  await moveTo(app, kst('10:35'))
  const { api, identity } = await cast.login(cast.chief)
  const previous = { closesAt: kst('10:00'), technicalOpensAt: kst('11:00'), opensAt: kst('14:00') }
  const moved = [
    { tenderId: inside, rule: 'deadline-in-outage', previous, closesAt: kst('13:00'), technicalOpensAt: kst('14:00'), opensAt: kst('17:00') },
    { tenderId: after, rule: 'deadline-after-recovery', closesAt: kst('14:00'), technicalOpensAt: kst('14:30'), opensAt: kst('17:00') }
  ]
  t.match(await previewOutage(api, period), { extensions: moved, passedOver: [{ tenderId: begun, state: 'closed' }] })
  const applied = await applyOutage(api, { ...platform, serverTime: kst('10:35') }, { identity, period, reason: '통신 장애' })
  t.match(applied, { extensions: moved, passedOver: [begun] })
  t.same(await timesOf(inside), ['published', kst('13:00'), kst('14:00'), kst('17:00')])
  t.same(await timesOf(after), ['published', kst('14:00'), kst('14:30'), kst('17:00')])
  t.same(await timesOf(begun), ['closed', kst('10:00'), kst('10:00'), kst('14:00')])
})

t.test('the technical opening waits for its new time, and a bid more is taken until then', async (t) => {
  await moveTo(app, kst('11:00'))
  const { api } = await cast.login(cast.executing)
  await t.rejects(readProposals(api, inside), { code: 'not-yet-open' })
  await t.rejects(api.post(`/v1/tenders/${inside}/reveals`, { seed: toBase64url(randomBytes(32)), envelope: 'technical' }), { code: 'reveal-early' })
  app.clock.set(parseInstant(kst('13:00')) - 1)
  receipts.push(await bid(third, inside, AMOUNTS[2]))
  await moveTo(app, kst('13:00'))
  await t.rejects(bid(third, inside, AMOUNTS[2]), { code: 'mismatch' }, 'closed again')
  t.match(await getTender(publicApi, inside), { state: 'closed', checkpoint: /\n3\n/ })
  for (const [i, actor] of [first, second, third].entries()) {
    t.match(await checkInclusion((await cast.login(actor)).api, platform, at(receipts, i)), { leafIndex: i, size: 3 })
  }
  app.clock.set(parseInstant(kst('14:00')) - 1)
  await expectEarly(t, inside, 'technical')
  await moveTo(app, kst('14:00'))
  t.match((await openingStatus((await cast.login(cast.executing)).api, inside)).technical, { opened: false, opensAt: kst('14:00') })
  await revealAll(app, cast, inside, 'technical')
  t.equal((await readProposals((await cast.login(cast.executing)).api, inside)).proposals.length, 3, 'with the proposal of the new time')
})

t.test('prices wait for theirs, though all proposals are judged', async (t) => {
  const rows = [[70_000, 75_000, 60_000], [71_000, 76_000, 61_000], [72_000, 77_000, 62_000]]
  await evaluateAll(cast, { tenderId: inside, evaluators: panel, suppliers: [first, second, third], rows })
  app.clock.set(parseInstant(kst('17:00')) - 1)
  await expectEarly(t, inside, 'price')
  await moveTo(app, kst('17:00'))
  t.equal(await revealAll(app, cast, inside, 'price'), 'opened')
  const { api, identity } = await cast.login(cast.executing)
  t.match(await evaluate(api, identity, { tenderId: inside, qualified: true, reason: '협상' }), { supplierId: supplierOf(second), outcome: { state: 'passed' } })
  t.match(await award(api, identity, { tenderId: inside, reason: '협상 성립' }), { decision: 'awarded', supplierId: supplierOf(second), amountWon: AMOUNTS[1] })
})

t.test('the record verifies offline with its outage; no other time of the technical opening does', async (t) => {
  const record = await downloadRecord(publicApi, inside)
  const report = await verifyRecord(record, { trustedRootDer: platform.rootDer, receipts })
  t.equal(report.failure, null)
  t.match(report.steps.filter(({ name }) => name === 'outages' || name === 'technical'), [{ checked: 1 }, { detail: '3 evaluators; 2 of 3 proposals pass.' }])
  t.equal(record.earlierCheckpoints.length, 1)
  t.equal(record.technical?.opening.closing.size, 3)
  t.match(entryOf(record, 'extended'), { actor: idOf(cast.chief), payload: { technicalOpensAt: kst('14:00'), previous: { technicalOpensAt: kst('11:00') } } })
  const revealed = (kind: EnvelopeKind) => (r: typeof record): void => {
    const entry = r.ledger.find(({ type, payload }) => type === 'revealed' && payload?.['envelope'] === kind)
    if (entry !== undefined) entry.at = at(r.ledger, r.ledger.indexOf(entry) - 1).at
    rechain(r)
  }
  await expectFaults(t, record, [
    { name: 'a technical key between the old and the new time', alter: revealed('technical'), step: 'story', detail: /before the opening time/ },
    { name: 'a price key between the old and the new time', alter: revealed('price'), step: 'story', detail: /before the opening time/ },
    {
      name: 'another technical opening time in the ledger',
      alter: (r) => { Object.assign(entryOf(r, 'extended').payload ?? {}, { technicalOpensAt: kst('13:30') }); rechain(r) },
      step: 'story',
      detail: /technicalOpensAt/
    },
    { name: 'the outage left out', alter: (r) => { r.outages = [] }, step: 'outages', detail: /another outage/ }
  ])
})

t.test('the tender with its deadline after the recovery, and the one passed over, end at their times', async (t) => {
  await moveTo(app, kst('17:00'))
  for (const tenderId of [after, begun]) {
    await revealAll(app, cast, tenderId, 'technical')
    const bidders = tenderId === after ? [first] : [first, second]
    await evaluateAll(cast, { tenderId, evaluators: panel, suppliers: bidders, rows: panel.map(() => bidders.map(() => 70_000)) })
    await revealAll(app, cast, tenderId, 'price')
    const record = await downloadRecord(publicApi, tenderId)
    t.equal((await verifyRecord(record, { trustedRootDer: platform.rootDer })).failure, null)
    t.equal(record.outages.length, tenderId === after ? 1 : 0)
  }
})
