/**
 * HPKE: the vectors of RFC 9180, and implementations that must agree on everything that arrives: ours on libsodium, ours
 * on node:crypto, panva's `hpke` on WebCrypto (`openSealed`) and on noble alone, and a naive one (`naive-hpke.ts`) that also seals.
 */
import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { AEAD_ChaCha20Poly1305 as nobleAead, KDF_HKDF_SHA256 as nobleKdf, KEM_DHKEM_X25519_HKDF_SHA256 as nobleKem } from '@panva/hpke-noble'
import fc from 'fast-check'
import { CipherSuite } from 'hpke'
import t from 'tap'
import { fromHex, sha256, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { fastestPrimitives, nodePrimitives, sodiumPrimitives } from '../../src/crypto/hpke-primitives.ts'
import type { Primitives } from '../../src/crypto/platform/types.ts'
import { makeRecipientKey, openSealed, sealBase } from '../../src/crypto/hpke-seal.ts'
import { createOpener, openBase } from '../../src/crypto/hpke.ts'
import { naiveAead, naiveNonce, naiveOpen, naivePublicKey, naiveSchedule, naiveSeal } from '../support/naive-hpke.ts'
import vector from '../vectors/hpke-rfc9180.json' with { type: 'json' }

interface SealedJob { privateKey: Uint8Array, info: Uint8Array, enc: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array }

const panva = new CipherSuite(nobleKem, nobleKdf, nobleAead)
const engines: Primitives[] = sodiumPrimitives === null ? [nodePrimitives] : [nodePrimitives, sodiumPrimitives]
const noSodium = sodiumPrimitives === null ? 'the libsodium addon is not here' : false
const recipient = makeRecipientKey()
const bytes = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength, maxLength })
const key = bytes(32, 32)
const runs = (numRuns: number): { seed: number, numRuns: number } => ({ seed: 9180, numRuns })

/** Points of low order and their other spellings (RFC 7748 §6.1): X25519 with any of them is all zero. */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'
].map((hex) => fromHex(hex)).flatMap((point) => [point, point.with(31, (point[31] ?? 0) | 0x80)])

function spell (plaintext: Uint8Array | null): string | null {
  return plaintext === null ? null : toHex(plaintext)
}

async function openByPanva ({ privateKey, info, enc, aad, ciphertext }: SealedJob): Promise<Uint8Array | null> {
  return await panva.Open(await panva.DeserializePrivateKey(privateKey, true), enc, ciphertext, { info, aad }).catch(() => null)
}

/** What all of them say, as hex or null. Throws where two of them differ. */
async function opened (job: SealedJob): Promise<string | null> {
  const said = spell(await openByPanva(job))
  assert.equal(spell(await openSealed(job)), said, 'openSealed')
  assert.equal(spell(openBase(job)), said, 'openBase')
  assert.equal(spell(naiveOpen(job)), said, 'naive')
  for (const primitives of engines) {
    assert.equal(spell(createOpener({ ...job, primitives }).open(job.enc, job.aad, job.ciphertext)), said, primitives.name)
  }
  return said
}

async function sealed (content: { info: Uint8Array, aad: Uint8Array, plaintext: Uint8Array }): Promise<SealedJob> {
  const { enc, ciphertext } = await sealBase({ ...content, publicKey: recipient.publicKey })
  return { privateKey: recipient.privateKey, info: content.info, aad: content.aad, enc, ciphertext }
}

/** The RFC's encryption with this sequence number; a single shot is number 0. */
const [single] = vector.encryptions
assert.ok(single !== undefined)
const pt = fromHex(vector.pt)

await t.test('RFC 9180 A.2.1, step by step', async (t) => {
  const ephemeral = fromHex(vector.skEm)
  t.equal(toHex(naivePublicKey(ephemeral)), vector.enc)
  t.equal(toHex(naivePublicKey(fromHex(vector.skRm))), vector.pkRm)
  const shared = { enc: fromHex(vector.enc), recipient: fromHex(vector.pkRm), info: fromHex(vector.info) }
  const { sharedSecret, keyScheduleContext, secret, key, baseNonce, exporterSecret } = vector
  for (const [own, other] of [[ephemeral, shared.recipient], [fromHex(vector.skRm), shared.enc]] as const) {
    const { context, ...steps } = naiveSchedule({ own, other, ...shared })
    const found = Object.fromEntries(Object.entries(steps).map(([name, value]) => [name, toHex(value)]))
    t.same(found, { sharedSecret, secret, key, baseNonce, exporterSecret })
    t.equal(toHex(context), keyScheduleContext)
  }
  t.equal(vector.encryptions.length, 6)
  for (const { sequence, aad, nonce, ct } of vector.encryptions) {
    t.equal(toHex(naiveNonce(fromHex(baseNonce), sequence)), nonce)
    t.equal(toHex(naiveAead(fromHex(key), fromHex(nonce), fromHex(aad), pt)), ct, `sequence number ${sequence}`)
    for (const { name, openAead } of engines) {
      t.equal(spell(openAead(fromHex(key), fromHex(nonce), fromHex(aad), fromHex(ct))), vector.pt, `${name}, ${sequence}`)
    }
  }
  const sealing = { publicKey: shared.recipient, ephemeral, info: shared.info, aad: fromHex(single.aad), plaintext: pt }
  t.equal(toHex(naiveSeal(sealing).ciphertext), single.ct)
})

