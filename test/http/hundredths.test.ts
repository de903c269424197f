/**
 * A tender that counts hundredths of a won over HTTP, from the notice to the award and a record that verifies: unit prices
 * come to exact totals, planned price and floor have decimals, a hundredth decides; and its unit never changes.
 */
import t from 'tap'
import { submitBid } from '../../src/client/bids.ts'
import { draftTender, sealAgencyPrices, contribute, publish, updateDraft } from '../../src/client/ceremony.ts'
import { award, evaluate, readEvaluation } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getCheckedTender, getTender } from '../../src/client/tenders.ts'
import { fromBase64url, sha256Hex } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { sealBid } from '../../src/crypto/envelope.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { readNotices } from '../../src/crypto/verify-notice.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'
import type { Notice, PriceDecimals } from '../../src/domain/notice.ts'
import { formatKst } from '../../src/domain/time.ts'
import { aValueOf } from '../support/notice-terms.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs, openAt, publishDraft, scheduleOf } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 4 })
const stage = { app, cast }
const { platform, publicApi } = cast
const [first, second, third, fourth] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2), at(cast.suppliers, 3)]
const now = (): number => app.clock.now()
const idOf = ({ identity }: Actor): SupplierId => identity.holderId as SupplierId
/** Meals, at 151,520.00 won for the unit of each together. */
const LINES = [{ name: '중식', unit: '식', quantity: 10 }, { name: '간식', unit: '개', quantity: 3 }]
const hundredths = (change: Partial<TenderDraft> = {}): TenderDraft => draftFor(cast, {
  title: '급식 단가계약',
  kind: 'services',
  unitPrices: LINES,
  estimatedPriceWon: 137_745,
  price: {
    method: 'multiple-sealed',
    decimals: 2,
    baseAmountWon: 15_152_000,
    rangePpm: 30_000,
    slotPlan: 'upper-7',
    priceUnitWon: 1,
    plannedPriceRounding: 'up-1'
  },
  ...change
})
/** Numbers 3, 7, 1 and 2 are drawn: 151,520.03 + 151,520.07 + 151,520.01 + 151,520.02, a mean of 151,520.0325. */
const PRICES = Array.from({ length: 15 }, (_, i) => 15_152_001 + i)
const PLANNED = 15_152_004
/** 88 % of it is 133,337.6352. */
const FLOOR = 13_333_764

interface Offer { amountWon: number, unitPricesCenti: number[] | null }

const bid = async (actor: Actor, tenderId: TenderId, offer: Offer): Promise<unknown> => await bidAs(stage, actor, { tenderId, ...offer })

/** Sealed without the client's check. */
async function bidHostile (actor: Actor, tenderId: TenderId, { amountWon, unitPricesCenti }: Offer): Promise<void> {
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const { api, identity } = await cast.login(actor)
  const binding = { tenderId, termsSha256, publicKey: fromBase64url(terms.key.publicKey), supplierId: idOf(actor) }
  const content = { amountWon, picks: [3, 7] } as const
  await submitBid(api, platform, await sealBid({ ...binding, content, unitPricesCenti, signer: identity.signer, clientTime: formatKst(now()) }))
}

async function publishSealed (draft: TenderDraft): Promise<TenderId> {
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const tenderId = await draftTender(executing.api, draft)
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  const inWon = PRICES.map((price) => Math.floor(price / 100))
  await t.rejects(sealAgencyPrices(executing.api, platform, { tenderId, prices: inWon, now: now() }), { code: 'sealed-prices-invalid' }, 'prices in won')
  await sealAgencyPrices(executing.api, platform, { tenderId, prices: PRICES, now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, now: now() })
  return tenderId
}

