/** PKCS#12 files: ours read by OpenSSL and forge, theirs read by us, and damaged, hostile or foreign ones. */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import forge from 'node-forge'
import t from 'tap'
import { encodeDer, explicit, implicit, integer, members, octets, oid, parseDer, readOctets, sequence, toBinary } from '../../src/crypto/asn1.ts'
import type { Asn1 } from '../../src/crypto/asn1.ts'
import { concat } from '../../src/crypto/bytes.ts'
import { certifyAuthority } from '../../src/crypto/certificate-authority.ts'
import { toPem } from '../../src/crypto/certificate.ts'
import { encryptKey } from '../../src/crypto/pkcs12-encryption.ts'
import { derivePkcs12Key } from '../../src/crypto/pkcs12-key.ts'
import { makeMacData } from '../../src/crypto/pkcs12-mac.ts'
import { MAX_PKCS12_BYTES, readPkcs12, writePkcs12 } from '../../src/crypto/pkcs12.ts'
import { generateRsaKeyPair, readRsaPrivateKey } from '../../src/crypto/rsa-private-keys.ts'
import { legacyMissing, openssl, openssl3Missing, opensslSays } from '../support/openssl.ts'
import { outcomeOf } from '../support/pki.ts'

const passphrase = '봉인 pass-1 ✓'
const refused = { code: 'certificate-malformed', context: { detail: /wrong passphrase or damaged file/ } }

const [rootKeys, keys] = await Promise.all([generateRsaKeyPair(2048), generateRsaKeyPair(2048)])
const { rootDer, issuingDer } = certifyAuthority({ name: '봉인 시험', now: Date.parse('2026-11-24T10:00:00+09:00'), rootKeys, issuingKeys: keys })
const contents = { privateKeyPkcs8: keys.privateKeyPkcs8, chain: [issuingDer, rootDer] }
const file = writePkcs12({ ...contents, passphrase, friendlyName: '한빛건설 인증서' })

/** forge's own file: a second implementation, and quick to read (one iteration, SHA-1 MAC). */
const forgeFile = ((): Uint8Array => {
  const key = forge.pki.privateKeyFromPem(readRsaPrivateKey(keys.privateKeyPkcs8).export({ type: 'pkcs8', format: 'pem' }).toString())
  const chain = contents.chain.map((der) => forge.pki.certificateFromPem(toPem(der)))
  return encodeDer(forge.pkcs12.toPkcs12Asn1(key, chain, 'forge', { algorithm: 'aes256', count: 1 }))
})()

await t.test('what is written reads again', async (t) => {
  t.same(readPkcs12(file, passphrase), contents)
  const keyOnly = { privateKeyPkcs8: keys.privateKeyPkcs8, chain: [] }
  t.same(readPkcs12(writePkcs12({ ...keyOnly, passphrase, friendlyName: '' }), passphrase), keyOnly, 'a key that has no certificate yet')
  t.same(readPkcs12(file, passphrase.normalize('NFD')), contents, 'Korean as macOS types it')
  t.notOk(Buffer.from(file).includes(Buffer.from(keys.privateKeyPkcs8.subarray(-32))), 'no part of the key stands there in clear')
})

await t.test('passphrases', async (t) => {
  for (const wrong of ['봉인 pass-1', `${passphrase} `, 'x']) t.throws(() => readPkcs12(file, wrong), refused, JSON.stringify(wrong))
  const empty = { code: 'invalid-request', context: { field: '/passphrase' } }
  t.throws(() => readPkcs12(file, ''), empty)
  t.throws(() => writePkcs12({ ...contents, passphrase: '', friendlyName: '' }), empty)
  t.throws(() => writePkcs12({ ...contents, chain: [rootDer], passphrase, friendlyName: '' }), /invariant broken/, 'the certificate of another key')
})

await t.test('what forge writes is read', async (t) => {
  t.same(readPkcs12(forgeFile, 'forge'), contents)
  t.ok(Buffer.from(file).includes(Buffer.from('한빛건설 인증서', 'utf16le').swap16()), 'the friendly name is big-endian UTF-16')
})

