/** A server that lies: what the client refuses to seal for, to sign, to reveal to, or to take for a receipt. */
import t from 'tap'
import { Api } from '../../src/client/api.ts'
import { checkInclusion, sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { MAX_PAGES } from '../../src/client/every-page.ts'
import { officersWith } from '../../src/client/officers.ts'
import { reveal, revealShares } from '../../src/client/openings.ts'
import { fetchPlatform } from '../../src/client/platform.ts'
import { listQuestions } from '../../src/client/questions.ts'
import { openSession } from '../../src/client/sessions.ts'
import { getCheckedTender } from '../../src/client/tenders.ts'
import { sha256Hex, toBase64url } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { jointPublicKey, makeHolderKey, provePossession } from '../../src/crypto/joint-key.ts'
import { signReceiptJws } from '../support/sign-receipt.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { PLATFORM_HOLDER_ID, type TenderId } from '../../src/domain/ids.ts'
import type { Notice } from '../../src/domain/notice.ts'
import { TIME_HEADER } from '../../src/domain/time.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 2 })
const { executing, witness, platform, publicApi } = cast
const now = app.clock.now()
const supplier = at(cast.suppliers, 0)

type Body = Record<string, unknown>
/** A line on which the answers of one path are altered. */
function lying (path: RegExp, alter: (body: Body) => Body | Promise<Body>): Api {
  return new Api({
    baseUrl: app.baseUrl,
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (!path.test(String(url)) || !response.ok) return response
      const { serverTime, ...body } = await alter({ ...await response.json() as Body, serverTime: response.headers.get(TIME_HEADER) })
      return new Response(JSON.stringify(body), { status: response.status, headers: { [TIME_HEADER]: String(serverTime) } })
    }
  })
}

const draft = draftFor(cast)
const tenderId = await draftTender(executing.api, draft)
for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now })
const signed = (body: Body): Notice => parseJws(at(body['notices'] as string[], -1), 'bongin-notice').payload as Notice

t.test('a notice draft that says something else, or has another key, is not signed', async (t) => {
  const session = async (alter: (notice: Notice) => void): Promise<void> => {
    const api = lying(/notice-draft$/, (body) => {
      const { notice } = body as unknown as { notice: Notice }
      alter(notice)
      notice.termsSha256 = sha256Hex(canonicalBytes(notice.terms))
      return { notice }
    })
    const { api: line } = await openSession(api, executing.identity, platform.name)
    await publish(line, platform, { identity: executing.identity, tenderId, expected: draft, now })
  }
  await t.rejects(session((n) => { n.terms.floorRatePpm = 900_000 }), /against the draft, \/floorRatePpm/)
  await t.rejects(session((n) => { n.schedule.opensAt = '2026-11-24T10:30:00.000+09:00' }), /against the draft, \/schedule\/opensAt/)
  await t.rejects(session((n) => { n.terms.committee.witness = cast.audit.identity.holderId as typeof n.terms.committee.witness }), /committee/)
  await t.rejects(session((n) => { n.terms.ruleSet = 'pps-works-before-2026-01-30' }), /rule set of notice 000/)
  await t.rejects(session((n) => { n.terms.price.priceUnitWon = 1000 }), /against the draft, \/price/)
  await t.rejects(session((n) => { withOwnPoint(n, witness.identity.holderId) }), /contribution of O\d+, \/point/, 'the witness\'s point is the witness\'s')
  await t.rejects(session((n) => { withOwnPoint(n, executing.identity.holderId) }), /contribution of O\d+, \/point/, 'and one\'s own one\'s own')
  t.equal((await publish(executing.api, platform, { identity: executing.identity, tenderId, expected: draft, now })).revision, '000')
})

