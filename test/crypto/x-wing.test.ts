/**
 * The post-quantum suite: the vectors of X-Wing's draft, and implementations that must agree on everything that arrives:
 * ours on node:crypto's ML-KEM, ours on noble's, and panva's `hpke` on noble alone. A tender's key in this suite is made
 * of the joint key and of the platform's seed.
 */
import assert from 'node:assert/strict'
import { createPublicKey, encapsulate } from 'node:crypto'
import { MLKEM768X25519 } from '@noble/post-quantum/hybrid.js'
import { shake256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import t from 'tap'
import { fromHex, sha256, sha256Hex, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { fastestPrimitives, hasNodeMlKem, nodePrimitives } from '../../src/crypto/hpke-primitives.ts'
import type { Primitives } from '../../src/crypto/platform/types.ts'
import { makeRecipientKey, openSealed, sealBase, suiteOf } from '../../src/crypto/hpke-seal.ts'
import { createOpener, openBase } from '../../src/crypto/hpke.ts'
import { makeHolderKey } from '../../src/crypto/joint-key.ts'
import { kemOf } from '../../src/crypto/kem.ts'
import { decapsulateByNoble, isMlKemPublicKey, mlKemPublicKey, mlKemSeed } from '../../src/crypto/ml-kem.ts'
import { openTenderKey, tenderPublicKey } from '../../src/crypto/tender-key.ts'
import { SUITE_X25519, SUITE_XWING, type JointKey } from '../../src/domain/notice.ts'
import { makeTerms } from '../support/notice-terms.ts'
import { seedOf } from '../support/make-record.ts'
import vectors from '../vectors/x-wing-draft08.json' with { type: 'json' }

interface SealedJob { privateKey: Uint8Array, info: Uint8Array, enc: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array }

const onNoble: Primitives = { ...nodePrimitives, decapsulateBy: decapsulateByNoble }
const engines = [fastestPrimitives, nodePrimitives, onNoble]
const recipient = makeRecipientKey(SUITE_XWING)
/** ML-KEM seed ‖ X25519 key, as the draft expands a seed (§5.2). */
const expand = (seed: Uint8Array): Uint8Array => shake256(seed, { dkLen: 96 })
const bytes = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength, maxLength })
const runs = (numRuns: number): { seed: number, numRuns: number } => ({ seed: 25519, numRuns })
const spell = (plaintext: Uint8Array | null): string | null => plaintext === null ? null : toHex(plaintext)

t.test('the vectors of the draft', (t) => {
  for (const { sk, eseed, pkSha256, ctSha256, ss } of vectors.vectors) {
    const { publicKey } = MLKEM768X25519.keygen(fromHex(sk))
    const { cipherText } = MLKEM768X25519.encapsulate(publicKey, fromHex(eseed))
    t.equal(sha256Hex(publicKey), pkSha256)
    t.equal(sha256Hex(cipherText), ctSha256)
    for (const primitives of engines) t.equal(spell(kemOf(expand(fromHex(sk)), primitives).decapsulate(cipherText)), ss)
  }
  t.equal(vectors.vectors.length, 2)
  t.end()
})

/** What all of them say, as hex or null. Throws where two of them differ. */
async function opened (job: SealedJob): Promise<string | null> {
  const said = spell(await openSealed({ ...job, suite: SUITE_XWING }))
  const privateKey = expand(job.privateKey)
  assert.equal(spell(openBase({ ...job, privateKey })), said, 'openBase')
  for (const [i, primitives] of engines.entries()) {
    assert.equal(spell(createOpener({ ...job, privateKey, primitives }).open(job.enc, job.aad, job.ciphertext)), said, `engine ${i}`)
  }
  return said
}

async function sealed (content: { info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array }): Promise<SealedJob> {
  const { enc, ciphertext } = await sealBase({ ...content, publicKey: recipient.publicKey })
  return { privateKey: recipient.privateKey, info: content.info, aad: content.aad, enc, ciphertext }
}

t.test('what is sealed, everybody opens', async (t) => {
  t.equal(suiteOf(recipient.publicKey), SUITE_XWING)
  t.ok(hasNodeMlKem, 'this Node.js has ML-KEM, so that it is tried against noble')
  await t.resolves(fc.assert(fc.asyncProperty(bytes(120), bytes(80), bytes(1100), async (info, aad, plaintext) => {
    assert.equal(await opened(await sealed({ info, aad, plaintext })), toHex(plaintext))
  }), runs(8)))
})

