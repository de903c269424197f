/** Tenders with two envelopes from notice to award: proposals first, prices of those that pass, negotiation in order. */
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { myEvaluations, myTenders } from '../../src/client/desk.ts'
import { award, evaluate, openingStatus, readEvaluation, reveal, revealShares, waitForOpening } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { appointEvaluators, computeTechnical, decideTechnical, markProposals, ownMarks, readProposals, readTechnical } from '../../src/client/technical.ts'
import { getCheckedTender, getTender } from '../../src/client/tenders.ts'
import type { Api } from '../../src/client/api.ts'
import type { ProposalsView } from '../../src/client/types.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { proposalSha256 } from '../../src/crypto/proposal.ts'
import { fromBase64url, randomBytes, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { parseContribution } from '../../src/crypto/contribution.ts'
import { bidInfo, parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { openBase } from '../../src/crypto/hpke.ts'
import { jointPrivateKey } from '../../src/crypto/joint-key.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { unwrapSecret } from '../../src/crypto/secret-wrap.ts'
import { unwrapSeed } from '../../src/crypto/shares.ts'
import { technicalInfo } from '../../src/crypto/technical-envelope.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { encryptionOf } from '../../src/client/identity.ts'
import { keyContext } from '../../src/domain/envelope-kind.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import { seedContext } from '../../src/services/platform-part.ts'
import { listBids } from '../../src/storage/bids.ts'
import { listContributions } from '../../src/storage/ceremony.ts'
import { getTender as getStoredTender } from '../../src/storage/tenders.ts'
import { makeCast, type Actor } from '../support/actors.ts'
import { at, expectFaults } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { OPENING_TIMEOUT_MS } from '../support/stage.ts'
import { technicalAttacks } from '../support/technical-attacks.ts'
import {
  bidUndecryptable, bidWith, ESTIMATE_WON, evaluateAll, idOf, moveTo, negotiatedDraft, proposalOf, publishTwo, revealAll, scheduleOn, supplierOf
} from '../support/two-envelopes.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 4 })
const { executing, witness, audit, chief, platform, publicApi } = cast
const evaluators = await Promise.all(['평가일', '평가이', '평가삼', '평가사'].map(async (name) => await cast.enrol(name, 'evaluator')))
const panel = evaluators.slice(0, 3)
const [first, second, third, fourth] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2), at(cast.suppliers, 3)]
const now = (): number => app.clock.now()

/** A server that has committed to the first two proposals under each other's names. */
async function swapping (api: Api): Promise<Api> {
  const view = await api.get<ProposalsView>(`/v1/tenders/${tenderId}/proposals`)
  const contents = view.contents.map(({ supplierId }, i) => ({ supplierId, content: at(view.contents, i < 2 ? 1 - i : i).content }))
  const proposals = view.opening.proposals.map((opened, i) => i < 2 ? { ...opened, proposalSha256: proposalSha256(at(contents, i).content) } : opened)
  const opening = { ...view.opening, proposals }
  const lie: ProposalsView = { openingSha256: sha256Hex(canonicalBytes(opening)), opening, contents }
  return Object.assign(Object.create(api) as Api, { get: async () => lie })
}

let tenderId = '' as TenderId
const AMOUNTS = [70_000_000, 82_000_000, 75_000_000, 60_000_000] as const

t.test('publication: two keys by the same holders, no point in both', async (t) => {
  tenderId = await publishTwo(app, cast, negotiatedDraft(cast))
  const { terms, schedule } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  t.equal(schedule.technicalOpensAt, '2026-11-24T11:00:00.000+09:00')
  t.same(terms.technicalKey?.holders.map(({ holderId }) => holderId), terms.key.holders.map(({ holderId }) => holderId))
  const points = [...terms.key.holders, ...terms.technicalKey?.holders ?? []].map(({ point }) => point)
  t.equal(new Set(points).size, 6)
  t.not(terms.technicalKey?.publicKey, terms.key.publicKey)
})

