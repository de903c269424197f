/** Certificates over HTTP: the revocation list from revocation to revocation, and a renewal beside the certificate that it follows. */
import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { Api } from '../../src/client/api.ts'
import { me, renewCertificate, revokeCertificate } from '../../src/client/registration.ts'
import { fetchRevocationList } from '../../src/client/revocations.ts'
import { openSession } from '../../src/client/sessions.ts'
import type { Identity } from '../../src/client/identity.ts'
import { fromPem, readCertificate } from '../../src/crypto/certificate.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import type { Crl } from '../../src/crypto/crl.ts'
import { rsaSigner } from '../../src/crypto/jws.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import { CRL_VALID_MS } from '../../src/services/revocation-list.ts'
import { BUSINESS_NUMBERS, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { openssl3Missing, opensslSays } from '../support/openssl.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const { chief, platform, publicApi } = cast
const [first, second] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
const list = async (): Promise<{ der: Uint8Array, crl: Crl }> => await fetchRevocationList(publicApi, platform)
const serialOf = ({ identity }: { identity: Identity }): string => readCertificate(identity.certificateDer).serialHex

t.test('the revocation list', async (t) => {
  const response = await fetch(`${app.baseUrl}/v1/crl`)
  t.equal(response.headers.get('content-type'), 'application/pkix-crl')
  const empty = await list()
  t.same([...empty.der], [...new Uint8Array(await response.arrayBuffer())], 'the same list for everybody')
  t.match(empty.crl, { numberHex: '1', thisUpdate: Math.floor(app.clock.now() / 1000) * 1000, revoked: new Map() })
  t.equal(empty.crl.nextUpdate - empty.crl.thisUpdate, CRL_VALID_MS)

  const revokedAt = app.clock.now()
  await revokeCertificate(chief.api, { thumbprint: second.identity.thumbprint, reason: '키 분실', code: 'keyCompromise' })
  await t.rejects(me(second.api), { code: 'session-invalid' }, 'the server refuses it from then on')
  const { der, crl } = await list()
  t.equal(crl.numberHex, '2')
  t.same([...crl.revoked], [[serialOf(second), { revokedAt: Math.floor(revokedAt / 1000) * 1000, reason: 'keyCompromise' }]])
  const dir = t.testdir({ 'crl.der': Buffer.from(der), 'issuing.pem': new X509Certificate(platform.issuingDer).toString() })
  if (openssl3Missing === false) {
    t.match(opensslSays(['crl', '-inform', 'DER', '-in', `${dir}/crl.der`, '-CAfile', `${dir}/issuing.pem`, '-verify', '-noout']), /^verify OK/)
  }
  await t.rejects(revokeCertificate(chief.api, { thumbprint: second.identity.thumbprint, reason: '다시' }), { code: 'certificate-unknown' })
  await t.rejects(chief.api.post(`/v1/certificates/${first.identity.thumbprint}/revocation`, { reason: 'x', code: 'cACompromise' }), { code: 'invalid-request', field: '/code' })
  t.same((await list()).der, der, 'refusals change nothing')
})

t.test('a list is made anew when half of its time is over', async (t) => {
  const before = await list()
  app.clock.advance(CRL_VALID_MS / 2 - 1)
  t.same((await list()).der, before.der)
  app.clock.advance(1)
  const [one, two] = await Promise.all([list(), list()])
  t.same(one.der, two.der, 'once for all who ask together')
  t.match(one.crl, { numberHex: '3', revoked: before.crl.revoked })
})

t.test('a list that another key signed is refused by the client', async (t) => {
  const { der } = await list()
  const forged = async (bytes: Uint8Array): Promise<Api> => new Api({ baseUrl: app.baseUrl, fetch: async () => new Response(new Uint8Array(bytes)) })
  const flipped = der.with(-1, (der.at(-1) ?? 0) ^ 1)
  await t.rejects(fetchRevocationList(await forged(flipped), platform), { code: 'not-trusted' })
  await t.rejects(fetchRevocationList(await forged(der.slice(0, -1)), platform), { code: 'crl-invalid' })
})

t.test('renewal: both certificates speak for the holder until the old one expires, without a new registration', async (t) => {
  const { api, identity } = await cast.login(first)
  const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
  const csr = createCsr({ privateKeyPkcs8, subject: { commonName: '다른 이름', organization: '다른 회사', serialNumber: BUSINESS_NUMBERS[3] } })
  app.clock.advance(60_000)
  const { certificate } = await renewCertificate(api, csr)
  const info = readCertificate(fromPem(certificate))
  t.match(info, { holderId: identity.holderId, commonName: '대표0', organization: '주식회사 0호' }, 'the registered names, whatever the request says')
  await t.rejects(renewCertificate((await cast.login(first)).api, csr), { code: 'key-reused' }, 'a key of another certificate')
  const { thumbprint } = info
  const renewed: Identity = { ...identity, signer: await rsaSigner({ privateKeyPkcs8, thumbprint }), thumbprint, certificateDer: info.der }
  const whoIs = async (who: Identity): Promise<unknown> => await me((await openSession(publicApi, who, platform.name)).api)
  t.match(await whoIs(identity), { holderId: identity.holderId, thumbprint: identity.thumbprint })
  t.match(await whoIs(renewed), { holderId: identity.holderId, thumbprint })
  t.notOk((await list()).crl.revoked.has(readCertificate(identity.certificateDer).serialHex), 'a renewal revokes nothing')

  app.clock.set(readCertificate(identity.certificateDer).notAfter + 1)
  await t.rejects(whoIs(identity), { code: 'certificate-expired' })
  t.match(await whoIs(renewed), { holderId: identity.holderId })
})
