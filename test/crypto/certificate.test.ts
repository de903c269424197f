/** Reading and trusting certificates: the profile, the chain, the validity, and everything that only looks like them. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import forge from 'node-forge'
import t from 'tap'
import { explicit, integer, members, octets, oid, sequence } from '../../src/crypto/asn1.ts'
import { concat, fromHex, sha256, toBase64url } from '../../src/crypto/bytes.ts'
import { certifyAuthority } from '../../src/crypto/certificate-authority.ts'
import { buildCertificate } from '../../src/crypto/certificate-builder.ts'
import { fromPem, MAX_CERTIFICATE_BYTES, readCertificate, readTrust, thumbprintOf, toPem, verifyCertificate, verifyUnder } from '../../src/crypto/certificate.ts'
import { exportSpki } from '../../src/crypto/rsa-keys.ts'
import { generateRsaKeyPair, readRsaPrivateKey } from '../../src/crypto/rsa-private-keys.ts'
import type { Asn1 } from '../../src/crypto/asn1.ts'
import { DAY_MS } from '../../src/domain/time.ts'
import { authorityKeyIdentifier, nameNode, outcomeOf, signAgain, TBS, tbsOf } from '../support/pki.ts'

const now = Date.parse('2026-11-24T10:00:00+09:00')
const malformed = { code: 'certificate-malformed' }
const untrusted = { code: 'certificate-untrusted' }
const expired = { code: 'certificate-expired' }

const [rootKeys, issuingKeys, holderKeys, otherKeys] = await Promise.all([2048, 2048, 2048, 2048].map(() => generateRsaKeyPair(2048)))
if (!rootKeys || !issuingKeys || !holderKeys || !otherKeys) throw new Error('four keys')
const issuingKey = readRsaPrivateKey(issuingKeys.privateKeyPkcs8)
const name = '봉인 전자입찰'
const { rootDer, issuingDer } = certifyAuthority({ name, now, rootKeys, issuingKeys })

const holder = { country: 'KR', organization: '(주)한빛건설', unit: 'supplier', commonName: '홍길동', serialNumber: '1248100998' }
const request = { subject: holder, publicKeySpki: holderKeys.publicKeySpki, notBefore: now, notAfter: now + 365 * DAY_MS, pathLength: null }
const issue = (change: Partial<typeof request> = {}) => buildCertificate({ ...request, ...change }, { privateKey: issuingKey, issuerDer: issuingDer })
const der = issue()

const verify = (certificate: Uint8Array, change: Partial<{ issuingDer: Uint8Array, rootDer: Uint8Array, at: number }> = {}) =>
  verifyCertificate({ certificate, issuingDer, rootDer, at: now, ...change })

await t.test('a certificate of the authority', async (t) => {
  const info = verify(der)
  t.match(info, {
    holderId: '1248100998',
    kind: 'supplier',
    commonName: '홍길동',
    organization: '(주)한빛건설',
    notBefore: now,
    notAfter: now + 365 * DAY_MS,
    serialHex: /^[4-7][0-9a-f]{31}$/,
    thumbprint: toBase64url(sha256(der))
  })
  t.same([info.der, info.publicKeySpki, exportSpki(info.publicKey)], [der, holderKeys.publicKeySpki, holderKeys.publicKeySpki])
  t.same(readCertificate(der).thumbprint, thumbprintOf(der))
  const officer = { ...holder, unit: 'officer', serialNumber: 'O00000017' }
  t.match(verify(issue({ subject: officer })), { kind: 'officer', holderId: 'O00000017' })
  const again = verify(signAgain({ der, privateKey: issuingKey, digest: 'sha512' }))
  t.equal(again.commonName, '홍길동', 'by SHA-512')
})

await t.test('PEM there and back', async (t) => {
  t.same(fromPem(toPem(der)), der)
  t.same(fromPem(toPem(holderKeys.publicKeySpki, 'PUBLIC KEY'), 'PUBLIC KEY'), holderKeys.publicKeySpki)
  t.throws(() => fromPem(toPem(der), 'PUBLIC KEY'), malformed)
  t.throws(() => fromPem(`${toPem(der)}-`), malformed)
})

await t.test('the validity, of every certificate in the chain', async (t) => {
  const at = (instant: number) => () => verify(der, { at: instant })
  t.throws(at(now - 1), { ...expired, context: { extra: { notBefore: '2026-11-24T10:00:00.000+09:00', notAfter: '2027-11-24T10:00:00.000+09:00' } } })
  t.equal(at(now)().kind, 'supplier', 'the first moment')
  t.equal(at(now + 365 * DAY_MS)().kind, 'supplier', 'the last moment')
  t.throws(at(now + 365 * DAY_MS + 1), expired)
  const long = issue({ notBefore: now - 30 * DAY_MS, notAfter: now + 30 * 365 * DAY_MS })
  t.throws(() => verify(long, { at: now - DAY_MS }), expired, 'the authority does not exist yet')
  t.throws(() => verify(long, { at: now + 11 * 365 * DAY_MS }), expired, 'the issuing authority is over')
  t.equal(readCertificate(long).notAfter, now + 30 * 365 * DAY_MS, 'a time after 2049 is read')
  const early = issue({ notBefore: now + 999, notAfter: now + 1999 })
  t.match(readCertificate(early), { notBefore: now, notAfter: now + 1000 }, 'whole seconds')
})

await t.test('another authority with the same names', async (t) => {
  const theirs = certifyAuthority({ name, now, rootKeys: otherKeys, issuingKeys: holderKeys })
  const forged = buildCertificate(request, { privateKey: readRsaPrivateKey(holderKeys.privateKeyPkcs8), issuerDer: theirs.issuingDer })
  t.equal(verifyCertificate({ certificate: forged, ...theirs, at: now }).commonName, '홍길동', 'good in its own world')
  t.throws(() => verify(forged), untrusted)
  t.throws(() => verify(forged, { issuingDer: theirs.issuingDer }), untrusted, 'its issuer is not under our root')
  t.throws(() => verify(der, { rootDer: theirs.rootDer }), untrusted)
  // Their signature with our key identifier: now only the signature is wrong.
  const copied = signAgain({ der, privateKey: readRsaPrivateKey(otherKeys.privateKeyPkcs8) })
  t.throws(() => verify(copied), untrusted)
})

await t.test('who may issue', async (t) => {
  const holderKey = readRsaPrivateKey(holderKeys.privateKeyPkcs8)
  /** As if `issuerDer`, whose key is the holder's, had issued it: names and key identifiers fit. */
  const issuedByHolder = (issuerDer: Uint8Array) => signAgain({
    der,
    privateKey: holderKey,
    edit: (tbs) => {
      tbs[TBS.issuer] = tbsOf(issuerDer)[TBS.subject] ?? sequence()
      tbs[TBS.extensions] = extensionsNode(extensionsOf(tbs).with(3, authorityKey(holderKeys.publicKeySpki)))
    }
  })
  t.throws(() => verify(issuedByHolder(der)), untrusted, 'a holder is no authority')
  t.throws(() => verify(issuedByHolder(der), { issuingDer: der }), untrusted)
  t.throws(() => readTrust({ issuingDer: der, rootDer: issuingDer }), untrusted, 'the issuing authority is no root')
  const underRoot = buildCertificate(request, { privateKey: readRsaPrivateKey(rootKeys.privateKeyPkcs8), issuerDer: rootDer })
  t.throws(() => verify(underRoot), untrusted, 'the root certifies no holders')
  t.throws(() => readTrust({ issuingDer: underRoot, rootDer }), untrusted, 'one without the authority flag cannot issue, root or not')
  t.throws(() => readTrust({ issuingDer: concat(issuingDer, Uint8Array.of(0)), rootDer }), untrusted, 'a byte behind')
  t.throws(() => readTrust({ issuingDer: rootDer, rootDer: issuingDer }), untrusted)
  const below = { ...request, subject: { organization: name, commonName: 'Third CA' }, pathLength: 0 }
  const third = buildCertificate(below, { privateKey: issuingKey, issuerDer: issuingDer })
  t.throws(() => readTrust({ issuingDer: third, rootDer: issuingDer }), untrusted, 'a root signs itself')
  const renamed = signAgain({ der, privateKey: issuingKey, edit: (tbs) => { tbs[TBS.issuer] = nameNode({ organization: name, commonName: 'Other CA' }) } })
  t.throws(() => verify(renamed), untrusted, 'in the name of another authority')
  t.throws(() => verify(issuingDer), malformed, 'an authority is no holder')
  t.throws(() => verify(rootDer), malformed)
})

