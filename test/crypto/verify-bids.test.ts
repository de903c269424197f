/** Attacks on leaves, envelopes, withdrawals, prices and the opening: what a platform could do to a bid after it was accepted. */
import t from 'tap'
import { utf8 } from '../../src/crypto/bytes.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { sealPrices } from '../../src/crypto/sealed-prices.ts'
import { makeHolderKey, jointPublicKey } from '../../src/crypto/joint-key.ts'
import { at, dropEntry, entryOf, expectFaults, swap } from '../support/attacks.ts'
import { jwsDigest, kst, makeRecord, receiptOf, rechain, reopen, resign, seedOf, TENDER_ID, withdrawalOf } from '../support/make-record.ts'
import { EXECUTING, makeWorld, signerOf, SUPPLIERS, WITNESS } from '../support/make-world.ts'

const [FIRST, , THIRD, FOURTH] = SUPPLIERS
const [world, stranger] = await Promise.all([makeWorld(), makeWorld()])
const honest = await makeRecord(world)
/** Leaf indexes of the honest record. */
const OLD = 0
const SEALED = 2
const WITHDRAWN = 3
const OTHER_SEALED = 4

t.test('checkpoint: the platform\'s word on the leaves', async (t) => {
  const [origin, size, root, ...rest] = honest.checkpoint.split('\n')
  const foreign = await makeRecord(stranger)
  await expectFaults(t, honest, [
    { name: 'another platform\'s', alter: (r) => { r.checkpoint = foreign.checkpoint }, step: 'checkpoint', detail: /no valid signature/ },
    { name: 'another size', alter: (r) => { r.checkpoint = [origin, '5', root, ...rest].join('\n') }, step: 'checkpoint', detail: /no valid signature/ },
    { name: 'another root in the opening', alter: (r) => { r.opening.closing.rootSha256 = jwsDigest('') }, step: 'checkpoint', detail: /closing record, \/rootSha256/ },
    {
      name: 'another tender\'s',
      alter: (r) => { r.checkpoint = honest.checkpoint.replace(String(origin), `${String(origin)}9`) },
      step: 'checkpoint',
      detail: /no valid signature/
    }
  ])
  t.equal(size, '6')
})

t.test('leaves: none added, dropped, moved or altered', async (t) => {
  await expectFaults(t, honest, [
    { name: 'dropped', alter: (r) => { r.leaves.pop(); r.envelopes.pop() }, step: 'leaves', detail: /number of leaves/ },
    { name: 'swapped', alter: (r) => { swap(r.leaves, 2, 4); swap(r.envelopes, 2, 4) }, step: 'leaves', detail: /root over the leaves/ },
    { name: 'doubled in another\'s place', alter: (r) => { r.leaves[5] = at(r.leaves, 4) }, step: 'leaves', detail: /Leaf 5 repeats/ },
    { name: 'another supplier', alter: (r) => { at(r.leaves, 5).supplierId = '1234567890' as typeof FIRST }, step: 'leaves', detail: /root over/ },
    { name: 'another time', alter: (r) => { at(r.leaves, 5).acceptedAt = kst('2026-11-23T09:00:04') }, step: 'leaves', detail: /root over/ },
    { name: 'late, signed by the platform', alter: (r) => { at(r.leaves, 5).acceptedAt = kst('2026-11-24T10:00:00'); resign(world, r) }, step: 'leaves', detail: /Leaf 5 .* after the deadline/ },
    { name: 'before the notice', alter: (r) => { at(r.leaves, 0).acceptedAt = kst('2026-11-19T10:00:00'); resign(world, r) }, step: 'leaves', detail: /before the notice/ }
  ])
})

t.test('receipts: a bid that the platform dropped everywhere is missed by its receipt alone', async (t) => {
  const promise = at(honest.leaves, -1)
  t.equal(promise.supplierId, FOURTH)
  const dishonest = await makeRecord(world, { omit: FOURTH })
  t.equal((await verifyRecord(structuredClone(dishonest))).failure, null, 'the record by itself holds together')
  const receipts = [receiptOf(world, promise)]
  await expectFaults(t, dishonest, [
    { name: 'dropped bid', alter: () => {}, step: 'receipts', detail: /1208147521.*was left out/, options: { receipts } },
    { name: 'a receipt by another key', alter: () => {}, step: 'receipts', detail: /receipt/, options: { receipts: [receiptOf(stranger, promise)] } },
    { name: 'no receipt', alter: () => {}, step: 'receipts', detail: /receipt/, options: { receipts: ['x.y.z'] } }
  ])
  const kept = await verifyRecord(structuredClone(honest), { receipts: honest.leaves.map((leaf) => receiptOf(world, leaf)) })
  t.equal(kept.failure, null)
  t.equal(kept.steps.find(({ name }) => name === 'receipts')?.checked, 6)
})

