/** Whole procedures through the client, against a real server: from the draft to a record that verifies. */
import t from 'tap'
import { checkInclusion, myBid, sealFor, sealForTender, submitBid, withdrawBid } from '../../src/client/bids.ts'
import { contribute, draftTender, missingMembers, publish, readCeremony, sealAgencyPrices, updateDraft, uploadAttachment } from '../../src/client/ceremony.ts'
import { award, evaluate, openingStatus, readEvaluation, reveal, revealShares, waitForOpening } from '../../src/client/openings.ts'
import { downloadArchive, recordOfArchive } from '../../src/client/record-archive.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { cancelTender, getCheckedTender, getTender, listTenders } from '../../src/client/tenders.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import { parseContribution } from '../../src/crypto/contribution.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast, type Actor, type Cast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { aValueOf } from '../support/notice-terms.ts'
import { OPENING_TIMEOUT_MS } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 4 })
const { executing, witness, platform, publicApi } = cast
const now = (): number => app.clock.now()
const START = '2026-11-24T09:00:00+09:00'

async function publishDraft (draft: TenderDraft, prices?: number[]): Promise<TenderId> {
  const tenderId = await draftTender(executing.api, draft)
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  if (prices !== undefined) await sealAgencyPrices(executing.api, platform, { tenderId, prices, now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, expected: draft, now: now() })
  return tenderId
}

async function bid ({ api, identity }: Actor, tenderId: TenderId, amountWon: number, picks: [number, number] = [3, 7]): Promise<string> {
  const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon, picks }, now: now() })
  return (await submitBid(api, platform, envelope)).receipt
}

const holderIn = (jws: string): string => parseContribution(jws).payload.holderId

/** Past the closing, and everybody logged in again where the session has ended. */
async function moveTo (time: string): Promise<Cast> {
  app.clock.set(time)
  await app.scheduler.tick()
  const [first, second, third, ...suppliers] = await Promise.all([executing, witness, cast.audit, ...cast.suppliers].map(cast.login))
  if (first === undefined || second === undefined || third === undefined) throw new Error('a cast of three at least')
  return { ...cast, executing: first, witness: second, audit: third, suppliers }
}

