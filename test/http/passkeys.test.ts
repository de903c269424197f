/**
 * Passkeys over HTTP, with an authenticator in software: what it takes to log in once there is one, everything that is refused,
 * and that a refused answer leaves nothing but an entry on the audit trail.
 */
import t from 'tap'
import type { Api } from '../../src/client/api.ts'
import { addPasskey, myPasskeys, removePasskey, type AssertionWire, type CeremonyView } from '../../src/client/passkeys.ts'
import { openSession, type Session } from '../../src/client/sessions.ts'
import { MAX_PASSKEY_CEREMONIES, MAX_PASSKEYS } from '../../src/domain/passkey.ts'
import { DEFAULT_POLICY } from '../../src/services/context.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { Authenticator, type Deviation } from '../support/authenticator.ts'
import { buildApp } from '../support/build-app.ts'
import { expectRefusal, sendRaw, signLogin } from '../support/refusals.ts'

const ORIGIN = 'https://bid.example.kr'
const relyingParty = { id: 'example.kr', origin: ORIGIN }
const app = await buildApp(t, { policy: { relyingParty } })
const cast = await makeCast(app, { suppliers: 3 })
const [first, second, third] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2)]

const logIn = async ({ identity }: Actor, authenticator: Authenticator | null): Promise<Session> => await openSession(
  cast.publicApi, identity, cast.platform.name, authenticator === null ? null : async ({ options }) => authenticator.get(options))

const add = async (api: Api, authenticator: Authenticator, name = '휴대전화') =>
  await addPasskey(api, { name, create: async ({ options }) => authenticator.create(options) })

/** The first step by hand: what the server asks an authenticator. */
async function firstStep ({ identity }: Actor): Promise<CeremonyView> {
  const response = await sendRaw(app, { path: '/v1/sessions', body: { jws: await signLogin(app, identity, cast.platform.name) } })
  return await response.json() as CeremonyView
}

const secondStep = (ceremonyId: string, assertion: AssertionWire) => ({ path: '/v1/sessions/second-factor', body: { ceremonyId, assertion } })

const audited = async (limit = 1) => await listAudit(app.context.db.read, { before: Number.MAX_SAFE_INTEGER, limit })

const phone = new Authenticator({ origin: ORIGIN })

t.test('without a passkey the certificate is enough, and nothing is demanded', async (t) => {
  const session = await logIn(first, null)
  t.match(session, { scope: 'full', passkeyReset: null })
  t.same(await myPasskeys(session.api), { items: [], max: MAX_PASSKEYS, required: false, origin: ORIGIN, resets: [] })
})

t.test('registering the first one: this session goes on, every other of the holder ends, nobody else\'s', async (t) => {
  const [one, other] = [await logIn(first, null), await logIn(first, null)]
  const passkey = await add(one.api, phone, ' 내 휴대전화 ')
  t.match(passkey, { credentialId: phone.id, name: '내 휴대전화', lastUsedAt: null, backedUp: false })
  t.match(await myPasskeys(one.api), { items: [{ name: '내 휴대전화' }] })
  await t.rejects(myPasskeys(other.api), { code: 'session-invalid' })
  await t.resolves(myPasskeys(second.api))
  t.match(at(await audited(), 0), { actor: first.identity.holderId, action: 'passkey.registered', detail: { name: '내 휴대전화' } })
})

t.test('a login takes both factors, and the options say what is asked for', async (t) => {
  await t.rejects(logIn(first, null), { status: 401, code: 'second-factor-required', detail: /bid\.example\.kr\/login.*BONGIN_SESSION/s, detailKo: /패스키/ })
  t.not(at(await audited(), 0).code, 'second-factor-required', 'half a login is no refusal')
  const asked = await firstStep(first)
  t.match(asked, {
    origin: ORIGIN,
    options: { rpId: 'example.kr', userVerification: 'required', allowCredentials: [{ id: phone.id, type: 'public-key', transports: ['internal'] }] }
  })
  t.notMatch(asked, { token: /./ })
  const session = await logIn(first, phone)
  t.equal(session.scope, 'full')
  t.match(await myPasskeys(session.api), { items: [{ lastUsedAt: /\+09:00$/ }] })
})