t.test('envelopes: whole, in their places, signed by their suppliers', async (t) => {
  const payload = parseJws(at(honest.envelopes, SEALED) ?? '', 'bongin-bid').payload as { supplierId: string }
  const resigned = async (supplierId: string, signedBy: string): Promise<string> => await signJws(signerOf(world, signedBy), 'bongin-bid', { ...payload, supplierId })
  await expectFaults(t, honest, [
    { name: 'missing', alter: (r) => { r.envelopes[SEALED] = null }, step: 'envelopes', detail: /leaf 2 \(2208162517\) is missing/ },
    { name: 'swapped', alter: (r) => { swap(r.envelopes, SEALED, OTHER_SEALED) }, step: 'envelopes', detail: /leaf 2, SHA-256/ },
    { name: 'one too many', alter: (r) => { r.envelopes.push(null) }, step: 'envelopes', detail: /number of envelope places/ },
    { name: 'a withdrawn bid published', alter: (r) => { r.envelopes[WITHDRAWN] = at(r.envelopes, SEALED) }, step: 'envelopes', detail: /never published/ },
    {
      name: 'signed by another supplier in its name',
      alter: async (r) => { await replace(r, SEALED, await resigned(payload.supplierId, THIRD)) },
      step: 'envelopes',
      detail: /Signed by supplier 1248100998, where supplier 2208162517 must sign/
    },
    {
      name: 'signed by an officer',
      alter: async (r) => { await replace(r, SEALED, await resigned(payload.supplierId, EXECUTING)) },
      step: 'envelopes',
      detail: /Signed by officer/
    },
    {
      name: 'certificate left out',
      alter: (r) => { r.certificates = r.certificates.filter((pem) => pem !== world.holders.get(FOURTH)?.certificate) },
      step: 'envelopes',
      detail: /not in the record/
    },
    {
      name: 'an envelope for the old terms counted under the new',
      alter: async (r) => {
        at(r.leaves, OLD).state = 'sealed'
        r.envelopes[OLD] = await signJws(signerOf(world, FIRST), 'bongin-bid', { ...payload, supplierId: FIRST, termsSha256: jwsDigest('old') })
        at(r.leaves, OLD).envelopeSha256 = jwsDigest(r.envelopes[OLD] ?? '')
        resign(world, r)
      },
      step: 'envelopes',
      detail: /leaf 0, \/termsSha256/
    }
  ])
})

t.test('a rival\'s ciphertext signed again as one\'s own opens for nobody, and stops nothing', async (t) => {
  const record = structuredClone(honest)
  const copied = parseJws(at(record.envelopes, SEALED) ?? '', 'bongin-bid').payload as object
  await replace(record, 5, await signJws(signerOf(world, FOURTH), 'bongin-bid', { ...copied, supplierId: FOURTH }))
  const report = await verifyRecord(record)
  t.equal(report.failure, null)
  t.equal(record.opening.rows.find(({ supplierId }) => supplierId === FOURTH)?.voidReason, 'undecryptable')
})

t.test('withdrawals: only the supplier itself', async (t) => {
  const standing = at(honest.leaves, SEALED)
  await expectFaults(t, honest, [
    { name: 'a standing bid called withdrawn', alter: async (r) => { at(r.leaves, SEALED).state = 'withdrawn'; r.envelopes[SEALED] = null; await reopen(world, r) }, step: 'withdrawals', detail: /2208162517 is called withdrawn/ },
    { name: 'request dropped', alter: (r) => { r.withdrawals = [] }, step: 'withdrawals', detail: /no signed request/ },
    { name: 'request twice', alter: (r) => { r.withdrawals.push(at(r.withdrawals, 0)) }, step: 'withdrawals', detail: /withdrawn before/ },
    { name: 'a request for a standing bid', alter: async (r) => { r.withdrawals.push(await withdrawalOf(world, standing)) }, step: 'withdrawals', detail: /not withdrawn/ },
    {
      name: 'forged by a rival with the platform\'s help',
      alter: async (r) => {
        at(r.leaves, SEALED).state = 'withdrawn'
        r.envelopes[SEALED] = null
        r.withdrawals.push(await withdrawalOf(world, standing, THIRD))
        r.ledger.splice(r.ledger.indexOf(entryOf(r, 'closed')), 0, { ...entryOf(r, 'withdrawn'), payload: { jwsSha256: jwsDigest(at(r.withdrawals, 1)) } })
        await reopen(world, r)
      },
      step: 'withdrawals',
      detail: /Signed by supplier 1248100998, where supplier 2208162517 must sign/
    }
  ])
})

