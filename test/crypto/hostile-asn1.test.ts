/**
 * Every reader of certificates, requests, revocation lists and key files under hostile bytes: whatever comes in, a value or
 * a refusal with a code comes out. The slowest of each is told as a comment; nothing here depends on it.
 */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import forge from 'node-forge'
import t from 'tap'
import { bits, encodeDer, explicit, integer, members, nothing, oid, parseDer, sequence } from '../../src/crypto/asn1.ts'
import type { Asn1 } from '../../src/crypto/asn1.ts'
import { concat, fromHex } from '../../src/crypto/bytes.ts'
import { buildChain } from '../../src/crypto/chain.ts'
import { readChainCertificate } from '../../src/crypto/chain-certificate.ts'
import { certifyAuthority } from '../../src/crypto/certificate-authority.ts'
import { buildCertificate } from '../../src/crypto/certificate-builder.ts'
import { MAX_CERTIFICATE_BYTES, readCertificate, readTrust, verifyCertificate } from '../../src/crypto/certificate.ts'
import { buildCrl } from '../../src/crypto/crl-builder.ts'
import { MAX_CRL_BYTES, readCrl, readCrlFile } from '../../src/crypto/crl.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { readCsr } from '../../src/crypto/csr.ts'
import { readPem, toPem } from '../../src/crypto/pem.ts'
import { MAX_PKCS12_BYTES, readPkcs12 } from '../../src/crypto/pkcs12.ts'
import { generateRsaKeyPair, readRsaPrivateKey } from '../../src/crypto/rsa-private-keys.ts'
import { nameNode, outcomeOf, requestInfo, signStructure, TBS, tbsOf } from '../support/pki.ts'

const now = Date.parse('2026-11-24T10:00:00+09:00')
const [rootKeys, keys] = await Promise.all([generateRsaKeyPair(2048), generateRsaKeyPair(2048)])
const { rootDer, issuingDer } = certifyAuthority({ name: '봉인', now, rootKeys, issuingKeys: keys })
const privateKey = readRsaPrivateKey(keys.privateKeyPkcs8)
const subject = { commonName: '홍길동', organization: '한빛', unit: 'supplier', serialNumber: '1248100998' }
const certificate = buildCertificate(
  { subject, publicKeySpki: rootKeys.publicKeySpki, notBefore: now, notAfter: now + 1e9, pathLength: null }, { privateKey, issuerDer: issuingDer }
)
const request = readPem(createCsr({ privateKeyPkcs8: keys.privateKeyPkcs8, subject }), 'CERTIFICATE REQUEST') ?? new Uint8Array(0)
const revoked = [5, 6, 7].map((serial) => ({ serialHex: serial.toString(16), revokedAt: now, reason: 'superseded' as const }))
const list = buildCrl({ number: 1, thisUpdate: now, nextUpdate: now + 1e9, revoked }, { privateKey, issuerDer: issuingDer })
/** forge's file has one iteration, so that thousands of tries take no time. */
const keyFile = encodeDer(forge.pkcs12.toPkcs12Asn1(
  forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), [forge.pki.certificateFromPem(toPem(issuingDer))], 'x', { algorithm: 'aes256', count: 1 }
))
const input = { certificate, issuingDer, rootDer, at: now }

const READERS: Record<string, { good: Uint8Array, max: number, read: (bytes: Uint8Array) => unknown }> = {
  'holder certificate': { good: certificate, max: MAX_CERTIFICATE_BYTES, read: (bytes) => [outcomeOf(() => readCertificate(bytes)), verifyCertificate({ ...input, certificate: bytes })] },
  'authority certificate': { good: issuingDer, max: MAX_CERTIFICATE_BYTES, read: (bytes) => readTrust({ rootDer, issuingDer: bytes }) },
  'external certificate': { good: certificate, max: MAX_CERTIFICATE_BYTES, read: readThenChain },
  request: { good: request, max: 24_000, read: (bytes) => readCsr(toPem(bytes, 'CERTIFICATE REQUEST')) },
  'revocation list': { good: list, max: MAX_CRL_BYTES, read: (bytes) => [outcomeOf(() => readCrlFile(bytes)), readCrl(bytes)] },
  'key file': { good: keyFile, max: MAX_PKCS12_BYTES, read: (bytes) => readPkcs12(bytes, 'x') }
}

/** As leaf and as issuer of a good one. */
function readThenChain (bytes: Uint8Array): unknown {
  const read = readChainCertificate(bytes)
  const [good, root] = [readChainCertificate(certificate), readChainCertificate(rootDer)]
  return [[read, []] as const, [good, [read]] as const].map(([leaf, intermediates]) =>
    buildChain({ leaf, intermediates, anchors: [root, { ...read, subject: good.issuer, isAuthority: true, keyUsage: null }], crls: [], at: now }))
}