t.test('options of a registration: user verification, no attestation, no second passkey on the same authenticator', async (t) => {
  const { api } = await logIn(first, phone)
  const { options, expiresAt } = await api.post<CeremonyView>('/v1/me/passkeys/challenges', {})
  t.match(options, {
    rp: { id: 'example.kr' },
    attestation: 'none',
    authenticatorSelection: { userVerification: 'required' },
    excludeCredentials: [{ id: phone.id }],
    user: { name: first.identity.holderId }
  })
  t.equal(Date.parse(expiresAt) - app.clock.now(), DEFAULT_POLICY.challengeMs)
})

t.test('what a login refuses', async (t) => {
  const stranger = new Authenticator({ origin: ORIGIN })
  await add((await logIn(second, null)).api, stranger)
  const deviations: Array<[string, Deviation, string]> = [
    ['another origin', { origin: 'https://bid.example.com' }, 'origin'],
    ['the same host without TLS', { origin: 'http://bid.example.kr' }, 'origin'],
    ['another rp id', { rpId: 'bid.example.kr' }, 'rp-id'],
    ['no user verification', { unverified: true }, 'user-verification'],
    ['another challenge', { challenge: 'AAAA' }, 'challenge'],
    ['a registration in place of a login', { type: 'webauthn.create' }, 'type'],
    ['a signature with one bit changed', { tampered: true }, 'signature']
  ]
  for (const [name, deviation, reason] of deviations) {
    const { ceremonyId, options } = await firstStep(first)
    await expectRefusal(t, app, {
      name, request: secondStep(ceremonyId, phone.get(options, deviation)), refusal: { status: 401, code: 'passkey-invalid', extra: { reason } }
    })
    await expectRefusal(t, app, {
      name: `${name}: the try is spent`,
      request: secondStep(ceremonyId, phone.get(options)),
      refusal: { status: 401, code: 'challenge-invalid', field: '/ceremonyId' }
    })
  }
  const { ceremonyId, options } = await firstStep(first)
  await expectRefusal(t, app, {
    name: 'another holder\'s passkey', request: secondStep(ceremonyId, stranger.get(options)), refusal: { status: 401, code: 'passkey-invalid', extra: { reason: 'credential' } }
  })
  const own = await firstStep(first)
  await expectRefusal(t, app, {
    name: 'another holder\'s signature under this one\'s id',
    request: secondStep(own.ceremonyId, { ...stranger.get(own.options), id: phone.id }),
    refusal: { status: 401, code: 'passkey-invalid', extra: { reason: 'signature' } }
  })
  await expectRefusal(t, app, {
    name: 'no ceremony at all', request: secondStep('A'.repeat(43), phone.get(own.options)), refusal: { status: 401, code: 'challenge-invalid', field: '/ceremonyId' }
  })
})

t.test('an answer is good once and for two minutes, and for its own purpose', async (t) => {
  const asked = await firstStep(first)
  const answer = phone.get(asked.options)
  t.equal((await sendRaw(app, secondStep(asked.ceremonyId, answer))).status, 201)
  const again = await firstStep(first)
  for (const [name, id, reason] of [['the same request', asked.ceremonyId, 'challenge-invalid'], ['another request', again.ceremonyId, 'passkey-invalid']] as const) {
    await expectRefusal(t, app, {
      name: `the same answer to ${name}`,
      request: secondStep(id, answer),
      refusal: { status: 401, code: reason, ...(reason === 'challenge-invalid' ? { field: '/ceremonyId' } : { extra: { reason: 'challenge' } }) }
    })
  }
  const late = await firstStep(first)
  app.clock.advance(DEFAULT_POLICY.challengeMs)
  await expectRefusal(t, app, {
    name: 'too late', request: secondStep(late.ceremonyId, phone.get(late.options)), refusal: { status: 401, code: 'challenge-invalid', field: '/ceremonyId' }
  })
  const session = await logIn(first, phone)
  const removal = await session.api.post<CeremonyView>('/v1/me/passkeys/removal-challenges', { credentialId: phone.id })
  await expectRefusal(t, app, {
    name: 'a removal\'s challenge at the login',
    request: secondStep(removal.ceremonyId, phone.get(removal.options)),
    refusal: { status: 401, code: 'challenge-invalid', field: '/ceremonyId' }
  })
})

