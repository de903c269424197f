/** An eligibility review from draft to award, a re-notice of a failed tender, search, renewal: over HTTP, through the client. */
import t from 'tap'
import { myBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, sealAgencyPrices, updateDraft } from '../../src/client/ceremony.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { renewCertificate } from '../../src/client/registration.ts'
import { getTender, listTenders } from '../../src/client/tenders.ts'
import { fromPem, readCertificate } from '../../src/crypto/certificate.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { ruleSetFor, suggestedRule } from '../../src/domain/rule-sets.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs, openAt } from '../support/stage.ts'

const BASE_WON = 29_678_000
const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 3 })
const { platform, publicApi } = cast
const now = (): number => app.clock.now()

async function publishDraft (draft: TenderDraft): Promise<TenderId> {
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const tenderId = await draftTender(executing.api, draft)
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  // All fifteen at the base amount, so that the planned price is known and the marks can be worked out by hand.
  await sealAgencyPrices(executing.api, platform, { tenderId, prices: Array.from({ length: 15 }, () => BASE_WON), now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, expected: draft, now: now() })
  return tenderId
}

const bid = async (actor: Actor, tenderId: TenderId, amountWon: number): Promise<unknown> =>
  await bidAs({ app, cast }, actor, { tenderId, amountWon })

const sealed = (draft: TenderDraft): TenderDraft => ({ ...draft, price: { ...draft.price, method: 'multiple-sealed' } })

t.test('eligibility review: marks by the rule, a failing bidder passes the turn on, the record verifies', async (t) => {
  const ruleSet = ruleSetFor({ law: 'national', kind: 'works', method: 'eligibility-review', noticeAt: now() })
  const band = suggestedRule({ ruleSet, estimatedPriceWon: 26_980_000, trade: 'general' })
  t.ok(band, 'works below 0.3 bn have a band')
  const review = sealed(
    draftFor(cast, { method: 'eligibility-review', floorRatePpm: band?.floorRatePpm ?? 0, eligibilityReview: band?.rule ?? null })
  )
  const wrongFloor = draftTender((await cast.login(cast.executing)).api, { ...review, floorRatePpm: 880_000 })
  await t.rejects(
    wrongFloor,
    { code: 'rule-set-invalid', field: '/floorRatePpm' },
    'a floor that does not match the pass mark is refused at the draft'
  )
  const tenderId = await publishDraft(review)
  const [first, second] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
  await bid(first, tenderId, 27_000_000)
  await bid(second, tenderId, 27_200_000)
  const { api, identity } = await openAt({ app, cast }, tenderId, '2026-11-24T11:00:00+09:00')

  const judge = async (capabilityMarksMilli: number): ReturnType<typeof evaluate> =>
    await evaluate(api, identity, { tenderId, qualified: true, capabilityMarksMilli, reason: '이행능력 심사' })
  await t.rejects(judge(10_001), { code: 'evaluation-invalid' }, 'more marks than there are')
  // r = 27,000,000 ÷ 29,678,000 = 0.9098, in the flat part: 85 marks.
  t.match(await judge(9_999), {
    result: { review: { priceMarksMilli: 85_000, totalMarksMilli: 94_999 }, passes: false },
    outcome: { next: second.identity.holderId }
  })
  t.match(await judge(10_000), {
    result: { review: { totalMarksMilli: 95_000 }, passes: true },
    outcome: { state: 'passed', winner: second.identity.holderId }
  })
  t.match(await award(api, identity, { tenderId, reason: '적격' }), { state: 'awarded', amountWon: 27_200_000 })
  t.equal((await verifyRecord(await downloadRecord(publicApi, tenderId), { trustedRootDer: platform.rootDer })).failure, null)
})

