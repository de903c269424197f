/** Closing slots: an hour takes only so many closings of published tenders, whoever comes first and however close together. */
import t from 'tap'
import { contribute, draftTender, publish, updateDraft } from '../../src/client/ceremony.ts'
import { cancelTender, getTender } from '../../src/client/tenders.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { MAX_CLOSINGS_PER_HOUR } from '../../src/domain/schedule.ts'
import { DEFAULT_POLICY } from '../../src/services/context.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { countRows } from '../support/refusals.ts'

const app = await buildApp(t, { policy: { maxClosingsPerHour: 2, scheduleStepMs: 60_000 } })
const cast = await makeCast(app, { suppliers: 0 })
const { platform, publicApi } = cast
const { api, identity } = cast.executing
const now = (): number => app.clock.now()
const kst = (time: string): string => `2026-11-24T${time}:00.000+09:00`

function draftAt (closes: string, opens: string): TenderDraft {
  const times = { questionsFrom: kst('09:00'), questionsUntil: kst('09:30'), closesAt: kst(closes), technicalOpensAt: null, opensAt: kst(opens) }
  return draftFor(cast, { schedule: times })
}

/** Drafted, with its key, ready to be published. */
async function prepare (draft: TenderDraft): Promise<TenderId> {
  const tenderId = await draftTender(api, draft)
  for (const member of [cast.executing, cast.witness]) await contribute(member.api, platform, { identity: member.identity, tenderId, now: now() })
  return tenderId
}

async function publishNow (tenderId: TenderId, expected?: TenderDraft): Promise<unknown> {
  return await publish(api, platform, { identity, tenderId, expected, now: now() })
}
/** A refusal that names the next free time. */
const full = (nextFreeAt: string): { code: string, field: string, problem: object } =>
  ({ code: 'closing-slot-full', field: '/schedule/closesAt', problem: { status: 409, nextFreeAt: kst(nextFreeAt), maxClosingsPerHour: 2 } })

t.test('the limit is the one of the rules', async (t) => {
  t.equal(DEFAULT_POLICY.maxClosingsPerHour, MAX_CLOSINGS_PER_HOUR)
  t.equal(MAX_CLOSINGS_PER_HOUR, 1500)
})

t.test('drafts do not count; publications do, and two cannot both take the last place', async (t) => {
  const [first, second, third] = [await prepare(draftAt('10:00', '12:00')), await prepare(draftAt('10:30', '12:00')), await prepare(draftAt('10:59', '12:00'))]
  await publishNow(first)
  const before = countRows(app)
  const results = await Promise.allSettled([publishNow(second), publishNow(third)])
  t.same(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'one of the two')
  const refused = results.find((result) => result.status === 'rejected')
  t.match(refused?.reason, full('11:00'))
  t.equal(countRows(app)['notices'], (before['notices'] ?? 0) + 1)
  const loser = results[0]?.status === 'rejected' ? second : third
  await t.rejects(publishNow(loser), full('11:00'), 'and it stays so')
  await t.rejects(draftTender(api, draftAt('10:01', '12:00')), full('11:00'), 'a new draft for that hour is refused at once')
  await t.resolves(draftTender(api, draftAt('11:00', '12:00')), 'the next hour begins at its first minute')
  await t.resolves(draftTender(api, draftAt('09:59', '12:00')), 'and the one before ends at its last')

  const moved = draftAt('11:00', '12:00')
  await updateDraft(api, { tenderId: loser, draft: moved })
  await t.resolves(publishNow(loser, moved))
  await t.rejects(updateDraft(api, { tenderId: loser, draft: { ...draftAt('10:00', '12:00'), changeReason: '앞당김' } }), full('11:00'))
})

t.test('a change notice keeps its own place; what is cancelled or closed gives its place back', async (t) => {
  const { items } = await publicApi.get<{ items: Array<{ tenderId: TenderId, closesAt: string }> }>('/v1/tenders', { limit: 10 })
  const inFull = items.filter(({ closesAt }) => closesAt < kst('11:00'))
  t.equal(inFull.length, 2)
  const [mine, other] = inFull.map(({ tenderId }) => tenderId) as [TenderId, TenderId]
  const later = { ...draftAt('10:45', '12:00'), changeReason: '연장' }
  await updateDraft(api, { tenderId: mine, draft: later })
  await t.resolves(publishNow(mine, later), 'within the full hour')
  t.equal((await getTender(publicApi, mine)).closesAt, kst('10:45'))
  await cancelTender(api, identity, { tenderId: other, reason: '예산' })
  await t.resolves(publishNow(await prepare(draftAt('10:10', '12:00'))))
  await t.rejects(draftTender(api, draftAt('10:10', '12:00')), full('11:00'))
})
