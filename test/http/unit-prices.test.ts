/** A unit-price contract from the notice to the winner's prices out of the public record; what does not add up is void, or not sealed at all. */
import t from 'tap'
import { submitBid } from '../../src/client/bids.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getCheckedTender } from '../../src/client/tenders.ts'
import { fromBase64url } from '../../src/crypto/bytes.ts'
import { sealBid } from '../../src/crypto/envelope.ts'
import { unitPricesOf } from '../../src/crypto/price-schedule.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
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
const LINES = [{ name: '레미콘', unit: 'm3', quantity: 300 }, { name: '아스콘', unit: 'ton', quantity: 7 }]
/** 300 × 91,000.33 + 7 × 28,571.42 = 27,500,098.94. */
const PRICES = [9_100_033, 2_857_142]
const AMOUNT = 27_500_098

interface Offer { amountWon: number, unitPricesCenti: number[] | null }

const bid = async (actor: Actor, tenderId: TenderId, offer: Offer): Promise<unknown> => await bidAs(stage, actor, { tenderId, ...offer })

/** Sealed without the client's check. */
async function bidHostile (actor: Actor, tenderId: TenderId, { amountWon, unitPricesCenti }: Offer): Promise<void> {
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const { api, identity } = await cast.login(actor)
  const binding = { tenderId, termsSha256, publicKey: fromBase64url(terms.key.publicKey), supplierId: idOf(actor) }
  const content = { amountWon, picks: [1, 2] } as const
  const envelope = await sealBid({ ...binding, content, unitPricesCenti, signer: identity.signer, clientTime: formatKst(now()) })
  await submitBid(api, platform, envelope)
}

t.test('the client seals nothing that does not add up', async (t) => {
  const tenderId = await publishDraft(stage, draftFor(cast, { unitPrices: LINES }))
  const refused = async (offer: Offer, field: string): Promise<void> => {
    await t.rejects(bid(first, tenderId, offer), { code: 'unit-prices-invalid', context: { field } })
  }
  await refused({ amountWon: AMOUNT, unitPricesCenti: null }, '/unitPricesCenti')
  await refused({ amountWon: AMOUNT, unitPricesCenti: PRICES.slice(1) }, '/unitPricesCenti')
  await refused({ amountWon: AMOUNT + 1, unitPricesCenti: PRICES }, '/amountWon')
})

t.test('lines, bids, opening, award: the total ranks, the prices come out of the record', async (t) => {
  const tenderId = await publishDraft(stage, draftFor(cast, { unitPrices: LINES }))
  await bid(first, tenderId, { amountWon: AMOUNT, unitPricesCenti: PRICES })
  await bid(second, tenderId, { amountWon: 27_600_000, unitPricesCenti: [9_200_000, 1] })
  await bidHostile(third, tenderId, { amountWon: AMOUNT - 1, unitPricesCenti: PRICES })
  await bidHostile(fourth, tenderId, { amountWon: AMOUNT - 2, unitPricesCenti: null })
  const { api, identity } = await openAt(stage, tenderId, '2026-11-24T11:00:00+09:00')
  await evaluate(api, identity, { tenderId, qualified: true, reason: '적격' })
  t.match(await award(api, identity, { tenderId, reason: '낙찰' }), { supplierId: idOf(first), amountWon: AMOUNT })
  const record = await downloadRecord(publicApi, tenderId)
  t.same(record.opening.rows.map(({ supplierId, amountWon, voidReason }) => [supplierId, amountWon, voidReason]), [
    [idOf(first), AMOUNT, null], [idOf(second), 27_600_000, null],
    [idOf(third), null, 'schedule-mismatch'], [idOf(fourth), null, 'schedule-mismatch']
  ])
  t.equal((await verifyRecord(record, { trustedRootDer: platform.rootDer })).failure, null)
  t.same(unitPricesOf(record, idOf(first)), LINES.map((line, i) => ({ ...line, unitPriceCenti: PRICES[i] })))
  t.same(unitPricesOf(record, idOf(second)).map(({ unitPriceCenti }) => unitPriceCenti), [9_200_000, 1])
  t.throws(() => unitPricesOf(record, idOf(third)), /no bid that was opened/)
})

t.test('a schedule where none is asked for: refused by the client, void at the opening', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const tenderId = await publishDraft(stage, draftFor(cast, { schedule: scheduleOf('2026-11-25') }))
  await t.rejects(bid(first, tenderId, { amountWon: AMOUNT, unitPricesCenti: PRICES }), { code: 'unit-prices-invalid' })
  await bidHostile(first, tenderId, { amountWon: AMOUNT, unitPricesCenti: PRICES })
  for (const actor of [second, third]) await bid(actor, tenderId, { amountWon: AMOUNT, unitPricesCenti: null })
  await openAt(stage, tenderId, '2026-11-25T11:00:00+09:00')
  const record = await downloadRecord(publicApi, tenderId)
  t.equal(record.opening.rows.find(({ supplierId }) => supplierId === idOf(first))?.voidReason, 'schedule-mismatch')
  t.equal(record.opening.outcome, 'ranked')
  t.throws(() => unitPricesOf(record, idOf(second)), /no unit prices/)
})
