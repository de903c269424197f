/**
 * Before the opening nobody can read a bid, and nobody outside can tell whether there is one: the bytes on disk, the
 * server's own part of the key, every public answer, and the log.
 */
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import t from 'tap'
import { sealFor, submitBid, withdrawBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { encryptionOf } from '../../src/client/identity.ts'
import { fromBase64url } from '../../src/crypto/bytes.ts'
import { parseContribution } from '../../src/crypto/contribution.ts'
import { bidInfo, parseEnvelope } from '../../src/crypto/envelope.ts'
import { openBase } from '../../src/crypto/hpke.ts'
import { jointPrivateKey, jointPublicKey, seedMatches } from '../../src/crypto/joint-key.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { decodePlaintext } from '../../src/crypto/plaintext.ts'
import { unwrapSecret } from '../../src/crypto/secret-wrap.ts'
import { openShare, unwrapSeed } from '../../src/crypto/shares.ts'
import type { Sha256Hex, TenderId } from '../../src/domain/ids.ts'
import { seedContext } from '../../src/services/platform-part.ts'
import { listBids } from '../../src/storage/bids.ts'
import { listContributions } from '../../src/storage/ceremony.ts'
import { getTender } from '../../src/storage/tenders.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 4 })
const { executing, witness, audit, platform, publicApi } = cast
const now = (): number => app.clock.now()
/** So large that no spelling of one occurs by chance: six bytes at least, also as SQLite stores integers. */
const AMOUNTS = [731_357_246_801, 731_368_024_679, 731_379_135_713, 731_380_246_939] as const
const PICKS: [number, number] = [3, 7]

async function publishTender (): Promise<TenderId> {
  const tenderId = await draftTender(executing.api, draftFor(cast))
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, now: now() })
  return tenderId
}

/** A login whose token the test knows. */
async function loginWithToken ({ identity }: Actor): Promise<{ actor: Actor, token: string }> {
  const { challenge } = await publicApi.post<{ challenge: string }>('/v1/sessions/challenges', { thumbprint: identity.thumbprint })
  const jws = await signJws(identity.signer, 'bongin-session', { v: 1, type: 'bongin-session', challenge, platform: platform.name })
  const { token } = await publicApi.post<{ token: string }>('/v1/sessions', { jws })
  return { actor: { identity, api: publicApi.withToken(token) }, token }
}

const empty = await publishTender()
const full = await publishTender()

interface Answer { status: number, headers: Record<string, string>, text: string }

async function get (path: string): Promise<Answer> {
  const response = await fetch(app.baseUrl + path)
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'))
  return { status: response.status, headers, text: await response.text() }
}

/** The first frame of the feed, which tells the newest position. */
async function feedHello (): Promise<Answer> {
  const socket = new WebSocket(`${app.baseUrl.replace('http', 'ws')}/v1/feed`)
  const text = await new Promise<string>((resolve, reject) => {
    socket.onmessage = ({ data }) => { resolve(String(data)) }
    socket.onerror = () => { reject(new Error('no feed')) }
  })
  socket.close()
  return { status: 101, headers: {}, text }
}

/** Everything that the public can ask about a tender, and what it asks of the whole. */
async function publicView (tenderId: TenderId): Promise<Map<string, Answer>> {
  const own = [
    '', '/opening', '/ledger', '/record', '/bids', '/bids/mine', '/bids/mine/inclusion', '/evaluation', '/ceremony', '/notice-draft', '/key', '/shares',
    '/opening-status'
  ]
  const paths = [
    ...own.map((rest) => [rest, `/v1/tenders/${tenderId}${rest}`] as const),
    ...['/v1/tenders', '/v1/tenders?state=published', '/v1/events', '/v1/platform'].map((path) => [path, path] as const),
    ['events', `/v1/events?tenderId=${tenderId}`] as const
  ]
  const answers = new Map<string, Answer>()
  for (const [name, path] of paths) answers.set(name, await get(path))
  return answers.set('feed', await feedHello())
}