t.test('nobody opens what was tampered with', async (t) => {
  const job = await sealed({ info: utf8('info'), aad: utf8('aad'), plaintext: sha256(utf8('plaintext')) })
  const flip = (part: 'enc' | 'info' | 'aad' | 'ciphertext'): fc.Arbitrary<Partial<SealedJob>> =>
    fc.nat(8 * job[part].length - 1).map((bit) => ({ [part]: job[part].with(bit >> 3, (job[part][bit >> 3] ?? 0) ^ (1 << (bit & 7))) }))
  const lowOrder = (first: number): Uint8Array => Uint8Array.of(...job.enc.slice(0, 1088), first, ...new Uint8Array(31))
  const hostile: fc.Arbitrary<Partial<SealedJob>> = fc.oneof(
    flip('enc'), flip('info'), flip('aad'), flip('ciphertext'),
    fc.nat(job.ciphertext.length - 1).map((length) => ({ ciphertext: job.ciphertext.slice(0, length) })),
    fc.nat(job.enc.length - 1).map((length) => ({ enc: job.enc.slice(0, length) })),
    bytes(3, 1).map((more) => ({ enc: Uint8Array.of(...job.enc, ...more) })),
    fc.constantFrom(0, 1).map((first) => ({ enc: lowOrder(first) })),
    bytes(1120, 1120).map((enc) => ({ enc })),
    bytes(32, 32).map((enc) => ({ enc })),
    bytes(32, 32).map((privateKey) => ({ privateKey }))
  )
  await t.resolves(fc.assert(fc.asyncProperty(hostile, async (change) => {
    assert.equal(await opened({ ...job, ...change }), null)
  }), runs(50)))
})

t.test('a public key that is none is refused', async (t) => {
  const job = { info: utf8(''), aad: utf8(''), plaintext: utf8('x') }
  const overflowing = recipient.publicKey.with(0, 0xff).with(1, 0xff)
  t.notOk(isMlKemPublicKey(overflowing.subarray(0, 1184)))
  const lowOrder = Uint8Array.of(...recipient.publicKey.subarray(0, 1184), ...new Uint8Array(32))
  for (const publicKey of [overflowing, lowOrder, recipient.publicKey.subarray(1)]) {
    await t.rejects(sealBase({ ...job, publicKey }), { code: 'invalid-request', context: { field: '/publicKey' } })
  }
})

/** SubjectPublicKeyInfo up to the key (RFC 9935). */
const SPKI_PREFIX = fromHex('308204b2300b0609608648016503040402038204a100')

t.test('an ML-KEM key is known by its coefficients, as OpenSSL knows it', (t) => {
  const key = mlKemPublicKey(new Uint8Array(64).fill(7))
  t.doesNotThrow(() => fc.assert(fc.property(fc.nat(1183), fc.nat(255), (index, value) => {
    const changed = key.with(index, value)
    let accepted = true
    try {
      encapsulate(createPublicKey({ key: Buffer.concat([SPKI_PREFIX, changed]), format: 'der', type: 'spki' }))
    } catch {
      accepted = false
    }
    assert.equal(isMlKemPublicKey(changed), accepted, `${index} ${value}`)
  }), runs(300)))
  t.notOk(isMlKemPublicKey(key.subarray(1)))
  t.end()
})

t.test('a tender key: joint X25519 key, and ML-KEM from the platform\'s seed', async (t) => {
  const terms = makeTerms()
  const holders = (['platform', 'executing', 'witness'] as const).map((role) => (
    { holderId: role, role, point: toBase64url(makeHolderKey(seedOf(role)).point), proof: '' }))
  const holderSeeds = holders.map(({ holderId }) => ({ holderId, seed: seedOf(holderId) }))
  const mlKem = mlKemSeed({ platformSeed: seedOf('platform'), keyId: terms.tenderId })
  const points = holderSeeds.map(({ seed }) => makeHolderKey(seed).point)
  const publicKey = tenderPublicKey({ points, mlKemKey: mlKemPublicKey(mlKem) })
  const keyWith = (bytes: Uint8Array): JointKey => ({ suite: SUITE_XWING, holders, publicKey: toBase64url(bytes) })
  const opening = openTenderKey({ terms: { ...terms, key: keyWith(publicKey) }, kind: 'price', holderSeeds })
  t.equal(opening.opening.length, 96)
  const x25519Key = { ...keyWith(tenderPublicKey({ points, mlKemKey: null })), suite: SUITE_X25519 } as const
  const classical = { ...terms, key: x25519Key }
  t.same(openTenderKey({ terms: classical, kind: 'price', holderSeeds }).opening, opening.joint, 'the joint key is the same in both suites')

  const seal = { info: utf8('info'), aad: utf8('aad') }
  const plaintext = utf8('금 이천육백만원정')
  const { enc, ciphertext } = await sealBase({ ...seal, publicKey, plaintext })
  t.same(openBase({ ...seal, privateKey: opening.opening, enc, ciphertext }), Buffer.from(plaintext))
  t.equal(openBase({ ...seal, privateKey: opening.joint, enc, ciphertext }), null, 'the joint key alone opens nothing')
  const otherPlatform = Uint8Array.of(...mlKemSeed({ platformSeed: seedOf('another'), keyId: terms.tenderId }), ...opening.joint)
  t.equal(openBase({ ...seal, privateKey: otherPlatform, enc, ciphertext }), null, 'nor with another ML-KEM key')
  const otherJoint = Uint8Array.of(...mlKem, ...sha256(opening.joint))
  t.equal(openBase({ ...seal, privateKey: otherJoint, enc, ciphertext }), null, 'nor the ML-KEM key alone')

  const foreign = tenderPublicKey({ points, mlKemKey: mlKemPublicKey(mlKemSeed({ platformSeed: seedOf('platform'), keyId: 'R26BK00000002' })) })
  t.throws(() => openTenderKey({ terms: { ...terms, key: keyWith(foreign) }, kind: 'price', holderSeeds }),
    { code: 'reveal-mismatch', context: { field: '/terms/key/publicKey' } }, 'the key of another tender')
})
