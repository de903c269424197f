/** An officer's list of its own tenders: by seat, drafts included, for itself alone; and the officers that committees are made of. */
import t from 'tap'
import { contribute, draftTender, publish, updateDraft } from '../../src/client/ceremony.ts'
import { myTenders } from '../../src/client/desk.ts'
import { officersWith } from '../../src/client/officers.ts'
import { reveal } from '../../src/client/openings.ts'
import type { OfficerId, TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 1 })
const idOf = ({ identity }: Actor): OfficerId => identity.holderId as OfficerId
const only = async ({ api }: Actor) => (await myTenders(api)).items.map(({ tenderId, seat, state, hasDraft, contributed, keysComplete, revealed }) =>
  ({ tenderId, seat, state, hasDraft, contributed, keysComplete, revealed }))

t.test('a draft is on the list of its whole committee, and follows the committee', async (t) => {
  const other = await cast.enrol('정입회', 'witness')
  const tenderId = await draftTender(cast.executing.api, draftFor(cast))
  const start = { tenderId, state: 'draft', hasDraft: true, contributed: false, keysComplete: false, revealed: false }
  t.same(await only(cast.executing), [{ ...start, seat: 'executing' }])
  t.same(await only(cast.witness), [{ ...start, seat: 'witness' }])
  t.same(await only(cast.audit), [{ ...start, seat: 'audit' }])
  t.same(await only(other), [])
  const committee = { executing: idOf(cast.executing), witness: idOf(other), recovery: [], threshold: 2 }
  await updateDraft(cast.executing.api, { tenderId, draft: draftFor(cast, { committee }) })
  t.same(await only(cast.witness), [])
  t.same(await only(cast.audit), [])
  t.same(await only(other), [{ ...start, seat: 'witness' }])
})

t.test('it tells what its reader has done', async (t) => {
  const { platform } = cast
  const tenderId = await draftTender(cast.executing.api, draftFor(cast))
  const mine = async (actor: Actor) => (await only(actor)).find((item) => item.tenderId === tenderId)
  await contribute(cast.executing.api, platform, { identity: cast.executing.identity, tenderId, now: app.clock.now() })
  t.match(await mine(cast.executing), { contributed: true, keysComplete: false })
  t.match(await mine(cast.witness), { contributed: false, keysComplete: false })
  await contribute(cast.witness.api, platform, { identity: cast.witness.identity, tenderId, now: app.clock.now() })
  t.match(await mine(cast.executing), { contributed: true, keysComplete: true })
  await publish(cast.executing.api, platform, { identity: cast.executing.identity, tenderId, now: app.clock.now() })
  t.match(await mine(cast.audit), { state: 'published', hasDraft: false, revealed: false })
  app.clock.set(parseInstant(draftFor(cast).schedule.opensAt))
  await app.scheduler.tick()
  // Without bids nothing has to be revealed.
  t.match((await myTenders((await cast.login(cast.witness)).api)).items.find((item) => item.tenderId === tenderId), { state: 'failed' })
  await t.rejects(reveal((await cast.login(cast.witness)).api, platform, { identity: cast.witness.identity, tenderId, now: app.clock.now() }), { code: 'tender-state' })
})

t.test('pages of one give the same list', async (t) => {
  const { api } = await cast.login(cast.executing)
  const whole = (await myTenders(api)).items.map(({ tenderId }) => tenderId)
  t.equal(whole.length, 2)
  const seen: TenderId[] = []
  for (let cursor: TenderId | undefined; ;) {
    const { items, nextCursor } = await myTenders(api, { limit: 1, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...items.map(({ tenderId }) => tenderId))
    if (nextCursor === null) break
    cursor = nextCursor
  }
  t.same(seen, whole)
})

t.test('officers by role, for officers alone', async (t) => {
  const { api } = await cast.login(cast.executing)
  const witnesses = await officersWith(api, 'witness')
  t.same(witnesses.map(({ name, hasEncryptionKey }) => [name, hasEncryptionKey]), [['박입회', true], ['정입회', true]])
  const [supplier] = cast.suppliers
  if (supplier === undefined) throw new Error('there is a supplier')
  const asSupplier = (await cast.login(supplier)).api
  await t.rejects(officersWith(asSupplier, 'witness'), { code: 'forbidden', status: 403 })
  await t.rejects(myTenders(asSupplier), { code: 'forbidden', status: 403 })
  await t.rejects(myTenders(cast.publicApi), { code: 'authentication-required', status: 401 })
})