await t.test('the key derivation is that of forge', async (t) => {
  fc.assert(fc.property(
    fc.constantFrom('sha1' as const, 'sha256' as const, 'sha384' as const, 'sha512' as const),
    fc.constantFrom('key' as const, 'iv' as const, 'mac' as const),
    fc.string({ unit: 'grapheme', maxLength: 70 }), fc.uint8Array({ minLength: 1, maxLength: 140 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 200 }),
    (digest, purpose, text, salt, iterations, length) => {
      const ours = derivePkcs12Key({ digest, purpose, passphrase: text, salt, iterations, length })
      const id = { key: 1, iv: 2, mac: 3 }[purpose]
      const theirs = forge.pkcs12.generateKey(text, forge.util.createBuffer(toBinary(salt)), id, iterations, length, forge.md[digest].create())
      return toBinary(ours) === theirs.getBytes()
    }
  ), { seed: 7, numRuns: 60 })
  t.pass('60 runs')
})

await t.test('OpenSSL reads ours', { skip: openssl3Missing }, async (t) => {
  const dir = t.testdir({ 'ours.p12': Buffer.from(file) })
  const args = ['pkcs12', '-in', `${dir}/ours.p12`, '-passin', `pass:${passphrase}`]
  const report = opensslSays([...args, '-info', '-nodes'])
  t.match(report, /MAC: sha256, Iteration 50000/)
  t.match(report, /PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/)
  t.match(report, readRsaPrivateKey(keys.privateKeyPkcs8).export({ type: 'pkcs8', format: 'pem' }).toString())
  for (const der of contents.chain) t.match(report, toPem(der))
  t.match(opensslSays(['pkcs12', '-in', `${dir}/ours.p12`, '-passin', 'pass:wrong', '-noout']), /invalid password/)
  writeFileSync(`${dir}/key.p12`, writePkcs12({ privateKeyPkcs8: keys.privateKeyPkcs8, chain: [], passphrase, friendlyName: '열쇠' }))
  const alone = opensslSays(['pkcs12', '-in', `${dir}/key.p12`, '-passin', `pass:${passphrase}`, '-nodes'])
  t.match(alone, /BEGIN PRIVATE KEY/)
  t.notMatch(alone, 'BEGIN CERTIFICATE')
})

await t.test("OpenSSL's are read", { skip: openssl3Missing }, async (t) => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const dir = t.testdir({
    'key.pem': readRsaPrivateKey(keys.privateKeyPkcs8).export({ type: 'pkcs8', format: 'pem' }).toString(),
    'cert.pem': toPem(issuingDer),
    'chain.pem': toPem(rootDer),
    'ec.pem': ec.export({ type: 'pkcs8', format: 'pem' }).toString()
  })
  const theirs = (...args: string[]): Uint8Array =>
    openssl(['pkcs12', '-export', '-inkey', `${dir}/key.pem`, '-in', `${dir}/cert.pem`, '-passout', `pass:${passphrase}`, '-name', '한빛', ...args])
  const full = ['-certfile', `${dir}/chain.pem`]
  const variants: Record<string, string[]> = {
    'as it writes by default': [],
    'a key in clear': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
    'Triple DES, SHA-1': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    'AES-128, SHA-512, many iterations': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha512', '-iter', '10000']
  }
  // The command shows the low bytes of UTF-16 alone, so names are compared as they stand in the files.
  const inUtf16 = Buffer.from('한빛', 'utf16le').swap16()
  t.same([theirs(), file].map((bytes) => Buffer.from(bytes).includes(inUtf16)), [true, true], 'a Korean friendly name has the same bytes in both')
  for (const [name, args] of Object.entries(variants)) t.same(readPkcs12(theirs(...full, ...args), passphrase), contents, name)
  t.same(readPkcs12(theirs(...full), passphrase.normalize('NFD')), contents, 'Korean as macOS types it')
  t.throws(() => readPkcs12(theirs(...full), `${passphrase}.`), refused, 'a wrong passphrase')
  const third = certifyAuthority({ name: '또 다른 기관', now: Date.parse('2026-11-24T10:00:00+09:00'), rootKeys, issuingKeys: keys }).rootDer
  writeFileSync(`${dir}/chain.pem`, toPem(third) + toPem(rootDer))
  t.same(readPkcs12(theirs(...full), passphrase), { ...contents, chain: [issuingDer, third, rootDer] }, 'several certificates')
  const blank = openssl(['pkcs12', '-export', '-inkey', `${dir}/key.pem`, '-nocerts', '-passout', 'pass:'])
  t.throws(() => readPkcs12(blank, ''), { code: 'invalid-request', context: { field: '/passphrase' } }, 'an empty passphrase is refused, not tried')
  const whole = theirs(...full)
  t.ok([1, 9, 100, whole.length >> 1, whole.length - 1].every((length) => 'code' in outcomeOf(() => readPkcs12(whole.subarray(0, length), passphrase))), 'cut off')
  const keyOnly = openssl(['pkcs12', '-export', '-inkey', `${dir}/key.pem`, '-nocerts', '-passout', 'pass:x'])
  t.same(readPkcs12(keyOnly, 'x'), { ...contents, chain: [] }, 'a key alone')
  t.throws(() => readPkcs12(theirs('-nomac'), passphrase), refused, 'no MAC')
  t.throws(() => readPkcs12(openssl(['pkcs12', '-export', '-nokeys', '-in', `${dir}/cert.pem`, '-passout', 'pass:x']), 'x'), refused, 'no key')
  t.throws(() => readPkcs12(openssl(['pkcs12', '-export', '-inkey', `${dir}/ec.pem`, '-nocerts', '-passout', 'pass:x']), 'x'), refused, 'no RSA key')
})

