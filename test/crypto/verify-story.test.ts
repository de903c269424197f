/** Attacks on the course of events and on the decisions: a ledger whose chain is intact, but which tells another story. */
import t from 'tap'
import type { Sha256Hex } from '../../src/domain/ids.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { at, dropEntry, entryOf, expectFaults, moveEntry, swap, type Attack } from '../support/attacks.ts'
import { awardBy, evaluationBy, jwsDigest, kst, makeRecord, rechain, reopen } from '../support/make-record.ts'
import { EXECUTING, makeWorld, SUPPLIERS, WITNESS } from '../support/make-world.ts'

const [, SECOND, THIRD, FOURTH] = SUPPLIERS
const world = await makeWorld()
const honest = await makeRecord(world)
const openingSha256 = entryOf(honest, 'opened').payload?.['openingSha256'] as Sha256Hex
const winner = at(honest.opening.rows, 0)
const loser = at(honest.opening.rows, 1)

t.test('two bids tie for the lowest price in this record', async (t) => {
  t.equal(winner.amountWon, loser.amountWon)
  t.equal(loser.rank, 1)
})

const story = (name: string, alter: Attack['alter'], detail: RegExp): Attack => ({
  name,
  alter: async (record) => {
    await alter(record)
    rechain(record)
  },
  step: 'story',
  detail
})

t.test('the order of events', async (t) => {
  await expectFaults(t, honest, [
    story('drafted twice', (r) => { r.ledger.splice(1, 0, entryOf(r, 'drafted')) }, /drafted once/),
    story('not drafted', (r) => { dropEntry(r, 'drafted') }, /Ledger entry 0 \(contributed\): A tender is drafted once/),
    story('contribution by another hand', (r) => { entryOf(r, 'contributed', 1).actor = EXECUTING }, /Its actor/),
    story('contribution told twice', (r) => { r.ledger.splice(2, 0, { ...entryOf(r, 'contributed'), payload: { envelope: 'price', holderId: EXECUTING } }) }, /second time/),
    story('prices sealed after the notice', (r) => { moveEntry(r, 'prices-sealed', { before: 'bid' }) }, /other sealed prices/),
    story('other sealed prices', (r) => { entryOf(r, 'prices-sealed').payload = { sealedPricesSha256: jwsDigest('') } }, /other sealed prices/),
    story('notice of another digest', (r) => { Object.assign(entryOf(r, 'published').payload ?? {}, { noticeSha256: jwsDigest('') }) }, /noticeSha256/),
    story('notice published by the witness', (r) => { entryOf(r, 'published').actor = WITNESS }, /Its actor/),
    story('notice at another time', (r) => { entryOf(r, 'revised').at = kst('2026-11-22T09:00:01') }, /Its time/),
    story('change notice left out', (r) => { dropEntry(r, 'revised'); dropEntry(r, 'superseded'); dropEntry(r, 'superseded') }, /had a bid already/),
    story('bid before the notice', (r) => { moveEntry(r, 'bid', { before: 'published' }) }, /cannot follow while the tender is draft/),
    story('bids in another order', (r) => { swap(r.ledger, r.ledger.indexOf(entryOf(r, 'bid', 0)), r.ledger.indexOf(entryOf(r, 'bid', 1))) }, /\(bid\)/),
    story('bid after the closing', (r) => { moveEntry(r, 'bid', { nth: 5, before: 'opened' }) }, /Bids before it/),
    story('closed before the deadline', (r) => { entryOf(r, 'closed').at = kst('2026-11-24T09:59:59') }, /before the deadline/),
    story('closing of another size', (r) => { Object.assign(entryOf(r, 'closed').payload ?? {}, { size: 5 }) }, /\/size/),
    story('closed twice', (r) => { r.ledger.splice(r.ledger.indexOf(entryOf(r, 'revealed')), 0, entryOf(r, 'closed')) }, /while the tender is closed/),
    story('cancelled', (r) => { r.ledger.splice(-3, 0, { ...at(r.ledger, -3), type: 'cancelled' }) }, /no entry of type "cancelled"/),
    story('time runs backwards', (r) => { entryOf(r, 'awarded').at = kst('2026-11-24T14:00:00') }, /older than the entry before/)
  ])
})

