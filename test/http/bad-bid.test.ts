/** Bids that must not get in: each is refused with its code and field, is on record, and leaves the bids as they were. */
import t from 'tap'
import { myBid, sealFor, submitBid, withdrawBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, updateDraft } from '../../src/client/ceremony.ts'
import { suspendSupplier } from '../../src/client/registration.ts'
import { toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { parseEnvelope, type EnvelopePayload } from '../../src/crypto/envelope.ts'
import { signJws } from '../../src/crypto/jws.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { countRows, expectRefusal, sendRaw, tokenOf, type RawRequest, type Refusal } from '../support/refusals.ts'

// With the thread for bids, which must refuse as the server itself does: most other tests have none.
const app = await buildApp(t, { options: { bidThread: true } })
const cast = await makeCast(app, { suppliers: 4 })
const { chief, executing, witness, platform, publicApi } = cast
const [honest, thief, leaver, barred] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2), at(cast.suppliers, 3)]
const now = (): number => app.clock.now()

async function publishTender (change: Partial<TenderDraft> = {}): Promise<TenderId> {
  const tenderId = await draftTender(executing.api, draftFor(cast, change))
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, now: now() })
  return tenderId
}

const seal = async ({ identity }: Actor, tenderId: TenderId): Promise<string> =>
  (await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon: 26_300_000, picks: [1, 2] }, now: now() })).envelope

/** Any payload at all, properly signed by this actor. */
const signAs = async ({ identity }: Actor, payload: EnvelopePayload | object): Promise<string> =>
  await signJws(identity.signer, 'bongin-bid', { ...payload, v: 1, type: 'bongin-bid' })

const tokens = new Map<Actor, string>()
for (const actor of [honest, thief, leaver, barred, executing]) tokens.set(actor, await tokenOf(app, actor.identity, platform.name))
const bidOf = (actor: Actor, tenderId: TenderId, body?: RawRequest['body'], contentType: string | null = 'application/jose'): RawRequest => ({
  path: `/v1/tenders/${tenderId}/bids`,
  token: tokens.get(actor),
  contentType,
  body
})

const tenderId = await publishTender()
const otherId = await publishTender()

t.test('the way in: token, role, address, type, size', async (t) => {
  const envelope = await seal(honest, tenderId)
  const good = bidOf(honest, tenderId, envelope)
  const unknownId = 'R26BK00099999' as TenderId
  const huge = new Uint8Array(128 * 1024 + 1).fill(0x41)
  const cases: ReadonlyArray<[string, RawRequest, Refusal]> = [
    ['no token', { ...good, token: undefined }, { status: 401, code: 'authentication-required' }],
    ['an unknown token', { ...good, token: 'A'.repeat(43) }, { status: 401, code: 'session-invalid' }],
    ['an officer', { ...good, token: tokens.get(executing) }, { status: 403, code: 'forbidden' }],
    ['a malformed tender id', { ...good, path: '/v1/tenders/R26/bids' }, { status: 400, code: 'invalid-request', field: '/tenderId' }],
    ['JSON', bidOf(honest, tenderId, { envelope }, 'application/json'), { status: 415, code: 'unsupported-media-type' }],
    ['plain text', bidOf(honest, tenderId, envelope, 'text/plain'), { status: 415, code: 'unsupported-media-type' }],
    ['too many bytes', bidOf(honest, tenderId, huge), { status: 413, code: 'body-too-large' }],
    [
      'an unknown tender',
      bidOf(honest, unknownId, await signAs(honest, { ...parseEnvelope(envelope).payload, tenderId: unknownId })),
      { status: 404, code: 'tender-not-found', field: '/tenderId' }
    ]
  ]
  for (const [name, request, refusal] of cases) await expectRefusal(t, app, { name, request, refusal })
})