await t.test('RFC 9180 A.2.1, opened by everybody', async (t) => {
  const job: SealedJob = {
    privateKey: fromHex(vector.skRm), enc: fromHex(vector.enc), info: fromHex(vector.info), aad: fromHex(single.aad), ciphertext: fromHex(single.ct)
  }
  t.equal(await opened(job), vector.pt)
  for (const primitives of engines) {
    const opener = createOpener({ ...job, primitives })
    t.equal(opener.open(LOW_ORDER[0] ?? job.enc, job.aad, job.ciphertext), null)
    t.equal(spell(opener.open(job.enc, job.aad, job.ciphertext)), vector.pt, `${primitives.name}, after a failure`)
    t.equal(spell(opener.open(job.enc, job.aad, job.ciphertext)), vector.pt, `${primitives.name}, again by the same opener`)
  }
})

await t.test('what we seal, everybody opens', async (t) => {
  await t.resolves(fc.assert(fc.asyncProperty(bytes(120), bytes(80), bytes(1100), async (info, aad, plaintext) => {
    assert.equal(await opened(await sealed({ info, aad, plaintext })), toHex(plaintext))
  }), runs(15)))
})

await t.test('what panva seals on noble, we open', async (t) => {
  const publicKey = await panva.DeserializePublicKey(recipient.publicKey)
  await t.resolves(fc.assert(fc.asyncProperty(bytes(120), bytes(80), bytes(1100), async (info, aad, plaintext) => {
    const { encapsulatedSecret: enc, ciphertext } = await panva.Seal(publicKey, plaintext, { info, aad })
    assert.equal(await opened({ privateKey: recipient.privateKey, info, aad, enc, ciphertext }), toHex(plaintext))
  }), runs(15)))
})

await t.test('what the naive program seals, everybody opens', async (t) => {
  await t.resolves(fc.assert(fc.asyncProperty(key, bytes(120), bytes(80), bytes(1100), async (ephemeral, info, aad, plaintext) => {
    const seal = naiveSeal({ publicKey: recipient.publicKey, ephemeral, info, aad, plaintext })
    assert.equal(await opened({ privateKey: recipient.privateKey, info, aad, ...seal }), toHex(plaintext))
  }), runs(15)))
})

await t.test('nobody opens what was tampered with', async (t) => {
  const job = await sealed({ info: utf8('info'), aad: utf8('aad'), plaintext: sha256(utf8('plaintext')) })
  const flip = (part: 'enc' | 'info' | 'aad' | 'ciphertext'): fc.Arbitrary<Partial<SealedJob>> =>
    fc.nat(8 * job[part].length - 1).map((bit) => ({ [part]: job[part].with(bit >> 3, (job[part][bit >> 3] ?? 0) ^ (1 << (bit & 7))) }))
  const hostile: fc.Arbitrary<Partial<SealedJob>> = fc.oneof(
    flip('enc'), flip('info'), flip('aad'), flip('ciphertext'),
    fc.nat(job.ciphertext.length - 1).map((length) => ({ ciphertext: job.ciphertext.slice(0, length) })),
    fc.nat(31).map((length) => ({ enc: job.enc.slice(0, length) })),
    bytes(3, 1).map((more) => ({ ciphertext: Uint8Array.of(...job.ciphertext, ...more) })),
    bytes(3, 1).map((more) => ({ enc: Uint8Array.of(...job.enc, ...more) })),
    fc.constantFrom(...LOW_ORDER).map((enc) => ({ enc })),
    key.map((enc) => ({ enc })),
    key.map((privateKey) => ({ privateKey })),
    bytes(8).map((aad) => ({ aad })),
    bytes(100).map((ciphertext) => ({ ciphertext }))
  )
  await t.resolves(fc.assert(fc.asyncProperty(hostile, async (change) => {
    assert.equal(await opened({ ...job, ...change }), null)
  }), runs(90)))
  const random = fc.record({ privateKey: key, enc: bytes(33, 31), info: bytes(40), aad: bytes(40), ciphertext: bytes(1100) })
  await t.resolves(fc.assert(fc.asyncProperty(random, async (job) => { assert.equal(await opened(job), null) }), runs(40)))
})