t.test('from the notice to the award: a hundredth of a won decides', async (t) => {
  const tenderId = await publishSealed(hundredths())
  // 10 × 12,000.01 + 3 × 4,445.85 = 133,337.65, a hundredth above the floor.
  await bid(first, tenderId, { amountWon: 13_333_765, unitPricesCenti: [1_200_001, 444_585] })
  // 10 × 13,000.15 + 3 × 4,445.85 = 143,339.05
  await bid(second, tenderId, { amountWon: 14_333_905, unitPricesCenti: [1_300_015, 444_585] })
  await t.rejects(bid(third, tenderId, { amountWon: 133_337, unitPricesCenti: [1_200_001, 444_585] }), {
    code: 'unit-prices-invalid', context: { field: '/amountWon', detail: 'The unit prices come to 133,337.65 won.' }
  }, 'an amount in won')
  // 10 × 11,999.99 + 3 × 4,445.91 = 133,337.63, a hundredth below the floor.
  await bid(third, tenderId, { amountWon: FLOOR - 1, unitPricesCenti: [1_199_999, 444_591] })
  await bidHostile(fourth, tenderId, { amountWon: 133_337, unitPricesCenti: [1_200_001, 444_585] })
  const { api, identity } = await openAt(stage, tenderId, '2026-11-24T11:00:00+09:00')
  const order = [{ supplierId: idOf(first), amountWon: 13_333_765 }, { supplierId: idOf(second), amountWon: 14_333_905 }]
  t.match(await readEvaluation(api, tenderId), { decimals: 2, order })
  await evaluate(api, identity, { tenderId, qualified: true, reason: '적격' })
  t.match(await award(api, identity, { tenderId, reason: '낙찰' }), { supplierId: idOf(first), amountWon: 13_333_765, decimals: 2 })

  const record = await downloadRecord(publicApi, tenderId)
  t.match(record.opening.prices, { drawnNumbers: [3, 7, 1, 2], plannedPriceWon: PLANNED, floorPriceWon: FLOOR, preliminaryPricesWon: PRICES })
  t.same(record.opening.rows.map(({ supplierId, amountWon, remark, voidReason }) => [supplierId, amountWon, remark, voidReason]), [
    [idOf(first), 13_333_765, 'normal', null], [idOf(second), 14_333_905, 'normal', null], [idOf(third), FLOOR - 1, 'belowFloor', null],
    [idOf(fourth), null, 'void', 'schedule-mismatch']
  ])
  const report = await verifyRecord(record, { trustedRootDer: platform.rootDer })
  t.equal(report.failure, null)
  t.match(report.steps.find(({ name }) => name === 'opening')?.detail, /planned price 151,520\.04 won/)
  const { items } = await publicApi.get<{ items: Array<{ type: string, data: unknown }> }>('/v1/events', { tenderId, from: 0 })
  const said = (type: string): unknown => items.find((event) => event.type === type)?.data
  t.match(said('tender.opened'), { decimals: 2, plannedPriceWon: PLANNED, floorPriceWon: FLOOR })
  t.match(said('tender.awarded'), { decimals: 2, amountWon: 13_333_765 })
})

t.test('refused at the draft, with the field', async (t) => {
  const { api } = await cast.login(cast.executing)
  const schedule = scheduleOf('2026-11-25')
  const price = hundredths().price
  const cases: Array<[string, Partial<TenderDraft>, string, string]> = [
    ['works', { kind: 'works' }, 'rule-set-invalid', '/price/decimals'],
    ['one decimal', { price: { ...price, decimals: 1 as PriceDecimals } }, 'rule-set-invalid', '/price/decimals'],
    ['an A value', { aValue: aValueOf(0) }, 'rule-set-invalid', '/aValue'],
    ['rounding to 1,000 won', { price: { ...price, plannedPriceRounding: 'up-1000' } }, 'rule-set-invalid', '/price/plannedPriceRounding'],
    ['a base amount with a fraction', { price: { ...price, baseAmountWon: 151_520.55 } }, 'invalid-request', '/price/baseAmountWon'],
    ['an estimated price past 10^13', { estimatedPriceWon: 10 ** 13 + 1 }, 'invalid-amount', '/estimatedPriceWon']
  ]
  for (const [name, change, code, field] of cases) await t.rejects(draftTender(api, hundredths({ schedule, ...change })), { code, field }, name)
})

t.test('a change notice keeps the unit: refused by the server, and by whoever verifies', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const draft = hundredths({ schedule: scheduleOf('2026-11-25'), price: { ...hundredths().price, method: 'multiple-derived' } })
  const tenderId = await publishDraft(stage, draft)
  const { api } = await cast.login(cast.executing)
  const changed = (decimals: PriceDecimals): TenderDraft => ({ ...draft, title: '정정', changeReason: '정정', price: { ...draft.price, decimals } })
  await t.rejects(updateDraft(api, { tenderId, draft: changed(0) }), { code: 'rule-set-invalid', field: '/price/decimals' })
  await t.resolves(updateDraft(api, { tenderId, draft: changed(2) }))

  const [text = ''] = (await getTender(publicApi, tenderId)).notices
  const notice = parseJws(text, 'bongin-notice').payload as Notice
  const revise = async (decimals: PriceDecimals): Promise<string> => {
    const terms = { ...notice.terms, title: '정정', price: { ...notice.terms.price, decimals } }
    const revised = { ...notice, revision: '001', changeReason: '정정', terms, termsSha256: sha256Hex(canonicalBytes(terms)) }
    return await signJws(cast.executing.identity.signer, 'bongin-notice', revised)
  }
  t.equal(readNotices([text, await revise(2)]).length, 2)
  const won = await revise(0)
  t.throws(() => readNotices([text, won]), /\/decimals: the record says 0, it must be 2/)
})