t.test('the form: what is no envelope', async (t) => {
  const envelope = await seal(honest, tenderId)
  const [header = '', payload = '', signature = ''] = envelope.split('.')
  const content = parseEnvelope(envelope).payload
  const malformed = (field: string): Refusal => ({ status: 400, code: 'envelope-malformed', field })
  const noBase64url = (field: string): Refusal => ({ status: 400, code: 'invalid-base64url', field })
  const cases: ReadonlyArray<[string, RawRequest['body'], Refusal]> = [
    ['an empty body', new Uint8Array(0), malformed('')],
    ['two parts', `${header}.${payload}`, malformed('')],
    ['four parts', `${envelope}.${signature}`, malformed('')],
    ['no signature', `${header}.${payload}.`, malformed('/signature')],
    ['a line end', `${envelope}\n`, noBase64url('/signature')],
    ['padding', `${envelope}==`, noBase64url('/signature')],
    ['cut off inside a group', envelope.slice(0, -1), noBase64url('/signature')],
    ['cut off after a group', envelope.slice(0, -6), { status: 401, code: 'signature-invalid', field: '/signature' }],
    ['base64 instead of base64url', `${header}.+${payload.slice(1)}.${signature}`, noBase64url('/payload')],
    ['a payload cut off', `${header}.${payload.slice(0, -4)}.${signature}`, { status: 400, code: 'malformed-json', field: '/payload' }],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x2e, 0x2e]), noBase64url('/protected')],
    ["a header of one's own", `${toBase64url(utf8('{"alg":"none"}'))}.${payload}.${signature}`, malformed('/protected')],
    ['a header cut off', `${header.slice(0, -1)}.${payload}.${signature}`, noBase64url('/protected')],
    [
      'another kind of statement',
      await signJws(honest.identity.signer, 'bongin-session', { v: 1, type: 'bongin-session' }),
      malformed('/protected')
    ],
    ['an unknown member', await signAs(honest, { ...content, extra: 1 }), malformed('/payload/extra')],
    ['a wrong type', await signAs(honest, { ...content, submissionId: 7 }), malformed('/payload/submissionId')],
    ['a time without its zone', await signAs(honest, { ...content, clientTime: '2026-11-24T09:00:00' }), malformed('/payload/clientTime')],
    [
      'a ciphertext cut off',
      await signAs(honest, { ...content, ciphertext: content.ciphertext.slice(0, -3) }),
      malformed('/payload/ciphertext')
    ],
    [
      'a ciphertext in base64',
      await signAs(honest, { ...content, ciphertext: `+${content.ciphertext.slice(1)}` }),
      noBase64url('/payload/ciphertext')
    ],
    ['a short key', await signAs(honest, { ...content, enc: content.enc.slice(1) }), malformed('/payload/enc')]
  ]
  for (const [name, body, refusal] of cases) await expectRefusal(t, app, { name, request: bidOf(honest, tenderId, body), refusal })
})

t.test('no body and no content type at all is a refusal like any other', async (t) => {
  const response = await sendRaw(app, bidOf(honest, tenderId, undefined, null))
  t.match(response.headers.get('content-type'), /^application\/problem\+json/)
  t.match(response.status, /^4\d\d$/, 'refused')
})

