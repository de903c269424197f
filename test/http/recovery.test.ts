/**
 * Members that are missing, refuse, or dealt rubbish, and keys asked for early: recovery by shares at a real server, and the
 * platform's seed, which nothing but the clock releases.
 */
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, readCeremony, updateDraft } from '../../src/client/ceremony.ts'
import { checkDealtShares } from '../../src/client/dealt-shares.ts'
import { encryptionOf } from '../../src/client/identity.ts'
import { openingStatus, reveal, revealShares, waitForOpening } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getTender } from '../../src/client/tenders.ts'
import { randomBytes, toBase64url } from '../../src/crypto/bytes.ts'
import { makeContribution, parseContribution } from '../../src/crypto/contribution.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { wrapSecret } from '../../src/crypto/secret-wrap.ts'
import { openShare, shareCommitment, unwrapSeed, type SealedShare } from '../../src/crypto/shares.ts'
import { sealInfo, sealValue } from '../../src/crypto/sealed.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { openIfReady } from '../../src/services/open-tender.ts'
import { seedWrapContext } from '../../src/services/reveals.ts'
import { insertReveal, listReveals } from '../../src/storage/ceremony.ts'
import { getTender as getStoredTender } from '../../src/storage/tenders.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { scheduleOf } from '../support/stage.ts'
import { idOf, moveTo } from '../support/two-envelopes.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const { executing, witness, audit, platform, publicApi } = cast
const second = await cast.enrol('한감사', 'audit')
const now = (): number => app.clock.now()
const days = ['11-25', '11-26', '11-27', '11-30', '12-01', '12-02', '12-03']
let day = ''
const time = (hour: string): string => `2026-${day}T${hour}:00+09:00`
// Each test has its own working day.
t.beforeEach(() => {
  day = days.shift() ?? ''
  app.clock.set(time('09:00'))
})

/** Two recovery officers; two shares give a key. */
function draft (): TenderDraft {
  const base = draftFor(cast, { schedule: scheduleOf(`2026-${day}`) })
  return { ...base, committee: { ...base.committee, recovery: [idOf(audit), idOf(second)], threshold: 2 } }
}

async function contributeAs (actor: Actor, tenderId: TenderId): Promise<unknown> {
  const { api, identity } = await cast.login(actor)
  return await contribute(api, platform, { identity, tenderId, now: now() })
}

async function publishAs (tenderId: TenderId, expected?: TenderDraft): Promise<unknown> {
  const { api, identity } = await cast.login(executing)
  return await publish(api, platform, { identity, tenderId, expected, now: now() })
}

/** Published with two bids. */
async function tenderWithBids (): Promise<TenderId> {
  const tenderId = await draftTender((await cast.login(executing)).api, draft())
  for (const actor of [executing, witness]) await contributeAs(actor, tenderId)
  await publishAs(tenderId)
  await bidTwice(tenderId)
  return tenderId
}

async function bidTwice (tenderId: TenderId): Promise<void> {
  for (const [i, actor] of cast.suppliers.entries()) {
    const { api, identity } = await cast.login(actor)
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon: 27_300_000 + i, picks: [3, 7] }, now: now() })
    await submitBid(api, platform, envelope)
  }
}

const sharesAs = async (actor: Actor, tenderId: TenderId, ownerId?: string): ReturnType<typeof revealShares> => {
  const { api, identity } = await cast.login(actor)
  return await revealShares(api, platform, { identity, tenderId, ownerId, now: now() })
}

async function openShareOf (actor: Actor, tenderId: TenderId, ownerId: string): Promise<string> {
  const { api, identity } = await cast.login(actor)
  const { shares } = await api.get<{ shares: Array<SealedShare & { ownerId: string }> }>(`/v1/tenders/${tenderId}/shares`)
  const share = shares.find((one) => one.ownerId === ownerId)
  if (share === undefined) throw new Error('a share of the owner')
  const { privateKey } = encryptionOf(identity)
  return toBase64url(await openShare({ share, tenderId, ownerId, recipientId: identity.holderId, privateKey }))
}

const postShare = async (actor: Actor, tenderId: TenderId, body: { ownerId: string, share: string }): Promise<unknown> =>
  await (await cast.login(actor)).api.post(`/v1/tenders/${tenderId}/share-reveals`, body)