/** What those who prepare the opening see of it meanwhile. */
async function committeeView (): Promise<unknown[]> {
  const views: unknown[] = []
  for (const { api } of [executing, witness, audit]) {
    for (const rest of ['/ceremony', '/opening-status']) views.push(await api.get(`/v1/tenders/${full}${rest}`).catch((error: unknown) => error))
  }
  return views
}

const committeeBefore = await committeeView()
const before = { empty: await publicView(empty), full: await publicView(full) }
const logins = await Promise.all(cast.suppliers.map(loginWithToken))
const answers: Array<Record<string, unknown>> = []
const viewsWhileBidding: Array<Map<string, Answer>> = []
for (const [i, { actor: { api, identity } }] of logins.entries()) {
  const content = { amountWon: AMOUNTS[i] ?? 0, picks: PICKS }
  const { envelope } = await sealFor(publicApi, platform, { identity, tenderId: full, content, now: now() })
  answers.push({ ...await submitBid(api, platform, envelope) })
  viewsWhileBidding.push(await publicView(full))
}
const leaver = at(logins, 3).actor
await withdrawBid(leaver.api, platform, { identity: leaver.identity, tenderId: full, reason: '오기' })
const committeeAfter = await committeeView()
const after = { empty: await publicView(empty), full: await publicView(full) }

/** The committee's secrets, from the committee's own keys; the platform's, from its key-encryption key. */
const stored = await getTender(app.context.db.read, full)
if (stored === null) throw new Error('the tender is in the database')
const contributions = (await listContributions(app.context.db.read, full)).map(({ jws }) => parseContribution(jws).payload)
const seedOf = async ({ identity }: Actor): Promise<Uint8Array> => {
  const own = contributions.find(({ holderId }) => holderId === identity.holderId)
  if (own === undefined) throw new Error('a contribution of each member')
  return await unwrapSeed({ wrapped: own.wrappedSeed, tenderId: full, holderId: own.holderId, privateKey: encryptionOf(identity).privateKey })
}
const committeeSeeds = [await seedOf(executing), await seedOf(witness)]
const platformSeed = unwrapSecret({ kek: app.installation.kek, wrapped: stored.platformSeedWrapped, context: seedContext(full) })
const jointKey = jointPrivateKey([platformSeed, ...committeeSeeds])

/** Binary as it is, in hex, and in base64 of both alphabets at each of the three alignments (inside a JWS, say). */
function spellings (bytes: Uint8Array): Buffer[] {
  const hex = Buffer.from(bytes).toString('hex')
  return [Buffer.from(bytes), Buffer.from(hex), Buffer.from(hex.toUpperCase()), ...base64Spellings(bytes)]
}

function base64Spellings (bytes: Uint8Array): Buffer[] {
  return [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
    // Characters that hold bits of the neighbours are cut off at both ends.
    const [from, to] = [Math.ceil(shift * 8 / 6), Math.floor(shifted.length * 8 / 6)]
    return (['base64', 'base64url'] as const).map((alphabet) => Buffer.from(shifted.toString(alphabet).slice(from, to)))
  })
}

function amountSpellings (amount: number): Buffer[] {
  const [big, little] = [Buffer.alloc(8), Buffer.alloc(8)]
  big.writeBigUInt64BE(BigInt(amount))
  little.writeBigUInt64LE(BigInt(amount))
  const float = Buffer.alloc(8)
  float.writeDoubleBE(amount)
  const texts = [String(amount), amount.toLocaleString('en-US')].map((text) => Buffer.from(text))
  // SQLite keeps an integer of this size in six bytes.
  return [...texts, ...texts.flatMap(base64Spellings), big, little, big.subarray(2), float]
}