t.test('the main job: draft, key, publication, bids, opening, evaluation, award, verification', async (t) => {
  const { sha256 } = await uploadAttachment(executing.api, { name: '설계서.txt', bytes: new TextEncoder().encode('설계') })
  const draft = draftFor(cast, { attachments: [{ name: '설계서.txt', sha256 }] })
  const tenderId = await publishDraft(draft)
  const tender = await getCheckedTender(publicApi, platform, tenderId)
  t.equal(tender.view.state, 'published')
  t.equal(tender.last.notice.terms.attachments[0]?.sha256, sha256)
  t.ok((await listTenders(publicApi, { state: 'published' })).items.some((item) => item.tenderId === tenderId))

  const supplier = at(cast.suppliers, 0)
  const { envelope } = await sealForTender(tender, { identity: supplier.identity, content: { amountWon: 27_300_000, picks: [1, 2] }, now: now() })
  const first = await submitBid(supplier.api, platform, envelope)
  const again = await submitBid(supplier.api, platform, envelope)
  t.same([first.repeated, again.repeated, again.receipt], [false, true, first.receipt], 'the same envelope gets the same receipt')
  await bid(at(cast.suppliers, 1), tenderId, 27_400_000)
  await bid(at(cast.suppliers, 2), tenderId, 29_900_000)
  await bid(at(cast.suppliers, 3), tenderId, 27_200_000)
  const leaver = at(cast.suppliers, 3)
  await withdrawBid(leaver.api, platform, { identity: leaver.identity, tenderId, reason: '오기' })
  t.equal((await myBid(leaver.api, platform, tenderId)).status, 'withdrawn')

  const closed = await moveTo('2026-11-24T10:00:00+09:00')
  const inclusion = await checkInclusion(at(closed.suppliers, 0).api, platform, first.receipt)
  t.equal(inclusion.size, 4)
  await t.rejects(downloadArchive(publicApi, tenderId), { code: 'not-yet-open' })
  const early = reveal(closed.executing.api, platform, { identity: executing.identity, tenderId, now: now() })
  await t.rejects(early, { code: 'too-early' }, 'no key is revealed before its time')

  const opened = await moveTo('2026-11-24T11:00:00+09:00')
  t.equal((await reveal(opened.executing.api, platform, { identity: executing.identity, tenderId, now: now() })).opening, false)
  t.equal((await reveal(opened.witness.api, platform, { identity: witness.identity, tenderId, now: now() })).opening, true)
  const status = await waitForOpening(opened.executing.api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS })
  t.equal(status.state, 'opened')

  const evaluation = await readEvaluation(opened.executing.api, tenderId)
  t.equal(evaluation.outcome.next, supplier.identity.holderId)
  const judged = await evaluate(opened.executing.api, executing.identity, { tenderId, qualified: true, capabilityMarksMilli: null, reason: '적격' })
  t.equal(judged.outcome.winner, supplier.identity.holderId)
  const decision = await award(opened.executing.api, executing.identity, { tenderId, reason: '낙찰' })
  t.match(decision, { decision: 'awarded', supplierId: supplier.identity.holderId, amountWon: 27_300_000 })

  const record = await downloadRecord(publicApi, tenderId)
  const { record: archived, facts } = await recordOfArchive(await downloadArchive(publicApi, tenderId))
  t.same(archived, { ...record, contributions: record.contributions.toSorted((a, b) => holderIn(a) < holderIn(b) ? -1 : 1) }, 'object and archive are one record')
  const answer = await fetch(`${app.baseUrl}/v1/tenders/${tenderId}/record.tar`)
  t.equal(sha256Hex(new Uint8Array(await answer.arrayBuffer())), facts.sha256, 'the same bytes every time')
  t.equal(answer.headers.get('content-type'), 'application/x-tar')
  t.equal(answer.headers.get('content-disposition'), `attachment; filename="${tenderId}.record.tar"`)
  t.equal(answer.headers.get('content-length'), String(facts.sizeBytes))
  const report = await verifyRecord(record, { trustedRootDer: platform.rootDer, receipts: [first.receipt] })
  t.equal(report.failure, null, 'the record verifies with no trust in the server')
  t.equal(report.steps.find(({ name }) => name === 'withdrawals')?.checked, 1)
  t.equal(report.steps.find(({ name }) => name === 'receipts')?.checked, 1)
})

