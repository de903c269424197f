/** The joint key against RFC 8032 vectors, node:crypto's X25519, and hostile points and proofs. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import t from 'tap'
import { fromHex, sha256, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import {
  checkHolder, jointPrivateKey, jointPublicKey, makeHolderKey, provePossession, seedMatches
} from '../../src/crypto/joint-key.ts'

const FIELD_PRIME = 2n ** 255n - 19n
const seedOf = (name: string): Uint8Array => sha256(utf8(`joint key test ${name}`))
const holder = { tenderId: 'R26BK00000001', holderId: 'O00000001' }

/** RFC 8032 §7.1, tests 1 to 3 and SHA(abc): secret key, public key. */
const RFC8032 = [
  ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'],
  ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'],
  ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025'],
  ['833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42', 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf']
] as const

/** node:crypto's own idea of the public key, by a route of its own. */
function x25519PublicOf (privateKey: Uint8Array): string {
  const prefix = fromHex('302e020100300506032b656e04220420')
  const key = createPrivateKey({ key: Buffer.concat([prefix, privateKey]), format: 'der', type: 'pkcs8' })
  return createPublicKey(key).export({ format: 'jwk' }).x ?? ''
}

/** y in little-endian with the sign of x in the top bit. */
function encodePoint (y: bigint, sign: 0 | 1): Uint8Array {
  const bytes = new Uint8Array(32)
  for (let i = 0, rest = y; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  bytes[31] = (bytes[31] ?? 0) | (sign << 7)
  return bytes
}

await t.test('a seed gives the point of RFC 8032', async (t) => {
  for (const [seed, point] of RFC8032) {
    t.equal(toHex(makeHolderKey(fromHex(seed)).point), point)
    t.equal(seedMatches(fromHex(seed), fromHex(point)), true)
    t.equal(seedMatches(seedOf('other'), fromHex(point)), false)
    t.equal(seedMatches(fromHex(seed).subarray(1), fromHex(point)), false, 'a short seed matches nothing')
  }
})

await t.test('one to five holders: the joint private key belongs to the joint public key, by node:crypto', async () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(fc.property(fc.uniqueArray(bytes32, { minLength: 1, maxLength: 5, selector: toHex }), (seeds) => {
    const privateKey = jointPrivateKey(seeds)
    const publicKey = jointPublicKey(seeds.map((seed) => makeHolderKey(seed).point))
    const clamped = ((privateKey[0] ?? 0) & 7) === 0 && ((privateKey[31] ?? 0) & 0xc0) === 0x40
    return clamped && toBase64url(publicKey) === x25519PublicOf(privateKey)
  }), { seed: 3, numRuns: 60 })
})

await t.test('known answer for three holders: RFC 8032 seeds', async (t) => {
  const seeds = RFC8032.slice(0, 3).map(([seed]) => fromHex(seed))
  const points = RFC8032.slice(0, 3).map(([, point]) => fromHex(point))
  t.equal(toHex(jointPrivateKey(seeds)), 'c034ffeb336b78b735608cbaabf2c0b035ba12f21dc6d21ddedfb53858bcc07d')
  t.equal(toHex(jointPublicKey(points)), 'e7a029c36264819d449ae2b0d27b1d3db175802e495ab3bd7b09a39b72d25130')
  t.same(jointPrivateKey(seeds.toReversed()), jointPrivateKey(seeds), 'the order of the seeds does not matter')
  t.same(jointPublicKey(points.toReversed()), jointPublicKey(points), 'nor that of the points')
})

await t.test('a proof of possession counts for its tender, holder and point alone', async (t) => {
  const seed = seedOf('a')
  const { point } = makeHolderKey(seed)
  const proof = provePossession({ seed, ...holder })
  t.doesNotThrow(() => checkHolder({ point, proof, ...holder }))
  const refused = { code: 'contribution-invalid', context: { field: '/proof' } }
  t.throws(() => checkHolder({ point, proof, ...holder, tenderId: 'R26BK00000002' }), refused, 'another tender')
  t.throws(() => checkHolder({ point, proof, ...holder, holderId: 'O00000002' }), refused, 'another holder')
  t.throws(() => checkHolder({ point: makeHolderKey(seedOf('b')).point, proof, ...holder }), refused, 'another point')
  t.throws(() => checkHolder({ point, proof: proof.subarray(1), ...holder }), refused, 'a short proof')
  t.throws(() => checkHolder({ point, proof: proof.map((byte, i) => i === 40 ? byte ^ 1 : byte), ...holder }), refused, 'a changed proof')
})

await t.test('a rogue point that cancels the others has no proof', async (t) => {
  const { Point } = ed25519
  const honest = Point.fromBytes(makeHolderKey(seedOf('honest')).point)
  const rogue = Point.fromBytes(makeHolderKey(seedOf('rogue')).point).subtract(honest).toBytes()
  const proof = provePossession({ seed: seedOf('rogue'), ...holder })
  t.throws(() => checkHolder({ point: rogue, proof, ...holder }), { code: 'contribution-invalid', context: { field: '/proof' } })
})

await t.test('points of small order, with torsion, not canonical, or not on the curve are refused', async (t) => {
  const proof = new Uint8Array(64)
  const good = ed25519.Point.fromBytes(makeHolderKey(seedOf('a')).point)
  const torsion = ED25519_TORSION_SUBGROUP.map((hex) => ed25519.Point.fromBytes(fromHex(hex), true))
  const hostile: Array<[string, Uint8Array]> = [
    ...torsion.map((point, i): [string, Uint8Array] => [`small order ${i}`, point.toBytes()]),
    ...torsion.filter((point) => !point.is0()).map((point, i): [string, Uint8Array] => [`torsion ${i}`, good.add(point).toBytes()]),
    ['identity with a sign', encodePoint(1n, 1)],
    ['not on the curve', encodePoint(2n, 0)],
    ['31 bytes', good.toBytes().subarray(1)],
    ['no bytes', new Uint8Array(0)]
  ]
  // Every point with a second spelling; none of them has prime order, so the check of the order would catch them, too.
  for (let y = 0n; y < 19n; y++) {
    hostile.push([`y = p + ${y}`, encodePoint(FIELD_PRIME + y, 0)], [`y = p + ${y}, odd x`, encodePoint(FIELD_PRIME + y, 1)])
  }
  const refused = { code: 'contribution-invalid', context: { field: '/point' } }
  for (const [name, point] of hostile) {
    t.throws(() => checkHolder({ point, proof, ...holder }), refused, name)
    t.throws(() => jointPublicKey([good.toBytes(), point]), refused, `${name}, in a sum`)
  }
})

await t.test('a sum needs different points that do not cancel', async (t) => {
  const point = makeHolderKey(seedOf('a')).point
  const negative = ed25519.Point.fromBytes(point).negate().toBytes()
  const refused = { code: 'contribution-invalid', context: { field: '/point' } }
  t.throws(() => jointPublicKey([point, point]), refused, 'twice the same')
  t.throws(() => jointPublicKey([point, negative]), refused, 'the identity')
  t.throws(() => jointPublicKey([]), refused, 'nobody')
})

t.throws(() => makeHolderKey(new Uint8Array(31)), /invariant/, 'a seed has 32 bytes')
t.throws(() => jointPrivateKey([]), { code: 'contribution-invalid' }, 'nobody has no key')
