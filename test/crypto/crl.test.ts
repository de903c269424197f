/** Revocation lists: ours verified by OpenSSL, OpenSSL's read by us, and everything that is not a complete list of one issuer. */
import { X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import t from 'tap'
import { bits, enumerated, encodeDer, explicit, integer, members, nothing, octets, oid, parseDer, sequence, time } from '../../src/crypto/asn1.ts'
import type { Asn1 } from '../../src/crypto/asn1.ts'
import { concat, fromHex } from '../../src/crypto/bytes.ts'
import { certifyAuthority } from '../../src/crypto/certificate-authority.ts'
import { toPem } from '../../src/crypto/certificate.ts'
import { buildCrl, type CrlRequest } from '../../src/crypto/crl-builder.ts'
import { isCrlSignedBy, MAX_CRL_BYTES, readCrl, readCrlFile } from '../../src/crypto/crl.ts'
import { generateRsaKeyPair, readRsaPrivateKey } from '../../src/crypto/rsa-private-keys.ts'
import { MAX_REVOKED } from '../../src/services/revocation-list.ts'
import { openssl, openssl3Missing, opensslSays } from '../support/openssl.ts'
import { outcomeOf, signStructure } from '../support/pki.ts'

const now = Date.parse('2026-11-24T10:00:00+09:00')
const [rootKeys, issuingKeys] = await Promise.all([generateRsaKeyPair(2048), generateRsaKeyPair(2048)])
const { rootDer, issuingDer } = certifyAuthority({ name: '봉인 전자입찰', now, rootKeys, issuingKeys })
const signer = { privateKey: readRsaPrivateKey(issuingKeys.privateKeyPkcs8), issuerDer: issuingDer }
const [issuing, root] = [issuingDer, rootDer].map((der) => new X509Certificate(der).publicKey)
if (issuing === undefined || root === undefined) throw new Error('two keys')

const request: CrlRequest = {
  number: 7,
  thisUpdate: now + 999,
  nextUpdate: now + 86_400_000,
  revoked: [
    { serialHex: '4a00000000000000000000000000000f', revokedAt: now - 1, reason: 'keyCompromise' },
    { serialHex: 'ff01', revokedAt: now - 86_400_000, reason: 'unspecified' },
    { serialHex: '7', revokedAt: Date.parse('2050-01-01T00:00:00Z'), reason: 'privilegeWithdrawn' }
  ]
}
const der = buildCrl(request, signer)
const invalid = { code: 'crl-invalid' }

await t.test('what is written reads again, in whole seconds', async (t) => {
  const crl = readCrl(der)
  t.match(crl, { numberHex: '7', thisUpdate: now, nextUpdate: now + 86_400_000, digest: 'sha256' })
  t.same([...crl.revoked], [
    ['4a00000000000000000000000000000f', { revokedAt: now - 1000, reason: 'keyCompromise' }],
    ['ff01', { revokedAt: now - 86_400_000, reason: 'unspecified' }],
    ['7', { revokedAt: Date.parse('2050-01-01T00:00:00Z'), reason: 'privilegeWithdrawn' }]
  ])
  t.ok(isCrlSignedBy(crl, issuing))
  t.notOk(isCrlSignedBy(crl, root), "another authority's key")
  t.same(readCrlFile(Buffer.from(toPem(der, 'X509 CRL'))), crl, 'PEM')
  t.same(readCrlFile(der), crl, 'DER')
  const empty = readCrl(buildCrl({ ...request, revoked: [] }, signer))
  t.same([empty.revoked.size, isCrlSignedBy(empty, issuing)], [0, true])
})

await t.test('OpenSSL verifies ours', { skip: openssl3Missing }, async (t) => {
  const dir = t.testdir({ 'crl.der': Buffer.from(der), 'issuing.pem': toPem(issuingDer), 'root.pem': toPem(rootDer) })
  const args = ['crl', '-inform', 'DER', '-in', `${dir}/crl.der`, '-CAfile']
  t.match(opensslSays([...args, `${dir}/issuing.pem`, '-verify', '-noout']), /^verify OK/)
  t.match(opensslSays([...args, `${dir}/root.pem`, '-verify', '-noout']), /verify failure|Error getting CRL issuer/)
  const text = openssl(['crl', '-inform', 'DER', '-in', `${dir}/crl.der`, '-noout', '-text']).toString()
  for (const line of [/X509v3 CRL Number:\s+7\n/, /Last Update: Nov 24 01:00:00 2026 GMT/, /Next Update: Nov 25 01:00:00 2026 GMT/, /Serial Number: 4A0+F/,
    /Revocation Date: Nov 24 00:59:59 2026 GMT/, /Key Compromise/, /Serial Number: FF01/, /Serial Number: 07/, /Privilege Withdrawn/]) t.match(text, line)
})

await t.test('the longest list that the platform makes is one that everybody reads', async (t) => {
  const revoked = Array.from({ length: MAX_REVOKED }, (_, i) => ({ serialHex: (2n ** 126n + BigInt(i)).toString(16), revokedAt: now, reason: 'superseded' as const }))
  const long = buildCrl({ ...request, revoked }, signer)
  t.ok(long.length < MAX_CRL_BYTES, `${long.length} bytes`)
  t.equal(readCrl(long).revoked.size, MAX_REVOKED)
})

await t.test('one changed byte anywhere is never taken for signed', async (t) => {
  for (let at = 0; at < der.length; at++) {
    const outcome = outcomeOf(() => isCrlSignedBy(readCrl(der.map((byte, i) => i === at ? byte ^ 1 : byte)), issuing))
    if (!('code' in outcome) && !('value' in outcome && !outcome.value)) t.fail(`byte ${at}`, { outcome })
  }
})

const privateKey = signer.privateKey
/** The list with another TBSCertList, well signed. */
function edited (edit: (parts: Asn1[]) => void, digest: 'sha256' | 'sha1' = 'sha256'): Uint8Array {
  const parts = [...members(members(parseDer(der), 'sequence', { min: 3 })[0], 'sequence', { min: 7 })]
  edit(parts)
  return signStructure({ body: sequence(...parts), privateKey, digest })
}
const critical = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.BOOLEAN, false, '\xff')
const extended = (...extension: Asn1[]) => (parts: Asn1[]): void => { parts[6] = explicit(0, sequence(sequence(...extension))) }
const entryOf = (serialHex: string, ...rest: Asn1[]): Asn1 => sequence(integer(Number.parseInt(serialHex, 16)), time(now), ...rest)
const reason = (code: number): Asn1 => sequence(sequence(oid('2.5.29.21'), octets(encodeDer(enumerated(code)))))