async function expectOpened (t: Test, tenderId: TenderId, what: string): Promise<void> {
  t.equal((await waitForOpening((await cast.login(executing)).api, tenderId, { timeoutMs: 20_000 })).state, 'opened', what)
  const report = await verifyRecord(await downloadRecord(publicApi, tenderId), { trustedRootDer: platform.rootDer })
  t.equal(report.failure, null, 'and the record verifies')
}

t.test('early: refused by the server whatever is sent, by the client whatever the server says', async (t) => {
  const tenderId = await tenderWithBids()
  await moveTo(app, time('10:59'))
  const { api } = await cast.login(executing)
  for (const body of [{ seed: toBase64url(randomBytes(32)) }, { seed: toBase64url(await seedOf(executing, tenderId)) }]) {
    await t.rejects(api.post(`/v1/tenders/${tenderId}/reveals`, body), { code: 'reveal-early' })
  }
  const share = await openShareOf(audit, tenderId, idOf(witness))
  await t.rejects(postShare(audit, tenderId, { ownerId: idOf(witness), share }), { code: 'reveal-early' }, 'a share too')
  await t.rejects(sharesAs(audit, tenderId), { code: 'too-early' })
  await t.rejects(reveal(api, platform, { identity: executing.identity, tenderId, now: now() }), { code: 'too-early' })
  t.same(await listReveals(app.context.db.read, tenderId, 'price'), [], 'nothing is kept')
})

async function seedOf (actor: Actor, tenderId: TenderId): Promise<Uint8Array> {
  const { api, identity } = await cast.login(actor)
  const { wrappedSeed } = await api.get<{ wrappedSeed: SealedShare }>(`/v1/tenders/${tenderId}/key`)
  return await unwrapSeed({ wrapped: wrappedSeed, tenderId, holderId: identity.holderId, privateKey: encryptionOf(identity).privateKey })
}

t.test('the clock alone releases the platform\'s seed: before its time it is not even unwrapped', async (t) => {
  const tenderId = await tenderWithBids()
  await moveTo(app, time('10:30'))
  // No request brings seeds into the database before the time; whoever writes to it can.
  for (const actor of [executing, witness]) {
    const holderId = idOf(actor)
    const context = seedWrapContext({ tenderId, envelope: 'price', holderId })
    const seedWrapped = wrapSecret({ kek: app.installation.kek, secret: await seedOf(actor, tenderId), context })
    const row = { tenderId, holderId, envelope: 'price', via: 'holder', seedWrapped, revealedAt: now() } as const
    await app.context.db.write(async (tx) => { await insertReveal(tx, row) })
  }
  const setWrapped = async (value: string): Promise<void> => {
    await app.context.db.write(async (tx) => { tx.run(sql`UPDATE tenders SET platform_seed_wrapped = ${value} WHERE tender_id = ${tenderId}`) })
  }
  const wrapped = (await getStoredTender(app.context.db.read, tenderId))?.platformSeedWrapped ?? ''
  // Where it would be unwrapped, a damaged one makes a noise.
  await setWrapped(`${wrapped.slice(0, -4)}AAAA`)
  await t.resolves(moveTo(app, `2026-${day}T10:59:59.999+09:00`), 'a millisecond before, nobody looks at it')
  t.equal(await openIfReady(app.context, tenderId), false, 'nor does the opening itself, whoever starts it')
  t.match(await openingStatus((await cast.login(executing)).api, tenderId), { state: 'closed', holders: [{ role: 'platform', revealed: false }, {}, {}] })
  await moveTo(app, time('11:00'))
  const reported = app.logLines.filter((line) => line.includes('background work failed') && line.includes(tenderId))
  t.match(reported.at(-1), /The wrapped secret does not open/, 'at its time it is unwrapped')
  await setWrapped(wrapped)
  await app.scheduler.tick()
  t.equal((await waitForOpening((await cast.login(executing)).api, tenderId, { timeoutMs: 20_000 })).state, 'opened', 'and the tender opens')
  const { failure } = await verifyRecord(await downloadRecord(publicApi, tenderId), { trustedRootDer: platform.rootDer })
  t.match(failure, { step: 'story', detail: /Holders that revealed before it/ }, 'what was slipped in shows: the ledger does not know of it')
  const reveals = await listReveals(app.context.db.read, tenderId, 'price')
  t.match(reveals.find(({ holderId }) => holderId === 'platform'), { via: 'clock', revealedAt: now() })
})