t.test('a counter that goes back tells of a copy: refused, on the audit trail under the holder\'s name, and not stored', async (t) => {
  await logIn(first, phone)
  const before = phone.counter
  for (const counter of [before, before - 1, 0]) {
    const { ceremonyId, options } = await firstStep(first)
    const response = await sendRaw(app, secondStep(ceremonyId, phone.get(options, { counter })))
    t.equal(response.status, 401)
    t.match(await response.json(), { code: 'passkey-cloned', detailKo: /복제/ })
    t.match((await audited(2)).find(({ action }) => action === 'passkey.cloned'), {
      actor: first.identity.holderId, code: 'passkey-cloned', detail: { action: 'login', counter, storedCounter: before }
    })
  }
  phone.counter = before
  await t.resolves(logIn(first, phone), 'the true one goes on')
})

t.test('an authenticator without a counter', async (t) => {
  const synced = new Authenticator({ origin: ORIGIN, counter: null })
  await add((await logIn(first, phone)).api, synced, '동기화된 패스키')
  await t.resolves(logIn(first, synced))
  await t.resolves(logIn(first, synced), 'says 0 each time')
})

t.test('what a registration refuses', async (t) => {
  const session = await logIn(first, phone)
  const { token } = session
  const register = (ceremonyId: string, attestation: object, name = '새 열쇠') => ({ path: '/v1/me/passkeys', token, body: { ceremonyId, name, attestation } })
  const start = async (): Promise<CeremonyView> => await session.api.post('/v1/me/passkeys/challenges', {})
  const fresh = new Authenticator({ origin: ORIGIN })
  const deviations: Array<[string, Deviation, string]> = [
    ['another origin', { origin: 'https://evil.example' }, 'origin'],
    ['another rp id', { rpId: 'example.com' }, 'rp-id'],
    ['no user verification', { unverified: true }, 'user-verification'],
    ['another challenge', { challenge: 'AAAA' }, 'challenge'],
    ['a login in place of a registration', { type: 'webauthn.get' }, 'type']
  ]
  for (const [name, deviation, reason] of deviations) {
    const { ceremonyId, options } = await start()
    await expectRefusal(t, app, {
      name, request: register(ceremonyId, fresh.create(options, deviation)), refusal: { status: 401, code: 'passkey-invalid', extra: { reason } }
    })
  }
  const garbled = await start()
  await expectRefusal(t, app, {
    name: 'no attestation object',
    request: register(garbled.ceremonyId, { ...fresh.create(garbled.options), attestationObject: 'AAAA' }),
    refusal: { status: 401, code: 'passkey-invalid', extra: { reason: 'malformed' } }
  })
  const renamed = await start()
  await expectRefusal(t, app, {
    name: 'under another id',
    request: register(renamed.ceremonyId, { ...fresh.create(renamed.options), id: phone.id }),
    refusal: { status: 401, code: 'passkey-invalid', extra: { reason: 'signature' } }
  })
  const known = await start()
  await expectRefusal(t, app, {
    name: 'a credential that is somebody\'s', request: register(known.ceremonyId, phone.create(known.options)), refusal: { status: 409, code: 'key-reused', field: '/attestation/id' }
  })
  const foreign = await (await logIn(first, phone)).api.post<CeremonyView>('/v1/me/passkeys/challenges', {})
  await expectRefusal(t, app, {
    name: 'no name', request: register(foreign.ceremonyId, fresh.create(foreign.options), '  '), refusal: { status: 400, code: 'invalid-request', field: '/name' }
  })
  await expectRefusal(t, app, {
    name: 'another holder\'s request',
    request: { ...register(foreign.ceremonyId, fresh.create(foreign.options)), token: (await logIn(third, null)).token },
    refusal: { status: 401, code: 'challenge-invalid', field: '/ceremonyId' }
  })
  t.equal((await myPasskeys(session.api)).items.length, 2, 'nothing came of any of it')
})