t.test("the binding: another tender, other terms, another's content, a wrong signature", async (t) => {
  const changedId = await publishTender()
  const outdated = await seal(honest, changedId)
  await updateDraft(executing.api, { tenderId: changedId, draft: draftFor(cast, { title: '정정', changeReason: '과업 변경' }) })
  await publish(executing.api, platform, { identity: executing.identity, tenderId: changedId, now: now() })

  const victim = await seal(honest, tenderId)
  await submitBid(honest.api, platform, victim)
  const { payload } = parseEnvelope(victim)
  const [header = '', content = '', signature = ''] = (await seal(thief, tenderId)).split('.')
  const altered = `${header}.${content}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const unsigned = (field: string): Refusal => ({ status: 401, code: 'signature-invalid', field })
  const cases: ReadonlyArray<[string, RawRequest, Refusal]> = [
    [
      'for another tender',
      bidOf(honest, tenderId, await seal(honest, otherId)),
      { status: 409, code: 'wrong-tender', field: '/payload/tenderId' }
    ],
    ['for outdated terms', bidOf(honest, changedId, outdated), { status: 409, code: 'wrong-revision', field: '/payload/termsSha256' }],
    ['a bad signature', bidOf(thief, tenderId, altered), unsigned('/signature')],
    ["another's envelope", bidOf(thief, tenderId, victim), unsigned('/protected/x5t#S256')],
    ["another's envelope, signed again", bidOf(thief, tenderId, await signAs(thief, payload)), unsigned('/payload/supplierId')],
    [
      "another's ciphertext as one's own",
      bidOf(thief, tenderId, await signAs(thief, { ...payload, supplierId: thief.identity.holderId })),
      { status: 409, code: 'ciphertext-copied', field: '/payload/enc' }
    ]
  ]
  for (const [name, request, refusal] of cases) await expectRefusal(t, app, { name, request, refusal })
  t.equal((await submitBid(thief.api, platform, await seal(thief, tenderId))).repeated, false, 'an own bid is still welcome')
})

t.test('the state: a second bid, a withdrawal, a suspension, the wrong region or line of business', async (t) => {
  const stateId = await publishTender()
  const first = await seal(honest, stateId)
  const { receipt } = await submitBid(honest.api, platform, first)
  const second = bidOf(honest, stateId, await seal(honest, stateId))
  await expectRefusal(t, app, { name: 'a second, different bid', request: second, refusal: { status: 409, code: 'bid-exists' } })
  const before = countRows(app)
  const again = await sendRaw(app, bidOf(honest, stateId, first))
  t.equal(again.status, 200, 'the same envelope again')
  t.match(await again.json(), { receipt }, 'gets the same receipt')
  t.strictSame(countRows(app), before)

  await submitBid(leaver.api, platform, await seal(leaver, stateId))
  await withdrawBid(leaver.api, platform, { identity: leaver.identity, tenderId: stateId, reason: '오기' })
  const back = bidOf(leaver, stateId, await seal(leaver, stateId))
  await expectRefusal(t, app, { name: 'after a withdrawal', request: back, refusal: { status: 409, code: 'bid-withdrawn' } })

  const [from, until] = ['2026-11-24T00:00:00.000+09:00', '2026-12-24T00:00:00.000+09:00']
  await suspendSupplier(chief.api, { supplierId: barred.identity.holderId, from, until, reason: '담합' })
  const suspended = bidOf(barred, stateId, await seal(barred, stateId))
  await expectRefusal(t, app, {
    name: 'suspended',
    request: suspended,
    refusal: { status: 403, code: 'supplier-suspended', extra: { suspendedUntil: until } }
  })

  for (const [eligibility, field] of [
    [{ linesOfBusiness: [], regions: ['부산광역시'] }, '/profile/region'],
    [{ linesOfBusiness: ['9999'], regions: [] }, '/profile/linesOfBusiness']
  ] as const) {
    const elsewhere = await publishTender({
      eligibility: { linesOfBusiness: [...eligibility.linesOfBusiness], regions: [...eligibility.regions] }
    })
    const request = bidOf(thief, elsewhere, await seal(thief, elsewhere))
    await expectRefusal(t, app, { name: field, request, refusal: { status: 403, code: 'supplier-ineligible', field } })
  }
})

t.test("the deadline: late by the server's clock, and on record; the same envelope still gets its receipt", async (t) => {
  const lateId = await publishTender()
  const [onTime, late] = [await seal(honest, lateId), await seal(thief, lateId)]
  app.clock.set('2026-11-24T09:59:59.999+09:00')
  for (const actor of [honest, thief]) tokens.set(actor, await tokenOf(app, actor.identity, platform.name))
  const accepted = await sendRaw(app, bidOf(honest, lateId, onTime))
  t.equal(accepted.status, 201, 'in time to the last millisecond')
  const { receipt } = (await accepted.json()) as { receipt: string }
  const closesAt = '2026-11-24T10:00:00.000+09:00'
  app.clock.set(closesAt)
  for (const state of ['published', 'closed']) {
    const refusal: Refusal = { status: 410, code: 'bid-late', extra: { serverTime: closesAt, closesAt } }
    await expectRefusal(t, app, { name: `late while ${state}`, request: bidOf(thief, lateId, late), refusal })
    const [entry] = await listAudit(app.context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 1 })
    t.match(entry, {
      at: now(),
      actor: thief.identity.holderId,
      tenderId: lateId,
      action: 'POST /v1/tenders/:tenderId/bids',
      detail: { serverTime: String }
    })
    await app.scheduler.tick()
  }
  const again = await sendRaw(app, bidOf(honest, lateId, onTime))
  t.equal(again.status, 200)
  t.match(await again.json(), { receipt })
  t.match(await myBid((await cast.login(honest)).api, platform, lateId), { receipt, status: 'sealed' })
})
