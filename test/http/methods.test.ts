/**
 * Award methods with one envelope from notice to award: over HTTP, through the client, with the real ceremony; every record
 * verifies. Impossible notices are refused at the draft, with the field at fault.
 */
import t, { type Test } from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, sealAgencyPrices } from '../../src/client/ceremony.ts'
import { award, evaluate, readEvaluation, reveal, waitForOpening, type Judgement } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getTender } from '../../src/client/tenders.ts'
import type { EvaluationAnswer } from '../../src/client/types.ts'
import { parseJws } from '../../src/crypto/jws.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import { evaluate as evaluateByRules, type EvaluationDecision } from '../../src/domain/evaluation.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { A_VALUE_COMPONENTS, type Notice } from '../../src/domain/notice.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { COMPREHENSIVE_RULE, METHOD_TERMS } from '../support/method-terms.ts'
import { aValueOf, REVIEW_RULE } from '../support/notice-terms.ts'
import { OPENING_TIMEOUT_MS } from '../support/stage.ts'

const BASE_WON = 100_000_000
const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 4 })
const { platform, publicApi } = cast
const now = (): number => app.clock.now()
const [first, second, third, fourth] = [0, 1, 2, 3].map((i) => at(cast.suppliers, i).identity.holderId)

/** A single sealed price, so that the marks can be worked out by hand: the planned price is the base amount. */
function draftOf (change: Partial<TenderDraft>): TenderDraft {
  const draft = draftFor(cast, { estimatedPriceWon: 90_000_000, floorRatePpm: 0, ...change })
  const time = (hours: number): string => formatKst(now() + hours * HOUR_MS)
  return {
    ...draft,
    price: { ...draft.price, method: 'single-sealed', baseAmountWon: BASE_WON, ...change.price },
    schedule: { questionsFrom: time(0), questionsUntil: time(1), closesAt: time(1), technicalOpensAt: null, opensAt: time(2) }
  }
}

/** Published, bid on (supplier n the n-th amount), opened. */
async function openedTender (draft: TenderDraft, amounts: readonly number[]): Promise<{ tenderId: TenderId, executing: Actor }> {
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const tenderId = await draftTender(executing.api, draft)
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  if (draft.price.method === 'single-sealed') await sealAgencyPrices(executing.api, platform, { tenderId, prices: [BASE_WON], now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, expected: draft, now: now() })
  for (const [i, amountWon] of amounts.entries()) {
    const { api, identity } = await cast.login(at(cast.suppliers, i))
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon, picks: null }, now: now() })
    await submitBid(api, platform, envelope)
  }
  app.clock.set(now() + 2 * HOUR_MS)
  await app.scheduler.tick()
  const members = [await cast.login(cast.executing), await cast.login(cast.witness)]
  for (const { api, identity } of members) await reveal(api, platform, { identity, tenderId, now: now() })
  await waitForOpening(at(members, 0).api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS })
  return { tenderId, executing: at(members, 0) }
}

type Judge = (said?: Partial<Judgement>) => Promise<EvaluationAnswer>
const judging = ({ tenderId, executing: { api, identity } }: { tenderId: TenderId, executing: Actor }): Judge =>
  async (said = {}) => await evaluate(api, identity, { tenderId, qualified: true, reason: '심사', ...said })

/** The award, and a record that a stranger can verify. */
async function finish (t: Test, { tenderId, executing }: { tenderId: TenderId, executing: Actor }, expected: object): Promise<void> {
  const { api, identity } = executing
  t.match(await award(api, identity, { tenderId, reason: '결정' }), expected)
  const record = await downloadRecord(publicApi, tenderId)
  t.equal((await verifyRecord(record, { trustedRootDer: platform.rootDer })).failure, null)
}