const tokens = logins.map(({ token }) => token)
const secrets: Array<[string, Buffer[]]> = [
  ...AMOUNTS.map((amount, i): [string, Buffer[]] => [`amount ${i}`, amountSpellings(amount)]),
  ['executing seed', spellings(at(committeeSeeds, 0))],
  ['witness seed', spellings(at(committeeSeeds, 1))],
  ['platform seed', spellings(platformSeed)],
  ['joint private key', spellings(jointKey)],
  ['key-encryption key', spellings(app.installation.kek.current.key)],
  ...[executing, witness, audit].map(({ identity }): [string, Buffer[]] =>
    [`encryption key of ${identity.holderId}`, spellings(encryptionOf(identity).privateKey)]),
  ...tokens.map((token, i): [string, Buffer[]] =>
    [`token ${i}`, [Buffer.from(token), ...spellings(fromBase64url(token)), ...base64Spellings(Buffer.from(token))]])
]

t.test('no byte on disk gives a bid, a seed, a key or a token away', (t) => {
  const files = readdirSync(app.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(app.dataDir, path).startsWith(`secrets${sep}`))
  const bytesOf = new Map(files.map((path) => [relative(app.dataDir, path), readFileSync(path)]))
  t.ok(bytesOf.has('bongin.db') && bytesOf.has('bongin.db-wal'), [...bytesOf.keys()].join(', '))
  const found = (needles: Buffer[]): string[] =>
    [...bytesOf].filter(([, bytes]) => needles.some((needle) => bytes.includes(needle))).map(([name]) => name)
  t.not(found([Buffer.from(full)]).length, 0, 'the search finds a text')
  t.not(found(base64Spellings(Buffer.from(at(cast.suppliers, 0).identity.holderId))).length, 0, 'and one inside a JWS')
  for (const [name, needles] of secrets) t.same(found(needles), [], name)
  t.end()
})

t.test('the platform alone, and the platform with one member, open nothing', async (t) => {
  const termsSha256 = stored.termsSha256 as Sha256Hex
  const points = [fromBase64url(stored.platformPoint), ...contributions.map(({ point }) => fromBase64url(point))]
  t.ok(seedMatches(platformSeed, at(points, 0)), 'the seed is the platform\'s')
  const info = bidInfo({ tenderId: full, termsSha256, publicKey: jointPublicKey(points) })
  const bids = (await listBids(app.context.db.read, full)).map(({ envelope }) => parseEnvelope(envelope))
  t.equal(bids.length, AMOUNTS.length)
  const [first, second] = [at(committeeSeeds, 0), at(committeeSeeds, 1)]
  const tooFew = [[platformSeed], [first], [second], [platformSeed, first], [platformSeed, second], [first, second]]
  for (const [i, { enc, aad, ciphertext }] of bids.entries()) {
    const open = (privateKey: Uint8Array): Uint8Array | null => openBase({ privateKey, enc, info, aad, ciphertext })
    t.same(tooFew.map((seeds) => open(jointPrivateKey(seeds))), tooFew.map(() => null), `bid ${i} stays shut`)
    t.equal(open(platformSeed), null, 'also to the raw seed')
    t.equal(open(app.installation.kek.current.key), null, 'and to the key-encryption key')
    t.not(open(jointKey), null, 'all three open it')
  }
  const one = at(bids, 0)
  const plaintext = openBase({ privateKey: jointKey, enc: one.enc, info, aad: one.aad, ciphertext: one.ciphertext })
  const binding = { tenderId: full, termsSha256, supplierId: one.payload.supplierId }
  t.match(decodePlaintext(plaintext ?? new Uint8Array(), { ...binding, drawsPrices: true }), { outcome: 'open', content: { amountWon: AMOUNTS[0] } })

  for (const { holderId, wrappedSeed, shares } of contributions) {
    for (const privateKey of [platformSeed, jointPrivateKey([platformSeed]), app.installation.kek.current.key]) {
      await t.rejects(unwrapSeed({ wrapped: wrappedSeed, tenderId: full, holderId, privateKey }), { code: 'reveal-mismatch' }, 'the wrapped seed stays shut')
      for (const share of shares) {
        const opened = openShare({ share, tenderId: full, ownerId: holderId, recipientId: share.holderId, privateKey })
        await t.rejects(opened, { code: 'share-mismatch' }, 'a recovery share stays shut')
      }
    }
  }
})

