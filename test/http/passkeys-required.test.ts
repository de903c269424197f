/**
 * An installation that requires passkeys: what a session without one may do, the way to the first one, and recovery from a lost
 * authenticator by a platform officer's signed act.
 */
import t from 'tap'
import { me } from '../../src/client/registration.ts'
import { enterEmail, verifyEmail } from '../../src/client/notifications.ts'
import { addPasskey, myPasskeys, removePasskey, resetPasskeys } from '../../src/client/passkeys.ts'
import { openSession, type Session } from '../../src/client/sessions.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { PASSKEY_RESET_AGE_MS, PASSKEY_RESET_TOLD_MS, type PasskeyRule } from '../../src/domain/passkey.ts'
import { formatKst, kstSecond } from '../../src/domain/time.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { Authenticator } from '../support/authenticator.ts'
import { buildApp, type TestApp } from '../support/build-app.ts'
import { codeIn, lettersIn } from '../support/mailbox.ts'
import { expectRefusal, sendRaw } from '../support/refusals.ts'

const ORIGIN = 'https://bid.example.kr'
const app = await buildApp(t, { policy: { relyingParty: { id: 'bid.example.kr', origin: ORIGIN } } })
const cast = await makeCast(app, { suppliers: 1 })
const supplier = at(cast.suppliers, 0)
const [phone, chiefKey] = [new Authenticator({ origin: ORIGIN }), new Authenticator({ origin: ORIGIN })]

/** As another start of the server with another setting would. */
function demand (rule: PasskeyRule): void { app.context.policy.requirePasskey = rule }

const logIn = async ({ identity }: Actor, authenticator: Authenticator | null = null): Promise<Session> => await openSession(
  cast.publicApi, identity, cast.platform.name, authenticator === null ? null : async ({ options }) => authenticator.get(options))

const add = async ({ api }: Session, authenticator: Authenticator) => await addPasskey(api, { name: '열쇠', create: async ({ options }) => authenticator.create(options) })

const audited = async ({ context }: TestApp) => at(await listAudit(context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 1 }), 0)

t.test('officers: a session without a passkey can register the first one, and nothing else', async (t) => {
  const earlier = await logIn(cast.executing)
  demand('officers')
  t.equal((await logIn(supplier)).scope, 'full', 'suppliers are not asked')
  const session = await logIn(cast.executing)
  t.equal(session.scope, 'first-passkey')
  const { token } = session
  const refused: Array<[string, string, object?]> = [
    ['GET', '/v1/me'], ['POST', '/v1/tenders', draftFor(cast)], ['PUT', '/v1/me/encryption-key', { jws: 'a.b.c' }], ['POST', '/v1/me/certificates', { csr: 'x' }],
    ['POST', '/v1/me/passkeys/removal-challenges', { credentialId: 'AAAA' }], ['POST', '/v1/passkey-resets', { jws: 'a.b.c' }], ['GET', '/v1/audit']
  ]
  for (const [method, path, body] of refused) {
    const response = await sendRaw(app, { method, path, body, token, contentType: body === undefined ? null : 'application/json' })
    t.strictSame([response.status, (await response.json() as { code: string }).code], [403, 'passkey-required'], `${method} ${path}`)
  }
  await t.rejects(me(earlier.api), { code: 'passkey-required', detail: /bid\.example\.kr\/my\/security/ }, 'a session from before is held to it, too')
  t.match(await myPasskeys(session.api), { items: [], required: true })
  await add(session, phone)
  t.match(await me(session.api), { holderId: cast.executing.identity.holderId }, 'the passkey was shown: the session goes on')
  await t.rejects(me(earlier.api), { code: 'session-invalid' })
  t.equal((await logIn(cast.executing, phone)).scope, 'full')
})

t.test('the last one stays while one is required', async (t) => {
  const { api } = await logIn(cast.executing, phone)
  const remove = async (): Promise<void> => { await removePasskey(api, { credentialId: phone.id, get: async ({ options }) => phone.get(options) }) }
  await t.rejects(remove(), { status: 409, code: 'passkey-last' })
  const ceremony = await (async () => {
    demand('none')
    return await api.post<{ ceremonyId: string, options: object }>('/v1/me/passkeys/removal-challenges', { credentialId: phone.id })
  })()
  demand('officers')
  await t.rejects(
    api.post('/v1/me/passkeys/removal', { ceremonyId: ceremony.ceremonyId, assertion: phone.get(ceremony.options) }), { code: 'passkey-last' },
    'looked at once more when it is removed'
  )
})

t.test('all: suppliers as well; logging out is always possible', async (t) => {
  demand('all')
  const session = await logIn(supplier)
  t.equal(session.scope, 'first-passkey')
  await t.rejects(session.api.get('/v1/me/bids'), { code: 'passkey-required' })
  await session.api.delete('/v1/sessions/current')
  await t.rejects(myPasskeys(session.api), { code: 'session-invalid' })
  demand('officers')
})