await t.test("OpenSSL's old files are read", { skip: openssl3Missing || legacyMissing() }, async (t) => {
  const dir = t.testdir({
    'key.pem': readRsaPrivateKey(keys.privateKeyPkcs8).export({ type: 'pkcs8', format: 'pem' }).toString(),
    'cert.pem': toPem(issuingDer) + toPem(rootDer)
  })
  const old = openssl(['pkcs12', '-export', '-legacy', '-inkey', `${dir}/key.pem`, '-in', `${dir}/cert.pem`, '-passout', `pass:${passphrase}`])
  t.same(readPkcs12(old, passphrase), contents, 'RC2-40 and Triple DES')
})

/** The file with another MacData. */
function withMac (edit: (macData: { info: forge.asn1.Asn1, salt: forge.asn1.Asn1, iterations: forge.asn1.Asn1 }) => forge.asn1.Asn1[]): Uint8Array {
  const [version, authSafe, mac] = members(parseDer(forgeFile), 'sequence', { min: 3 })
  const [info, salt, iterations] = members(mac, 'sequence', { min: 3 })
  if (!version || !authSafe || !info || !salt || !iterations) throw new Error('a file has three parts')
  return encodeDer(sequence(version, authSafe, ...edit({ info, salt, iterations })))
}

await t.test('damaged and hostile files', async (t) => {
  t.same(readPkcs12(withMac(({ info, salt, iterations }) => [sequence(info, salt, iterations)]), 'forge'), contents, 'the edit itself is harmless')
  t.same(readPkcs12(withMac(({ info, salt }) => [sequence(info, salt)]), 'forge'), contents, 'one iteration is the default')
  const [digestAlgorithm, mac] = members(members(members(parseDer(forgeFile), 'sequence', { min: 3 })[2], 'sequence', { min: 3 })[0], 'sequence', { min: 2 })
  if (digestAlgorithm === undefined || mac === undefined) throw new Error('a MAC has two parts')
  const forms: Record<string, Uint8Array> = {
    nothing: new Uint8Array(0),
    'no MAC': withMac(() => []),
    'more iterations than anyone waits for': withMac(({ info, salt }) => [sequence(info, salt, integer(2 ** 31 - 1))]),
    'no iteration at all': withMac(({ info, salt }) => [sequence(info, salt, integer(0))]),
    'a salt too long': withMac(({ info, iterations }) => [sequence(info, octets(new Uint8Array(4096)), iterations)]),
    'half a MAC': withMac(({ salt, iterations }) => [sequence(sequence(digestAlgorithm, octets(readOctets(mac).slice(0, 10))), salt, iterations)]),
    'a byte behind': concat(forgeFile, Uint8Array.of(0)),
    'too long': new Uint8Array(MAX_PKCS12_BYTES + 1).fill(0x30),
    'a certificate': issuingDer
  }
  for (const [name, bytes] of Object.entries(forms)) t.throws(() => readPkcs12(bytes, 'forge'), refused, name)
  const cuts = Array.from({ length: forgeFile.length }, (_, length) => length).filter((length) => length % 37 === 0 || length > forgeFile.length - 8)
  t.ok(cuts.every((length) => 'code' in outcomeOf(() => readPkcs12(forgeFile.subarray(0, length), 'forge'))), 'truncated anywhere')
})