t.test('a change of terms supersedes bids; sealed prices; a lost key comes back from shares; the first bidder fails', async (t) => {
  const people = await moveTo(START)
  const prices = Array.from({ length: 15 }, (_, i) => 29_100_000 + i * 80_000)
  const draft = draftFor(cast, { price: { ...draftFor(cast).price, method: 'multiple-sealed' } })
  const tenderId = await draftTender(people.executing.api, draft)
  const key = async ({ api, identity }: Actor): Promise<boolean> => (await contribute(api, platform, { identity, tenderId, now: now() })).complete
  t.equal(await key(people.executing), false)
  t.same(missingMembers(await readCeremony(people.executing.api, tenderId)), [witness.identity.holderId])
  await t.rejects(publish(people.executing.api, platform, { identity: executing.identity, tenderId, now: now() }), { code: 'contribution-missing' })
  t.equal(await key(people.witness), true)
  t.match(await contribute(people.witness.api, platform, { identity: witness.identity, tenderId, now: now() }), { repeated: true, complete: true })
  const outside = sealAgencyPrices(people.executing.api, platform, { tenderId, prices: prices.map((price) => price * 2), now: now() })
  await t.rejects(outside, { code: 'sealed-prices-invalid' }, 'prices that no opening could use are never sealed')
  await sealAgencyPrices(people.executing.api, platform, { tenderId, prices, now: now() })
  await publish(people.executing.api, platform, { identity: executing.identity, tenderId, expected: draft, now: now() })

  const [low, high] = [at(people.suppliers, 0), at(people.suppliers, 1)]
  await bid(low, tenderId, 26_500_000)
  const changed = { ...draft, title: '청사 보수공사 (정정)', changeReason: '과업 변경' }
  await updateDraft(people.executing.api, { tenderId, draft: changed })
  const signAs = async (expected: TenderDraft): ReturnType<typeof publish> =>
    await publish(people.executing.api, platform, { identity: executing.identity, tenderId, expected, now: now() })
  await t.rejects(signAs({ ...changed, aValue: aValueOf(7) }), /against the draft, \/aValue/, 'a notice that says something else is not signed')
  await signAs(changed)
  t.equal((await myBid(low.api, platform, tenderId)).status, 'superseded')
  await bid(low, tenderId, 26_300_000)
  await bid(high, tenderId, 26_400_000)

  const opened = await moveTo('2026-11-24T11:00:00+09:00')
  await reveal(opened.executing.api, platform, { identity: executing.identity, tenderId, now: now() })
  const shares = async ({ api, identity }: Actor): ReturnType<typeof revealShares> =>
    await revealShares(api, platform, { identity, tenderId, now: now() })
  t.match(await shares(opened.audit), { owners: [witness.identity.holderId], answer: { opening: false } })
  t.equal((await openingStatus(opened.executing.api, tenderId)).holders.find(({ role }) => role === 'witness')?.shares, 1)
  t.match(await shares(opened.executing), { answer: { opening: true } }, 'two shares stand in for the witness')
  t.equal((await waitForOpening(opened.executing.api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS })).state, 'opened')

  const judge = async (qualified: boolean): ReturnType<typeof evaluate> =>
    await evaluate(opened.executing.api, executing.identity, { tenderId, qualified, capabilityMarksMilli: null, reason: '심사' })
  t.match(await judge(false), { outcome: { state: 'open', next: high.identity.holderId } })
  await t.rejects(award(opened.executing.api, executing.identity, { tenderId, reason: '이른 결정' }), { code: 'mismatch' })
  t.match(await judge(true), { outcome: { state: 'passed', winner: high.identity.holderId } })
  await award(opened.executing.api, executing.identity, { tenderId, reason: '낙찰' })
  const report = await verifyRecord(await downloadRecord(publicApi, tenderId), { trustedRootDer: platform.rootDer })
  t.equal(report.failure, null)
  t.match((await getTender(publicApi, tenderId)).opening?.prices.preliminaryPricesWon, prices)
})

t.test('a tender with one bidder fails, and its record verifies; a cancelled one is never opened', async (t) => {
  const people = await moveTo(START)
  const again = { ...cast, ...people }
  const publishAgain = async (): Promise<TenderId> => {
    const draft = draftFor(cast)
    const tenderId = await draftTender(again.executing.api, draft)
    for (const { api, identity } of [again.executing, again.witness]) await contribute(api, platform, { identity, tenderId, now: now() })
    await publish(again.executing.api, platform, { identity: executing.identity, tenderId, now: now() })
    return tenderId
  }
  const [lonely, dropped] = [await publishAgain(), await publishAgain()]
  await bid(at(again.suppliers, 0), lonely, 26_300_000)
  await cancelTender(again.executing.api, executing.identity, { tenderId: dropped, reason: '예산 삭감' })
  t.equal((await getTender(publicApi, dropped)).state, 'cancelled')
  const refused = bid(at(again.suppliers, 0), dropped, 26_300_000)
  await t.rejects(refused, { code: 'mismatch' }, 'the client does not even seal for it')

  const opened = await moveTo('2026-11-24T11:00:00+09:00')
  for (const { api, identity } of [opened.executing, opened.witness]) await reveal(api, platform, { identity, tenderId: lonely, now: now() })
  t.equal((await waitForOpening(opened.executing.api, lonely, { timeoutMs: OPENING_TIMEOUT_MS })).state, 'failed')
  t.match(await getTender(publicApi, lonely), { failure: { reason: 'fewer-than-two-valid' } })
  t.equal((await verifyRecord(await downloadRecord(publicApi, lonely), { trustedRootDer: platform.rootDer })).failure, null)
})