t.test('a platform officer resets the passkeys of a holder by a signed act', async (t) => {
  const chief = await logIn(cast.chief)
  await add(chief, chiefKey)
  const open = await logIn(cast.executing, phone)
  const { identity } = cast.chief
  const { holderId } = cast.executing.identity
  const act = async (change: object = {}, signer = identity.signer): Promise<string> => await signJws(signer, 'bongin-passkey-reset', {
    v: 1, type: 'bongin-passkey-reset', platform: cast.platform.name, holderId, reason: '휴대전화 분실', at: formatKst(app.clock.now()), ...change
  })
  const send = (jws: string, token = chief.token) => ({ path: '/v1/passkey-resets', token, body: { jws } })
  const refusals: Array<[string, string, { status: number, code: string, field?: string }]> = [
    ['dated too early', await act({ at: formatKst(app.clock.now() - PASSKEY_RESET_AGE_MS - 1000) }), { status: 422, code: 'invalid-time', field: '/payload/at' }],
    ['dated too late', await act({ at: formatKst(app.clock.now() + PASSKEY_RESET_AGE_MS + 1000) }), { status: 422, code: 'invalid-time', field: '/payload/at' }],
    ['without a reason', await act({ reason: ' ' }), { status: 400, code: 'envelope-malformed', field: '/payload/reason' }],
    ['for another platform', await act({ platform: 'other' }), { status: 400, code: 'envelope-malformed', field: '/payload/platform' }],
    ['the own ones', await act({ holderId: identity.holderId }), { status: 403, code: 'forbidden', field: '/payload/holderId' }],
    ['of a holder without any', await act({ holderId: cast.witness.identity.holderId }), { status: 404, code: 'not-found', field: '/payload/holderId' }],
    ['signed by somebody else', await act({}, cast.witness.identity.signer), { status: 401, code: 'signature-invalid', field: '/protected/x5t#S256' }]
  ]
  for (const [name, jws, refusal] of refusals) await expectRefusal(t, app, { name, request: send(jws), refusal })
  await expectRefusal(t, app, { name: 'by another officer', request: send(await act(), open.token), refusal: { status: 403, code: 'forbidden' } })

  const jws = await act()
  const reset = await chief.api.post<object>('/v1/passkey-resets', { jws })
  t.match(reset, { removed: 1, reason: '휴대전화 분실', resetBy: identity.holderId })
  t.match(await audited(app), { actor: identity.holderId, action: 'passkeys.reset', detail: { holderId, removed: 1, reason: '휴대전화 분실' } })
  await t.rejects(me(open.api), { code: 'session-invalid' }, 'the holder\'s sessions end')

  const told = await logIn(cast.executing)
  t.match(told, { scope: 'first-passkey', passkeyReset: reset }, 'the holder is told, and begins anew')
  await add(told, phone)
  t.same(await chief.api.post('/v1/passkey-resets', { jws }), reset, 'the same statement again takes nothing away')
  t.match((await myPasskeys(told.api)), { items: [{ credentialId: phone.id }], resets: [reset] })
  app.clock.advance(PASSKEY_RESET_TOLD_MS)
  t.equal((await logIn(cast.executing, phone)).passkeyReset, null, 'a login tells of it for a while')
  t.equal((await myPasskeys((await logIn(cast.executing, phone)).api)).resets.length, 1, 'it stays on record')
})

t.test('through the client', async (t) => {
  const chief = await logIn(cast.chief, chiefKey)
  const reset = await resetPasskeys(chief.api, {
    identity: cast.chief.identity, platform: cast.platform.name, holderId: cast.executing.identity.holderId, reason: '기기 교체', now: app.clock.now()
  })
  t.match(reset, { removed: 1, reason: '기기 교체' })
})

t.test('a supplier is told by mail as well, in its language', async (t) => {
  demand('none')
  const session = await logIn(supplier)
  await enterEmail(session.api, { address: 'bid@supplier.example', language: 'en' })
  await app.notifier.tick()
  await verifyEmail(session.api, codeIn(lettersIn(app.dataDir)[0]))
  await add(session, new Authenticator({ origin: ORIGIN }))
  const chief = await logIn(cast.chief, chiefKey)
  const { holderId } = supplier.identity
  await resetPasskeys(chief.api, { identity: cast.chief.identity, platform: cast.platform.name, holderId, reason: '분실', now: app.clock.now() })
  await app.notifier.tick()
  const letters = lettersIn(app.dataDir)
  t.equal(letters.length, 2)
  const letter = letters.find(({ header }) => header('subject') === '[Bongin] Your passkeys were reset')
  t.match(letter?.text, `At ${kstSecond(app.clock.now())} a platform officer took all your passkeys away.`)
})
