/** The authority: its files, what it issues, what it refuses; and OpenSSL's word on the whole chain. */
import { verify, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { utf8 } from '../../src/crypto/bytes.ts'
import { certifyAuthority, createAuthority, loadAuthority } from '../../src/crypto/certificate-authority.ts'
import type { Authority, IssueRequest } from '../../src/crypto/certificate-authority.ts'
import { readCertificate, thumbprintOf, toPem, verifyCertificate } from '../../src/crypto/certificate.ts'
import { readPkcs12, writePkcs12 } from '../../src/crypto/pkcs12.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import { DAY_MS } from '../../src/domain/time.ts'
import { openssl, openssl3Missing, opensslSays } from '../support/openssl.ts'
import { outcomeOf } from '../support/pki.ts'

const now = Date.parse('2026-11-24T10:00:00+09:00')
const YEAR_MS = 365 * DAY_MS
const passphrase = '봉인 passphrase'
const name = '봉인 전자입찰'

const [files, holderKeys, otherKeys] = await Promise.all([
  createAuthority({ name, now, passphrase }), generateRsaKeyPair(2048), generateRsaKeyPair(2048)
])
const authority = loadAuthority({ issuingP12: files.issuingP12, passphrase })
const request: IssueRequest = {
  holderId: '1248100998',
  kind: 'supplier',
  commonName: '홍길동',
  organization: '(주)한빛건설',
  publicKeySpki: holderKeys.publicKeySpki,
  notBefore: now,
  notAfter: now + YEAR_MS
}
const issued = authority.issue(request)

function verifyAt (der: Uint8Array, at: number, by: Authority = authority) {
  return verifyCertificate({ certificate: der, issuingDer: by.issuingDer, rootDer: by.rootDer, at })
}

await t.test('a new authority', async (t) => {
  const root = readPkcs12(files.rootP12, passphrase)
  t.same(root.chain, [authority.rootDer], "the root's file holds the root alone")
  t.same(readPkcs12(files.issuingP12, passphrase).chain, [authority.issuingDer, authority.rootDer])
  const [rootX509, issuingX509] = [new X509Certificate(authority.rootDer), new X509Certificate(authority.issuingDer)]
  t.same([rootX509, issuingX509].map((x509) => x509.publicKey.asymmetricKeyDetails?.modulusLength), [3072, 3072])
  t.same([rootX509, issuingX509].map((x509) => x509.validFromDate.getTime()), [now, now])
  t.same([rootX509, issuingX509].map((x509) => x509.validToDate.toISOString()), ['2046-11-24T01:00:00.000Z', '2036-11-24T01:00:00.000Z'])
  t.equal(issuingX509.issuer, rootX509.subject)
  t.match(issuingX509.subject, `CN=${name} Issuing CA`)
  t.equal(authority.thumbprint, thumbprintOf(authority.issuingDer))
})

await t.test('what it issues', async (t) => {
  t.match(verifyAt(issued.der, now), {
    ...{ holderId: '1248100998', kind: 'supplier', commonName: '홍길동', organization: '(주)한빛건설' },
    ...{ thumbprint: issued.thumbprint, serialHex: issued.serialHex, notBefore: now, notAfter: now + YEAR_MS }
  })
  const again = authority.issue(request)
  t.not(again.serialHex, issued.serialHex)
  t.not(again.thumbprint, issued.thumbprint)
  const officer = authority.issue({ ...request, kind: 'officer', holderId: 'O00000001', commonName: '김담당', organization: '조달청' })
  t.match(verifyAt(officer.der, now), { kind: 'officer', holderId: 'O00000001', organization: '조달청' })
})

await t.test('what it refuses', async (t) => {
  const issue = (change: Partial<IssueRequest>) => () => authority.issue({ ...request, ...change })
  t.throws(issue({ commonName: ' ' }), { code: 'invalid-request', context: { field: '/commonName' } })
  t.throws(issue({ organization: 'a\nb' }), { code: 'invalid-request', context: { field: '/organization' } })
  t.throws(issue({ publicKeySpki: holderKeys.publicKeySpki.subarray(1) }), { code: 'weak-key' })
  t.throws(issue({ holderId: 'O00000001' }), /invariant broken/, 'an id of another kind is a bug of ours')
  t.throws(issue({ notAfter: now - 1 }), /invariant broken/)
  const late = new Date(now).setUTCFullYear(2037)
  t.throws(issue({ notBefore: late, notAfter: late + YEAR_MS }), { code: 'certificate-expired' }, 'the authority is over')
  const cut = authority.issue({ ...request, notBefore: late - YEAR_MS, notAfter: late + YEAR_MS })
  t.equal(readCertificate(cut.der).notAfter, Date.parse('2036-11-24T01:00:00Z'), 'no certificate outlives the authority')
})

await t.test('it signs statements with the issuing key', async (t) => {
  const [message, publicKey] = [utf8('statement'), new X509Certificate(authority.issuingDer).publicKey]
  const signature = authority.sign(message)
  t.ok(verify('sha256', message, publicKey, signature), 'RS256')
  t.notOk(verify('sha256', utf8('another'), publicKey, signature))
})

await t.test('files that are no authority', async (t) => {
  const load = (issuingP12: Uint8Array, secret = passphrase) => () => loadAuthority({ issuingP12, passphrase: secret })
  t.throws(load(files.issuingP12, '봉인 passphrase '), { code: 'certificate-malformed' }, 'another passphrase')
  t.throws(load(files.rootP12), { code: 'certificate-malformed' }, "the root's file")
  const other = certifyAuthority({ name, now, rootKeys: otherKeys, issuingKeys: holderKeys })
  const mixed = { privateKeyPkcs8: holderKeys.privateKeyPkcs8, passphrase, friendlyName: 'x' }
  const file = (...chain: Uint8Array[]) => writePkcs12({ ...mixed, chain })
  t.equal(loadAuthority({ issuingP12: file(other.issuingDer, other.rootDer), passphrase }).thumbprint, thumbprintOf(other.issuingDer))
  t.throws(load(file(other.issuingDer, authority.rootDer)), { code: 'certificate-untrusted' }, 'the root of another authority')
  t.throws(load(file(issued.der, authority.issuingDer)), { code: 'certificate-untrusted' }, 'a holder with its issuer')
  t.throws(load(file(issued.der, authority.issuingDer, authority.rootDer)), { code: 'certificate-malformed' }, 'a whole chain')
})

await t.test('OpenSSL verifies the chain by its strict rules', { skip: openssl3Missing }, async (t) => {
  const dir = t.testdir({ 'root.pem': toPem(authority.rootDer), 'issuing.pem': toPem(authority.issuingDer), 'leaf.pem': toPem(issued.der) })
  const chain = ['verify', '-x509_strict', '-check_ss_sig', '-attime', String(now / 1000 + 60), '-CAfile', `${dir}/root.pem`]
  t.match(opensslSays([...chain, '-untrusted', `${dir}/issuing.pem`, `${dir}/leaf.pem`]), /leaf\.pem: OK/)
  t.match(opensslSays([...chain, `${dir}/issuing.pem`]), /issuing\.pem: OK/)
  t.notMatch(opensslSays([...chain, `${dir}/leaf.pem`]), /: OK/, 'not without the issuing authority')
  const text = openssl(['x509', '-noout', '-subject', '-ext', 'basicConstraints,keyUsage', '-nameopt', 'RFC2253,utf8,-esc_msb'], toPem(issued.der)).toString()
  t.match(text, 'subject=serialNumber=1248100998,CN=홍길동,OU=supplier,O=(주)한빛건설,C=KR')
  t.match(text, /Basic Constraints: critical\s+CA:FALSE/)
  t.match(text, /Key Usage: critical\s+Digital Signature, Non Repudiation/)
  const ca = openssl(['x509', '-noout', '-ext', 'basicConstraints,keyUsage'], toPem(authority.issuingDer)).toString()
  t.match(ca, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/)
  t.match(openssl(['x509', '-noout', '-ext', 'basicConstraints'], toPem(authority.rootDer)).toString(), /CA:TRUE, pathlen:1/)
})

await t.test('any validity and any name that can be issued reads back', async (t) => {
  let read = 0
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  const start = fc.integer({ min: now, max: now + 9 * YEAR_MS })
  fc.assert(fc.property(names, names, start, fc.nat(YEAR_MS), (commonName, organization, notBefore, length) => {
    const outcome = outcomeOf(() => authority.issue({ ...request, commonName, organization, notBefore, notAfter: notBefore + length }))
    if ('code' in outcome) return outcome.code === 'invalid-request'
    if (!('value' in outcome)) return false
    const info = readCertificate(outcome.value.der)
    read++
    return info.commonName === commonName && info.organization === organization &&
      info.notBefore === Math.floor(notBefore / 1000) * 1000 && info.notAfter === Math.floor((notBefore + length) / 1000) * 1000
  }), { seed: 6, numRuns: 50 })
  t.ok(read > 20, `${read} of 50 could be issued`)
})