t.test('a bid is superseded by a change of terms alone', async (t) => {
  await expectFaults(t, honest, [
    story('superseding left out', (r) => { dropEntry(r, 'superseded', 1) }, /Leaf 1 is sealed to old terms and must be superseded first/),
    story('superseded without cause', (r) => { r.ledger.splice(r.ledger.indexOf(entryOf(r, 'closed')), 0, { ...entryOf(r, 'superseded'), at: kst('2026-11-23T12:00:00') }) }, /No change of terms/),
    {
      name: 'a standing bid called superseded, everything else made to fit',
      alter: async (r) => {
        at(r.leaves, 2).state = 'superseded'
        r.envelopes[2] = null
        await reopen(world, r)
      },
      step: 'story',
      detail: /states of the leaves, \/2/
    },
    {
      name: 'a bid for the new terms put before their notice',
      alter: async (r) => {
        at(r.leaves, 2).state = 'superseded'
        r.envelopes[2] = null
        await reopen(world, r)
        moveEntry(r, 'bid', { nth: 2, before: 'revised' })
        rechain(r)
      },
      step: 'story',
      detail: /had a bid already/
    }
  ])
})

t.test('withdrawals and keys in time', async (t) => {
  const revealed = (nth: number, edit: (entry: ReturnType<typeof entryOf>) => void) => (r: typeof honest): void => { edit(entryOf(r, 'revealed', nth)) }
  await expectFaults(t, honest, [
    story('withdrawn after the deadline', (r) => { entryOf(r, 'withdrawn').at = kst('2026-11-24T10:00:00') }, /after the deadline/),
    story('withdrawn after the closing', (r) => { moveEntry(r, 'withdrawn', { before: 'opened' }) }, /while the tender is closed/),
    story('withdrawn before it was bid', (r) => { moveEntry(r, 'withdrawn', { before: 'revised' }) }, /no standing bid/),
    story('revealed early', revealed(0, (e) => { e.at = kst('2026-11-24T10:59:59') }), /before the opening time/),
    story('an officer\'s key released by the clock', revealed(0, (e) => { e.payload = { envelope: 'price', holderId: EXECUTING, via: 'clock' } }), /cannot reveal via clock/),
    story('the platform\'s key released by a holder', revealed(2, (e) => { e.payload = { envelope: 'price', holderId: 'platform', via: 'holder' } }), /cannot reveal via holder/),
    story('revealed twice', revealed(1, (e) => { e.payload = { envelope: 'price', holderId: EXECUTING, via: 'holder' } }), /second time/),
    story('revealed by a stranger', revealed(1, (e) => { e.payload = { envelope: 'price', holderId: 'O00000009', via: 'holder' } }), /no key holder/),
    story('opened with a key missing', (r) => { dropEntry(r, 'revealed') }, /Holders that revealed/),
    story('another opening', (r) => { entryOf(r, 'opened').payload = { openingSha256: jwsDigest('') } }, /openingSha256/),
    story('not opened', (r) => { r.ledger.splice(r.ledger.indexOf(entryOf(r, 'opened')), 1) }, /while the tender is closed/)
  ])
})

