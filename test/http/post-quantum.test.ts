/**
 * Tenders in the post-quantum suite (X-Wing) from notice to award: drawn prices, the agency's sealed prices, two envelopes.
 * What is sealed in the other suite is refused before the deadline, and a bid that does not open stops nothing.
 */
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, sealAgencyPrices, updateDraft } from '../../src/client/ceremony.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getCheckedTender } from '../../src/client/tenders.ts'
import { fromBase64url, randomBytes, toBase64url } from '../../src/crypto/bytes.ts'
import { parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { suiteOf } from '../../src/crypto/hpke-seal.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { ML_KEM_PUBLIC_KEY_BYTES } from '../../src/crypto/ml-kem.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { SUITE_X25519, SUITE_XWING } from '../../src/domain/notice.ts'
import { formatKst } from '../../src/domain/time.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { openAt, publishDraft, scheduleOf } from '../support/stage.ts'
import { bidWith, evaluateAll, moveTo, negotiatedDraft, proposalOf, publishTwo, revealAll, scheduleOn, supplierOf } from '../support/two-envelopes.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 3 })
const { platform, publicApi } = cast
const [first, second, third] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2)]
const now = (): number => app.clock.now()
const verify = async (record: TenderRecord): Promise<unknown> => (await verifyRecord(record, { trustedRootDer: cast.platform.rootDer })).failure

t.test('drawn prices, and bids in the suite of the notice alone', async (t) => {
  const tenderId = await publishDraft({ app, cast }, draftFor(cast, { suite: SUITE_XWING }))
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const publicKey = fromBase64url(terms.key.publicKey)
  t.equal(terms.key.suite, SUITE_XWING)
  t.equal(publicKey.length, 1216)
  for (const [i, amountWon] of [26_500_000, 26_900_000].entries()) {
    const { api, identity } = await cast.login(at(cast.suppliers, i))
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon, picks: [1, 2] }, now: now() })
    t.equal(parseEnvelope(envelope).enc.length, 1120)
    t.ok((await submitBid(api, platform, envelope)).receipt)
  }
  const { api, identity } = await cast.login(third)
  const bid = { tenderId, termsSha256, supplierId: supplierOf(third), signer: identity.signer, clientTime: formatKst(now()) }
  const x25519Half = publicKey.subarray(ML_KEM_PUBLIC_KEY_BYTES)
  t.equal(suiteOf(x25519Half), SUITE_X25519)
  const weaker = await sealBid({ ...bid, publicKey: x25519Half, content: { amountWon: 1, picks: [1, 2] } })
  await t.rejects(submitBid(api, platform, weaker), { code: 'envelope-malformed', field: '/payload/enc' }, 'sealed to the X25519 half alone')
  const noise = await signJws(identity.signer, 'bongin-bid', {
    ...parseEnvelope(weaker).payload, enc: toBase64url(randomBytes(1120)), ciphertext: toBase64url(randomBytes(1040))
  })
  await submitBid(api, platform, noise)

  await openAt({ app, cast }, tenderId, '2026-11-24T11:00:00+09:00')
  const record = await downloadRecord(publicApi, tenderId)
  t.equal(await verify(record), null)
  const { rows, prices } = record.opening
  t.same(rows.map(({ voidReason }) => voidReason).filter((reason) => reason !== null), ['undecryptable'])
  t.same(rows.filter(({ amountWon }) => amountWon !== null).map(({ amountWon }) => amountWon).sort(), [26_500_000, 26_900_000])
  t.equal(prices.preliminaryPricesWon.length, 15)
  const forged = structuredClone(record)
  for (const entry of forged.opening.holderSeeds) if (entry.holderId === 'platform') entry.seed = toBase64url(randomBytes(32))
  t.match(await verify(forged), { step: 'opening' }, 'another seed of the platform')
})

