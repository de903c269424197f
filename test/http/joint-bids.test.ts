/** Joint bids from the agreement to the award: consent is proven, nobody can be named without it, and taking part twice voids both bids. */
import t from 'tap'
import { submitBid } from '../../src/client/bids.ts'
import { agreeToJointBid, assembleConsortium } from '../../src/client/joint-bids.ts'
import { listNotices, type NoticeView } from '../../src/client/notifications.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { suspendSupplier } from '../../src/client/registration.ts'
import { getCheckedTender } from '../../src/client/tenders.ts'
import { fromBase64url } from '../../src/crypto/bytes.ts'
import { signAgreement, type Consortium } from '../../src/crypto/consortium.ts'
import { sealBid } from '../../src/crypto/envelope.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { ConsortiumShare } from '../../src/domain/consortium.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at, expectFaults } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs, openAt, publishDraft, scheduleOf } from '../support/stage.ts'

const app = await buildApp(t, { options: { bidThread: true } })
const cast = await makeCast(app, { suppliers: 4 })
const stage = { app, cast }
const { platform, publicApi } = cast
const [leader, partner, other, single] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2), at(cast.suppliers, 3)]
const now = (): number => app.clock.now()
const idOf = ({ identity }: Actor): SupplierId => identity.holderId as SupplierId
const split = (...parts: Array<[Actor, number]>): ConsortiumShare[] => parts.map(([actor, sharePpm]) => ({ supplierId: idOf(actor), sharePpm }))
const draft = (day: string, change: Partial<TenderDraft> = {}): TenderDraft =>
  draftFor(cast, { jointBids: { maxMembers: 3, minimumSharePpm: 100_000 }, schedule: scheduleOf(day), ...change })

/** Every member but the leader agrees; then the leader puts the consortium together. */
async function together (tenderId: TenderId, first: Actor, others: Actor[], members: ConsortiumShare[]): Promise<Consortium> {
  const tender = await getCheckedTender(publicApi, platform, tenderId)
  const leaderId = idOf(first)
  const agreements = await Promise.all(others.map(async ({ identity }) =>
    ({ supplierId: identity.holderId as SupplierId, jws: await agreeToJointBid(tender, { identity, leaderId, members }) })))
  return assembleConsortium({ tenderId, leaderId, members, agreements })
}

const bid = async (actor: Actor, tenderId: TenderId, amountWon: number, consortium?: Consortium): Promise<unknown> =>
  await bidAs(stage, actor, { tenderId, amountWon, consortium })

const newsOf = async (actor: Actor): Promise<NoticeView[]> => (await listNotices((await cast.login(actor)).api)).items

/** An envelope as a hostile client makes it: whatever consortium, honestly signed by its leader. */
async function submitHostile (actor: Actor, tenderId: TenderId, consortium: Consortium): Promise<unknown> {
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const { api, identity } = await cast.login(actor)
  const envelope = await sealBid({
    tenderId,
    termsSha256,
    publicKey: fromBase64url(terms.key.publicKey),
    supplierId: idOf(actor),
    content: { amountWon: 27_500_000, picks: [1, 2] },
    signer: identity.signer,
    clientTime: formatKst(now()),
    consortium
  })
  return await submitBid(api, platform, envelope)
}