t.test('the witness is missing: too few shares, wrong shares, then enough', async (t) => {
  const tenderId = await tenderWithBids()
  await moveTo(app, time('11:00'))
  const { api, identity } = await cast.login(executing)
  await reveal(api, platform, { identity, tenderId, now: now() })
  const ownerId = idOf(witness)
  const mismatch = { code: 'share-mismatch', field: '/share' }
  const right = await openShareOf(audit, tenderId, ownerId)
  await t.rejects(postShare(audit, tenderId, { ownerId, share: toBase64url(randomBytes(33)) }), mismatch, 'a share of chance')
  await t.rejects(postShare(audit, tenderId, { ownerId, share: await openShareOf(second, tenderId, ownerId) }), mismatch, 'another officer\'s share')
  await t.rejects(postShare(audit, tenderId, { ownerId, share: await openShareOf(audit, tenderId, idOf(executing)) }), mismatch, 'a share of another\'s seed')
  await t.rejects(postShare(audit, tenderId, { ownerId, share: right.slice(0, -2) }), { code: /share-mismatch|invalid/ }, 'a short one')
  await t.rejects(postShare(witness, tenderId, { ownerId, share: right }), { code: 'recovery-unavailable' }, 'the owner has no share of its own seed')
  await t.rejects(postShare(audit, tenderId, { ownerId: idOf(audit), share: right }), { code: 'recovery-unavailable' })
  t.match(await sharesAs(audit, tenderId), { owners: [ownerId], answer: { opening: false } })
  t.match(await sharesAs(audit, tenderId), { answer: { opening: false } }, 'the same share twice is one share')
  const { state, holders } = await openingStatus(api, tenderId)
  t.equal(state, 'closed')
  t.match(holders, [{ role: 'platform', revealed: false }, {}, { role: 'witness', revealed: false, shares: 1, threshold: 2 }])
  await app.scheduler.tick()
  t.equal((await getTender(publicApi, tenderId)).state, 'closed', 'one share too few opens nothing')
  t.match(await sharesAs(second, tenderId), { answer: { opening: true } })
  await expectOpened(t, tenderId, 'two recovery officers stand in for the witness')
})

t.test('the executing officer refuses and the witness is missing: the recovery officers open alone', async (t) => {
  const tenderId = await tenderWithBids()
  await moveTo(app, time('11:00'))
  t.match(await sharesAs(audit, tenderId), { owners: [idOf(executing), idOf(witness)], answer: { opening: false } })
  t.match(await sharesAs(second, tenderId, idOf(executing)), { owners: [idOf(executing)], answer: { opening: false } }, 'one member\'s seed is not enough')
  t.match(await sharesAs(second, tenderId), { owners: [idOf(witness)], answer: { opening: true } })
  await expectOpened(t, tenderId, 'nobody has a veto')
})

/** The witness's part with shares of chance; `committed`: what it signs a commitment to is what it deals. */
async function rubbish (tenderId: TenderId, { committed }: { committed: boolean }): Promise<string> {
  const recipients = [executing, audit, second].map((one) => ({ holderId: idOf(one), encryptionKey: encryptionOf(one.identity).publicKey }))
  const { identity: { signer }, identity } = witness
  const ownEncryptionKey = encryptionOf(identity).publicKey
  const who = { tenderId, holderId: idOf(witness), role: 'witness', ownEncryptionKey, signer } as const
  const honest = await makeContribution({ ...who, seed: randomBytes(32), recipients, threshold: 2 })
  const { payload } = parseContribution(honest)
  const shares = await Promise.all(payload.shares.map(async ({ holderId, commitment }, i) => {
    const share = Uint8Array.of(...randomBytes(32), i + 1)
    const info = sealInfo('bongin share v1', tenderId, idOf(witness), holderId)
    const sealed = await sealValue({ publicKey: at(recipients, i).encryptionKey, info, plaintext: share })
    const own = shareCommitment({ share, tenderId, ownerId: idOf(witness), recipientId: holderId })
    return { holderId, commitment: committed ? own : commitment, ...sealed }
  }))
  return await signJws(signer, 'bongin-contribution', { ...payload, shares })
}