t.test('bids: a proposal is wanted, and refused elsewhere', async (t) => {
  const { identity, api } = first
  const bare = { identity, tenderId, content: { amountWon: AMOUNTS[0], picks: null }, now: now() }
  await t.rejects(sealFor(publicApi, platform, bare), { code: 'mismatch' }, 'the client wants the proposal')
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const publicKey = fromBase64url(terms.key.publicKey)
  const { signer } = identity
  const sealed = { tenderId, termsSha256, publicKey, supplierId: supplierOf(first), content: bare.content, signer, clientTime: formatKst(now()) }
  const envelope = await sealBid(sealed)
  await t.rejects(submitBid(api, platform, envelope), { code: 'envelope-malformed', field: '/payload/technical' }, 'and so does the server')
  const long = { ...bare, proposal: proposalOf('가'.repeat(4_001)) }
  await t.rejects(sealFor(publicApi, platform, long), { code: 'envelope-malformed', context: { field: '/proposal/summary' } })
  for (const [i, actor] of [first, second, third].entries()) {
    await bidWith(app, cast, { actor, tenderId, amountWon: AMOUNTS[i] ?? 0, proposal: proposalOf(`제안 ${i}`) })
  }
  await bidUndecryptable(app, cast, { actor: fourth, tenderId, amountWon: AMOUNTS[3] })
})

t.test('nothing is revealed early, and no price before the proposals are evaluated', async (t) => {
  await moveTo(app, '2026-11-24T10:00:00+09:00')
  const { api, identity } = await cast.login(executing)
  for (const envelope of ['technical', 'price'] as const) {
    await t.rejects(reveal(api, platform, { identity, tenderId, envelope, now: now() }), { code: 'too-early' }, `${envelope}: the client`)
    await t.rejects(api.post(`/v1/tenders/${tenderId}/reveals`, { seed: toBase64url(randomBytes(32)), envelope }), { code: 'reveal-early' }, 'the server')
  }
  await t.rejects(readProposals(api, tenderId), { code: 'not-yet-open' })
  await moveTo(app, '2026-11-24T11:00:00+09:00')
  const { technical } = await openingStatus((await cast.login(executing)).api, tenderId)
  t.match(technical, { opened: false, evaluated: false, opensAt: '2026-11-24T11:00:00.000+09:00' })
  t.equal(await revealAll(app, cast, tenderId, 'technical'), 'closed')
  const again = await cast.login(executing)
  const repeated = again.api.post(`/v1/tenders/${tenderId}/reveals`, { seed: toBase64url(randomBytes(32)), envelope: 'technical' })
  await t.rejects(repeated, { code: 'opening-not-ready' }, 'a key that is done with')
  await t.rejects(api.get(`/v1/tenders/${tenderId}/opening`), { code: 'not-yet-open' })
  await t.rejects(api.get(`/v1/tenders/${tenderId}/record`), { code: 'not-yet-open' })
  const { entries } = await publicApi.get<{ entries: Array<{ type: string, payload: unknown }> }>(`/v1/tenders/${tenderId}/ledger`)
  t.equal(entries.filter(({ type, payload }) => type === 'bid' && payload === null).length, 4, 'bidders stay hidden')
  const shown = JSON.stringify([await getTender(publicApi, tenderId), entries, await publicApi.get('/v1/events')])
  for (const supplier of cast.suppliers) t.notMatch(shown, supplier.identity.holderId, 'no name at the technical opening')
})

t.test('proposals: for the committee and appointed evaluators alone', async (t) => {
  const boss = await cast.login(executing)
  const { proposals, openingSha256 } = await readProposals(boss.api, tenderId)
  t.same(proposals.map(({ supplierId, voidReason, content }) => [supplierId, voidReason, content?.proposal.summary]), [
    [supplierOf(first), null, '제안 0'], [supplierOf(second), null, '제안 1'], [supplierOf(third), null, '제안 2'],
    [supplierOf(fourth), 'technical-undecryptable', undefined]
  ])
  t.match(openingSha256, /^[0-9a-f]{64}$/)
  t.equal((await readProposals((await cast.login(witness)).api, tenderId)).proposals.length, 4)
  await t.rejects(readProposals(await swapping(boss.api), tenderId), /Whose proposal it is/, 'one supplier\'s proposal is not shown as another\'s')
  for (const path of ['proposals', 'technical']) {
    const url = `/v1/tenders/${tenderId}/${path}`
    await t.rejects(publicApi.get(url), { code: 'authentication-required' }, `${path}: the public`)
    await t.rejects((await cast.login(first)).api.get(url), { code: 'forbidden' }, 'a bidder')
    await t.rejects((await cast.login(chief)).api.get(url), { code: 'forbidden' }, 'the platform\'s officer')
    await t.rejects((await cast.login(audit)).api.get(url), { code: 'forbidden' }, 'a recovery officer')
    await t.rejects((await cast.login(at(evaluators, 0))).api.get(url), { code: 'not-committee-member' }, 'an evaluator who is not appointed')
  }
  const price = { identity: boss.identity, tenderId, envelope: 'price' as const, now: now() }
  await t.rejects(reveal(boss.api, platform, price), { code: 'too-early' }, 'and still no price')
})

