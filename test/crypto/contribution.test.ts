/** Contributions to the joint key: made, read again, and refused at the field where their shape is wrong. */
import { createHash } from 'node:crypto'
import t from 'tap'
import { fromBase64url, sha256, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { makeContribution, parseContribution } from '../../src/crypto/contribution.ts'
import { checkHolder, makeHolderKey } from '../../src/crypto/joint-key.ts'
import { type Signer, signJws } from '../../src/crypto/jws.ts'
import { combineShares, makeEncryptionKey, openShare, shareCommitment, unwrapSeed } from '../../src/crypto/shares.ts'
import type { OfficerId, TenderId, Thumbprint } from '../../src/domain/ids.ts'

/** Shapes alone are checked here, so that a digest may stand for a signature. */
const signer: Signer = {
  thumbprint: toBase64url(sha256(utf8('certificate'))) as Thumbprint,
  sign: async (input) => createHash('sha512').update(input).digest()
}
const seed = sha256(utf8('member seed'))
const [own, witness, audit] = [makeEncryptionKey(), makeEncryptionKey(), makeEncryptionKey()]
const tenderId = 'R26BK00000001' as TenderId
const holderId = 'O00000001' as OfficerId
const job = {
  seed,
  tenderId,
  holderId,
  role: 'executing' as const,
  ownEncryptionKey: own.publicKey,
  recipients: [{ holderId: 'O00000002', encryptionKey: witness.publicKey }, { holderId: 'O00000003', encryptionKey: audit.publicKey }],
  threshold: 2,
  signer
}

await t.test('a contribution holds what the ceremony needs', async (t) => {
  const text = await makeContribution(job)
  const { jws, payload } = parseContribution(text)
  t.equal(jws.thumbprint, signer.thumbprint)
  t.same({ tenderId: payload.tenderId, holderId: payload.holderId, role: payload.role, threshold: payload.threshold },
    { tenderId, holderId, role: 'executing', threshold: 2 })
  const point = fromBase64url(payload.point)
  t.same(point, makeHolderKey(seed).point)
  t.doesNotThrow(() => checkHolder({ point, proof: fromBase64url(payload.proof), tenderId, holderId }))
  t.equal(toHex(await unwrapSeed({ wrapped: payload.wrappedSeed, tenderId, holderId, privateKey: own.privateKey })), toHex(seed))
  t.same(payload.shares.map((share) => share.holderId), ['O00000002', 'O00000003'])
  const opened = await Promise.all(payload.shares.map(async (share, i) => await openShare({
    share, tenderId, ownerId: holderId, recipientId: share.holderId, privateKey: (i === 0 ? witness : audit).privateKey
  })))
  t.equal(toHex(await combineShares(opened, point)), toHex(seed))
  const commitments = opened.map((share, i) => shareCommitment({ share, tenderId, ownerId: holderId, recipientId: payload.shares[i]?.holderId ?? '' }))
  t.same(payload.shares.map(({ commitment }) => commitment), commitments, 'each share is committed to')
  for (const spelling of [toHex(seed), toBase64url(seed)]) t.notOk(text.includes(spelling) || JSON.stringify(payload).includes(spelling))
})

await t.test('without recovery officers there are no shares', async (t) => {
  const { payload } = parseContribution(await makeContribution({ ...job, recipients: [] }))
  t.same(payload.shares, [])
  await t.rejects(makeContribution({ ...job, threshold: 3 }), { code: 'contribution-invalid', context: { field: '/threshold' } })
})

await t.test('another shape is refused at its field', async (t) => {
  const good = parseContribution(await makeContribution(job)).payload
  const [share = { holderId: '', commitment: '', enc: '', ciphertext: '' }] = good.shares
  const cases: Array<[string, object]> = [
    ['/payload', { ...good, seed: toBase64url(seed) }],
    ['/payload', { ...good, point: undefined }],
    ['/payload/tenderId', { ...good, tenderId: 'R26' }],
    ['/payload/holderId', { ...good, holderId: 'platform' }],
    ['/payload/role', { ...good, role: 'platform' }],
    ['/payload/envelope', { ...good, envelope: 'both' }],
    ['/payload/point', { ...good, point: good.proof }],
    ['/payload/proof', { ...good, proof: good.point }],
    ['/payload/proof', { ...good, proof: 7 }],
    ['/payload/threshold', { ...good, threshold: 1 }],
    ['/payload/threshold', { ...good, threshold: 2.5 }],
    ['/payload/threshold', { ...good, threshold: '2' }],
    ['/payload/wrappedSeed', { ...good, wrappedSeed: null }],
    ['/payload/wrappedSeed', { ...good, wrappedSeed: [] }],
    ['/payload/wrappedSeed', { ...good, wrappedSeed: { ...good.wrappedSeed, more: 1 } }],
    ['/payload/wrappedSeed/enc', { ...good, wrappedSeed: { ...good.wrappedSeed, enc: 'AAAA' } }],
    ['/payload/wrappedSeed/ciphertext', { ...good, wrappedSeed: { ...good.wrappedSeed, ciphertext: share.ciphertext } }],
    ['/payload/shares', { ...good, shares: {} }],
    ['/payload/shares', { ...good, shares: Array.from({ length: 17 }, () => share) }],
    ['/payload/shares/1', { ...good, shares: [share, 'share'] }],
    ['/payload/shares/0', { ...good, shares: [{ ...share, commitment: undefined }] }],
    ['/payload/shares/0/commitment', { ...good, shares: [{ ...share, commitment: share.commitment.toUpperCase() }] }],
    ['/payload/shares/0/holderId', { ...good, shares: [{ ...share, holderId: '' }] }],
    ['/payload/shares/0/ciphertext', { ...good, shares: [{ ...share, ciphertext: good.wrappedSeed.ciphertext }] }]
  ]
  for (const [field, payload] of cases) {
    const defined = JSON.parse(JSON.stringify(payload)) as object
    const text = await signJws(signer, 'bongin-contribution', defined)
    t.throws(() => parseContribution(text), { code: 'envelope-malformed', context: { field } }, field)
  }
  const stray = await signJws(signer, 'bongin-contribution', { ...good, point: `${good.point.slice(0, -1)}B` })
  t.throws(() => parseContribution(stray), { code: 'invalid-base64url', context: { field: '/payload/point' } })
  t.throws(() => parseContribution('a.b'), { code: 'envelope-malformed' })
})