t.test('rubbish for shares, not as committed: every holder sees it at once, and nothing is published', async (t) => {
  const boss = await cast.login(executing)
  const tenderId = await draftTender(boss.api, draft())
  await (await cast.login(witness)).api.post(`/v1/tenders/${tenderId}/contributions`, { jws: await rubbish(tenderId, { committed: false }) })
  const dealer = idOf(witness)
  for (const actor of [executing, audit, second]) {
    const { api, identity } = await cast.login(actor)
    const checked = await checkDealtShares(await readCeremony(api, tenderId), platform, { identity, now: now() })
    t.same(checked, [{ ownerId: dealer, envelope: 'price', fault: 'not-as-committed' }])
  }
  const named = { code: 'mismatch', message: new RegExp(`${dealer} dealt is not what it signed`) }
  await t.rejects(contributeAs(executing, tenderId), named, 'the other member does not contribute')
  const stranger = { ...executing.identity, encryption: encryptionOf(second.identity) }
  const shown = await checkDealtShares(await readCeremony(boss.api, tenderId), platform, { identity: stranger, now: now() })
  t.same(shown.map(({ fault }) => fault), ['does-not-open'])
})

t.test('rubbish that was committed to: the recovery fails with the dealer\'s name; the dealer itself can still reveal', async (t) => {
  const boss = await cast.login(executing)
  const tenderId = await draftTender(boss.api, draft())
  await (await cast.login(witness)).api.post(`/v1/tenders/${tenderId}/contributions`, { jws: await rubbish(tenderId, { committed: true }) })
  await contributeAs(executing, tenderId)
  await publishAs(tenderId)
  await bidTwice(tenderId)
  await moveTo(app, time('11:00'))
  const { api, identity } = await cast.login(executing)
  await reveal(api, platform, { identity, tenderId, now: now() })
  t.match(await sharesAs(audit, tenderId), { answer: { opening: false } })
  const blamed = { code: 'share-mismatch', field: '/ownerId', message: new RegExp(`${idOf(witness)} dealt them wrong`) }
  for (const actor of [second, executing]) await t.rejects(sharesAs(actor, tenderId), blamed)
  t.match(await openingStatus(api, tenderId), { state: 'closed', holders: [{}, {}, { revealed: false, shares: 3 }] }, 'the shares stay as evidence')
  const missing = await cast.login(witness)
  await reveal(missing.api, platform, { identity: missing.identity, tenderId, now: now() })
  await expectOpened(t, tenderId, 'whoever dealt rubbish can only reveal')
})

t.test('a deadline moved by a change notice: bids sealed before it open at the new time, without resealing', async (t) => {
  const tenderId = await tenderWithBids()
  const { api } = await cast.login(executing)
  const moved = { ...draft(), schedule: { ...draft().schedule, closesAt: time('12:00'), opensAt: time('13:00') }, changeReason: '입찰 기간 연장' }
  await updateDraft(api, { tenderId, draft: moved })
  await publishAs(tenderId, moved)
  await moveTo(app, time('11:00'))
  const early = await cast.login(witness)
  const tried = reveal(early.api, platform, { identity: early.identity, tenderId, now: now() })
  await t.rejects(tried, { code: 'too-early' }, 'the first time has no meaning any more')
  await t.rejects(early.api.post(`/v1/tenders/${tenderId}/reveals`, { seed: toBase64url(await seedOf(witness, tenderId)) }), { code: 'reveal-early' })
  await moveTo(app, time('13:00'))
  for (const actor of [executing, witness]) {
    const { api: line, identity } = await cast.login(actor)
    await reveal(line, platform, { identity, tenderId, now: now() })
  }
  await expectOpened(t, tenderId, 'at the new time')
  const { opening } = await getTender(publicApi, tenderId)
  t.match(opening?.rows, [{ amountWon: 27_300_000, voidReason: null }, { amountWon: 27_300_001, voidReason: null }])
})