t.test('a consortium wins: the award names the leader, the record its members, and verification holds', async (t) => {
  const tenderId = await publishDraft(stage, draft('2026-11-24'))
  const members = split([leader, 600_000], [partner, 400_000])
  await bid(leader, tenderId, 27_500_000, await together(tenderId, leader, [partner], members))
  await bid(other, tenderId, 27_600_000)
  await app.notifier.tick()
  t.same(await newsOf(partner), [], 'before the opening only who bid is told')
  const { api, identity } = await openAt(stage, tenderId, '2026-11-24T11:00:00+09:00')
  await evaluate(api, identity, { tenderId, qualified: true, reason: '적격' })
  t.match(await award(api, identity, { tenderId, reason: '낙찰' }), { decision: 'awarded', supplierId: idOf(leader), amountWon: 27_500_000 })
  await app.notifier.tick()
  t.match(await newsOf(partner), [{ type: 'tender.awarded', tenderId, data: { winner: idOf(leader), won: true } }, { type: 'tender.opened', data: { rank: 1, amount: 27_500_000 } }])
  t.match(await newsOf(other), [{ type: 'tender.awarded', data: { won: false } }, { type: 'tender.opened' }, { type: 'tender.closed' }])
  const record = await downloadRecord(publicApi, tenderId)
  t.same(record.opening.rows.map((row) => row.members), [members, []])
  t.equal(record.certificates.length, 5, 'two officers, two bidders, and the member that agreed')
  t.equal((await verifyRecord(record, { trustedRootDer: platform.rootDer })).failure, null)

  await expectFaults(t, record, [
    {
      name: 'the certificate of the member left out',
      alter: (r) => { r.certificates = r.certificates.filter((pem) => pem !== certificateOf(partner)) },
      step: 'envelopes',
      detail: new RegExp(`agreement of ${idOf(partner)} does not hold.*not in the record`)
    },
    {
      name: 'other members in the opening',
      alter: (r) => { Object.assign(at(r.opening.rows, 0), { members: [] }) },
      step: 'opening',
      detail: /\/rows\/0\/members/
    }
  ])
})

const certificateOf = ({ identity }: Actor): string => {
  const base64 = Buffer.from(identity.certificateDer).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}

/** A problem of the server's, or a refusal of the client's own. */
interface Fault { code?: string, field?: string, context?: { field?: string } }

t.test('what the intake refuses', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const tenderId = await publishDraft(stage, draft('2026-11-25'))
  const elsewhere = await publishDraft(stage, draft('2026-11-25'))
  const members = split([leader, 600_000], [partner, 400_000])
  const good = await together(tenderId, leader, [partner], members)
  const withAgreement = (agreement: string | null, list = members): Consortium =>
    ({ members: list.map((member, i) => ({ ...member, agreement: i === 0 ? null : agreement })) })
  const signed = async (by: Actor, terms: Partial<Parameters<typeof signAgreement>[1]>): Promise<string> =>
    await signAgreement(by.identity.signer, { tenderId, leaderId: idOf(leader), members, ...terms })
  const agreement = at(good.members, 1).agreement ?? ''
  const [head = '', body = ''] = agreement.split('.')
  const halves = split([leader, 500_000], [partner, 500_000])
  const forged = `${head}.${body}.${Buffer.alloc(256, 7).toString('base64url')}`
  const reversed = { members: [...good.members].reverse().map((member, i) => ({ ...member, agreement: i === 0 ? null : agreement })) }
  const short = split([leader, 599_999], [partner, 400_000])
  const unknown = [...split([leader, 600_000]), { supplierId: '1234567891' as SupplierId, sharePpm: 400_000 }]
  const place = '/payload/consortium/members'
  const cases: Array<[name: string, consortium: Consortium, code: string, field: string]> = [
    ['for another tender', withAgreement(await signed(partner, { tenderId: elsewhere })), 'joint-bid-invalid', `${place}/1/agreement`],
    ['for another leader', withAgreement(await signed(partner, { leaderId: idOf(other) })), 'joint-bid-invalid', `${place}/1/agreement`],
    ['for other shares', withAgreement(await signed(partner, { members: halves })), 'joint-bid-invalid', `${place}/1/agreement`],
    ['signed by the leader in the member\'s name', withAgreement(await signed(leader, {})), 'joint-bid-invalid', `${place}/1/agreement`],
    ['signed by an officer', withAgreement(await signed(cast.executing, {})), 'joint-bid-invalid', `${place}/1/agreement`],
    ['a forged signature', withAgreement(forged), 'signature-invalid', `${place}/1/agreement/signature`],
    ['no statement at all', withAgreement('x.y.z'), 'invalid-base64url', `${place}/1/agreement/protected`],
    ['none', withAgreement(null), 'envelope-malformed', `${place}/1`],
    ['shares of 999,999', withAgreement(await signed(partner, { members: short }), short), 'joint-bid-invalid', `${place}`],
    ['a member nobody knows', withAgreement(await signed(partner, { members: unknown }), unknown), 'joint-bid-invalid', `${place}/1/supplierId`],
    ['led by another', reversed, 'joint-bid-invalid', `${place}/0/supplierId`]
  ]
  for (const [name, consortium, code, field] of cases) {
    // A malformed one no longer leaves this side: the client reads its own envelope as the server will.
    const fault = await submitHostile(leader, tenderId, consortium).then((): Fault => ({}), (error: unknown) => error as Fault)
    t.equal(fault.code, code, `${name}: ${code}`)
    t.equal(fault.context?.field ?? fault.field, field, `${name}: ${field}`)
  }
  const notAllowed = await publishDraft(stage, draft('2026-11-25', { jointBids: null }))
  const consortium = withAgreement(await signed(partner, { tenderId: notAllowed }))
  await t.rejects(submitHostile(leader, notAllowed, consortium), { code: 'joint-bid-invalid', field: '/payload/consortium' })
  await t.rejects(together(notAllowed, leader, [partner], members), { code: 'joint-bid-invalid' }, 'nor does the client agree to it')
  await t.resolves(submitHostile(leader, tenderId, good), 'the good one passes')
})