await t.test('files with a good MAC and other contents', async (t) => {
  const data = (bytes: Uint8Array) => sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octets(bytes)))
  const fileOf = (...bags: Asn1[]): Uint8Array => {
    const safes = encodeDer(sequence(data(encodeDer(sequence(...bags)))))
    return encodeDer(sequence(integer(3), data(safes), makeMacData(safes, 'x')))
  }
  const bag = (type: number, content: Asn1): Asn1 => sequence(oid(`1.2.840.113549.1.12.10.1.${type}`), explicit(0, content))
  const certificate = (der: Uint8Array): Asn1 => bag(3, sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octets(der))))
  const [key, otherKey] = [keys, rootKeys].map(({ privateKeyPkcs8 }) => bag(1, parseDer(privateKeyPkcs8)))
  if (key === undefined || otherKey === undefined) throw new Error('two keys')
  const crl = bag(4, sequence())
  t.same(readPkcs12(fileOf(crl, certificate(rootDer), certificate(issuingDer), key), 'x'), contents, 'in any order, beside other things')
  t.throws(() => readPkcs12(fileOf(key, otherKey), 'x'), refused, 'two keys')
  t.throws(() => readPkcs12(fileOf(key, certificate(rootDer)), 'x'), refused, 'the certificate of another key alone')
  t.throws(() => readPkcs12(fileOf(key, certificate(concat(issuingDer, Uint8Array.of(0)))), 'x'), refused, 'a byte behind the certificate')
  t.throws(() => readPkcs12(fileOf(...Array<Asn1>(17).fill(crl)), 'x'), refused, 'too many bags')
  const slow = encryptKey(keys.privateKeyPkcs8, 'x')
  const [algorithm] = members(slow, 'sequence', { min: 2 })
  const [derivation] = members(members(algorithm, 'sequence', { min: 2 })[1], 'sequence', { min: 2 })
  const parameters = members(members(derivation, 'sequence', { min: 2 })[1], 'sequence', { min: 3 })
  t.same(readPkcs12(fileOf(bag(2, slow)), 'x'), { ...contents, chain: [] })
  parameters[1] = integer(2 ** 31 - 1)
  t.throws(() => readPkcs12(fileOf(bag(2, slow)), 'x'), refused, 'more iterations for the key than anyone waits for')

  /** An encrypted safe without bags: it costs a derivation and holds nothing. */
  const emptySafe = (): Asn1 => {
    const [how, ciphertext] = members(encryptKey(encodeDer(sequence()), 'x'), 'sequence', { min: 2 })
    if (how === undefined || ciphertext === undefined) throw new Error('two parts')
    const content = sequence(oid('1.2.840.113549.1.7.1'), how, implicit(0, readOctets(ciphertext)))
    return sequence(oid('1.2.840.113549.1.7.6'), explicit(0, sequence(integer(0), content)))
  }
  const withSafes = (count: number): Uint8Array => {
    const safes = encodeDer(sequence(...Array.from({ length: count }, emptySafe), data(encodeDer(sequence(key)))))
    return encodeDer(sequence(integer(3), data(safes), makeMacData(safes, 'x')))
  }
  t.same(readPkcs12(withSafes(4), 'x'), { ...contents, chain: [] }, 'four encrypted parts')
  t.throws(() => readPkcs12(withSafes(5), 'x'), refused, 'more derivations than a key file needs')
})

await t.test('random and altered bytes are refused, and nothing else happens', async (t) => {
  const flip = fc.tuple(fc.nat(forgeFile.length - 1), fc.integer({ min: 1, max: 255 }))
  fc.assert(fc.property(flip, ([at, mask]) => {
    const outcome = outcomeOf(() => readPkcs12(forgeFile.map((byte, i) => i === at ? byte ^ mask : byte), 'forge'))
    // Bytes that nobody reads (the MAC algorithm's parameters) may change; what is read may not.
    return 'value' in outcome ? isDeepStrictEqual(outcome.value, contents) : 'code' in outcome && outcome.code === 'certificate-malformed'
  }), { seed: 8, numRuns: 250 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => 'code' in outcomeOf(() => readPkcs12(bytes, 'x'))), { seed: 9, numRuns: 200 })
  t.pass('450 runs')
})
