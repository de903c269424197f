/** The files of a joint bid: what a leader asks for and what a member hands back, read strictly, and who has agreed to what. */
import t from 'tap'
import { agreementFile, agreementState, readAgreement, readRequest, requestFile } from '../../src/client/joint-bids.ts'
import { signAgreement } from '../../src/crypto/consortium.ts'
import { rsaSigner } from '../../src/crypto/jws.ts'
import type { SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { testKeyPair } from '../support/kept-keys.ts'

const [leaderId, partner] = BUSINESS_NUMBERS as unknown as [SupplierId, SupplierId]
const tenderId = 'R26BK00000001' as TenderId
const members = [{ supplierId: leaderId, sharePpm: 600_000 }, { supplierId: partner, sharePpm: 400_000 }]
const terms = { tenderId, leaderId, members }
const signer = await rsaSigner({ ...await testKeyPair(), thumbprint: 'A'.repeat(43) as Thumbprint })

t.test('a request is read as it was written, the leader first', async (t) => {
  const { name, contents } = requestFile({ ...terms, members: [...members].reverse() })
  t.equal(name, `${tenderId}.joint-bid.json`)
  t.same(readRequest(contents), terms)
  const change = (with_: object): string => JSON.stringify({ ...terms, ...with_ })
  const bad = [
    '', '[]', 'null', '{"tenderId":', change({ more: 1 }), change({ tenderId: '../R26BK00000001' }), change({ leaderId: '101-81-16406' }),
    change({ members: [] }), change({ members: [{ ...members[0], sharePpm: 0.5 }, members[1]] }), change({ members: [{ ...members[0], name: 'x' }, members[1]] })
  ]
  for (const text of bad) t.throws(() => readRequest(text), { code: 'joint-bid-invalid' }, text)
})

t.test('an agreement is read with what it agrees to', async (t) => {
  const signed = { supplierId: partner, jws: await signAgreement(signer, terms) }
  const { name, contents } = agreementFile({ tenderId, ...signed })
  t.equal(name, `${tenderId}.${partner}.agreement.json`)
  t.same(readAgreement(contents), { ...signed, terms })
  for (const bad of [{ ...signed, tenderId, jws: 'x.y.z' }, { ...signed }, { tenderId, supplierId: '../x', jws: signed.jws }]) {
    t.throws(() => readAgreement(JSON.stringify(bad)), { code: 'joint-bid-invalid' })
  }
})

t.test('who has agreed: to exactly this, or to something else', async (t) => {
  const signed = { supplierId: partner, jws: await signAgreement(signer, terms) }
  t.equal(agreementState(terms, undefined), 'missing')
  t.equal(agreementState(terms, signed), 'signed')
  t.equal(agreementState({ ...terms, tenderId: 'R26BK00000002' as TenderId }, signed), 'differs')
  t.equal(agreementState({ ...terms, members: members.map(({ supplierId }) => ({ supplierId, sharePpm: 500_000 })) }, signed), 'differs')
  t.equal(agreementState({ ...terms, members: [...members].reverse() }, signed), 'differs', 'the order is signed as well')
})
