/** Applications, logins and other JSON requests that must not get in: each is refused with its code and field, and nothing is stored. */
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { applySupplier, revokeCertificate } from '../../src/client/registration.ts'
import { randomBytes, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { rsaSigner, signJws } from '../../src/crypto/jws.ts'
import { readPem, toPem } from '../../src/crypto/pem.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import type { Thumbprint } from '../../src/domain/ids.ts'
import { BUSINESS_NUMBERS, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { nameNode, requestInfo, signStructure } from '../support/pki.ts'
import { expectRefusal, sendRaw, signLogin, tokenOf, type RawRequest, type Refusal } from '../support/refusals.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const { chief, executing, platform, publicApi } = cast
const [supplier, revoked] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
const PEM_LABEL = 'CERTIFICATE REQUEST'
type Case = readonly [name: string, request: RawRequest, refusal: Refusal]

const subject = { commonName: '홍길동', organization: '주식회사 신규', serialNumber: BUSINESS_NUMBERS[2] }
const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
const csr = createCsr({ privateKeyPkcs8, subject })
const contact = { name: '담당자', phone: '02-000-0000', email: 'a@example.kr' }
const profile = {
  companyName: subject.organization, businessNumber: subject.serialNumber, representative: subject.commonName, address: '서울', contact, linesOfBusiness: ['0001'], region: '서울특별시'
}
const apply = (body: RawRequest['body'], rest: Partial<RawRequest> = {}): RawRequest => ({ path: '/v1/registrations', body, ...rest })
const application = (change: object = {}): RawRequest => apply({ kind: 'supplier', csr, profile, ...change })
const refuseAll = async (t: Test, cases: readonly Case[]): Promise<void> => {
  for (const [name, request, refusal] of cases) await expectRefusal(t, app, { name, request, refusal })
}

t.test('the form of a JSON request', async (t) => {
  const invalid = (field: string): Refusal => ({ status: 400, code: 'invalid-request', field })
  const json: Refusal = { status: 400, code: 'malformed-json' }
  const large = JSON.stringify({ kind: 'supplier', csr: 'A'.repeat(512 * 1024), profile })
  await refuseAll(t, [
    ['cut off', apply(JSON.stringify({ kind: 'supplier', csr, profile }).slice(0, -1)), json],
    ['no JSON', apply('kind=supplier'), json],
    ['an empty body', apply(''), json],
    ['a member __proto__', apply('{"kind":"supplier","__proto__":{"a":1}}'), json],
    ['a form', apply('kind=supplier', { contentType: 'application/x-www-form-urlencoded' }), { status: 415, code: 'unsupported-media-type' }],
    ['an envelope\'s type', apply('{}', { contentType: 'application/jose' }), { status: 415, code: 'unsupported-media-type' }],
    ['a body too large', apply(large), { status: 413, code: 'body-too-large' }],
    ['a body that is no object', apply('[]'), invalid('')],
    ['no body at all', apply(undefined, { contentType: null }), invalid('')],
    ['an unknown kind', application({ kind: 'agency' }), invalid('/kind')],
    ['an unknown field', application({ extra: 1 }), invalid('/extra')],
    ['an unknown field inside', application({ profile: { ...profile, extra: 1 } }), invalid('/profile/extra')],
    ['a number for a text', application({ profile: { ...profile, companyName: 7 } }), invalid('/profile/companyName')],
    ['a text for a list', application({ profile: { ...profile, linesOfBusiness: '0001' } }), invalid('/profile/linesOfBusiness')],
    ['an empty list', application({ profile: { ...profile, linesOfBusiness: [] } }), invalid('/profile/linesOfBusiness')],
    ['a text too long', application({ profile: { ...profile, address: '가'.repeat(301) } }), invalid('/profile/address')],
    ['null', application({ csr: null }), invalid('/csr')]
  ])
  const missing = await sendRaw(app, application({ profile: { ...profile, region: undefined } }))
  const problem = await missing.json() as { code: string, field: string }
  t.match(problem, { code: 'invalid-request', field: /^\/profile/ }, 'a missing field')
  t.equal(problem.field, '/profile/region', 'the field is named')
})

t.test('what an application says, and its certification request', async (t) => {
  const der = readPem(csr, PEM_LABEL) ?? new Uint8Array()
  const flipped = Uint8Array.from(der, (byte, i) => i === der.length - 1 ? byte ^ 1 : byte)
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const strong = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const signedBy = (digest: 'sha1' | 'sha256', key = strong): string =>
    toPem(signStructure({ body: requestInfo(key, nameNode(subject)), privateKey: key, digest }), PEM_LABEL)
  const wrongDigit = { ...profile, businessNumber: '1018116407' }
  const refused = (code: string, field = '/csr'): Refusal => ({ status: 422, code, field })
  await refuseAll(t, [
    ['no PEM', application({ csr: 'hello' }), refused('csr-malformed')],
    ['a request cut off', application({ csr: toPem(der.slice(0, -9), PEM_LABEL) }), refused('csr-malformed')],
    ['a flipped byte in the signature', application({ csr: toPem(flipped, PEM_LABEL) }), refused('csr-signature-invalid')],
    ['a key of 1024 bits', application({ csr: signedBy('sha256', short) }), refused('weak-key')],
    ['a signature with SHA-1', application({ csr: signedBy('sha1') }), refused('weak-key')],
    ['a wrong check digit', application({ profile: wrongDigit }), refused('invalid-business-number', '/profile/businessNumber')],
    ['hyphens', application({ profile: { ...profile, businessNumber: '124-81-00998' } }), refused('invalid-business-number', '/profile/businessNumber')],
    ['another representative', application({ profile: { ...profile, representative: '다른이' } }), refused('csr-subject-mismatch')],
    ['another company', application({ profile: { ...profile, companyName: '주식회사 타사' } }), refused('csr-subject-mismatch')],
    ['another business number', application({ profile: { ...profile, businessNumber: BUSINESS_NUMBERS[3] } }), refused('csr-subject-mismatch')],
    ['a wrong enrolment code', apply({
      kind: 'officer',
      csr,
      enrolmentCode: app.firstOfficerCode,
      profile: { name: subject.commonName, agency: { agencyId: '1230001', name: subject.organization }, roles: ['platform'], contact }
    }), { status: 403, code: 'enrolment-code-invalid', field: '/enrolmentCode' }]
  ])
  t.equal((await applySupplier(publicApi, { csr, profile })).status, 'pending', 'the same data, unharmed, get in')
  await refuseAll(t, [['the same key again', application(), { status: 409, code: 'key-reused', field: '/csr' }]])
})

t.test('tokens and roles', async (t) => {
  const token = await tokenOf(app, supplier.identity, platform.name)
  const officer = await tokenOf(app, executing.identity, platform.name)
  const draft: RawRequest = { path: '/v1/tenders', body: {} }
  const approval: RawRequest = { path: `/v1/registrations/${'A'.repeat(22)}/approval`, body: {} }
  const forbidden: Refusal = { status: 403, code: 'forbidden' }
  await refuseAll(t, [
    ['no token', draft, { status: 401, code: 'authentication-required' }],
    ['a token of the wrong form', { ...draft, token: 'x' }, { status: 401, code: 'authentication-required' }],
    ['an unknown token', { ...draft, token: 'A'.repeat(43) }, { status: 401, code: 'session-invalid' }],
    ['a supplier drafts', { ...draft, token }, forbidden],
    ['a supplier approves', { ...approval, token }, forbidden],
    ['an executing officer approves', { ...approval, token: officer }, forbidden],
    ['an executing officer revokes', { path: `/v1/certificates/${supplier.identity.thumbprint}/revocation`, body: { reason: 'x' }, token: officer }, forbidden]
  ])
})

t.test('logins', async (t) => {
  const login = (jws: string): RawRequest => ({ path: '/v1/sessions', body: { jws } })
  const unauthorized = (code: string, field: string): Refusal => ({ status: 401, code, field })
  const challengeInvalid = unauthorized('challenge-invalid', '/payload/challenge')
  const unknown = unauthorized('certificate-unknown', '/protected/x5t#S256')
  const sign = async (identity = supplier.identity, name = platform.name): Promise<string> => await signLogin(app, identity, name)
  const thumbprint = toBase64url(randomBytes(32)) as Thumbprint
  const nobody = { ...supplier.identity, signer: await rsaSigner({ privateKeyPkcs8, thumbprint }), thumbprint }
  const impostor = { ...supplier.identity, signer: await rsaSigner({ privateKeyPkcs8, thumbprint: supplier.identity.thumbprint }) }
  const foreign = await makeCast(await buildApp(t, { dataDir: join(t.testdir(), 'other') }), { suppliers: 1 })
  const used = await sign()
  t.equal((await sendRaw(app, login(used))).status, 201)
  const spent = await sign(impostor)
  const [head = '', , tail = ''] = spent.split('.')
  const { challenge } = JSON.parse(Buffer.from(spent.split('.')[1] ?? '', 'base64url').toString()) as { challenge: string }
  const invented = { v: 1, type: 'bongin-session', challenge: toBase64url(randomBytes(32)), platform: platform.name }
  const session = async (payload: object): Promise<string> => await signJws(supplier.identity.signer, 'bongin-session', { v: 1, type: 'bongin-session', ...payload })
  await refuseAll(t, [
    ['a thumbprint of the wrong form', { path: '/v1/sessions/challenges', body: { thumbprint: 'x' } }, { status: 400, code: 'invalid-request', field: '/thumbprint' }],
    ['an unknown thumbprint', login(await sign(nobody)), unknown],
    ['another authority\'s certificate', login(await sign(at(foreign.suppliers, 0).identity)), unknown],
    ['a replayed challenge', login(used), challengeInvalid],
    ['an invented challenge', login(await session(invented)), challengeInvalid],
    ['for another platform', login(await sign(supplier.identity, 'another')), challengeInvalid],
    ['another\'s key', login(spent), unauthorized('signature-invalid', '/signature')],
    ['a challenge that a failed try used up', login(await session({ challenge, platform: platform.name })), challengeInvalid],
    ['no signed statement', login('a.b'), { status: 400, code: 'invalid-request', field: '/jws' }],
    ['a payload that is no JSON', login(`${head}.${toBase64url(utf8('{'))}.${tail}`), { status: 400, code: 'malformed-json', field: '/payload' }],
    ['an unknown member', login(await session({ ...invented, extra: 1 })), { status: 400, code: 'envelope-malformed', field: '/payload/extra' }]
  ])
  const late = await sign()
  app.clock.advance(2 * 60_000 + 1)
  await refuseAll(t, [['a challenge too old', login(late), challengeInvalid]])

  const token = await tokenOf(app, revoked.identity, platform.name)
  await revokeCertificate(chief.api, { thumbprint: revoked.identity.thumbprint, reason: '분실' })
  await refuseAll(t, [
    ['a revoked certificate', login(await sign(revoked.identity)), unauthorized('certificate-revoked', '/protected/x5t#S256')],
    ['its session', { path: '/v1/me/certificates', body: { csr }, token }, { status: 401, code: 'session-invalid' }]
  ])
  app.clock.advance(366 * 24 * 3_600_000)
  await refuseAll(t, [['an expired certificate', login(await sign()), unauthorized('certificate-expired', '/protected/x5t#S256')]])
})
