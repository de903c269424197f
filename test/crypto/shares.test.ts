/** Seeds kept and recovered: t of n shares, missing, wrong and misdirected ones. */
import fc from 'fast-check'
import t from 'tap'
import { fromBase64url, sha256, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { makeHolderKey } from '../../src/crypto/joint-key.ts'
import { sealInfo, sealValue } from '../../src/crypto/sealed.ts'
import {
  combineShares, makeEncryptionKey, makeShares, MAX_SHARES, openShare, SHARE_BYTES, shareCommitment, unwrapSeed, wrapSeed
} from '../../src/crypto/shares.ts'

const tenderId = 'R26BK00000001'
const ownerId = 'O00000001'
const seed = sha256(utf8('owner seed'))
const { point } = makeHolderKey(seed)
const officer = { holderId: 'O00000010', ...makeEncryptionKey() }
const officers = [officer, ...['11', '12', '13', '14'].map((end) => ({ holderId: `O000000${end}`, ...makeEncryptionKey() }))]
const mismatch = { code: 'share-mismatch' }

/** Deals and opens the shares of the first n officers. */
async function deal ({ count, threshold }: { count: number, threshold: number }): Promise<Uint8Array[]> {
  const recipients = officers.slice(0, count).map(({ holderId, publicKey }) => ({ holderId, encryptionKey: publicKey }))
  const shares = await makeShares({ seed, tenderId, ownerId, recipients, threshold })
  return await Promise.all(shares.map(async (share, i) => {
    const { holderId, privateKey } = officers[i] ?? officer
    return await openShare({ share, tenderId, ownerId, recipientId: holderId, privateKey })
  }))
}

const spoil = (share: Uint8Array): Uint8Array => share.map((byte, i) => i === 3 ? byte ^ 1 : byte)

await t.test('any t of n shares give the seed, t − 1 never', async (t) => {
  for (const [count, threshold] of [[2, 2], [3, 2], [5, 3], [5, 5]] as const) {
    const shares = await deal({ count, threshold })
    t.ok(shares.every((share) => share.length === SHARE_BYTES))
    const order = fc.sample(fc.shuffledSubarray(shares, { minLength: threshold }), { seed: count * threshold, numRuns: 8 })
    for (const chosen of order) t.same(await combineShares(chosen, point), seed, `${chosen.length} of ${count}, threshold ${threshold}`)
    for (let from = 0; from + threshold - 1 <= count; from++) {
      await t.rejects(combineShares(shares.slice(from, from + threshold - 1), point), mismatch, 'one too few')
    }
  }
  await t.rejects(combineShares([], point), mismatch, 'none')
})

await t.test('wrong shares', async (t) => {
  const [a = seed, b = seed, c = seed, d = seed, e = seed] = await deal({ count: 5, threshold: 2 })
  await t.rejects(combineShares([a, spoil(b)], point), mismatch, 'one of two is wrong')
  t.same(await combineShares([spoil(a), b, spoil(c), d, e], point), seed, 'enough right ones outvote the wrong ones')
  t.same(await combineShares([a, b, a], point), seed, 'a share handed in twice')
  await t.rejects(combineShares([a, a], point), mismatch, 'one share twice is one share')
  t.same(await combineShares([a, b.subarray(1), c], point), seed, 'a share of another length')
  await t.rejects(combineShares([a, b], makeHolderKey(sha256(seed)).point), mismatch, 'the point of another holder')
  const again = await deal({ count: 5, threshold: 2 })
  await t.rejects(combineShares([a, ...again.slice(1, 2)], point), mismatch, 'shares of two dealings do not mix')
  const crowd = Array.from({ length: 40 }, (_, i) => sha256(utf8(`share ${i}`))).map((bytes, i) => Uint8Array.of(...bytes, i + 1))
  await t.rejects(combineShares(crowd, point), mismatch, 'a crowd of wrong ones ends, too')
})

await t.test('a share opens for its recipient, owner and tender alone', async (t) => {
  const [first = officer, second = officer] = officers
  const recipients = [first, second].map(({ holderId, publicKey }) => ({ holderId, encryptionKey: publicKey }))
  const none = { holderId: '', commitment: '', enc: '', ciphertext: '' }
  const [share = none, other = none] = await makeShares({ seed, tenderId, ownerId, recipients, threshold: 2 })
  t.same([share.holderId, other.holderId], [first.holderId, second.holderId])
  const right = { share, tenderId, ownerId, recipientId: first.holderId, privateKey: first.privateKey }
  t.equal((await openShare(right)).length, SHARE_BYTES)
  await t.rejects(openShare({ ...right, tenderId: 'R26BK00000002' }), mismatch, 'another tender')
  await t.rejects(openShare({ ...right, ownerId: 'O00000002' }), mismatch, 'another owner')
  await t.rejects(openShare({ ...right, recipientId: second.holderId }), mismatch, 'another recipient')
  await t.rejects(openShare({ ...right, privateKey: second.privateKey }), mismatch, 'another key')
  await t.rejects(openShare({ ...right, share: { ...share, ciphertext: other.ciphertext } }), mismatch, 'another share')
  const ciphertext = fromBase64url(share.ciphertext)
  await t.rejects(openShare({ ...right, share: { ...share, ciphertext: toBase64url(spoil(ciphertext)) } }), mismatch, 'a changed share')
  await t.rejects(openShare({ ...right, share: { enc: 'AAAA', ciphertext: 'AAAA' } }), mismatch, 'lengths that cannot be')
  await t.rejects(openShare({ ...right, share: { ...share, enc: toBase64url(new Uint8Array(32)) } }), mismatch, 'a low-order point')
  const info = sealInfo('bongin share v1', tenderId, ownerId, first.holderId)
  const short = await sealValue({ publicKey: first.publicKey, info, plaintext: seed })
  await t.rejects(openShare({ ...right, share: short }), mismatch, 'a seed in place of a share')
  await t.rejects(openShare({ ...right, share: { ...share, enc: '!' } }), { code: 'invalid-base64url', context: { field: '/enc' } })
})

await t.test('a commitment is to one share, of one owner, for one recipient and one key', async (t) => {
  const recipients = officers.slice(0, 2).map(({ holderId, publicKey }) => ({ holderId, encryptionKey: publicKey }))
  const [dealt, other] = await makeShares({ seed, tenderId, ownerId, recipients, threshold: 2 })
  if (dealt === undefined || other === undefined) throw new Error('two shares')
  const share = await openShare({ share: dealt, tenderId, ownerId, recipientId: officer.holderId, privateKey: officer.privateKey })
  const of = { share, tenderId, ownerId, recipientId: officer.holderId }
  t.equal(shareCommitment(of), dealt.commitment)
  const others = [{ share: spoil(share) }, { tenderId: 'R26BK00000002' }, { ownerId: 'O00000002' }, { recipientId: 'O00000011' }]
  for (const change of others) t.not(shareCommitment({ ...of, ...change }), dealt.commitment, String(Object.keys(change)))
  t.not(dealt.commitment, other.commitment)
})

await t.test('who can be dealt to', async (t) => {
  const recipients = officers.map(({ holderId, publicKey }) => ({ holderId, encryptionKey: publicKey }))
  const one = recipients.slice(0, 1)
  const many = Array.from({ length: MAX_SHARES + 1 }, (_, i) => ({ holderId: `O${i}`, encryptionKey: point }))
  const refused = { code: 'contribution-invalid', context: { field: '/threshold' } }
  const job = { seed, tenderId, ownerId }
  t.same(await makeShares({ ...job, recipients: [], threshold: 2 }), [], 'nobody to deal to')
  await t.rejects(makeShares({ ...job, recipients: one, threshold: 2 }), refused, 'more than there are')
  await t.rejects(makeShares({ ...job, recipients, threshold: 1 }), refused, 'one alone would do')
  await t.rejects(makeShares({ ...job, recipients, threshold: 2.5 }), refused)
  await t.rejects(makeShares({ ...job, recipients: many, threshold: 2 }), refused, 'too many')
  await t.rejects(makeShares({ ...job, recipients: [...one, ...one], threshold: 2 }), /invariant/, 'one twice')
  await t.rejects(makeShares({ ...job, ownerId: 'O00000010', recipients, threshold: 2 }), /invariant/, 'the owner itself')
})

await t.test('a wrapped seed opens with its own key, for its tender and holder', async (t) => {
  const { privateKey, publicKey } = makeEncryptionKey()
  const wrapped = await wrapSeed({ seed, tenderId, holderId: ownerId, encryptionKey: publicKey })
  const right = { wrapped, tenderId, holderId: ownerId, privateKey }
  t.equal(toHex(await unwrapSeed(right)), toHex(seed))
  const refused = { code: 'reveal-mismatch' }
  await t.rejects(unwrapSeed({ ...right, tenderId: 'R26BK00000002' }), refused)
  await t.rejects(unwrapSeed({ ...right, holderId: 'O00000002' }), refused)
  await t.rejects(unwrapSeed({ ...right, privateKey: makeEncryptionKey().privateKey }), refused)
  await t.rejects(wrapSeed({ seed: seed.subarray(1), tenderId, holderId: ownerId, encryptionKey: publicKey }), /invariant/)
})