t.test('lowest: no floor, no planned price needed; the lowest that qualifies', async (t) => {
  const tender = await openedTender(draftOf({ method: 'lowest', price: { ...draftFor(cast).price, method: 'none', baseAmountWon: null } }), [900, 1, 5])
  const { opening } = await getTender(publicApi, tender.tenderId)
  t.match(opening, { outcome: 'ranked', prices: { plannedPriceWon: null, floorPriceWon: null } })
  const judge = judging(tender)
  t.match(await judge({ qualified: false }), { result: { passes: false }, outcome: { state: 'open', next: third } })
  t.match(await judge(), { outcome: { state: 'passed', winner: third } })
  await finish(t, tender, { state: 'awarded', supplierId: third, amountWon: 5 })
})

t.test('lowest with a planned price: nothing above it, anything below it', async (t) => {
  const tender = await openedTender(draftOf({ method: 'lowest' }), [BASE_WON + 1, BASE_WON, 10])
  const { order } = await readEvaluation(tender.executing.api, tender.tenderId)
  t.same(order, [{ supplierId: third, rank: 1, amountWon: 10 }, { supplierId: second, rank: 2, amountWon: BASE_WON }])
  await judging(tender)()
  await finish(t, tender, { state: 'awarded', supplierId: third, amountWon: 10 })
})

t.test('private quote: the lowest at or above its floor', async (t) => {
  const tender = await openedTender(draftOf({ method: 'private-quote', floorRatePpm: 897_450 }), [89_744_999, 89_745_000, 90_000_000])
  const { opening } = await getTender(publicApi, tender.tenderId)
  t.match(opening, { prices: { plannedPriceWon: BASE_WON, floorPriceWon: 89_745_000 } })
  t.match(opening?.rows.map(({ supplierId, remark }) => [supplierId, remark]), [[second, 'normal'], [third, 'normal'], [first, 'belowFloor']])
  const judge = judging(tender)
  await t.rejects(judge({ capabilityMarksMilli: 1 }), { code: 'evaluation-invalid', field: '/capabilityMarksMilli' }, 'no marks under this method')
  await t.rejects(judge({ remark: 'wrongLicence' }), { code: 'evaluation-invalid', field: '/remark' }, 'no remark for a qualified bidder')
  await t.rejects(judge({ socialMarksMilli: 0 }), { code: 'evaluation-invalid', field: '/socialMarksMilli' })
  t.match(await judge(), { outcome: { winner: second } })
  await finish(t, tender, { state: 'awarded', supplierId: second, amountWon: 89_745_000 })
})

t.test('comprehensive: everybody is judged, the best total wins, and the marks stand in the signed acts', async (t) => {
  const tender = await openedTender(draftOf({ method: 'comprehensive', comprehensive: COMPREHENSIVE_RULE, aValue: aValueOf(50_000_000) }),
    [96_000_000, 94_000_000, BASE_WON + 1, 95_000_000])
  const judge = judging(tender)
  await t.rejects(judge({ capabilityMarksMilli: 50_000 }), { code: 'evaluation-invalid', field: '/socialMarksMilli' }, 'both marks')
  await t.rejects(judge({ capabilityMarksMilli: 50_001, socialMarksMilli: 0 }), { code: 'evaluation-invalid', field: '/capabilityMarksMilli' })
  // r = (94 − 50) ÷ 50 = 88 %: all 40 marks; 90 %: 38; 92 %: 36.
  t.match(await judge({ capabilityMarksMilli: 40_000, socialMarksMilli: 4_000 }),
    { result: { supplierId: second, review: { ratioPpm: 880_000, priceMarksMilli: 40_000, totalMarksMilli: 84_000 } }, outcome: { state: 'open', next: fourth } })
  t.match(await judge({ capabilityMarksMilli: 50_000, socialMarksMilli: 10_000, qualified: false, remark: 'missingDocuments', reason: '실적 증명 누락' }),
    { result: { passes: false, remark: 'missingDocuments', review: { totalMarksMilli: 98_000 } }, outcome: { next: first } })
  const early = award(tender.executing.api, tender.executing.identity, { tenderId: tender.tenderId, reason: '결정' })
  await t.rejects(early, { code: 'mismatch' }, 'not before the last one is judged')
  t.match(await judge({ capabilityMarksMilli: 45_000, socialMarksMilli: 4_000 }),
    { result: { review: { ratioPpm: 920_000, totalMarksMilli: 85_000 } }, outcome: { state: 'passed', winner: first } })
  await finish(t, tender, { state: 'awarded', supplierId: first, amountWon: 96_000_000 })

  const record = await downloadRecord(publicApi, tender.tenderId)
  t.same(record.evaluations.map((jws) => parseJws(jws, 'bongin-evaluation').payload).map((payload) => {
    const { capabilityMarksMilli, socialMarksMilli } = payload as { capabilityMarksMilli: number, socialMarksMilli: number }
    return [capabilityMarksMilli, socialMarksMilli]
  }), [[40_000, 4_000], [50_000, 10_000], [45_000, 4_000]])
  t.match(await verifyRecord({ ...record, evaluations: record.evaluations.slice(0, 2) }, { trustedRootDer: platform.rootDer }), { failure: { step: 'award' } },
    'an evaluation left out does not go unseen')
})