t.test('one valid bid: failed, and taken up again by a re-notice that names it', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const day = (date: string): TenderDraft['schedule'] => ({
    questionsFrom: `${date}T09:00:00+09:00`,
    questionsUntil: `${date}T09:30:00+09:00`,
    closesAt: `${date}T10:00:00+09:00`,
    technicalOpensAt: null,
    opensAt: `${date}T11:00:00+09:00`
  })
  const tenderId = await publishDraft(sealed(draftFor(cast, { title: '하수관로정비공사', schedule: day('2026-11-25') })))
  await bid(at(cast.suppliers, 0), tenderId, 27_000_000)
  await openAt({ app, cast }, tenderId, '2026-11-25T11:00:00+09:00')
  t.match(await getTender(publicApi, tenderId), { state: 'failed', failure: { reason: 'fewer-than-two-valid' } })

  app.clock.set('2026-11-26T09:00:00+09:00')
  const again = await publishDraft(
    sealed(
      draftFor(cast, {
        title: '하수관로정비공사 재공고',
        previousTenderId: tenderId,
        changeReason: '유찰에 따른 재공고',
        schedule: day('2026-11-26')
      })
    )
  )
  t.match(await getTender(publicApi, again), { previousTenderId: tenderId, notice: { terms: { rebidRound: 1 } } })
  t.equal((await getTender(publicApi, tenderId)).nextTenderId, again)
  const running = draftTender((await cast.login(cast.executing)).api, draftFor(cast, { previousTenderId: again, schedule: day('2026-11-26') }))
  await t.rejects(running, { code: 'tender-state', field: '/previousTenderId' })

  const found = async (q: string): Promise<string[]> => (await listTenders(publicApi, { q })).items.map((item) => item.tenderId)
  t.same(await found('관로'), [again, tenderId], 'a word inside a compound, newest first')
  t.same(await found('재공고'), [again])
  t.same(await found('교량'), [])
  const page = await listTenders(publicApi, { limit: 1 })
  t.equal(page.items[0]?.tenderId, again)
  t.equal((await listTenders(publicApi, { limit: 1, cursor: page.nextCursor ?? '' })).items[0]?.tenderId, tenderId, 'the next page')
})

t.test('renewal: a new certificate for the same supplier, without a new registration', async (t) => {
  const { api, identity } = await cast.login(at(cast.suppliers, 2))
  const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
  const csr = createCsr({ privateKeyPkcs8, subject: { commonName: '대표2', organization: '주식회사 2호', serialNumber: identity.holderId } })
  const renewed = readCertificate(fromPem((await renewCertificate(api, csr)).certificate))
  t.equal(renewed.holderId, identity.holderId)
  t.not(renewed.thumbprint, identity.thumbprint)
  t.ok(renewed.notAfter > readCertificate(identity.certificateDer).notAfter)
})

t.test('a moved deadline alone supersedes nothing: the bid stays sealed', async (t) => {
  app.clock.set('2026-11-27T09:00:00+09:00')
  const times = (closes: string, opens: string): TenderDraft['schedule'] => ({
    questionsFrom: '2026-11-27T09:00:00+09:00',
    questionsUntil: '2026-11-27T09:30:00+09:00',
    closesAt: `2026-11-27T${closes}:00+09:00`,
    technicalOpensAt: null,
    opensAt: `2026-11-27T${opens}:00+09:00`
  })
  const draft = sealed(draftFor(cast, { schedule: times('10:00', '11:00') }))
  const tenderId = await publishDraft(draft)
  await bid(at(cast.suppliers, 0), tenderId, 27_000_000)
  const { api, identity } = await cast.login(cast.executing)
  const moved = { ...draft, schedule: times('14:00', '15:00'), changeReason: '입찰 기간 연장' }
  await updateDraft(api, { tenderId, draft: moved })
  await publish(api, platform, { identity, tenderId, expected: moved, now: now() })
  t.match(await getTender(publicApi, tenderId), { revision: '001', state: 'published' })
  t.equal((await myBid((await cast.login(at(cast.suppliers, 0))).api, platform, tenderId)).status, 'sealed')
})