function extensionsOf (tbs: Asn1[]): Asn1[] {
  return [...members(members(tbs[TBS.extensions], 3, { min: 1 })[0], 'sequence', { min: 1, max: 10 })]
}

function extensionsNode (extensions: readonly Asn1[]): Asn1 {
  return explicit(3, sequence(...extensions))
}

function authorityKey (spki: Uint8Array): Asn1 {
  const id = forge.asn1.create(forge.asn1.Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, false, authorityKeyIdentifier(spki))
  return sequence(oid('2.5.29.35'), octets(Buffer.from(forge.asn1.toDer(sequence(id)).getBytes(), 'latin1')))
}

await t.test('other forms of a certificate, well signed', async (t) => {
  const edited = (edit: (tbs: Asn1[]) => void, digest: 'sha256' | 'sha1' | 'md5' = 'sha256') => signAgain({ der, privateKey: issuingKey, edit, digest })
  const named = (change: object) => edited((tbs) => { tbs[TBS.subject] = nameNode({ ...holder, ...change }) })
  const extended = (change: (all: Asn1[]) => Asn1[]) => edited((tbs) => { tbs[TBS.extensions] = extensionsNode(change(extensionsOf(tbs))) })
  const critical = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.BOOLEAN, false, '\xff')
  const extension = (id: string, hex: string) => sequence(oid(id), critical, octets(fromHex(hex)))
  const key = (options: { modulusLength: number, publicExponent?: number }) => {
    const spki = exportSpki(generateKeyPairSync('rsa', options).publicKey)
    return edited((tbs) => { tbs[TBS.publicKey] = forge.asn1.fromDer(Buffer.from(spki).toString('latin1')) })
  }
  t.equal(readCertificate(edited(() => {})).commonName, '홍길동', 'signing again alone does not matter')
  t.equal(readCertificate(extended((all) => all)).commonName, '홍길동')
  const forms = {
    'by SHA-1': edited(() => {}, 'sha1'),
    'by MD5': edited(() => {}, 'md5'),
    'a key of 1024 bits': key({ modulusLength: 1024 }),
    'a key with exponent 3': key({ modulusLength: 2048, publicExponent: 3 }),
    'an unknown kind': named({ unit: 'witness' }),
    'an officer with a supplier\'s number': named({ unit: 'officer' }),
    'a holder id too short': named({ serialNumber: '124810099' }),
    'an authority': extended((all) => all.with(0, extension('2.5.29.19', '30030101ff'))),
    'for other uses': extended((all) => all.with(1, extension('2.5.29.15', '030205a0'))),
    'no basic constraints': extended((all) => all.slice(1)),
    'key usage that is not critical': extended((all) => all.with(1, sequence(oid('2.5.29.15'), octets(fromHex('030206c0'))))),
    'no key usage': extended((all) => all.toSpliced(1, 1)),
    'key usage twice': extended((all) => all.with(2, all[1] ?? sequence())),
    'an unknown extension': extended((all) => all.with(2, extension('1.2.3.4', '0500'))),
    'no extensions': edited((tbs) => { tbs.length = TBS.extensions }),
    'a negative serial number': edited((tbs) => { tbs[TBS.serial] = integer(-5) }),
    'over before it begins': edited((tbs) => { tbs[TBS.validity] = sequence(...members(tbs[TBS.validity], 'sequence', { min: 2 }).toReversed()) }),
    'a byte behind': concat(der, Uint8Array.of(0)),
    truncated: der.subarray(0, -1),
    'PEM instead of DER': new TextEncoder().encode(toPem(der)),
    'too long': concat(der, new Uint8Array(MAX_CERTIFICATE_BYTES)),
    nothing: new Uint8Array(0)
  }
  for (const [form, bytes] of Object.entries(forms)) t.throws(() => verify(bytes), malformed, form)
})

