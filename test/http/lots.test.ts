/** Lots of one notice: tied by lot 1, refused where they do not fit, opened and awarded each by itself. */
import t from 'tap'
import { draftTender, publish, updateDraft } from '../../src/client/ceremony.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { cancelTender, getTender, listLots } from '../../src/client/tenders.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { readNotices } from '../../src/crypto/verify-notice.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { OfficerId, TenderId } from '../../src/domain/ids.ts'
import type { Lot, Notice } from '../../src/domain/notice.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { bidAs, openAt, publishDraft, publishDrafted, scheduleOf } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 3 })
const stage = { app, cast }
const { platform, publicApi } = cast
const draft = (lot: Lot | null, day = '2026-11-24', change: Partial<TenderDraft> = {}): TenderDraft =>
  draftFor(cast, { lot, schedule: scheduleOf(day), title: `급식 자재 ${lot?.number ?? ''}`, ...change })
const api = async (): Promise<Actor['api']> => (await cast.login(cast.executing)).api

const bid = async (actor: Actor, tenderId: TenderId, amountWon: number): Promise<unknown> => await bidAs(stage, actor, { tenderId, amountWon })

t.test('two lots: one notice, two keys, two winners', async (t) => {
  const first = await publishDraft(stage, draft({ noticeId: null, number: 1, count: 2 }))
  t.match((await getTender(publicApi, first)).notice.terms.lot, { noticeId: first, number: 1, count: 2 }, 'lot 1 names itself')
  t.match(await listLots(publicApi, first), { noticeId: first, count: 2, items: [{ number: 1, tenderId: first, state: 'published' }] })
  const second = await publishDraft(stage, draft({ noticeId: first, number: 2, count: 2 }))
  const listed = (await listLots(publicApi, second)).items
  t.same(listed.map(({ number, tenderId, state }) => [number, tenderId, state]), [[1, first, 'published'], [2, second, 'published']])
  const keys = await Promise.all([first, second].map(async (id) => (await getTender(publicApi, id)).notice.terms.key.publicKey))
  t.not(keys[0], keys[1])
  const [one, other, third] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2)]
  for (const [actor, id, amountWon] of [
    [one, first, 27_500_000], [other, first, 27_600_000], [other, second, 27_400_000], [third, second, 27_700_000]
  ] as const) await bid(actor, id, amountWon)
  await openAt(stage, first, '2026-11-24T11:00:00+09:00')
  const { api: session, identity } = await openAt(stage, second, '2026-11-24T11:00:00+09:00')
  for (const [id, winner] of [[first, one], [second, other]] as const) {
    await evaluate(session, identity, { tenderId: id, qualified: true, reason: '적격' })
    t.match(await award(session, identity, { tenderId: id, reason: '낙찰' }), { supplierId: winner.identity.holderId })
    t.equal((await verifyRecord(await downloadRecord(publicApi, id), { trustedRootDer: platform.rootDer })).failure, null)
  }
  t.same((await listLots(publicApi, first)).items.map(({ state }) => state), ['awarded', 'awarded'])
})