t.test('evaluations: signed, in turn, about this opening', async (t) => {
  const evaluation = (name: string, make: () => Promise<string>, detail: RegExp): Attack => ({
    name,
    alter: async (r) => {
      r.evaluations = [await make()]
      Object.assign(entryOf(r, 'evaluated').payload ?? {}, { jwsSha256: jwsDigest(at(r.evaluations, 0)) })
      rechain(r)
    },
    step: 'evaluations',
    detail
  })
  const { supplierId } = winner
  await expectFaults(t, honest, [
    evaluation('by the witness', async () => await evaluationBy(world, { openingSha256, supplierId, signedBy: WITNESS }), /Signed by officer O00000002/),
    evaluation('by the winner', async () => await evaluationBy(world, { openingSha256, supplierId, signedBy: supplierId }), /Signed by supplier/),
    evaluation('about another opening', async () => await evaluationBy(world, { openingSha256: jwsDigest(''), supplierId }), /Evaluation 0, \/openingSha256/),
    evaluation('of the loser of the tie draw', async () => await evaluationBy(world, { openingSha256, supplierId: loser.supplierId }), /\/supplierId/),
    evaluation('of a bidder above the planned price or void', async () => await evaluationBy(world, { openingSha256, supplierId: THIRD }), /\/supplierId/),
    { name: 'told twice', alter: (r) => { r.evaluations.push(at(r.evaluations, 0)) }, step: 'evaluations', detail: /\/supplierId/ },
    { name: 'dropped', alter: (r) => { r.evaluations = [] }, step: 'award', detail: /before the evaluation ended/ },
    { name: 'not in the ledger', alter: (r) => { dropEntry(r, 'evaluated'); rechain(r) }, step: 'evaluations', detail: /must name the signed act/ },
    {
      name: 'the ledger says that it failed',
      alter: (r) => { Object.assign(entryOf(r, 'evaluated').payload ?? {}, { passes: false }); rechain(r) },
      step: 'story',
      detail: /\/passes/
    }
  ])
})

t.test('award: the winner that the rules give, at the price that was bid', async (t) => {
  const award = (name: string, decision: Parameters<typeof awardBy>[1], detail: RegExp): Attack => ({
    name,
    alter: async (r) => {
      r.award = await awardBy(world, decision)
      entryOf(r, 'awarded').payload = { jwsSha256: jwsDigest(r.award), supplierId: decision.supplierId, amountWon: decision.amountWon }
      rechain(r)
    },
    step: 'award',
    detail
  })
  const { supplierId, amountWon } = winner
  await expectFaults(t, honest, [
    award('to the other lowest bidder', { openingSha256, supplierId: loser.supplierId, amountWon }, /The award, \/supplierId/),
    award('to a stranger', { openingSha256, supplierId: FOURTH, amountWon }, /The award, \/supplierId/),
    award('at another price', { openingSha256, supplierId, amountWon: 27_000_000 }, /The award, \/amountWon/),
    award('called failed', { openingSha256, supplierId: null, amountWon: null }, /The award, \/decision/),
    award('by the witness', { openingSha256, supplierId, amountWon, signedBy: WITNESS }, /Signed by officer O00000002/),
    award('of another opening', { openingSha256: jwsDigest(''), supplierId, amountWon }, /openingSha256/),
    { name: 'left out of the record', alter: (r) => { r.award = null }, step: 'story', detail: /Nobody signed this decision/ },
    { name: 'left out of both', alter: (r) => { r.award = null; r.ledger.pop(); r.ledger.pop() }, step: 'evaluations', detail: /must name the signed act/ },
    story('told twice', (r) => { r.ledger.push({ ...entryOf(r, 'awarded'), payload: {} }) }, /while the tender is decided/),
    story('failed by the clock', (r) => { r.ledger.pop(); r.award = null; r.ledger.push({ ...at(r.ledger, -1), actor: 'clock', type: 'failed', payload: { reason: 'ranked', jwsSha256: null } }) }, /does not call for it/)
  ])
})

t.test('when the first of two fails and the second passes, the record follows', async (t) => {
  const record = structuredClone(honest)
  const failing = await evaluationBy(world, { openingSha256, supplierId: winner.supplierId, qualified: false })
  const passing = await evaluationBy(world, { openingSha256, supplierId: loser.supplierId })
  const { supplierId, amountWon } = loser
  record.evaluations = [failing, passing]
  record.award = await awardBy(world, { openingSha256, supplierId, amountWon })
  const entry = entryOf(record, 'evaluated')
  record.ledger.splice(-2, 2,
    { ...entry, payload: { jwsSha256: jwsDigest(failing), supplierId: winner.supplierId, passes: false } },
    { ...entry, payload: { jwsSha256: jwsDigest(passing), supplierId, passes: true } },
    { ...entry, type: 'awarded', payload: { jwsSha256: jwsDigest(record.award), supplierId, amountWon } })
  rechain(record)
  t.equal((await verifyRecord(record)).failure, null)
  t.ok([SECOND, SUPPLIERS[0]].includes(supplierId))
})