/** The server puts a point of its own in a holder's place. */
function withOwnPoint (notice: Notice, holderId: string): void {
  const seed = new Uint8Array(32).fill(5)
  const { key } = notice.terms
  const holder = key.holders.find((entry) => entry.holderId === holderId)
  if (holder === undefined) throw new Error('a holder')
  holder.point = toBase64url(makeHolderKey(seed).point)
  holder.proof = toBase64url(provePossession({ seed, tenderId: notice.terms.tenderId, holderId }))
  key.publicKey = toBase64url(jointPublicKey(key.holders.map(({ point }) => Buffer.from(point, 'base64url'))))
}

t.test('nobody seals to a key that was not proven, or for a notice that was not signed', async (t) => {
  const content = { amountWon: 26_300_000, picks: [1, 2] as const }
  const seal = async (alter: (body: Body) => Body | Promise<Body>): Promise<unknown> =>
    await sealFor(lying(/\/v1\/tenders\/[^/]+$/, alter), platform, { identity: supplier.identity, tenderId, content, now })
  await t.resolves(seal((body) => body), 'the honest answer is sealed for')
  await t.rejects(seal((body) => ({ ...body, notice: { ...signed(body), changeReason: 'x' } })), /against the one that was signed/)
  await t.rejects(seal(async (body) => await resigned(body, () => {}, supplier.identity.signer)), { code: 'not-trusted' })
  const ownKey = toBase64url(makeHolderKey(new Uint8Array(32)).point)
  await t.rejects(seal(async (body) => await resigned(body, (n) => { n.terms.key.publicKey = ownKey })), /not the sum/)
  await t.rejects(seal(async (body) => await resigned(body, (n) => { n.terms.tenderId = 'R26BK00000099' as TenderId })), /proof of possession/)
  await t.rejects(seal(async (body) => await resigned(body, (n) => { at(n.terms.key.holders, 0).holderId = 'other' })), /not the one of this committee/)
  await t.rejects(seal((body) => ({ ...body, state: 'closed' })), { code: 'mismatch' })
})

/** The notice altered, and signed by somebody: by the executing officer itself where nothing else is said. */
async function resigned (body: Body, alter: (notice: Notice) => void, signer = executing.identity.signer): Promise<Body> {
  const notice = structuredClone(signed(body))
  alter(notice)
  notice.termsSha256 = sha256Hex(canonicalBytes(notice.terms))
  return { ...body, notice, notices: [await signJws(signer, 'bongin-notice', notice)] }
}

