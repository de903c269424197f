/** A deadline that an outage moved: an honest record verifies, and every forged extension is noticed. */
import t from 'tap'
import { parseOutageAct } from '../../src/crypto/outage-act.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { at, dropEntry, entryOf, expectFaults, moveEntry, swap, type Attack } from '../support/attacks.ts'
import { closingOver, extendedPayload, makeExtendedRecord, OUTAGE, outageAct, OUTAGE_OFFICER, PREVIOUS } from '../support/extend-record.ts'
import { jwsDigest, kst, rechain, reopen, resign } from '../support/make-record.ts'
import { EXECUTING, makeWorld, signerOf, SUPPLIERS } from '../support/make-world.ts'

const world = await makeWorld()
const honest = await makeExtendedRecord(world)
type Record = typeof honest

const attack = (step: Attack['step'], name: string, alter: (record: Record) => void | Promise<void>, detail: RegExp): Attack => ({
  step,
  name,
  alter: async (record) => {
    await alter(record)
    rechain(record)
  },
  detail
})

/** Another outage in the place of the honest one, told by the ledger as if it were right. */
async function replace (record: Record, change: Parameters<typeof outageAct>[1], payload?: (jws: string) => object): Promise<void> {
  const jws = await outageAct(world, change)
  record.outages = [jws]
  entryOf(record, 'extended').payload = { ...(payload?.(jws) ?? extendedPayload(jws, change?.outage)) }
}

t.test('an honest record: closed in the outage, taken up again, closed anew', async (t) => {
  const report = await verifyRecord(honest)
  t.equal(report.failure, null)
  t.match(report.steps.find(({ name }) => name === 'outages'), { checked: 1, ok: true })
  t.match(report.steps.find(({ name }) => name === 'checkpoint'), { checked: 2 })
  t.same(honest.ledger.map(({ type }) => type).slice(-11), ['bid', 'closed', 'extended', 'bid', 'closed', 'revealed', 'revealed', 'revealed', 'opened', 'evaluated', 'awarded'])
})