t.test('everything that the technical key is made of opens no price', async (t) => {
  const stored = await getStoredTender(app.context.db.read, tenderId)
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const seeds: Uint8Array[] = [unwrapSecret({ kek: app.installation.kek, wrapped: stored?.technicalSeedWrapped ?? '', context: seedContext(tenderId, 'technical') })]
  const contributions = (await listContributions(app.context.db.read, tenderId)).map(({ jws }) => parseContribution(jws).payload)
  for (const { identity } of [executing, witness]) {
    const own = contributions.find(({ holderId, envelope }) => holderId === identity.holderId && envelope === 'technical')
    if (own === undefined) throw new Error('a technical contribution of each member')
    const { privateKey } = encryptionOf(identity)
    seeds.push(await unwrapSeed({ wrapped: own.wrappedSeed, tenderId: keyContext(tenderId, 'technical'), holderId: own.holderId, privateKey }))
  }
  const [technicalKey, priceKey] = [terms.technicalKey?.publicKey ?? '', terms.key.publicKey].map((text) => fromBase64url(text)) as [Uint8Array, Uint8Array]
  const privateKey = jointPrivateKey(seeds)
  for (const { envelope } of (await listBids(app.context.db.read, tenderId)).slice(0, 3)) {
    const { payload, enc, ciphertext, aad } = parseEnvelope(envelope)
    const [technicalEnc, technicalText] = [payload.technical?.enc ?? '', payload.technical?.ciphertext ?? ''].map((text) => fromBase64url(text)) as [Uint8Array, Uint8Array]
    const technical = technicalInfo({ tenderId, termsSha256, publicKey: technicalKey })
    t.not(openBase({ privateKey, enc: technicalEnc, ciphertext: technicalText, aad, info: technical }), null, 'it opens the proposal')
    for (const publicKey of [priceKey, technicalKey]) {
      t.equal(openBase({ privateKey, enc, ciphertext, aad, info: bidInfo({ tenderId, termsSha256, publicKey }) }), null, 'and not the price')
    }
  }
})