await t.test('one changed byte anywhere is never trusted', async (t) => {
  const trust = readTrust({ issuingDer, rootDer })
  const codes = new Set<string>()
  for (let at = 0; at < der.length; at++) {
    const outcome = outcomeOf(() => verifyUnder(trust, { certificate: der.map((byte, i) => i === at ? byte ^ 1 : byte), at: now }))
    if ('code' in outcome) codes.add(outcome.code)
    else t.fail(`byte ${at}`, { outcome })
  }
  t.same([...codes].sort(), ['certificate-malformed', 'certificate-untrusted'])
})

await t.test('random input is refused and nothing else happens', async (t) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.tuple(fc.nat(der.length), fc.uint8Array({ maxLength: 40 }), fc.nat(40))
      .map(([at, insert, cut]) => concat(der.slice(0, at), insert, der.slice(at + cut)))
  ).filter((candidate) => Buffer.compare(candidate, der) !== 0)
  fc.assert(fc.property(bytes, (certificate) => {
    const outcomes = [
      outcomeOf(() => verify(certificate)),
      outcomeOf(() => readTrust({ issuingDer: certificate, rootDer })),
      outcomeOf(() => fromPem(Buffer.from(certificate).toString('latin1')))
    ]
    return outcomes.every((outcome) => 'code' in outcome)
  }), { seed: 5, numRuns: 200 })
  t.pass('200 runs')
})