t.test('the outage: signed, of that officer, possible, told once', async (t) => {
  await expectFaults(t, honest, [
    attack('outages', 'signed by a supplier', async (r) => { await replace(r, { signedBy: SUPPLIERS[0] }) }, /Signed by supplier/),
    attack('outages', 'signed by another officer than it names', async (r) => { await replace(r, { signedBy: EXECUTING }) }, /Signed by officer O00000001, where officer O00000003 must sign/),
    attack('outages', 'a signature of other bytes', (r) => {
      const [header, payload] = at(r.outages, 0).split('.')
      r.outages = [`${header}.${payload}.${at(r.notices, 0).split('.')[2]}`]
      entryOf(r, 'extended').payload = extendedPayload(at(r.outages, 0))
    }, /signature/i),
    attack('outages', 'not told by the ledger', (r) => { dropEntry(r, 'extended') }, /must name the signed act/),
    attack('outages', 'told, but not in the record', (r) => { r.outages = [] }, /another outage than the record's next one/),
    attack('outages', 'named by another entry than an extension', (r) => {
      const { jwsSha256 } = entryOf(r, 'extended').payload ?? {}
      dropEntry(r, 'extended')
      Object.assign(entryOf(r, 'closed', 1), { at: kst('2026-11-24T10:32:00'), payload: { jwsSha256 } })
    }, /does not tell of every outage/),
    attack('outages', 'two in another order than the ledger has them', async (r) => {
      const second = await outageAct(world, { outage: { ...OUTAGE, announcedAt: OUTAGE.announcedAt + 1000 } })
      r.ledger.splice(r.ledger.indexOf(entryOf(r, 'extended')) + 1, 0, { ...entryOf(r, 'extended'), payload: { jwsSha256: jwsDigest(second) } })
      r.outages.unshift(second)
    }, /another outage than the record's next one/),
    attack('outages', 'told twice', (r) => { r.ledger.splice(r.ledger.indexOf(entryOf(r, 'extended')), 0, entryOf(r, 'extended')) }, /must name the signed act/),
    attack('outages', 'before any notice', (r) => { moveEntry(r, 'extended', { before: 'published' }) }, /before there is a notice/),
    attack('outages', 'announced before the recovery', async (r) => { await replace(r, { outage: { ...OUTAGE, announcedAt: OUTAGE.recoveredAt - 1 } }) }, /announced once it is there/),
    attack('outages', 'applied before it was announced', (r) => { entryOf(r, 'extended').at = kst('2026-11-24T10:30:59') }, /in the future/),
    attack('outages', 'applied long after it was announced', (r) => { entryOf(r, 'extended').at = kst('2026-11-24T10:41:01') }, /10 minutes/),
    attack('notices', 'an outage that does not reach the deadline', async (r) => {
      const outage = { ...OUTAGE, fromAt: PREVIOUS.closesAt + 1 }
      await replace(r, { outage }, (jws) => extendedPayload(jws))
    }, /does not reach the deadline/)
  ])
})

t.test('the new times are those of the rule', async (t) => {
  const say = (name: string, change: object, detail: RegExp): Attack =>
    attack('story', name, (r) => { Object.assign(entryOf(r, 'extended').payload ?? {}, change) }, detail)
  await expectFaults(t, honest, [
    say('another rule', { rule: 'long-outage' }, /\(extended\).*\/rule/),
    say('a later closing', { closesAt: kst('2026-11-24T16:00:00') }, /\/closesAt/),
    say('an earlier opening', { opensAt: kst('2026-11-24T13:30:00') }, /\/opensAt/),
    say('other times before', { previous: { closesAt: kst('2026-11-24T09:00:00'), technicalOpensAt: null, opensAt: kst('2026-11-24T11:00:00') } }, /\/previous\/closesAt/),
    say('a closed day', { nextWorkingDay: true }, /\/nextWorkingDay/),
    say('a word more', { note: '' }, /\/note/),
    attack('story', 'by another actor', (r) => { entryOf(r, 'extended').actor = EXECUTING }, /Its actor/),
    attack('story', 'a holiday that the installation adds moves the closing to the next day', async (r) => {
      const outage = { ...OUTAGE, extraHolidays: ['2026-11-24'] }
      await replace(r, { outage })
    }, /Ledger entry \d+ \(closed\).*before the deadline/),
    attack('leaves', 'a bid after the new deadline', async (r) => {
      at(r.leaves, -1).acceptedAt = kst('2026-11-24T13:00:00')
      const bids = r.ledger.filter(({ type }) => type === 'bid')
      Object.assign(at(bids, -1), { at: kst('2026-11-24T13:00:00') })
      resign(world, r)
    }, /accepted at 2026-11-24T13:00:00.000\+09:00, after the deadline 2026-11-24T13:00/),
    attack('story', 'keys revealed at the old opening time', (r) => { for (const entry of r.ledger) if (entry.type === 'revealed') entry.at = kst('2026-11-24T13:59:59') }, /before the opening time/),
    attack('story', 'closed anew at the old deadline', (r) => { entryOf(r, 'closed', 1).at = kst('2026-11-24T12:59:59') }, /before the deadline/)
  ])
})

t.test('the order of events around it', async (t) => {
  await expectFaults(t, honest, [
    attack('story', 'a bid while it was closed', (r) => { moveEntry(r, 'bid', { nth: 5, before: 'extended' }) }, /\(bid\): It cannot follow while the tender is closed/),
    attack('story', 'a bid after the old deadline, before the extension', async (r) => {
      // Not closed in between: the deadline alone must stop the bid.
      dropEntry(r, 'closed')
      r.earlierCheckpoints = []
      moveEntry(r, 'bid', { nth: 5, before: 'extended' })
    }, /\(bid\): It came after the deadline/),
    attack('story', 'extended once a key was revealed', async (r) => {
      const revealed = { ...entryOf(r, 'revealed'), at: kst('2026-11-24T11:00:00') }
      dropEntry(r, 'revealed')
      r.ledger.splice(r.ledger.indexOf(entryOf(r, 'extended')), 0, revealed)
      entryOf(r, 'extended').at = kst('2026-11-24T11:00:00')
      await replace(r, { outage: { ...OUTAGE, announcedAt: parseInstant(kst('2026-11-24T10:55:00')) } })
    }, /\(revealed\): It is before the opening time/),
    attack('story', 'a closing more than the ledger has', (r) => { r.earlierCheckpoints.push(r.checkpoint) }, /The number of closings/),
    attack('story', 'not closed anew', (r) => { dropEntry(r, 'closed', 1) }, /while the tender is published/),
    attack('story', 'the first closing left out of the ledger', (r) => { dropEntry(r, 'closed') }, /\(closed\): .*rootSha256|Bids before it/),
    attack('story', 'the first closing left out of the record', (r) => { r.earlierCheckpoints = [] }, /Bids before it/),
    attack('story', 'closings in another order', (r) => { swap(r.ledger, r.ledger.indexOf(entryOf(r, 'closed', 0)), r.ledger.indexOf(entryOf(r, 'closed', 1))) }, /\(closed\): .*rootSha256/)
  ])
})

t.test('the second tree extends the first', async (t) => {
  const sizes = honest.leaves.length - 1
  await expectFaults(t, honest, [
    attack('checkpoint', 'a first checkpoint by another hand', (r) => { r.earlierCheckpoints = [at(r.earlierCheckpoints, 0).replace(/— bongin\.test [^\n]+/, '— bongin.test AAAAAAAA')] }, /checkpoint/i),
    attack('leaves', 'a leaf of the first tree swapped', async (r) => {
      swap(r.leaves, 0, 1)
      resign(world, r)
      entryOf(r, 'closed').payload = { ...closingOver(world, honest, sizes).payload }
    }, /The root of closing 0/),
    attack('leaves', 'a first tree that is larger', (r) => {
      r.earlierCheckpoints = [closingOver(world, honest, honest.leaves.length).checkpoint]
      r.leaves.pop()
      r.envelopes.pop()
      resign(world, r)
    }, /had more leaves/),
    attack('story', 'the ledger tells of another first tree', (r) => { entryOf(r, 'closed').payload = { ...closingOver(world, honest, sizes - 1).payload } }, /\(closed\)/)
  ])
  const smaller = structuredClone(honest)
  await reopen(world, smaller)
  t.equal((await verifyRecord(smaller)).failure, null, 'made again, it still verifies')
})

t.test('a statement of an outage has one form', async (t) => {
  const act = parseOutageAct(at(honest.outages, 0))
  t.match(act, { outage: OUTAGE, payload: { officerId: OUTAGE_OFFICER, reason: '서버 장애' } })
  const good = act.jws.payload as Readonly<{ [member: string]: unknown }>
  const cases: Array<[string, object, string]> = [
    ['a member more', { note: '' }, '/payload/note'],
    ['a member less', { reason: undefined }, '/payload/reason'],
    ['another spelling of a time', { fromAt: '2026-11-24T09:30:00+09:00' }, '/payload/fromAt'],
    ['a step of nothing', { stepMs: 0 }, '/payload/stepMs'],
    ['a step of more than a day', { stepMs: 24 * HOUR_MS + 1 }, '/payload/stepMs'],
    ['a holiday that is no day', { extraHolidays: ['2026-02-30'] }, '/payload/extraHolidays/0'],
    ['holidays out of order', { extraHolidays: ['2026-11-25', '2026-11-24'] }, '/payload/extraHolidays'],
    ['a holiday twice', { extraHolidays: ['2026-11-24', '2026-11-24'] }, '/payload/extraHolidays'],
    ['an empty reason', { reason: ' ' }, '/payload/reason'],
    ['no officer', { officerId: SUPPLIERS[0] }, '/payload/officerId']
  ]
  for (const [name, change, field] of cases) {
    const payload = Object.fromEntries(Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined))
    const jws = await signJws(signerOf(world, OUTAGE_OFFICER), 'bongin-outage', payload)
    t.throws(() => parseOutageAct(jws), { code: 'outage-invalid', context: { field } }, name)
  }
})