t.test('another platform, or another root than the pinned one', async (t) => {
  await t.rejects(fetchPlatform(publicApi, { trustedRootSha256: sha256Hex(new Uint8Array(0)) }), /not the trusted one/)
  await t.rejects(fetchPlatform(lying(/platform$/, (body) => ({ ...body, name: 'other.example' }))), /platform's name/)
  await t.rejects(fetchPlatform(lying(/platform$/, (body) => ({ ...body, issuingCertificate: body['rootCertificate'] }))), /signer of the platform's keys|issued/)
})

t.test('a receipt for another envelope, or by another key, is no receipt', async (t) => {
  const content = { amountWon: 26_300_000, picks: [1, 2] as const }
  const { envelope } = await sealFor(publicApi, platform, { identity: supplier.identity, tenderId, content, now })
  const submit = async (alter: (body: Body) => Body): Promise<unknown> => {
    const { api } = await openSession(lying(/\/bids$/, alter), supplier.identity, platform.name)
    return await submitBid(api, platform, envelope)
  }
  const { receiptKey, receiptKid, checkpointKey } = app.context.platform
  const forged = (key: typeof receiptKey, envelopeSha256: string): Body => ({
    envelopeSha256,
    acceptedAt: '2026-11-24T09:00:00.000+09:00',
    receipt: signReceiptJws({ privateKey: key, kid: receiptKid }, {
      v: 1, type: 'bongin-receipt', tenderId, supplierId: supplier.identity.holderId, envelopeSha256, acceptedAt: '2026-11-24T09:00:00.000+09:00'
    })
  })
  const digest = sha256Hex(new TextEncoder().encode(envelope))
  await t.rejects(submit(() => forged(receiptKey, sha256Hex(new Uint8Array(0)))), /The receipt, \/envelopeSha256/)
  await t.rejects(submit(() => forged(checkpointKey, digest)), { code: 'receipt-invalid' })
  await t.rejects(submit((body) => ({ ...body, acceptedAt: '2026-11-24T09:00:01.000+09:00' })), /The receipt, \/acceptedAt/)
  await t.resolves(submit((body) => body))
})

t.test('an inclusion proof that leads elsewhere', async (t) => {
  const { receipt } = await submitBid(other.api, platform, (await sealByOther()).envelope)
  app.clock.set('2026-11-24T10:00:00+09:00')
  await app.scheduler.tick()
  const prove = async (alter: (body: Body) => Body): Promise<unknown> => {
    const { api } = await openSession(lying(/inclusion$/, alter), other.identity, platform.name)
    return await checkInclusion(api, platform, receipt)
  }
  t.match(await prove((body) => body), { size: 2 })
  await t.rejects(prove((body) => ({ ...body, leafIndex: 0 })), /not in the closing record/)
  await t.rejects(prove((body) => ({ ...body, proof: [] })), /not in the closing record/)
  await t.rejects(prove((body) => ({ ...body, size: 3 })), /The checkpoint, \/size/)
  await t.rejects(prove((body) => ({ ...body, checkpoint: String(body['checkpoint']).replace('\n2\n', '\n3\n') })), { code: 'verification-failed' })
})

const other = at(cast.suppliers, 1)
async function sealByOther (): ReturnType<typeof sealFor> {
  return await sealFor(publicApi, platform, { identity: other.identity, tenderId, content: { amountWon: 26_400_000, picks: [3, 4] }, now })
}

t.test('no seed for a server that lies about the time, or about the opening time', async (t) => {
  const tell = async (alter: (body: Body) => Body | Promise<Body>, ownClock: number): Promise<unknown> => {
    const { api } = await openSession(lying(/\/v1\/tenders\/[^/]+$/, alter), executing.identity, platform.name)
    return await reveal(api, platform, { identity: executing.identity, tenderId, now: ownClock })
  }
  const share = async (ownClock: number): Promise<unknown> => {
    const line = lying(/\/v1\/tenders\/[^/]+$/, (body) => ({ ...body, serverTime: late }))
    const { api } = await openSession(line, cast.audit.identity, platform.name)
    return await revealShares(api, platform, { identity: cast.audit.identity, tenderId, now: ownClock })
  }
  const late = '2026-11-24T11:00:00.000+09:00'
  await t.rejects(tell((body) => ({ ...body, serverTime: late }), Date.parse('2026-11-24T10:59:59+09:00')), { code: 'too-early' })
  await t.rejects(share(Date.parse('2026-11-24T10:59:59+09:00')), { code: 'too-early' }, 'nor a share')
  await t.rejects(tell((body) => body, Date.parse(late)), { code: 'too-early' }, 'our clock alone does not do either')
  await t.rejects(tell((body) => {
    const { notice } = body as unknown as { notice: Notice }
    return { ...body, notice: { ...notice, schedule: { ...notice.schedule, opensAt: notice.schedule.closesAt } } }
  }, Date.parse(late)), /against the one that was signed/)
  const { view } = await getCheckedTender(publicApi, platform, tenderId)
  t.equal(view.state, 'closed')
  t.ok(view.notice.terms.key.holders.some(({ holderId }) => holderId === PLATFORM_HOLDER_ID))
})

t.test('a list without end is refused, not cut', async (t) => {
  let pages = 0
  const endless = (path: RegExp, nextCursor: number | string): Api => lying(path, (body) => ({ ...body, items: [], nextCursor, page: ++pages }))
  await t.rejects(listQuestions(endless(/questions/, 1), platform, tenderId), { code: 'mismatch', message: /questions goes on/ })
  t.equal(pages, MAX_PAGES)
  const { api } = await openSession(endless(/officers/, executing.identity.holderId), executing.identity, platform.name)
  await t.rejects(officersWith(api, 'witness'), { code: 'mismatch', message: /officers goes on/ })
})
