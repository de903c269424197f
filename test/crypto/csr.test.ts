/** Certification requests: ours read by OpenSSL, OpenSSL's read by us, and every kind of bad one. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import forge from 'node-forge'
import t from 'tap'
import { explicit, integer, members, oid, parseDer, sequence, set } from '../../src/crypto/asn1.ts'
import type { Asn1 } from '../../src/crypto/asn1.ts'
import { concat, fromHex } from '../../src/crypto/bytes.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { readCsr } from '../../src/crypto/csr.ts'
import { MAX_PEM_CHARS, readPem, toPem } from '../../src/crypto/pem.ts'
import { publicKeySha256 } from '../../src/crypto/rsa-keys.ts'
import { exportPkcs8, generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import { openssl, openssl3Missing, opensslSays } from '../support/openssl.ts'
import { nameNode, outcomeOf, requestInfo, rsaAlgorithm, signStructure } from '../support/pki.ts'
import type { TestDigest } from '../support/pki.ts'

const LABEL = 'CERTIFICATE REQUEST'
const keys = await generateRsaKeyPair(2048)
const privateKey = createPrivateKey({ key: Buffer.from(keys.privateKeyPkcs8), format: 'der', type: 'pkcs8' })
const subject = { commonName: '홍길동', organization: '(주)한빛건설 & Söhne', serialNumber: '1248100998' }
const pem = createCsr({ privateKeyPkcs8: keys.privateKeyPkcs8, subject })
const der = readPem(pem, LABEL) ?? new Uint8Array(0)

const malformed = { code: 'csr-malformed' }
const weak = { code: 'weak-key' }

function requestOf (options: { digest?: TestDigest, name?: ReturnType<typeof nameNode> }): string {
  const { digest = 'sha256', name = nameNode(subject) } = options
  return toPem(signStructure({ body: requestInfo(privateKey, name), privateKey, digest }), LABEL)
}

await t.test('what is written reads again', async (t) => {
  t.same(readCsr(pem), { der, publicKeySpki: keys.publicKeySpki, publicKeySha256: publicKeySha256(keys.publicKeySpki), subject })
  const plain = { commonName: 'Hanbit', organization: 'Hanbit' }
  t.same(readCsr(createCsr({ privateKeyPkcs8: keys.privateKeyPkcs8, subject: plain })).subject, plain, 'the serial number may be missing')
  t.same(readCsr(`\r\n${pem.replaceAll('\n', '\r\n')}`).subject, subject, 'line ends of Windows')
  for (const digest of ['sha256', 'sha384', 'sha512'] as const) t.same(readCsr(requestOf({ digest })).subject, subject, digest)
})

await t.test('OpenSSL verifies ours', { skip: openssl3Missing }, async (t) => {
  const report = opensslSays(['req', '-verify', '-noout', '-subject', '-nameopt', 'RFC2253,utf8,-esc_msb'], pem)
  t.match(report, 'verify OK')
  t.match(report, 'serialNumber=1248100998,CN=홍길동,O=(주)한빛건설 & Söhne')
})

await t.test("OpenSSL's are read", { skip: openssl3Missing }, async (t) => {
  const dir = t.testdir({ 'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })
  const name = '/C=KR/ST=서울/O=한빛 건설/OU=입찰팀/CN=홍길동/serialNumber=1248100998/emailAddress=a@example.com'
  const theirs = (...args: string[]): string => openssl(['req', '-new', '-utf8', '-key', `${dir}/key.pem`, '-subj', name, ...args]).toString()
  const expected = { publicKeySha256: publicKeySha256(keys.publicKeySpki), subject: { ...subject, organization: '한빛 건설' } }
  t.match(readCsr(theirs()), expected)
  t.match(readCsr(theirs('-sha512', '-addext', 'subjectAltName=DNS:example.com', '-addext', 'basicConstraints=CA:true')), expected, 'asks in vain')
  t.throws(() => readCsr(theirs('-sha1')), weak)
  t.throws(() => readCsr(theirs('-sigopt', 'rsa_padding_mode:pss')), malformed, 'PSS')
})

await t.test('one changed byte anywhere is never accepted', async (t) => {
  const codes = new Set<string>()
  for (const flip of [0x01, 0x80]) {
    for (let at = 0; at < der.length; at++) {
      const changed = toPem(der.map((byte, i) => i === at ? byte ^ flip : byte), LABEL)
      const outcome = outcomeOf(() => readCsr(changed))
      if (!('code' in outcome)) t.fail(`byte ${at} with ${flip}`, { outcome })
      else codes.add(outcome.code)
    }
  }
  t.same([...codes].sort(), ['csr-malformed', 'csr-signature-invalid', 'weak-key'])
  const accepted = [...pem].filter((char, at) => 'value' in outcomeOf(() => readCsr(pem.slice(0, at) + String.fromCharCode(char.charCodeAt(0) ^ 1) + pem.slice(at + 1))))
  t.same(accepted, ['\n'], 'of the PEM, only the last line feed may be another white space')
})

await t.test('the name or the key of another request under this signature', async (t) => {
  const [info, algorithm, signature] = members(parseDer(der), 'sequence', { min: 3 })
  if (info === undefined || algorithm === undefined || signature === undefined) throw new Error('a request has three parts')
  const other = requestInfo(privateKey, nameNode({ ...subject, commonName: '임꺽정' }))
  const body = (node: typeof info): string => toPem(Buffer.from(forge.asn1.toDer(sequence(node, algorithm, signature)).getBytes(), 'latin1'), LABEL)
  t.match(readCsr(body(info)), { subject })
  t.throws(() => readCsr(body(other)), { code: 'csr-signature-invalid', context: { field: '/csr' } })
})

await t.test('weak keys and digests', async (t) => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const cubic = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const ecdsa = sequence(oid('1.2.840.10045.4.3.2'))
  const request = (key: typeof short, algorithm = rsaAlgorithm('sha256')): string =>
    toPem(signStructure({ body: requestInfo(key, nameNode(subject)), privateKey: key, digest: 'sha256', algorithm }), LABEL)
  t.throws(() => readCsr(request(short)), weak, '1024 bits')
  t.throws(() => readCsr(request(cubic)), weak, 'exponent 3')
  t.throws(() => readCsr(request(ec, ecdsa)), weak, 'an elliptic curve')
  t.throws(() => readCsr(requestOf({ digest: 'md5' })), weak, 'MD5')
  t.throws(() => readCsr(requestOf({ digest: 'sha1' })), weak, 'SHA-1')
  t.throws(() => createCsr({ privateKeyPkcs8: exportPkcs8(short), subject }), weak, 'none is made for a weak key either')
  const wrongName = signStructure({ body: requestInfo(privateKey, nameNode(subject)), privateKey, digest: 'sha1', algorithm: rsaAlgorithm('sha256') })
  t.throws(() => readCsr(toPem(wrongName, LABEL)), { code: 'csr-signature-invalid' }, 'a SHA-1 signature under the name of SHA-256')
})

await t.test('other forms', async (t) => {
  const edited = (edit: (parts: Asn1[]) => void): string => {
    const parts = [...members(requestInfo(privateKey, nameNode(subject)), 'sequence', { min: 4 })]
    edit(parts)
    return toPem(signStructure({ body: sequence(...parts), privateKey, digest: 'sha256' }), LABEL)
  }
  t.match(readCsr(edited(() => {})), { subject })
  const forms: Record<string, string> = {
    nothing: '',
    'no PEM': 'hello',
    'an empty block': `-----BEGIN ${LABEL}-----\n-----END ${LABEL}-----\n`,
    'another label': pem.replaceAll(LABEL, 'CERTIFICATE'),
    'two requests': pem + pem,
    'text before': `Subject: me\n${pem}`,
    'text behind': `${pem}x`,
    'a byte behind the DER': toPem(concat(der, Uint8Array.of(0)), LABEL),
    'a length in long form': toPem(concat(fromHex('308300'), der.subarray(2)), LABEL),
    'another version': edited((parts) => { parts[0] = integer(1) }),
    'other attributes': edited((parts) => { parts[3] = explicit(1, sequence()) }),
    'no attributes': edited((parts) => { parts.length = 3 }),
    'the last byte missing': toPem(der.subarray(0, -1), LABEL),
    'a character missing': pem.replace(/[A-Za-z0-9+/]=*\n-----END/, '\n-----END'),
    base64url: pem.replace(/\n(?=[A-Za-z])/, '\n-'),
    'too long': `${pem}${' '.repeat(MAX_PEM_CHARS)}`
  }
  for (const [name, text] of Object.entries(forms)) t.throws(() => readCsr(text, '/request'), { ...malformed, context: { field: '/request' } }, name)
})

await t.test('names that are refused', async (t) => {
  const attribute = (type: string, tag: number, bytes: string) =>
    set(sequence(oid(type), forge.asn1.create(forge.asn1.Class.UNIVERSAL, tag as forge.asn1.Type, false, bytes)))
  const [CN, O, UTF8, T61] = ['2.5.4.3', '2.5.4.10', 12, 20]
  const o = attribute(O, UTF8, 'Hanbit')
  t.match(readCsr(requestOf({ name: sequence(o, attribute(CN, UTF8, 'Kim')) })), { subject: { commonName: 'Kim' } })
  t.match(readCsr(requestOf({ name: sequence(o, attribute(CN, 30, '홍길동')) })), { subject: { commonName: '홍길동' } }, 'UTF-16, as Windows writes')
  const names = {
    'no organization': sequence(attribute(CN, UTF8, 'Kim')),
    'no common name': sequence(o),
    'two common names': sequence(o, attribute(CN, UTF8, 'Kim'), attribute(CN, UTF8, 'Lee')),
    'an empty name': sequence(o, attribute(CN, UTF8, '')),
    'a zero character': sequence(o, attribute(CN, UTF8, 'Kim\0Lee')),
    'a change of writing direction': sequence(o, attribute(CN, UTF8, Buffer.from('Kim\u202Eeel').toString('latin1'))),
    'bad UTF-8': sequence(o, attribute(CN, UTF8, 'Kim\xff')),
    'an old Teletex string': sequence(o, attribute(CN, T61, 'Kim')),
    'a space at the end': sequence(o, attribute(CN, UTF8, 'Kim ')),
    '65 characters': sequence(o, attribute(CN, UTF8, 'k'.repeat(65))),
    'no attributes at all': sequence()
  }
  for (const [name, node] of Object.entries(names)) t.throws(() => readCsr(requestOf({ name: node })), malformed, name)
  const create = (change: object) => () => createCsr({ privateKeyPkcs8: keys.privateKeyPkcs8, subject: { ...subject, ...change } })
  t.throws(create({ commonName: '' }), { code: 'invalid-request', context: { field: '/commonName' } })
  t.throws(create({ organization: '가'.repeat(65) }), { code: 'invalid-request', context: { field: '/organization' } })
  t.throws(create({ serialNumber: '사업자' }), { code: 'invalid-request', context: { field: '/serialNumber' } })
})

await t.test('any text of a name survives, or is refused where it is written', async (t) => {
  let written = 0
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 70 }), (commonName) => {
    const outcome = outcomeOf(() => createCsr({ privateKeyPkcs8: keys.privateKeyPkcs8, subject: { ...subject, commonName } }))
    if ('code' in outcome) return outcome.code === 'invalid-request'
    written++
    return 'value' in outcome && readCsr(outcome.value).subject.commonName === commonName
  }), { seed: 4, numRuns: 60 })
  t.ok(written > 20, `${written} of 60 could be written`)
})

await t.test('random input is refused and nothing else happens', async (t) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.tuple(fc.nat(der.length), fc.uint8Array({ maxLength: 40 }), fc.nat(40))
      .map(([at, insert, cut]) => concat(der.slice(0, at), insert, der.slice(at + cut)))
  ).filter((candidate) => Buffer.compare(candidate, der) !== 0)
  const texts = fc.oneof(fc.string({ unit: 'binary-ascii', maxLength: 200 }), bytes.map((candidate) => toPem(candidate, LABEL)))
  fc.assert(fc.property(texts, (text) => 'code' in outcomeOf(() => readCsr(text))), { seed: 3, numRuns: 250 })
  t.throws(() => readCsr(toPem(new Uint8Array(20_000).fill(0x30), LABEL)), malformed, 'nested without end')
})