t.test('the agency\'s prices are sealed in the suite of the draft, and fall away with it', async (t) => {
  const { api, identity } = await cast.login(cast.executing)
  const draft = draftFor(cast, { suite: SUITE_XWING, floorRatePpm: 0, schedule: scheduleOf('2026-11-25') })
  const sealedDraft = { ...draft, price: { ...draft.price, method: 'single-sealed' as const } }
  const tenderId = await draftTender(api, sealedDraft)
  const sign = async (): Promise<unknown> => await publish(api, platform, { identity, tenderId, now: now() })
  for (const member of [cast.executing, cast.witness]) {
    const actor = await cast.login(member)
    await contribute(actor.api, platform, { identity: actor.identity, tenderId, now: now() })
  }
  await sealAgencyPrices(api, platform, { tenderId, prices: [28_000_000], now: now() })
  await updateDraft(api, { tenderId, draft: { ...sealedDraft, suite: SUITE_X25519 } })
  await t.rejects(sign(), { code: 'sealed-prices-missing' })
  await updateDraft(api, { tenderId, draft: sealedDraft })
  await sealAgencyPrices(api, platform, { tenderId, prices: [28_000_000], now: now() })
  await sign()
  const change = { ...sealedDraft, suite: SUITE_X25519, changeReason: '정정' } as const
  await t.rejects(updateDraft(api, { tenderId, draft: change }), { code: 'rule-set-invalid', field: '/suite' })
  await bidAll(tenderId, [27_000_000, 27_500_000])
  await openAt({ app, cast }, tenderId, '2026-11-25T11:00:00+09:00')
  const executing = await cast.login(cast.executing)
  await evaluate(executing.api, executing.identity, { tenderId, qualified: true, reason: '적격' })
  t.match(await award(executing.api, executing.identity, { tenderId, reason: '결정' }), { decision: 'awarded', supplierId: supplierOf(first), amountWon: 27_000_000 })
  const record = await downloadRecord(publicApi, tenderId)
  t.equal(record.opening.prices.plannedPriceWon, 28_000_000)
  t.equal(await verify(record), null)
})

async function bidAll (tenderId: TenderId, amounts: readonly number[]): Promise<void> {
  for (const [i, amountWon] of amounts.entries()) {
    const { api, identity } = await cast.login(at(cast.suppliers, i))
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon, picks: null }, now: now() })
    await submitBid(api, platform, envelope)
  }
}

t.test('two envelopes, both of the suite, each with an ML-KEM key of its own', async (t) => {
  const tenderId = await publishTwo(app, cast, negotiatedDraft(cast, { suite: SUITE_XWING, schedule: scheduleOn('2026-11-26') }))
  const { terms } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const [price, technical] = [terms.key, terms.technicalKey].map((key) => key?.publicKey.slice(0, 1500))
  t.not(price, technical)
  const evaluators = await Promise.all(['평가일', '평가이', '평가삼'].map(async (name) => await cast.enrol(name, 'evaluator')))
  for (const [i, actor] of [first, second].entries()) {
    await bidWith(app, cast, { actor, tenderId, amountWon: 70_000_000 + i, proposal: proposalOf(`제안 ${i}`) })
  }
  await moveTo(app, '2026-11-26T10:00:00+09:00')
  await moveTo(app, '2026-11-26T11:00:00+09:00')
  t.equal(await revealAll(app, cast, tenderId, 'technical'), 'closed')
  await evaluateAll(cast, { tenderId, evaluators, suppliers: [first, second], rows: [[75_000, 70_000], [75_000, 70_000], [75_000, 70_000]] })
  await moveTo(app, '2026-11-26T14:00:00+09:00')
  t.equal(await revealAll(app, cast, tenderId, 'price'), 'opened')
  const record = await downloadRecord(publicApi, tenderId)
  t.same(record.opening.rows.map(({ amountWon }) => amountWon), [70_000_000, 70_000_001])
  t.equal(await verify(record), null)
})