t.test('evaluators: enough, none of the committee, each with the role; marks once and for all proposals', async (t) => {
  const { api, identity } = await cast.login(executing)
  const appoint = async (ids: string[]): Promise<unknown> => {
    const jws = await signJws(identity.signer, 'bongin-evaluators', { v: 1, type: 'bongin-evaluators', tenderId, evaluators: ids })
    return await api.post(`/v1/tenders/${tenderId}/evaluators`, { jws })
  }
  const ids = panel.map(idOf)
  await t.rejects(appoint(ids.slice(1)), { code: 'evaluation-invalid', field: '/payload/evaluators' }, 'too few')
  await t.rejects(appoint([...ids.slice(1), idOf(witness)]), { code: 'evaluation-invalid' }, 'a member of the committee')
  await t.rejects(appoint([...ids.slice(1), idOf(chief)]), { code: 'evaluation-invalid', field: '/payload/evaluators/2' }, 'without the role')
  const few = appointEvaluators(api, platform, { identity, tenderId, evaluators: ids.slice(1) })
  await t.rejects(few, /3 evaluators at least/, 'the client does not sign that')
  await appointEvaluators(api, platform, { identity, tenderId, evaluators: [...ids.slice(0, 2), idOf(at(evaluators, 3))] })

  const markAs = async (actor: Actor, marks: number[], suppliers = [first, second, third]): Promise<unknown> => {
    const session = await cast.login(actor)
    return await markProposals(session.api, platform, {
      identity: session.identity, tenderId, marks: suppliers.map((one, i) => ({ supplierId: supplierOf(one), marksMilli: marks[i] ?? 0 })), reason: '제안서 평가'
    })
  }
  const listed = async (actor: Actor): Promise<unknown> => (await myEvaluations((await cast.login(actor)).api)).items
  const item = { tenderId, title: '정보시스템 구축', opensAt: '2026-11-24T14:00:00.000+09:00', marked: false, evaluated: false }
  t.same(await listed(at(evaluators, 0)), [item], 'who is appointed is told so')
  t.same(await listed(at(evaluators, 2)), [], 'and nobody else')
  await t.rejects(listed(executing), { code: 'forbidden' })
  await t.rejects(markAs(at(evaluators, 2), [70_000, 72_000, 60_000]), { code: 'not-committee-member' })
  await t.rejects(markAs(at(evaluators, 0), [70_000, 72_000], [first, second]), { code: 'evaluation-invalid' }, 'one proposal left out')
  await t.rejects(markAs(at(evaluators, 0), [80_001, 72_000, 60_000]), { code: 'evaluation-invalid' }, 'more marks than there are')
  await t.rejects(markAs(at(evaluators, 0), [1, 1, 1, 1], [first, second, third, fourth]), { code: 'evaluation-invalid' }, 'a void proposal')
  t.match(await markAs(at(evaluators, 0), [72_000, 75_000, 60_000]), { marked: 1, evaluators: 3 })
  await t.rejects(markAs(at(evaluators, 0), [1_000, 75_000, 60_000]), { code: 'evaluation-invalid' }, 'marks are given once')
  await t.rejects(appoint(evaluators.slice(1).map(idOf)), { code: 'evaluation-invalid' }, 'nobody who has marked is dropped')
  t.match(await appointEvaluators(api, platform, { identity, tenderId, evaluators: ids }), { evaluators: ids }, 'one who has not may be replaced')
  t.same(await listed(at(evaluators, 3)), [], 'who was replaced is not')
  t.same(await listed(at(evaluators, 0)), [{ ...item, marked: true }])
  const own = await cast.login(at(evaluators, 0))
  const told = ownMarks(platform, await readTechnical(own.api, tenderId), own.identity.holderId)
  t.same(told?.marks.map(({ marksMilli }) => marksMilli), [72_000, 75_000, 60_000], 'what was signed')
  t.match((await myTenders(api)).items[0], { tenderId, revealed: false, proposalsOpened: true, proposalsEvaluated: false })
  await t.rejects(decideTechnical(api, platform, { identity, tenderId }), /against the evaluators appointed/, 'marks are missing')
  await markAs(at(evaluators, 1), [70_000, 76_000, 80_000])
  await markAs(at(evaluators, 2), [68_500, 70_000, 66_000])
})

