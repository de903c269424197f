/** Registration with another authority's certificate (공동인증서), from its key file to the officer's list, and the revocation list by command. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { applySupplier, listPending, renewCertificate } from '../../src/client/registration.ts'
import { externalEvidence } from '../../src/client/external.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { readCsr } from '../../src/crypto/csr.ts'
import { proveExternalIdentity } from '../../src/crypto/external-identity.ts'
import { rsaSigner, signJws } from '../../src/crypto/jws.ts'
import { readPkcs12 } from '../../src/crypto/pkcs12.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import { listAudit } from '../../src/storage/audit.ts'
import type { ExternalEvidence } from '../../src/domain/holder.ts'
import { BUSINESS_NUMBERS, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { cli, type CliResult } from '../support/cli.ts'
import { AUTHORITY, OpensslAuthorities } from '../support/openssl-ca.ts'
import { openssl, openssl3Missing } from '../support/openssl.ts'
import { expectRefusal, type Refusal } from '../support/refusals.ts'

if (openssl3Missing !== false) {
  t.plan(0, openssl3Missing)
  process.exit(0)
}

const dir = t.testdir()
const file = (name: string): string => join(dir, name)
const anchorsDir = file('anchors')
mkdirSync(anchorsDir)
const made = new OpensslAuthorities(file('ca'))
const root = { key: 'root', certificate: made.issue(null, { key: 'root', subject: '/C=KR/O=한국인증/CN=Root CA', extensions: AUTHORITY }) }
const inter = { key: 'inter', certificate: made.issue(root, { key: 'inter', subject: '/C=KR/O=한국인증/CN=Signing CA', extensions: AUTHORITY }) }
const leaf = made.issue(inter, { key: 'leaf', subject: '/C=KR/O=한국인증/OU=건설/CN=(주)한빛건설' })
writeFileSync(join(anchorsDir, 'authorities.pem'), `Root and intermediate\n${root.certificate.x509.toString()}\n${inter.certificate.x509.toString()}`)
writeFileSync(join(anchorsDir, 'root.crl'), made.crlDer(root))
writeFileSync(join(anchorsDir, 'inter.crl'), made.crlDer(inter))
writeFileSync(file('leaf.pem'), leaf.x509.toString())
const passphrase = '공동인증서 암호'
writeFileSync(file('sign.p12'), openssl(['pkcs12', '-export', '-inkey', made.key('leaf'), '-in', file('leaf.pem'), '-passout', `pass:${passphrase}`]))
writeFileSync(file('external.pass'), `${passphrase}\n`)

const app = await buildApp(t, { dataDir: file('data'), env: { BONGIN_TRUST_ANCHORS_DIR: anchorsDir } })
const { chief, publicApi, platform, suppliers, login } = await makeCast(app, { suppliers: 1 })
const run = async (keys: string, ...args: string[]): Promise<CliResult> =>
  await cli([...args, '--keys', file(keys), '--json'], { env: { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }, now: () => app.clock.now() })
const registerArgs = (...more: string[]): string[] => [
  'supplier', 'register', '--company', '(주)한빛건설', '--business-number', BUSINESS_NUMBERS[3], '--representative', '홍길동', '--address', '서울',
  '--phone', '02-2', '--email', 's@b.kr', '--line', '0001', '--region', '서울특별시', '--rsa-bits', '2048', ...more
]
const external = ['--external-p12', file('sign.p12'), '--external-passphrase-file']

t.test('by command: the officer sees who vouches for the applicant', async (t) => {
  writeFileSync(file('wrong.pass'), 'x')
  t.match(await run('s', ...registerArgs(...external, file('wrong.pass'))), { code: EXIT.local })
  t.notOk(existsSync(file('s')), 'a wrong passphrase leaves no key folder')
  t.match(await run('s', ...registerArgs('--external-p12', file('sign.p12'))), { code: EXIT.local, out: /BONGIN_EXTERNAL_PASSPHRASE/ })
  const applied = await run('s', ...registerArgs(...external, file('external.pass')))
  t.match(applied, { code: EXIT.ok })
  const [item] = await listPending(chief.api)
  t.match(item, {
    registrationId: applied.json()['registrationId'],
    external: {
      subject: 'C=KR,O=한국인증,OU=건설,CN=(주)한빛건설',
      issuer: 'C=KR,O=한국인증,CN=Signing CA',
      anchor: 'C=KR,O=한국인증,CN=Root CA',
      serialHex: leaf.serialHex,
      thumbprint: leaf.thumbprint,
      anchorThumbprint: root.certificate.thumbprint,
      notAfter: '2030-01-01T09:00:00.000+09:00'
    }
  })
})

const profile = {
  companyName: '신규건설',
  businessNumber: BUSINESS_NUMBERS[2],
  representative: '임꺽정',
  address: '서울',
  contact: { name: '임꺽정', phone: '02-1', email: 'a@b.kr' },
  linesOfBusiness: ['0001'],
  region: '서울특별시'
}
const subject = { commonName: '임꺽정', organization: '신규건설', serialNumber: profile.businessNumber }
const keys = await generateRsaKeyPair(2048)
const csr = createCsr({ privateKeyPkcs8: keys.privateKeyPkcs8, subject })
const p12 = new Uint8Array(readFileSync(file('sign.p12')))
const evidence = await externalEvidence({ p12, passphrase, csr, platform: platform.name })
const signer = await rsaSigner({ privateKeyPkcs8: readPkcs12(p12, passphrase).privateKeyPkcs8, thumbprint: leaf.thumbprint })

const refuses = async (t: Test, name: string, change: Partial<ExternalEvidence>, expected: { reason: string } | Refusal): Promise<void> => {
  const body = { kind: 'supplier', csr, profile, external: { ...evidence, ...change } }
  const refusal = 'reason' in expected
    ? { status: 422, code: 'external-certificate-refused', field: expected.reason === 'proof-mismatch' ? '/external/proof' : '/external/chain', extra: expected }
    : expected
  await expectRefusal(t, app, { name, request: { path: '/v1/registrations', body }, refusal })
}

t.test('evidence that shows nothing', async (t) => {
  const other = createCsr({ privateKeyPkcs8: (await generateRsaKeyPair(2048)).privateKeyPkcs8, subject })
  const prove = async (csrPem: string, platformName: string, by = signer): Promise<string> =>
    await proveExternalIdentity(by, { csrDer: readCsr(csrPem).der, platform: platformName })
  const mismatch = { reason: 'proof-mismatch' }
  await refuses(t, 'about another request', { proof: await prove(other, platform.name) }, mismatch)
  await refuses(t, 'for another platform', { proof: await prove(csr, 'other.example') }, mismatch)
  const impostor = { ...await rsaSigner({ privateKeyPkcs8: keys.privateKeyPkcs8, thumbprint: leaf.thumbprint }) }
  await refuses(t, "in the certificate's name by another key", { proof: await prove(csr, platform.name, impostor) },
    { status: 401, code: 'signature-invalid', field: '/signature' })
  const unnamed = await rsaSigner({ privateKeyPkcs8: readPkcs12(p12, passphrase).privateKeyPkcs8, thumbprint: root.certificate.thumbprint })
  await refuses(t, 'by its key in the name of another certificate', { proof: await prove(csr, platform.name, unnamed) }, mismatch)
  const type = 'bongin-external-identity'
  const more = await signJws(signer, type, { v: 1, type, platform: platform.name, csrSha256: 'x', extra: 1 })
  await refuses(t, 'a member more', { proof: more }, mismatch)
  const cut = { status: 400, code: 'envelope-malformed', field: '/protected' }
  await refuses(t, 'a statement of another kind', { proof: await signJws(signer, 'bongin-session', { v: 1, type: 'bongin-session' }) }, cut)
  const alone = made.issue(null, { key: 'leaf', subject: '/CN=(주)한빛건설' })
  await refuses(t, 'a certificate that vouches for itself', { chain: [alone.x509.toString()] }, { reason: 'no-anchor' })
  const malformed = { status: 422, code: 'certificate-malformed', field: '/external/chain/1' }
  await refuses(t, 'no certificate', { chain: [...evidence.chain, 'hello'] }, malformed)
  await refuses(t, 'no chain', { chain: [] }, { status: 400, code: 'invalid-request', field: '/external/chain' })
})

t.test('a list that changes in the folder counts at once, and a damaged one changes nothing', async (t) => {
  writeFileSync(join(anchorsDir, 'inter.crl'), made.crlDer(inter, { from: '20261120000000Z', revoked: [{ serialHex: leaf.serialHex }] }))
  await refuses(t, 'revoked meanwhile', {}, { reason: 'revoked' })
  writeFileSync(join(anchorsDir, 'inter.crl'), 'damaged')
  await refuses(t, 'what was read last stands', {}, { reason: 'revoked' })
  t.ok(app.logLines.some((line) => line.includes('inter.crl') && line.includes('trust anchors')), 'and the log says so')
  writeFileSync(join(anchorsDir, 'inter.crl'), made.crlDer(inter, { until: '20261123000000Z' }))
  await refuses(t, 'a stale list', {}, { reason: 'crl-stale' })
  writeFileSync(join(anchorsDir, 'inter.crl'), made.crlDer(inter, { from: '20261121000000Z' }))
  t.equal((await applySupplier(publicApi, { csr, profile, external: evidence })).status, 'pending')
})

t.test('at a renewal it goes on the audit trail', async (t) => {
  const { api, identity } = await login(at(suppliers, 0))
  const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
  const renewal = createCsr({ privateKeyPkcs8, subject: { ...subject, serialNumber: identity.holderId } })
  await t.rejects(renewCertificate(api, renewal, evidence), { code: 'external-certificate-refused', field: '/external/proof' })
  await renewCertificate(api, renewal, await externalEvidence({ p12, passphrase, csr: renewal, platform: platform.name }))
  const [entry] = await listAudit(app.context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 1 })
  t.match(entry, { action: 'certificate.renewed', actor: identity.holderId, detail: { external: { thumbprint: leaf.thumbprint } } })
})

t.test('the revocation list by command', async (t) => {
  const listed = await run('none', 'certificate', 'crl', '--out', file('platform.crl'))
  t.match(listed.json(), { number: 1, revoked: [], file: file('platform.crl') })
  t.match(openssl(['crl', '-inform', 'DER', '-in', file('platform.crl'), '-noout', '-issuer']).toString(), /Issuing CA/)
  t.match(await run('none', 'certificate', 'crl', '--out', file('platform.crl')), { code: EXIT.local }, 'nothing is overwritten')
})