t.test('sealed prices: those that were committed to', async (t) => {
  const publicKey = jointPublicKey(['platform', EXECUTING, WITNESS].map((id) => makeHolderKey(seedOf(id)).point))
  const others = await sealPrices({ prices: Array.from({ length: 15 }, (_, i) => 29_000_000 + i * 90_000), tenderId: TENDER_ID, publicKey })
  const derived = await makeRecord(world, { derived: true })
  await expectFaults(t, honest, [
    { name: 'exchanged', alter: (r) => { r.sealedPrices = others }, step: 'sealed-prices', detail: /SHA-256 of the sealed prices/ },
    { name: 'left out', alter: (r) => { r.sealedPrices = null }, step: 'sealed-prices', detail: /SHA-256 of the sealed prices/ }
  ])
  await expectFaults(t, derived, [{ name: 'slipped in', alter: (r) => { r.sealedPrices = others }, step: 'sealed-prices', detail: /must be null/ }])
})

t.test('opening: run again byte for byte', async (t) => {
  const seed = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
  await expectFaults(t, honest, [
    { name: 'an amount', alter: (r) => { Object.assign(at(r.opening.rows, 0), { amountWon: 26_300_001 }) }, step: 'opening', detail: /\/rows\/0\/amountWon: the record says 26300001, it must be 26300000/ },
    { name: 'two rows swapped', alter: (r) => { swap(r.opening.rows as unknown[], 0, 1) }, step: 'opening', detail: /\/rows\/0/ },
    { name: 'a row dropped', alter: (r) => { (r.opening.rows as unknown[]).pop() }, step: 'opening', detail: /\/rows\/5/ },
    { name: 'the tie draw', alter: (r) => { swap(r.opening.tieOrder as unknown[], 0, 1) }, step: 'opening', detail: /\/tieOrder/ },
    { name: 'the planned price', alter: (r) => { r.opening.prices.plannedPriceWon = 29_000_000 }, step: 'opening', detail: /plannedPriceWon/ },
    { name: 'a remark', alter: (r) => { at(r.opening.rows, 0).remark = 'belowFloor' }, step: 'opening', detail: /remark/ },
    { name: 'a member slipped in', alter: (r) => { Object.assign(r.opening, { note: 1 }) }, step: 'opening', detail: /\/note: the record says 1, it must be nothing/ },
    { name: 'a member called __proto__', alter: (r) => { r.opening = JSON.parse(`{"__proto__":{},${JSON.stringify(r.opening).slice(1)}`) as typeof r.opening }, step: 'opening', detail: /__proto__/ },
    { name: 'another seed', alter: (r) => { Object.assign(at(r.opening.holderSeeds, 1), { seed: seed(utf8('x'.repeat(32))) }) }, step: 'opening', detail: /seeds/ },
    { name: 'seeds in another order', alter: (r) => { swap(r.opening.holderSeeds as unknown[], 0, 1) }, step: 'opening', detail: /holderSeeds\/0/ },
    { name: 'the private key', alter: (r) => { r.opening.jointPrivateKey = seed(new Uint8Array(32)) }, step: 'opening', detail: /jointPrivateKey/ },
    { name: 'the outcome', alter: (r) => { r.opening.outcome = 'rebid' }, step: 'opening', detail: /outcome/ }
  ])
})

/** The platform puts another envelope in a leaf's place, and lets everything that it signs itself follow. */
async function replace (record: Awaited<ReturnType<typeof makeRecord>>, index: number, envelope: string): Promise<void> {
  const leaf = at(record.leaves, index)
  record.envelopes[index] = envelope
  leaf.envelopeSha256 = jwsDigest(envelope)
  for (const entry of record.ledger) {
    if (entry.type === 'bid' && entry.payload?.['acceptedAt'] === leaf.acceptedAt) entry.payload['envelopeSha256'] = leaf.envelopeSha256
  }
  resign(world, record)
  await reopen(world, record)
}

t.test('a bid entry for every leaf, and none besides', async (t) => {
  await expectFaults(t, honest, [
    { name: 'bid entry dropped', alter: (r) => { dropEntry(r, 'bid', 5); rechain(r) }, step: 'story', detail: /Bids before it/ },
    { name: 'another time', alter: (r) => { entryOf(r, 'bid', 5).at = kst('2026-11-23T09:00:09'); rechain(r) }, step: 'story', detail: /\(bid\): Its time/ }
  ])
})