t.test('removing takes a fresh answer of an authenticator, and ends the other sessions', async (t) => {
  const [one, other] = [await logIn(first, phone), await logIn(first, phone)]
  const spare = new Authenticator({ origin: ORIGIN })
  await add(one.api, spare, '예비')
  await t.resolves(myPasskeys(other.api), 'adding a further one ends nothing')
  await t.rejects(removePasskey(one.api, { credentialId: spare.id, get: async ({ options }) => phone.get(options, { unverified: true }) }), { code: 'passkey-invalid' })
  await t.rejects(removePasskey(first.api, { credentialId: spare.id, get: async ({ options }) => phone.get(options) }), { code: 'session-invalid' }, 'a session that has ended')
  await t.rejects(removePasskey((await logIn(third, null)).api, { credentialId: spare.id, get: async ({ options }) => phone.get(options) }), { code: 'not-found' }, 'not another holder\'s')
  await removePasskey(one.api, { credentialId: spare.id, get: async ({ options }) => phone.get(options) })
  t.same((await myPasskeys(one.api)).items.map(({ name }) => name).includes('예비'), false)
  await t.rejects(myPasskeys(other.api), { code: 'session-invalid' })
  await t.rejects(logIn(first, spare), { code: 'passkey-invalid' }, 'the removed one opens nothing')
})

t.test('the last one too, by its own answer; then the certificate is enough again', async (t) => {
  const { api } = await logIn(first, phone)
  for (const { credentialId } of (await myPasskeys(api)).items.filter((passkey) => passkey.credentialId !== phone.id)) {
    await removePasskey(api, { credentialId, get: async ({ options }) => phone.get(options) })
  }
  await removePasskey(api, { credentialId: phone.id, get: async ({ options }) => phone.get(options) })
  t.same((await myPasskeys(api)).items, [])
  t.equal((await logIn(first, null)).scope, 'full')
})

t.test('limits: passkeys of a holder, and what waits for its authenticator', async (t) => {
  const { api } = await logIn(first, null)
  const all = Array.from({ length: MAX_PASSKEYS }, () => new Authenticator({ origin: ORIGIN }))
  for (const one of all) await add(api, one)
  await t.rejects(add(api, new Authenticator({ origin: ORIGIN })), { status: 409, code: 'passkey-limit' })
  const asked: CeremonyView[] = []
  for (let i = 0; i <= MAX_PASSKEY_CEREMONIES; i++) asked.push(await firstStep(first))
  const answers: number[] = []
  // One after the other, as the authenticator counts.
  for (const { ceremonyId, options } of asked) answers.push((await sendRaw(app, secondStep(ceremonyId, at(all, 0).get(options)))).status)
  t.equal(answers.filter((status) => status === 201).length, MAX_PASSKEY_CEREMONIES, 'one had to make room')
})

t.test('no challenge, id or token is kept in the clear, in the database or the log', async (t) => {
  const { ceremonyId, options } = await firstStep(first)
  const { challenge } = options as { challenge: string }
  const rows = JSON.stringify(await app.context.db.read.query.passkeyCeremonies.findMany())
  t.ok(rows.length > 2)
  for (const secret of [ceremonyId, challenge]) {
    t.notOk(rows.includes(secret))
    t.notOk(app.logLines.join().includes(secret))
  }
})
