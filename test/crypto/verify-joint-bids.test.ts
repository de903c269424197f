/** Joint bids in a record: verification wants the consent of every member, even where platform and leader work together against one. */
import t from 'tap'
import { signAgreement, type Consortium } from '../../src/crypto/consortium.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'
import { at, expectFaults } from '../support/attacks.ts'
import { jwsDigest, makeRecord, reopen, resign, TENDER_ID } from '../support/make-record.ts'
import { EXECUTING, makeWorld, signerOf, SUPPLIERS } from '../support/make-world.ts'

const [FIRST, , THIRD, LEADER] = SUPPLIERS
const world = await makeWorld()
const honest = await makeRecord(world)
/** The leader's leaf in the honest record. */
const LEAF = 5

interface Agreed { leaderId: SupplierId, tenderId: TenderId, shares: [number, number], signedBy: string }

/** The leader's bid as a joint one with `THIRD`, and everything that hangs on it signed again by the platform. */
async function joinForces (record: TenderRecord, change: Partial<Agreed> = {}, stated: [number, number] = [600_000, 400_000]): Promise<void> {
  const { leaderId = LEADER, tenderId = TENDER_ID, shares = stated, signedBy = THIRD } = change
  const divided = ([own, others]: [number, number]): Array<{ supplierId: SupplierId, sharePpm: number }> =>
    [{ supplierId: LEADER, sharePpm: own }, { supplierId: THIRD, sharePpm: others }]
  const agreement = await signAgreement(signerOf(world, signedBy), { tenderId, leaderId, members: divided(shares) })
  const consortium: Consortium = { members: divided(stated).map((member, i) => ({ ...member, agreement: i === 0 ? null : agreement })) }
  await replaceEnvelope(record, consortium)
}

async function replaceEnvelope (record: TenderRecord, consortium: Consortium): Promise<void> {
  const old = at(record.leaves, LEAF).envelopeSha256
  const payload = parseJws(at(record.envelopes, LEAF) ?? '', 'bongin-bid').payload as object
  const envelope = await signJws(signerOf(world, LEADER), 'bongin-bid', { ...payload, consortium })
  record.envelopes[LEAF] = envelope
  at(record.leaves, LEAF).envelopeSha256 = jwsDigest(envelope)
  for (const { payload: said } of record.ledger) if (said?.['envelopeSha256'] === old) said['envelopeSha256'] = jwsDigest(envelope)
  resign(world, record)
  await reopen(world, record)
}

t.test('with the member\'s consent the record holds, and names both with their shares', async (t) => {
  const record = structuredClone(honest)
  await joinForces(record)
  t.equal((await verifyRecord(record)).failure, null)
  const row = record.opening.rows.find(({ supplierId }) => supplierId === LEADER)
  t.same(row?.members, [{ supplierId: LEADER, sharePpm: 600_000 }, { supplierId: THIRD, sharePpm: 400_000 }])
})

t.test('without it nothing helps', async (t) => {
  const forge = (change: Partial<Agreed>) => async (r: TenderRecord): Promise<void> => { await joinForces(r, change) }
  await expectFaults(t, honest, [
    { name: 'signed by the leader', alter: forge({ signedBy: LEADER }), step: 'envelopes', detail: /agreement of \d{10} does not hold\. Signed by supplier 1208147521, where supplier 1248100998 must sign/ },
    { name: 'signed by another supplier', alter: forge({ signedBy: FIRST }), step: 'envelopes', detail: /does not hold/ },
    { name: 'signed by an officer', alter: forge({ signedBy: EXECUTING }), step: 'envelopes', detail: /does not hold\. Signed by officer/ },
    { name: 'for another tender', alter: forge({ tenderId: 'R26BK00000002' as TenderId }), step: 'envelopes', detail: /another tender, leader, or division/ },
    { name: 'for another leader', alter: forge({ leaderId: FIRST }), step: 'envelopes', detail: /another tender, leader, or division/ },
    { name: 'for other shares', alter: forge({ shares: [500_000, 500_000] }), step: 'envelopes', detail: /another tender, leader, or division/ },
    { name: 'shares of 999,999', alter: async (r) => { await joinForces(r, {}, [599_999, 400_000]) }, step: 'envelopes', detail: /sum to 999999/ },
    {
      name: 'one bit of its signature changed',
      alter: async (r) => {
        await joinForces(r)
        const { consortium } = parseJws(at(r.envelopes, LEAF) ?? '', 'bongin-bid').payload as { consortium: Consortium }
        const [head = '', body = '', signature = ''] = (at(consortium.members, 1).agreement ?? '').split('.')
        const bytes = Buffer.from(signature, 'base64url')
        bytes[100] = (bytes[100] ?? 0) ^ 1
        at(consortium.members, 1).agreement = `${head}.${body}.${bytes.toString('base64url')}`
        await replaceEnvelope(r, consortium)
      },
      step: 'envelopes',
      detail: /does not hold/
    },
    { name: 'the member left out of the opening', alter: async (r) => { await joinForces(r); for (const row of r.opening.rows) Object.assign(row, { members: [] }) }, step: 'opening', detail: /\/members/ }
  ])
})