await t.test('one opener over many seals, good and bad, says of each what a new one says', async (t) => {
  const info = utf8('bongin bid v1')
  const parts = fc.record({
    ephemeral: key,
    aad: bytes(60),
    plaintext: bytes(200),
    hostile: fc.constantFrom('none', 'enc', 'low order', 'short enc', 'ciphertext', 'truncated', 'aad')
  })
  const jobs = fc.array(parts, { minLength: 2, maxLength: 12 }).map((list) => list.map(({ ephemeral, aad, plaintext, hostile }) => {
    const { enc, ciphertext } = naiveSeal({ publicKey: recipient.publicKey, ephemeral, info, aad, plaintext })
    const good = { privateKey: recipient.privateKey, info, enc, aad, ciphertext }
    const changes: Record<typeof hostile, Partial<SealedJob>> = {
      none: {},
      enc: { enc: ephemeral },
      'low order': { enc: LOW_ORDER[(ephemeral[0] ?? 0) % LOW_ORDER.length] ?? enc },
      'short enc': { enc: enc.slice(1) },
      ciphertext: { ciphertext: ciphertext.with(-1, (ciphertext.at(-1) ?? 0) ^ 0x80) },
      truncated: { ciphertext: ciphertext.slice(0, -1) },
      aad: { aad: Uint8Array.of(...aad, 0) }
    }
    return { job: { ...good, ...changes[hostile] }, expected: hostile === 'none' ? toHex(plaintext) : null }
  }))
  t.doesNotThrow(() => fc.assert(fc.property(jobs, (list) => {
    for (const primitives of engines) {
      const opener = createOpener({ privateKey: recipient.privateKey, info, primitives })
      const said = list.map(({ job }) => opener.open(job.enc, job.aad, job.ciphertext))
      // Compared after the last: what an opener gave out must not change with its next seal.
      assert.deepEqual(said.map(spell), list.map(({ expected }) => expected), primitives.name)
      assert.deepEqual(list.map(({ job }) => spell(naiveOpen(job))), list.map(({ expected }) => expected), 'naive')
    }
  }), runs(60)))
})

await t.test('a low-order enc gives no shared secret, in all its spellings', async (t) => {
  for (const { name, agreeBy } of engines) {
    const agree = agreeBy(recipient.privateKey)
    for (const point of LOW_ORDER) t.equal(agree(point), null, `${name} ${toHex(point)}`)
  }
})

await t.test('libsodium and node:crypto agree on X25519, whatever the bytes', { skip: noSodium }, async (t) => {
  const nearPrime = fc.integer({ min: 0xda, max: 0xff }).map((first) => new Uint8Array(32).fill(0xff).with(0, first))
  t.doesNotThrow(() => fc.assert(fc.property(key, fc.oneof(key, nearPrime), (privateKey, publicKey) => {
    const [first, second] = engines.map(({ agreeBy }) => spell(agreeBy(privateKey)(publicKey)))
    assert.equal(first, second)
  }), runs(200)))
})

await t.test('libsodium and node:crypto agree on ChaCha20-Poly1305', async (t) => {
  t.doesNotThrow(() => fc.assert(fc.property(key, bytes(12, 12), bytes(40), bytes(200), (aeadKey, nonce, aad, plaintext) => {
    const cipher = createCipheriv('chacha20-poly1305', aeadKey, nonce, { authTagLength: 16 })
    cipher.setAAD(aad, { plaintextLength: plaintext.length })
    const ciphertext = new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]))
    for (const { name, openAead } of engines) {
      assert.equal(spell(openAead(aeadKey, nonce, aad, ciphertext)), toHex(plaintext), name)
      const forged = ciphertext.with(ciphertext.length - 1, (ciphertext.at(-1) ?? 0) ^ 1)
      assert.equal(openAead(aeadKey, nonce, aad, forged), null, name)
    }
  }), runs(100)))
})

await t.test('libsodium is used where it is', async (t) => {
  t.equal(fastestPrimitives.name, sodiumPrimitives === null ? 'node' : 'sodium')
})

await t.test('keys that cannot be used are refused by name', async (t) => {
  const job = { info: utf8(''), aad: utf8(''), plaintext: utf8('x') }
  for (const publicKey of [...LOW_ORDER, new Uint8Array(31), new Uint8Array(33)]) {
    await t.rejects(sealBase({ ...job, publicKey }), { code: 'invalid-request', context: { field: '/publicKey' } }, toHex(publicKey))
  }
  t.throws(() => createOpener({ privateKey: new Uint8Array(31), info: job.info }), /invariant/)
})