await t.test('other lists, well signed', async (t) => {
  t.same(readCrl(edited(() => {})), readCrl(der), 'signing again alone changes nothing')
  t.match(readCrl(edited(extended(oid('2.5.29.46'), octets(fromHex('3000'))))), { numberHex: null }, 'an extension that is not critical')
  t.match(readCrl(edited((parts) => { parts[5] = sequence(entryOf('05', reason(6))) })).revoked.get('5'), { reason: 'certificateHold' })
  const forms: Record<string, Uint8Array> = {
    'by SHA-1': edited((parts) => { parts[1] = sequence(oid('1.2.840.113549.1.1.5'), nothing()) }, 'sha1'),
    'two algorithms': edited((parts) => { parts[1] = sequence(oid('1.2.840.113549.1.1.12'), nothing()) }),
    'version 1': edited((parts) => { parts.shift() }),
    'version 3': edited((parts) => { parts[0] = integer(2) }),
    'no nextUpdate': edited((parts) => { parts.splice(4, 1) }),
    'over before it begins': edited((parts) => { parts[4] = time(now - 1000) }),
    'an empty list': edited((parts) => { parts[5] = sequence() }),
    'a certificate twice': edited((parts) => { parts[5] = sequence(entryOf('05'), entryOf('05')) }),
    'a negative serial number': edited((parts) => { parts[5] = sequence(sequence(integer(-5), time(now))) }),
    'an unknown reason': edited((parts) => { parts[5] = sequence(entryOf('05', reason(7))) }),
    'removed from a delta list': edited((parts) => { parts[5] = sequence(entryOf('05', reason(8))) }),
    'an entry of another issuer': edited((parts) => { parts[5] = sequence(entryOf('05', sequence(sequence(oid('2.5.29.29'), critical, octets(fromHex('3000')))))) }),
    partitioned: edited(extended(oid('2.5.29.28'), critical, octets(fromHex('30038101ff')))),
    'partitioned, not marked critical': edited(extended(oid('2.5.29.28'), octets(fromHex('30038101ff')))),
    'a delta list': edited(extended(oid('2.5.29.27'), critical, octets(fromHex('020101')))),
    'an unknown critical extension': edited(extended(oid('1.2.3.4'), critical, octets(fromHex('0500')))),
    'a thirteenth month': edited((parts) => { parts[3] = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.UTCTIME, false, '261301000000Z') }),
    'no seconds': edited((parts) => { parts[3] = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.UTCTIME, false, '2611240100Z') }),
    'a byte behind': concat(der, Uint8Array.of(0)),
    'cut off': der.slice(0, -1),
    'too long': concat(der, new Uint8Array(MAX_CRL_BYTES)),
    'a certificate': issuingDer,
    'no signature': encodeDer(sequence(bits(der))),
    nothing: new Uint8Array(0)
  }
  for (const [name, bytes] of Object.entries(forms)) t.throws(() => readCrl(bytes), invalid, name)
  t.throws(() => readCrlFile(Buffer.from(toPem(der))), invalid, 'another label')
})