t.test('comprehensive by a balanced price: the mean of the middle bids decides who wins, in the record too', async (t) => {
  const reference = { kind: 'balanced', dropHighestPpm: 250_000, dropLowestPpm: 250_000, minimumBids: 4 } as const
  const terms = { method: 'comprehensive', comprehensive: { ...COMPREHENSIVE_RULE, reference }, aValue: aValueOf(50_000_000) } as const
  const tender = await openedTender(draftOf(terms), [96_000_000, 94_000_000, 90_000_000, 99_000_000])
  const judge = judging(tender)
  // One of four is left out at either end: (94 + 96) ÷ 2 = 95 million; 90 is 94.74 % of it, 94 98.95 %, 96 101.05 %, 99 104.21 %.
  const balanced = { balancedPriceWon: 95_000_000 }
  t.match(await judge({ capabilityMarksMilli: 41_300, socialMarksMilli: 4_000 }),
    { result: { supplierId: third, review: { ...balanced, ratioPpm: 947_400, priceMarksMilli: 34_740, totalMarksMilli: 80_040 } } })
  t.match(await judge({ capabilityMarksMilli: 37_000, socialMarksMilli: 4_000 }),
    { result: { review: { ...balanced, ratioPpm: 989_500, priceMarksMilli: 38_950, totalMarksMilli: 79_950 } }, outcome: { next: first } })
  t.match(await judge({ capabilityMarksMilli: 0, socialMarksMilli: 0, qualified: false, reason: '부적격' }),
    { result: { passes: false, review: { ...balanced, ratioPpm: 1_010_500, priceMarksMilli: 38_950 } }, outcome: { next: fourth } },
    'and its bid stays in the mean')
  t.match(await judge({ capabilityMarksMilli: 44_000, socialMarksMilli: 0 }),
    { result: { review: { ...balanced, ratioPpm: 1_042_100, priceMarksMilli: 35_790, totalMarksMilli: 79_790 } }, outcome: { winner: third } })
  // Against the planned price the same marks have another winner, so the verified award stands for the formula.
  await finish(t, tender, { state: 'awarded', supplierId: third, amountWon: 90_000_000 })
  const record = await downloadRecord(publicApi, tender.tenderId)
  const decisions = record.evaluations.map((jws) => parseJws(jws, 'bongin-evaluation').payload as EvaluationDecision)
  const notice = parseJws(at(record.notices, 0), 'bongin-notice').payload as Notice
  const planned = { ...notice.terms, comprehensive: COMPREHENSIVE_RULE }
  t.equal(evaluateByRules({ terms: planned, record: record.opening, technical: [], decisions }).outcome.winner, second)
})

