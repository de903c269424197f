/** RSA keys: which public keys may be certified, in which spelling. */
import { generateKeyPairSync } from 'node:crypto'
import { rsaFacts } from '#platform/keys'
import fc from 'fast-check'
import t from 'tap'
import { encodeDer, parseDer } from '../../src/crypto/asn1.ts'
import { concat, equalBytes, fromHex, sha256Hex } from '../../src/crypto/bytes.ts'
import { exportSpki, publicKeySha256, readRsaPublicKey } from '../../src/crypto/rsa-keys.ts'
import { generateRsaKeyPair, readRsaPrivateKey } from '../../src/crypto/rsa-private-keys.ts'
import { outcomeOf } from '../support/pki.ts'

const weak = { code: 'weak-key' }
const { privateKeyPkcs8, publicKeySpki } = await generateRsaKeyPair(2048)

await t.test('a new pair is RSA-2048 with exponent 65537', async (t) => {
  const publicKey = readRsaPublicKey(publicKeySpki)
  t.same(rsaFacts(publicKey), { modulusBits: 2048, exponent: 65_537n, isOddModulus: true })
  t.equal(readRsaPrivateKey(privateKeyPkcs8).asymmetricKeyDetails?.modulusLength, 2048)
  t.equal(publicKeySha256(publicKeySpki), sha256Hex(publicKeySpki))
  t.throws(() => readRsaPrivateKey(publicKeySpki), Error, 'a public key is no private key')
})

await t.test('weak and other keys', async (t) => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const almost = generateKeyPairSync('rsa', { modulusLength: 2040 }).publicKey
  const cubic = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const ed25519 = generateKeyPairSync('ed25519').publicKey
  for (const [name, key] of Object.entries({ short, almost, cubic, pss, ec, ed25519 })) {
    t.throws(() => readRsaPublicKey(exportSpki(key), '/csr'), { ...weak, context: { field: '/csr' } }, name)
  }
})

/** A SubjectPublicKeyInfo over made-up numbers: OpenSSL reads them without a look at what they are. */
function spkiOf ({ modulus, exponent }: { modulus: bigint, exponent: bigint }): Uint8Array {
  const integer = (value: bigint): Uint8Array => {
    const hex = value.toString(16)
    const bytes = fromHex(hex.length % 2 === 0 ? hex : `0${hex}`)
    return tlv(2, (bytes[0] ?? 0) < 0x80 ? bytes : concat(new Uint8Array(1), bytes))
  }
  const key = tlv(0x30, concat(integer(modulus), integer(exponent)))
  return tlv(0x30, concat(fromHex('300d06092a864886f70d0101010500'), tlv(3, concat(new Uint8Array(1), key))))
}

function tlv (tag: number, value: Uint8Array): Uint8Array {
  const { length } = value
  const prefix = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concat(Uint8Array.of(tag, ...prefix), value)
}

await t.test('the bounds of modulus and exponent', async (t) => {
  const odd = (bits: number): bigint => (1n << BigInt(bits - 1)) | 0x10001n
  const isTaken = (modulus: bigint, exponent: bigint): boolean => 'value' in outcomeOf(() => readRsaPublicKey(spkiOf({ modulus, exponent })))
  t.same([2047, 2048, 3072, 4096, 4097].map((bits) => isTaken(odd(bits), 65_537n)), [false, true, true, true, false])
  const exponents = [1n, 3n, 65_535n, 65_536n, 65_537n, 65_538n, (1n << 256n) - 1n, (1n << 256n) + 1n]
  t.same(exponents.map((exponent) => isTaken(odd(2048), exponent)), [false, false, false, false, true, false, true, false])
})

await t.test('one key has one spelling', async (t) => {
  t.same(encodeDer(parseDer(publicKeySpki)), publicKeySpki)
  t.throws(() => readRsaPublicKey(concat(publicKeySpki, Uint8Array.of(0))), weak, 'a byte behind the key')
  const noNull = tlv(0x30, concat(fromHex('300b06092a864886f70d010101'), publicKeySpki.subarray(19)))
  t.throws(() => readRsaPublicKey(noNull), weak, 'an algorithm without its NULL')
  const longLength = concat(fromHex('30830001'), publicKeySpki.subarray(3))
  t.throws(() => readRsaPublicKey(longLength), weak, 'a length with a leading zero')
})

await t.test('random bytes are refused and nothing else happens', async (t) => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.tuple(fc.nat(publicKeySpki.length - 1), fc.integer({ min: 1, max: 255 })).map(
    ([at, flip]) => publicKeySpki.map((byte, i) => i === at ? byte ^ flip : byte)
  ))
  let refusals = 0
  fc.assert(fc.property(bytes, (spki) => {
    const outcome = outcomeOf(() => exportSpki(readRsaPublicKey(spki)))
    if ('code' in outcome) refusals++
    // A flip in the modulus makes another key of the same form.
    return 'value' in outcome ? equalBytes(outcome.value, spki) : 'code' in outcome && outcome.code === 'weak-key'
  }), { seed: 2, numRuns: 300 })
  t.ok(refusals > 150, `${refusals} of 300 refused`)
})