t.test('a suspended member keeps its consortium out', async (t) => {
  app.clock.set('2026-11-26T09:00:00+09:00')
  const tenderId = await publishDraft(stage, draft('2026-11-26'))
  const consortium = await together(tenderId, leader, [single], split([leader, 700_000], [single, 300_000]))
  const chief = await cast.login(cast.chief)
  const period = { from: '2026-11-26T08:00:00+09:00', until: '2026-11-26T20:00:00+09:00' }
  await suspendSupplier(chief.api, { supplierId: idOf(single), ...period, reason: '입찰담합' })
  await t.rejects(bid(leader, tenderId, 27_500_000, consortium), { code: 'supplier-suspended', field: '/payload/consortium/members/1/supplierId' })
})

t.test('eligibility: one member has the line of business, the leader the region', async (t) => {
  app.clock.set('2026-11-27T09:00:00+09:00')
  const members = split([leader, 600_000], [partner, 400_000])
  const attempt = async (eligibility: TenderDraft['eligibility']): Promise<void> => {
    const tenderId = await publishDraft(stage, draft('2026-11-27', { eligibility }))
    await bid(leader, tenderId, 27_500_000, await together(tenderId, leader, [partner], members))
  }
  await t.resolves(attempt({ linesOfBusiness: ['0001'], regions: ['서울특별시'] }))
  await t.rejects(attempt({ linesOfBusiness: ['9999'], regions: [] }), { code: 'supplier-ineligible', field: '/profile/linesOfBusiness' })
  await t.rejects(attempt({ linesOfBusiness: [], regions: ['부산광역시'] }), { code: 'supplier-ineligible', field: '/profile/region' })
})

t.test('a member of two bids: neither is refused, both are void at the opening, and verification agrees', async (t) => {
  app.clock.set('2026-11-28T09:00:00+09:00')
  const tenderId = await publishDraft(stage, draft('2026-11-28'))
  await bid(leader, tenderId, 27_500_000, await together(tenderId, leader, [partner], split([leader, 600_000], [partner, 400_000])))
  await bid(other, tenderId, 27_600_000, await together(tenderId, other, [partner], split([partner, 400_000], [other, 600_000])))
  await bid(single, tenderId, 27_700_000)
  await openAt(stage, tenderId, '2026-11-28T11:00:00+09:00')
  const record = await downloadRecord(publicApi, tenderId)
  t.match(record.opening, { outcome: 'failed', outcomeReason: 'fewer-than-two-valid' })
  t.same(record.opening.rows.map(({ supplierId, voidReason }) => [supplierId, voidReason]), [
    [idOf(single), null], [idOf(leader), 'duplicate-member'], [idOf(other), 'duplicate-member']
  ])
  t.equal((await verifyRecord(record, { trustedRootDer: platform.rootDer })).failure, null)
})

t.test('an agreement is no envelope, and no other statement an agreement', async (t) => {
  const jws = await signAgreement(leader.identity.signer, { tenderId: 'R26BK00000001' as TenderId, leaderId: idOf(leader), members: [] })
  t.throws(() => parseJws(jws, 'bongin-bid'), { code: 'envelope-malformed' })
  const session = await signJws(leader.identity.signer, 'bongin-session', { v: 1, type: 'bongin-session', challenge: '', platform: '' })
  t.throws(() => parseJws(session, 'bongin-consortium'), { code: 'envelope-malformed' })
})