t.test('nobody qualifies: the award is a failure, and its record verifies', async (t) => {
  const tender = await openedTender(draftOf({ method: 'private-quote', floorRatePpm: 897_450 }), [90_000_000, 91_000_000])
  const judge = judging(tender)
  await judge({ qualified: false })
  t.match(await judge({ qualified: false }), { outcome: { state: 'exhausted', winner: null } })
  await finish(t, tender, { state: 'failed', decision: 'failed', supplierId: null, amountWon: null })
})

t.test('impossible notices are refused at the draft, with the field at fault', async (t) => {
  const { api } = await cast.login(cast.executing)
  const terms = (method: keyof typeof METHOD_TERMS, change: Partial<TenderDraft> = {}): TenderDraft => {
    const { price: _single, ...rest } = METHOD_TERMS[method]
    return draftOf({ ...rest, ...change })
  }
  const balanced = (change: object): TenderDraft => {
    const reference = { kind: 'balanced', dropHighestPpm: 400_000, dropLowestPpm: 200_000, minimumBids: 10, ...change } as const
    return terms('comprehensive', { comprehensive: { ...COMPREHENSIVE_RULE, reference } })
  }
  const missing = Object.fromEntries(Object.entries(aValueOf(7)).filter(([name]) => name !== 'safetyManagementWon')) as TenderDraft['aValue']
  const negotiation = METHOD_TERMS.negotiated.technical ?? null
  const cases: Array<[name: string, draft: TenderDraft, code: string, field: string]> = [
    ['a component of the A value missing', terms('lowest', { aValue: missing }), 'invalid-request', '/aValue/safetyManagementWon'],
    ['a component that is none', terms('lowest', { aValue: { ...aValueOf(7), otherWon: 1 } as TenderDraft['aValue'] }), 'invalid-request', '/aValue/otherWon'],
    ...A_VALUE_COMPONENTS.map((name): [string, TenderDraft, string, string] =>
      [`negative ${name}`, terms('lowest', { aValue: { ...aValueOf(7), [name]: -1 } }), 'invalid-amount', `/aValue/${name}`]),
    ['floor over 100 %', terms('private-quote', { floorRatePpm: 1_000_001 }), 'invalid-rate', '/floorRatePpm'],
    ['pass mark over the maximum', terms('eligibility-review', { eligibilityReview: { ...REVIEW_RULE, passMarkMilli: 100_001 } }),
      'rule-set-invalid', '/eligibilityReview/passMarkMilli'],
    ['weights that do not sum', terms('comprehensive', { comprehensive: { ...COMPREHENSIVE_RULE, socialMarksMilli: 9_999 } }),
      'rule-set-invalid', '/comprehensive/priceMarksMilli'],
    ['shares that leave no bid', balanced({ dropHighestPpm: 800_000 }), 'invalid-rate', '/comprehensive/reference/dropLowestPpm'],
    ['bids left out from no number of bids on', balanced({ minimumBids: 0 }), 'rule-set-invalid', '/comprehensive/reference/minimumBids'],
    ['a reference of no kind', balanced({ kind: 'median' }), 'invalid-request', '/comprehensive'],
    ['a reference of both kinds', balanced({ ratePpm: 880_000 }), 'invalid-request', '/comprehensive'],
    ['technical pass mark over the maximum', terms('negotiated', { technical: negotiation === null ? null : { ...negotiation, passMarkMilli: 80_001 } }),
      'rule-set-invalid', '/technical/passMarkMilli'],
    ['another method\'s rule', terms('lowest', { comprehensive: COMPREHENSIVE_RULE }), 'rule-set-invalid', '/comprehensive'],
    ['a quantity of nothing', terms('lowest', { unitPrices: [{ name: '아스콘', unit: '톤', quantity: 0 }] }), 'rule-set-invalid', '/unitPrices/0/quantity']
  ]
  for (const [name, draft, code, field] of cases) {
    const status = code === 'invalid-request' ? 400 : 422
    await t.rejects(draftTender(api, draft), { code, field, status }, name)
  }
})