const worst = new Map<string, { ms: number, what: string }>()
/** The code of the refusal, `value`, or the crash. */
function tryOne (name: string, bytes: Uint8Array, what: string): string {
  const reader = READERS[name]
  const timed = (): { ms: number, outcome: ReturnType<typeof outcomeOf> } => {
    const begin = performance.now()
    const outcome = outcomeOf(() => reader?.read(bytes))
    return { outcome, ms: performance.now() - begin }
  }
  const { outcome, ms: once } = timed()
  // What was slow for once only is the machine's doing.
  const ms = once > 20 ? Math.min(once, timed().ms, timed().ms) : once
  if (ms > (worst.get(name)?.ms ?? 0)) worst.set(name, { ms, what })
  return 'code' in outcome ? outcome.code : 'value' in outcome ? 'value' : `crash: ${String(outcome.crash)}`
}
const isSound = (outcome: string): boolean => !outcome.startsWith('crash')

await t.test('good ones are read', async (t) => {
  for (const [name, { good }] of Object.entries(READERS)) t.equal(tryOne(name, good, 'good'), 'value', name)
})

await t.test('random, flipped, cut and spliced bytes', async (t) => {
  for (const [name, { good }] of Object.entries(READERS)) {
    const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 6 })
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      flips.map((pairs) => pairs.reduce((all, [at, mask]) => all.with(at, (all[at] ?? 0) ^ mask), new Uint8Array(good))),
      fc.nat(good.length - 1).map((length) => good.slice(0, length)),
      fc.tuple(fc.nat(good.length), fc.uint8Array({ maxLength: 60 }), fc.nat(60))
        .map(([at, insert, cut]) => concat(good.slice(0, at), insert, good.slice(at + cut)))
    )
    fc.assert(fc.property(bytes, (candidate) => isSound(tryOne(name, candidate, 'random'))), { seed: 11, numRuns: 500 })
  }
  t.pass('500 runs each')
})

const repeat = (hex: string, times: number): Uint8Array => Buffer.from(hex.repeat(times), 'hex')
/** `depth` constructed values in one another, each with its right length. */
function nested (depth: number, tag = 0x30): Uint8Array {
  const parts: number[][] = []
  for (let i = 0, length = 0; i < depth; i++) {
    const header = length < 128 ? [tag, length] : [...derHeader(tag, length)]
    parts.push(header)
    length += header.length
  }
  return Uint8Array.from(parts.reverse().flat())
}

await t.test('structures that only hold a reader up', async (t) => {
  const shapes: Record<string, (max: number) => Uint8Array> = {
    nothing: () => new Uint8Array(0),
    'a deep nest': () => nested(3_000),
    'the deepest nest that fits': (max) => nested(Math.floor(max / 5)),
    'nested octet strings': () => nested(3_000, 0x24),
    'nested context tags': () => nested(3_000, 0xa0),
    'indefinite lengths without an end': (max) => repeat('3080', Math.floor(max / 2)),
    'indefinite lengths with their ends': () => concat(repeat('3080', 2_000), repeat('0000', 2_000)),
    'indefinite length around what is good': () => concat(fromHex('3080'), certificate, fromHex('0000')),
    'a length of four gigabytes': () => fromHex('3084ffffffff3000'),
    'a length of eight bytes': () => fromHex('3088ffffffffffffffff'),
    'a length of 126 bytes': () => concat(fromHex('30fe'), repeat('ff', 126)),
    'a reserved length': () => fromHex('30ff00'),
    'a long tag': (max) => repeat('bf', max),
    'a tag without end': (max) => concat(fromHex('1f'), repeat('ff', max - 1)),
    'empty members': (max) => wrapped(repeat('0500', Math.floor((max - 8) / 2))),
    'empty sequences': (max) => wrapped(repeat('3000', Math.floor((max - 8) / 2))),
    'an object identifier without end': (max) => wrapped(concat(derHeader(0x06, max - 20), repeat('ff', max - 20))),
    'an integer as long as can be': (max) => wrapped(concat(derHeader(0x02, max - 20), repeat('7f', max - 20))),
    'longer than the limit': (max) => wrapped(repeat('0500', max))
  }
  for (const [name, { max }] of Object.entries(READERS)) {
    for (const [what, make] of Object.entries(shapes)) {
      const outcome = tryOne(name, make(max), what)
      t.ok(isSound(outcome) && outcome !== 'value', `${name}: ${what}: ${outcome}`)
    }
  }
})

/** In the shortest form of lengths from 128 on. */
function derHeader (tag: number, length: number): Uint8Array {
  const [high, middle, low] = [length >> 16, (length >> 8) & 255, length & 255]
  return Uint8Array.from(high > 0 ? [tag, 0x83, high, middle, low] : middle > 0 ? [tag, 0x82, middle, low] : [tag, 0x81, low])
}