t.test('what does not fit its notice is refused, at the draft and again at the publication', async (t) => {
  app.clock.set('2026-11-25T09:00:00+09:00')
  const day = '2026-11-25'
  const alone = await publishDraft(stage, draft(null, day))
  const session = await api()
  const refused = async (lot: Lot, field: string, change: Partial<TenderDraft> = {}, code = 'lot-invalid'): Promise<void> => {
    await t.rejects(draftTender(session, draft(lot, day, change)), { code, field }, `${JSON.stringify(lot)}: ${field}`)
  }
  const first = await draftTender(session, draft({ noticeId: null, number: 1, count: 3 }, day))
  await refused({ noticeId: first, number: 1, count: 3 }, '/lot/noticeId')
  await refused({ noticeId: null, number: 2, count: 3 }, '/lot/noticeId', {}, 'rule-set-invalid')
  await refused({ noticeId: 'R26BK00009999' as TenderId, number: 2, count: 3 }, '/lot/noticeId')
  await refused({ noticeId: alone, number: 2, count: 3 }, '/lot/noticeId')
  await refused({ noticeId: first, number: 2, count: 4 }, '/lot/count')
  await refused({ noticeId: first, number: 4, count: 3 }, '/lot/number', {}, 'rule-set-invalid')
  await t.rejects(listLots(publicApi, alone), { code: 'not-found' })
  await t.rejects(listLots(publicApi, first), { code: 'tender-not-found' }, 'a draft is not public')

  const second = await draftTender(session, draft({ noticeId: first, number: 2, count: 3 }, day))
  await refused({ noticeId: first, number: 2, count: 3 }, '/lot/number')
  await refused({ noticeId: second, number: 3, count: 3 }, '/lot/noticeId')
  await t.rejects(publishDrafted(stage, second), { code: 'lot-invalid', field: '/lot/noticeId' }, 'lot 1 comes first')
  await updateDraft(session, { tenderId: first, draft: draft({ noticeId: null, number: 1, count: 2 }, day) })
  await publishDrafted(stage, first)
  await t.rejects(publishDrafted(stage, second), { code: 'lot-invalid', field: '/lot/count' }, 'lot 1 was changed since')
  await updateDraft(session, { tenderId: second, draft: draft({ noticeId: first, number: 2, count: 2 }, day) })
  await publishDrafted(stage, second)

  const changed = { ...draft({ noticeId: first, number: 2, count: 2 }, day), title: '급식 자재 2 (정정)', changeReason: '정정' }
  await t.rejects(updateDraft(session, { tenderId: second, draft: { ...changed, lot: null } }), { code: 'rule-set-invalid', field: '/lot' })
  const { identity } = cast.executing
  await cancelTender(session, identity, { tenderId: first, reason: '예산 변경' })
  await updateDraft(session, { tenderId: second, draft: changed })
  await publish(session, platform, { identity, tenderId: second, expected: changed, now: app.clock.now() })
  t.equal((await getTender(publicApi, second)).revision, '001', 'the other lots go on when lot 1 is cancelled')
  await refused({ noticeId: first, number: 2, count: 2 }, '/lot/noticeId')
  t.same((await listLots(publicApi, second)).items.map(({ number, state }) => [number, state]), [[1, 'cancelled'], [2, 'published']])
})

t.test('another executing officer cannot join a notice', async (t) => {
  app.clock.set('2026-11-26T09:00:00+09:00')
  const first = await publishDraft(stage, draft({ noticeId: null, number: 1, count: 2 }, '2026-11-26'))
  const lot = { noticeId: first, number: 2, count: 2 }
  const other = await cast.enrol('정집행', 'executing')
  const theirs = draft(lot, '2026-11-26')
  const committee = { ...theirs.committee, executing: other.identity.holderId as OfficerId }
  await t.rejects(draftTender(other.api, { ...theirs, committee }), { code: 'lot-invalid', field: '/committee/executing' })
  await t.resolves(draftTender(await api(), theirs))
})

t.test('a lot does not change between revisions: verification refuses such notices', async (t) => {
  app.clock.set('2026-11-27T09:00:00+09:00')
  const tenderId = await publishDraft(stage, draft({ noticeId: null, number: 1, count: 2 }, '2026-11-27'))
  const [text = ''] = (await getTender(publicApi, tenderId)).notices
  const notice = parseJws(text, 'bongin-notice').payload as Notice
  const revise = async (lot: Lot | null, title: string): Promise<string> => {
    const terms = { ...notice.terms, title, lot }
    const revised = { ...notice, revision: '001', changeReason: '정정', terms, termsSha256: sha256Hex(canonicalBytes(terms)) }
    return await signJws(cast.executing.identity.signer, 'bongin-notice', revised)
  }
  const kept = await revise(notice.terms.lot, '정정')
  t.equal(readNotices([text, kept]).length, 2)
  const [gone, more] = [await revise(null, notice.terms.title), await revise({ noticeId: tenderId, number: 1, count: 3 }, notice.terms.title)]
  t.throws(() => readNotices([text, gone]), /\/lot/)
  t.throws(() => readNotices([text, more]), /\/lot\/count/)
  const foreign = await revise({ noticeId: 'R26BK00000001' as TenderId, number: 1, count: 2 }, notice.terms.title)
  t.throws(() => readNotices([text, foreign]), /Lot 1 names itself/)
})