/**
 * Without ids, positions, and what is random by nature: digests, keys, signatures keep their length alone. A validator is its
 * body's digest and nothing more.
 */
function withoutNames ({ status, headers, text }: Answer): unknown {
  const plain = text.replaceAll(empty, 'TENDER').replaceAll(full, 'TENDER')
    .replaceAll(/"(position|next)":\d+/g, '"$1":0')
    .replaceAll(/[\w.-]{40,}/g, (random) => `<${random.length}>`)
  const { etag, ...others } = headers
  const validator = etag === undefined || etag === `"${hash('sha256', text, 'base64url')}"`
  return { status, headers: others, hasEtag: etag !== undefined, validator, length: text.length, plain }
}

t.test('nothing public tells a tender with bids from one without', (t) => {
  t.equal(before.full.get('')?.status, 200)
  for (const path of ['/ledger', '/record']) t.equal(after.full.get(path)?.status, 409, path)
  for (const [i, view] of viewsWhileBidding.entries()) t.strictSame(view, before.full, `after bid ${i + 1} every answer is the same, byte for byte`)
  t.strictSame(after.full, before.full, 'after a withdrawal too')
  t.strictSame(after.empty, before.empty)
  t.not(after.full.get('')?.text, after.empty.get('')?.text, 'they are two tenders')
  for (const [path, answer] of after.empty) {
    const other = after.full.get(path)
    if (other === undefined) throw new Error(`no answer for ${path}`)
    t.match(withoutNames(other), { validator: true })
    t.strictSame(withoutNames(other), withoutNames(answer), `${path || '(tender)'}: ${answer.status}`)
  }
  t.end()
})

t.test('nor does the committee see whether there are bids', (t) => {
  t.strictSame(committeeAfter, committeeBefore)
  t.match(committeeAfter[0], { tenderId: full })
  t.end()
})

t.test('a bidder learns nothing of the others from the answer', (t) => {
  const shapes = answers.map((answer) => Object.entries(answer).map(([name, value]) => [name, String(value).length]))
  for (const shape of shapes) t.same(shape, shapes[0])
  t.end()
})

t.test('the log holds no amount, token, seed or key', async (t) => {
  const { actor: { api, identity }, token } = at(logins, 0)
  const send = async (body: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/jose' }
    return (await fetch(`${app.baseUrl}/v1/tenders/${full}/bids`, { method: 'POST', headers, body })).status
  }
  t.equal(await send(JSON.stringify({ amountWon: AMOUNTS[0], token })), 400, 'a bid in the clear is refused')
  const { envelope } = await sealFor(publicApi, platform, { identity, tenderId: full, content: { amountWon: AMOUNTS[0], picks: PICKS }, now: now() })
  t.equal(await send(`${envelope.slice(0, -8)}AAAAAAAA`), 401, 'a false signature too')
  await t.rejects(submitBid(api, platform, envelope), { code: 'bid-exists' })
  app.context.reportError(new Error('the log is read'), 'test')
  t.match(app.logLines.at(-1), /the log is read/)
  const log = Buffer.from(app.logLines.join('\n'))
  for (const [name, needles] of secrets) t.notOk(needles.some((needle) => log.includes(needle)), name)
  const { items } = await cast.chief.api.get<{ items: unknown[] }>('/v1/audit')
  const trail = Buffer.from(JSON.stringify(items))
  t.not(items.length, 0)
  for (const [name, needles] of secrets) t.notOk(needles.some((needle) => trail.includes(needle)), `audit: ${name}`)
})