function wrapped (content: Uint8Array): Uint8Array {
  return concat(derHeader(0x30, content.length), content)
}

/** SubjectPublicKeyInfo of an RSA key of any numbers. */
function rsaSpki (modulus: Uint8Array, exponent: Uint8Array): Asn1 {
  const number = (bytes: Uint8Array): Asn1 => forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.INTEGER, false, Buffer.from(bytes).toString('latin1'))
  return sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing()), bits(encodeDer(sequence(number(modulus), number(exponent)))))
}

await t.test('public keys of monstrous size', async (t) => {
  const odd = (length: number): Uint8Array => concat(Uint8Array.of(0), new Uint8Array(length).fill(0xff))
  const e = Uint8Array.of(1, 0, 1)
  const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey.export({ type: 'spki', format: 'der' })
  const spkis: Record<string, Asn1> = {
    'a modulus of 120,000 bits': rsaSpki(odd(15_000), e),
    'an exponent of 120,000 bits': rsaSpki(odd(256), odd(15_000)),
    'both of 60,000 bits': rsaSpki(odd(7_500), odd(7_500)),
    'an exponent as long as the modulus': rsaSpki(odd(512), odd(512)),
    'a modulus of 16,384 bits': rsaSpki(odd(2_048), e),
    'modulus zero': rsaSpki(Uint8Array.of(0), e),
    'modulus one': rsaSpki(Uint8Array.of(1), e),
    'an even modulus': rsaSpki(concat(odd(255), Uint8Array.of(0xfe)), e),
    'a negative modulus': rsaSpki(new Uint8Array(256).fill(0xff), e),
    'exponent zero': rsaSpki(odd(256), Uint8Array.of(0)),
    'a negative exponent': rsaSpki(odd(256), Uint8Array.of(0xff)),
    'numbers without bytes': rsaSpki(new Uint8Array(0), new Uint8Array(0)),
    'another kind of key': parseDer(p521),
    'a curve by its numbers, with a prime of 8,000 bits': explicitCurve(1_000)
  }
  for (const [what, spki] of Object.entries(spkis)) {
    const tbs = tbsOf(certificate)
    tbs[TBS.publicKey] = spki
    const certified = signStructure({ body: sequence(...tbs), privateKey, digest: 'sha256' })
    const info = members(requestInfo(privateKey, nameNode(subject)), 'sequence', { min: 4 }).with(2, spki)
    const requested = signStructure({ body: sequence(...info), privateKey, digest: 'sha256' })
    t.equal(tryOne('holder certificate', certified, what), 'certificate-malformed', what)
    t.equal(tryOne('request', requested, what), 'weak-key', what)
    for (const name of ['authority certificate', 'external certificate']) t.ok(isSound(tryOne(name, certified, what)), `${name}: ${what}`)
    if ('value' in outcomeOf(() => readChainCertificate(certified))) t.equal(readChainCertificate(certified).publicKey, null, `${what}: no key to verify with`)
  }
})

/** ECParameters with a field, a curve and a base point of its own (RFC 3279 §2.3.5). */
function explicitCurve (bytes: number): Asn1 {
  const number = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.INTEGER, false, `\0${'\xff'.repeat(bytes)}`)
  const octet = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.OCTETSTRING, false, '\x02'.repeat(bytes + 1))
  const parameters = sequence(integer(1), sequence(oid('1.2.840.10045.1.1'), number), sequence(octet, octet), octet, number, integer(1))
  return sequence(sequence(oid('1.2.840.10045.2.1'), parameters), bits(new Uint8Array(bytes + 1).fill(2)))
}

await t.test('names and extensions without end', async (t) => {
  const many = <T>(count: number, one: T): T[] => Array<T>(count).fill(one)
  const edits: Record<string, (tbs: Asn1[]) => void> = {
    'a name of a thousand parts': (tbs) => { tbs[TBS.subject] = sequence(...many(300, members(nameNode(subject), 'sequence', { min: 1, max: 9 })[0] ?? sequence())) },
    'a thousand extensions': (tbs) => { tbs[TBS.extensions] = explicit(3, sequence(...many(1_000, sequence(oid('1.2.3.4'), nothing())))) },
    'no extension': (tbs) => { tbs[TBS.extensions] = explicit(3, sequence()) }
  }
  for (const [what, edit] of Object.entries(edits)) {
    const tbs = tbsOf(certificate)
    edit(tbs)
    const bytes = signStructure({ body: sequence(...tbs), privateKey, digest: 'sha256' })
    for (const name of ['holder certificate', 'external certificate']) t.equal(tryOne(name, bytes, what), 'certificate-malformed', `${name}: ${what}`)
  }
})

await t.test('the slowest', async (t) => {
  for (const [name, { ms, what }] of worst) t.comment(`${name}: ${ms.toFixed(1)} ms (${what})`)
  t.equal(worst.size, Object.keys(READERS).length)
})
