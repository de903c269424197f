/** Two keys of one tender: nothing that belongs to one can stand in for the other's, and no point stands in both. */
import t from 'tap'
import { fromBase64url, toBase64url, toHex } from '../../src/crypto/bytes.ts'
import { makeContribution, parseContribution } from '../../src/crypto/contribution.ts'
import { checkHolder, jointPublicKey, makeHolderKey, provePossession } from '../../src/crypto/joint-key.ts'
import type { Signer } from '../../src/crypto/jws.ts'
import { makeEncryptionKey, openShare, unwrapSeed } from '../../src/crypto/shares.ts'
import { checkContribution, checkContributions } from '../../src/crypto/verify-committee.ts'
import { checkJointKeys } from '../../src/crypto/verify-notice.ts'
import { keyContext, type EnvelopeKind } from '../../src/domain/envelope-kind.ts'
import type { OfficerId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import type { JointKey, Notice } from '../../src/domain/notice.ts'
import { makeTerms } from '../support/notice-terms.ts'
import { seedOf } from '../support/make-record.ts'

const tenderId = 'R26BK00000001' as TenderId
const [executing, witness] = ['O00000001' as OfficerId, 'O00000002' as OfficerId]
const HOLDERS = [['platform', 'platform'], [executing, 'executing'], [witness, 'witness']] as const
const seed = (kind: EnvelopeKind, holderId: string): Uint8Array => seedOf(`${kind} ${holderId}`)

/** A key whose proofs are for one kind and whose seeds are another's, where they differ. */
function keyFor (kind: EnvelopeKind, seeds: EnvelopeKind = kind): JointKey {
  const holders = HOLDERS.map(([holderId, role]) => ({
    holderId,
    role,
    point: toBase64url(makeHolderKey(seed(seeds, holderId)).point),
    proof: toBase64url(provePossession({ seed: seed(seeds, holderId), tenderId: keyContext(tenderId, kind), holderId }))
  }))
  return { suite: '0020-0001-0003', holders, publicKey: toBase64url(jointPublicKey(holders.map(({ point }) => fromBase64url(point)))) }
}

const technical = { marksMilli: 80_000, passMarkMilli: 68_000, minimumEvaluators: 3, dropExtremes: true }
const committee = { executing, witness, recovery: ['O00000003' as OfficerId], threshold: 2 }
const noticeWith = (technicalKey: JointKey, key = keyFor('price')): Notice => ({ terms: makeTerms({ technical, committee, key, technicalKey }) } as Notice)

t.test('both keys are proven, each for itself', (t) => {
  t.doesNotThrow(() => { checkJointKeys(noticeWith(keyFor('technical'))) })
  const refused = { code: 'contribution-invalid', context: { field: '/proof' } }
  t.throws(() => { checkJointKeys(noticeWith(keyFor('price'))) }, refused, 'the price key as the technical one')
  t.throws(() => { checkJointKeys(noticeWith(keyFor('technical'), keyFor('technical'))) }, refused, 'and the other way round')
  t.throws(() => { checkJointKeys(noticeWith(keyFor('technical', 'price'))) }, /A point stands in both keys/, 'the same seeds for both')
  t.end()
})

const signer: Signer = { thumbprint: toBase64url(new Uint8Array(32)) as Thumbprint, sign: async () => new Uint8Array(256) }
const own = makeEncryptionKey()
const others = [witness, committee.recovery[0]].map((holderId) => ({ holderId: holderId ?? '', key: makeEncryptionKey() }))
const contributionTo = async (envelope: EnvelopeKind, holderId: OfficerId = executing): Promise<string> => await makeContribution({
  seed: seed(envelope, holderId),
  tenderId,
  holderId,
  role: holderId === executing ? 'executing' : 'witness',
  envelope,
  ownEncryptionKey: own.publicKey,
  recipients: others.map(({ holderId: id, key }) =>
    ({ holderId: holderId === executing ? id : id.replace(witness, executing), encryptionKey: key.publicKey })),
  threshold: 2,
  signer
})

t.test('a contribution says to which key it belongs, and so does everything in it', async (t) => {
  const { payload } = parseContribution(await contributionTo('technical'))
  t.equal(payload.envelope, 'technical')
  const bound = keyContext(tenderId, 'technical')
  const possession = { point: fromBase64url(payload.point), proof: fromBase64url(payload.proof), holderId: executing }
  t.doesNotThrow(() => { checkHolder({ ...possession, tenderId: bound }) })
  t.throws(() => { checkHolder({ ...possession, tenderId }) }, { code: 'contribution-invalid' })
  const wrapped = { wrapped: payload.wrappedSeed, holderId: executing, privateKey: own.privateKey }
  t.equal(toHex(await unwrapSeed({ ...wrapped, tenderId: bound })), toHex(seed('technical', executing)))
  await t.rejects(unwrapSeed({ ...wrapped, tenderId }), { code: 'reveal-mismatch' })
  const [share] = payload.shares
  const recipient = { ownerId: executing, recipientId: witness, privateKey: others[0]?.key.privateKey ?? new Uint8Array(32) }
  if (share === undefined) throw new Error('a share for the witness')
  t.ok(await openShare({ share, ...recipient, tenderId: bound }))
  await t.rejects(openShare({ share, ...recipient, tenderId }), { code: 'share-mismatch' })
})

t.test('each member contributes to each key once', async (t) => {
  const notice = noticeWith(keyFor('technical'))
  const kinds: Array<[EnvelopeKind, OfficerId]> = [['price', executing], ['price', witness], ['technical', executing], ['technical', witness]]
  const all = await Promise.all(kinds.map(async ([kind, holderId]) => await contributionTo(kind, holderId)))
  t.equal(checkContributions(all, notice, () => {}).length, 4)
  t.throws(() => checkContributions(all.slice(0, 3), notice, () => {}), /no contribution by O00000002 \(technical key\)/)
  t.throws(() => checkContributions([...all, all[2] ?? ''], notice, () => {}), /contributed before/)
  const foreign = parseContribution(all[2] ?? '')
  const relabelled = { ...foreign, payload: { ...foreign.payload, envelope: 'price' as const } }
  t.throws(() => { checkContribution(relabelled, notice) }, /\/point/, 'a part of one key said to be of the other')
})