t.test('the result: means without extremes; the server takes no other', async (t) => {
  const { api, identity } = await cast.login(executing)
  const view = await readTechnical(api, tenderId)
  const marksSha256 = view.marks.map(({ jws }) => sha256Hex(utf8(jws)))
  const forged = [first, second, third].map((actor) => ({ supplierId: supplierOf(actor), marksE4: 800_000, passes: true }))
  const payload = { v: 1, type: 'bongin-technical-result', tenderId, technicalOpeningSha256: view.openingSha256, marksSha256, scores: forged }
  const jws = await signJws(identity.signer, 'bongin-technical-result', payload)
  await t.rejects(api.post(`/v1/tenders/${tenderId}/technical-result`, { jws }), { code: 'award-mismatch', field: '/payload/scores' })
  const { entries } = await publicApi.get<{ entries: Array<{ type: string, payload: unknown }> }>(`/v1/tenders/${tenderId}/ledger`)
  t.same(entries.filter(({ type }) => type === 'technical-marked').map(({ payload }) => payload), [null, null, null])
  for (const evaluator of evaluators) t.notMatch(JSON.stringify(entries), idOf(evaluator), 'nobody outside knows who evaluates')
  await moveTo(app, '2026-11-24T14:00:00+09:00')
  const boss = await cast.login(executing)
  const price = reveal(boss.api, platform, { identity, tenderId, envelope: 'price', now: now() })
  await t.rejects(price, /before the technical evaluation is signed/, 'nor does the client reveal one')
  const seed = toBase64url(randomBytes(32))
  const early = boss.api.post(`/v1/tenders/${tenderId}/reveals`, { seed, envelope: 'price' })
  await t.rejects(early, { code: 'opening-not-ready' }, 'even at its time no price seed is taken before the result')
  const looked = await computeTechnical(boss.api, platform, tenderId)
  const other = decideTechnical(boss.api, platform, { identity, tenderId, expected: { ...looked, marksSha256: looked.marksSha256.toReversed() } })
  await t.rejects(other, /against the one that was looked at/, 'another result than the one that was looked at is not signed')
  t.same((await decideTechnical(boss.api, platform, { identity, tenderId, expected: looked })).scores, [
    { supplierId: supplierOf(first), marksE4: 700_000, passes: true },
    { supplierId: supplierOf(second), marksE4: 750_000, passes: true },
    { supplierId: supplierOf(third), marksE4: 660_000, passes: false }
  ])
  await t.rejects(decideTechnical(boss.api, platform, { identity, tenderId }), { code: 'opening-not-ready' }, 'once')
  const late = await cast.login(at(evaluators, 0))
  const marks = [first, second, third].map((actor) => ({ supplierId: supplierOf(actor), marksMilli: 1 }))
  await t.rejects(markProposals(late.api, platform, { identity: late.identity, tenderId, marks, reason: '추가' }), { code: 'opening-not-ready' })
})

t.test('prices of those that pass; negotiation in order of marks; the first fails, the second succeeds', async (t) => {
  t.match((await myTenders((await cast.login(executing)).api)).items[0], { revealed: false, proposalsOpened: true, proposalsEvaluated: true })
  t.same((await myEvaluations((await cast.login(at(evaluators, 0))).api, { limit: 1 })).items.map(({ evaluated }) => evaluated), [true])
  t.equal(await revealAll(app, cast, tenderId, 'price'), 'opened')
  t.same(await myEvaluations((await cast.login(at(evaluators, 0))).api), { items: [], nextCursor: null }, 'nothing is left to mark')
  const { opening } = await getTender(publicApi, tenderId)
  t.match(opening?.rows, [
    { supplierId: supplierOf(first), amountWon: AMOUNTS[0], remark: 'normal', rank: 1 },
    { supplierId: supplierOf(second), amountWon: AMOUNTS[1], remark: 'normal', rank: 2 },
    { supplierId: supplierOf(third), amountWon: null, remark: 'technicalFailed', voidReason: 'technical-failed' },
    { supplierId: supplierOf(fourth), amountWon: null, remark: 'technicalFailed', voidReason: 'technical-undecryptable' }
  ])
  const { api, identity } = await cast.login(executing)
  // 70 m of 100 m is below 80 %: 20 × 70 ÷ 80 + 2 × (80 − 70) ÷ 20 = 18.5; 82 m: 20 × 70 ÷ 82 = 17.0732.
  t.match((await readEvaluation(api, tenderId)).order, [
    { supplierId: supplierOf(second), marks: { technicalMarksE4: 750_000, priceMarksE4: 170_732, totalMarksE4: 920_732 } },
    { supplierId: supplierOf(first), marks: { technicalMarksE4: 700_000, priceMarksE4: 185_000, totalMarksE4: 885_000 } }
  ])
  const negotiate = async (qualified: boolean): ReturnType<typeof evaluate> => await evaluate(api, identity, { tenderId, qualified, reason: '협상' })
  t.match(await negotiate(false), { supplierId: supplierOf(second), outcome: { state: 'open', next: supplierOf(first) } })
  t.match(await negotiate(true), { supplierId: supplierOf(first), outcome: { state: 'passed', winner: supplierOf(first) } })
  t.match(await award(api, identity, { tenderId, reason: '협상 성립' }), { decision: 'awarded', supplierId: supplierOf(first), amountWon: AMOUNTS[0] })
  const record = await downloadRecord(publicApi, tenderId)
  const report = await verifyRecord(record, { trustedRootDer: platform.rootDer })
  t.equal(report.failure, null)
  t.match(report.steps.find(({ name }) => name === 'technical'), { checked: 3, detail: '3 evaluators; 2 of 4 proposals pass.' })
  t.same(record.envelopes.map((envelope) => envelope !== null), [true, true, false, false], 'what was left out is not published')
  for (const secret of ['제안 0', '제안 1', '제안 2']) t.notOk(JSON.stringify(record).includes(secret))
})

t.test('two-stage: a pass mark, then the lowest price among those that passed', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const draft = negotiatedDraft(cast, {
    title: '장비 구매', kind: 'goods', method: 'two-stage', technical: { marksMilli: 100_000, passMarkMilli: 85_000, minimumEvaluators: 1, dropExtremes: false }, schedule: scheduleOn('2026-11-25')
  })
  const twoStage = await publishTwo(app, cast, draft)
  const bidders = [first, second, third]
  for (const [i, amountWon] of [50_000_000, 61_000_000, 60_000_000].entries()) {
    await bidWith(app, cast, { actor: at(bidders, i), tenderId: twoStage, amountWon, proposal: proposalOf('') })
  }
  await moveTo(app, '2026-11-25T11:00:00+09:00')
  await revealAll(app, cast, twoStage, 'technical')
  await evaluateAll(cast, { tenderId: twoStage, evaluators: panel.slice(0, 1), suppliers: bidders, rows: [[84_999, 85_000, 99_000]] })
  await moveTo(app, '2026-11-25T14:00:00+09:00')
  t.equal(await revealAll(app, cast, twoStage, 'price'), 'opened')
  const { api, identity } = await cast.login(executing)
  t.match(await evaluate(api, identity, { tenderId: twoStage, qualified: true, reason: '적격' }), { outcome: { winner: supplierOf(third) } })
  t.match(await award(api, identity, { tenderId: twoStage, reason: '최저가' }), { amountWon: 60_000_000 })
  t.equal((await verifyRecord(await downloadRecord(publicApi, twoStage), { trustedRootDer: platform.rootDer })).failure, null)
})

t.test('nobody passes: the tender fails and its prices stay sealed for ever', async (t) => {
  app.clock.set('2026-11-26T09:00:00+09:00')
  const failing = await publishTwo(app, cast, negotiatedDraft(cast, { schedule: scheduleOn('2026-11-26') }))
  const bidders = [first, second]
  for (const actor of bidders) await bidWith(app, cast, { actor, tenderId: failing, amountWon: ESTIMATE_WON, proposal: proposalOf('미흡') })
  await moveTo(app, '2026-11-26T11:00:00+09:00')
  const boss = await cast.login(executing)
  await reveal(boss.api, platform, { identity: boss.identity, tenderId: failing, now: now() })
  for (const { api, identity } of [await cast.login(audit), boss]) {
    t.match(await revealShares(api, platform, { identity, tenderId: failing, now: now() }), { envelope: 'technical', owners: [idOf(witness)] })
  }
  t.equal((await waitForOpening(boss.api, failing, { timeoutMs: OPENING_TIMEOUT_MS, envelope: 'technical' })).technical?.opened, true, 'shares stand in for the witness')
  const { scores } = await evaluateAll(cast, { tenderId: failing, evaluators: panel, suppliers: bidders, rows: [[1, 2], [3, 4], [5, 6]] })
  t.same(scores.map(({ passes }) => passes), [false, false])
  t.match(await getTender(publicApi, failing), { state: 'failed', failure: { reason: 'technical-all-failed' }, opening: null })
  await moveTo(app, '2026-11-26T14:00:00+09:00')
  const { api } = await cast.login(executing)
  const seed = toBase64url(randomBytes(32))
  await t.rejects(api.post(`/v1/tenders/${failing}/reveals`, { seed, envelope: 'price' }), { code: 'tender-state' })
})

t.test('no forgery of the technical evaluation passes', async (t) => {
  const [, , failed] = await listBids(app.context.db.read, tenderId)
  const attacks = technicalAttacks({
    executing: executing.identity.signer, witnessId: idOf(witness), spareId: idOf(at(evaluators, 3)), failedEnvelope: failed?.envelope.toString('latin1') ?? ''
  })
  await expectFaults(t, await downloadRecord(publicApi, tenderId), attacks)
})
