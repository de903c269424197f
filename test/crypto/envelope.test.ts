/** Envelopes: sealed, signed, opened again; every malformed member named; nothing but a clear refusal on hostile bytes. */
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { MAX_PROPOSAL_BYTES } from '../../src/crypto/proposal.ts'
import { concat, fromBase64url, sha256, sha256Hex, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { bidAad, bidInfo, type EnvelopePayload, MAX_ENVELOPE_BYTES, parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { makeRecipientKey, openSealed } from '../../src/crypto/hpke-seal.ts'
import { openBase } from '../../src/crypto/hpke.ts'
import { verifyJws } from '../../src/crypto/jws-verify.ts'
import { rsaSigner, type Signer, signJws } from '../../src/crypto/jws.ts'
import { decodePlaintext, encodePlaintext, MAX_PLAINTEXT_BYTES } from '../../src/crypto/plaintext.ts'
import type { BidContent } from '../../src/domain/bid.ts'
import { BonginError } from '../../src/domain/errors.ts'
import type { SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import { naiveOpen, naiveSeal } from '../support/naive-hpke.ts'

const tenderKey = makeRecipientKey()
const tender = { tenderId: 'R26BK00000001' as TenderId, termsSha256: sha256Hex(utf8('terms')), publicKey: tenderKey.publicKey }
const supplierId = '1234567891' as SupplierId
const thumbprint = toBase64url(sha256(utf8('certificate'))) as Thumbprint
const clientTime = formatKst(1_795_482_000_000)
const content: BidContent = { amountWon: 26_077_000, picks: [3, 11] }
/** For what is only parsed, any signature does. */
const unsigned: Signer = { thumbprint, sign: async () => new Uint8Array(256).fill(7) }
const bid = { ...tender, supplierId, content, signer: unsigned, clientTime }
const payload: EnvelopePayload = {
  v: 1,
  type: 'bongin-bid',
  tenderId: tender.tenderId,
  termsSha256: tender.termsSha256,
  supplierId,
  submissionId: toBase64url(new Uint8Array(16).fill(1)),
  enc: toBase64url(new Uint8Array(32).fill(2)),
  ciphertext: toBase64url(new Uint8Array(16 + 1024).fill(3)),
  clientTime
}

await t.test('info and aad, byte by byte', async (t) => {
  const submissionId = toBase64url(new Uint8Array(16).fill(1))
  t.equal(toHex(bidInfo(tender)), toHex(concat(utf8('bongin bid v1\0R26BK00000001\0'), sha256(utf8('terms')), tender.publicKey)))
  t.equal(toHex(bidAad({ supplierId, thumbprint, submissionId })),
    toHex(concat(utf8('bongin aad v1\x001234567891\0'), sha256(utf8('certificate')), new Uint8Array(16).fill(1))))
  t.throws(() => bidInfo({ ...tender, publicKey: new Uint8Array(31) }), /invariant/)
})

await t.test('a sealed bid parses, verifies and opens with the tender\'s key', async (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signer = await rsaSigner({ privateKeyPkcs8: rsa.privateKey.export({ format: 'der', type: 'pkcs8' }), thumbprint })
  const jws = await sealBid({ ...bid, signer })
  const envelope = parseEnvelope(jws)
  verifyJws(envelope.jws, rsa.publicKey)
  t.same(Object.keys(envelope.payload).sort(), Object.keys(payload).sort())
  t.match(envelope.payload, { tenderId: tender.tenderId, termsSha256: tender.termsSha256, supplierId, clientTime })
  t.equal(envelope.sha256, createHash('sha256').update(jws, 'ascii').digest('hex'))
  t.equal(parseEnvelope(utf8(jws)).sha256, envelope.sha256)
  t.equal(envelope.ciphertext.length, 16 + 1024)
  const job = { privateKey: tenderKey.privateKey, info: bidInfo(tender), enc: envelope.enc, aad: envelope.aad, ciphertext: envelope.ciphertext }
  const plaintext = openBase(job)
  t.same(plaintext, await openSealed(job))
  t.same(plaintext, naiveOpen(job))
  t.same(decodePlaintext(plaintext ?? new Uint8Array(), { ...tender, supplierId, drawsPrices: true }), { outcome: 'open', content })
  t.equal(openBase({ ...job, info: bidInfo({ ...tender, tenderId: 'R26BK00000002' as TenderId }) }), null, 'not for another tender')
  t.equal(openBase({ ...job, info: bidInfo({ ...tender, termsSha256: sha256Hex(utf8('')) }) }), null, 'not under other terms')
  const { submissionId } = envelope.payload
  t.equal(openBase({ ...job, aad: bidAad({ supplierId: '1234567908' as SupplierId, thumbprint, submissionId }) }), null, 'not for another supplier')
})

await t.test('an envelope of another program opens like our own: naive HPKE, info and aad from the document', async (t) => {
  const plaintext = encodePlaintext({ ...tender, supplierId, content, nonce: new Uint8Array(16) })
  const info = concat(utf8('bongin bid v1\0R26BK00000001\0'), sha256(utf8('terms')), tender.publicKey)
  const aad = concat(utf8('bongin aad v1\x001234567891\0'), sha256(utf8('certificate')), fromBase64url(payload.submissionId))
  const seal = naiveSeal({ publicKey: tender.publicKey, ephemeral: sha256(utf8('ephemeral')), info, aad, plaintext })
  const foreign = { ...payload, enc: toBase64url(seal.enc), ciphertext: toBase64url(seal.ciphertext) }
  const envelope = parseEnvelope(await signJws(unsigned, 'bongin-bid', foreign))
  const job = { privateKey: tenderKey.privateKey, info: bidInfo(tender), enc: envelope.enc, aad: envelope.aad, ciphertext: envelope.ciphertext }
  for (const opened of [openBase(job), await openSealed(job)]) t.same(opened, plaintext)
})

await t.test('the same bid sealed twice has nothing secret in common', async (t) => {
  const [first, second] = await Promise.all([sealBid(bid), sealBid(bid)]).then((both) => both.map(parseEnvelope))
  for (const member of ['submissionId', 'enc', 'ciphertext'] as const) t.not(first?.payload[member], second?.payload[member], member)
})

await t.test('nothing impossible is sealed', async (t) => {
  await t.rejects(sealBid({ ...bid, content: { amountWon: 0, picks: null } }), { code: 'invalid-amount' })
  await t.rejects(sealBid({ ...bid, content: { amountWon: 1, picks: [1, 1] } }), { code: 'invalid-picks' })
  await t.rejects(sealBid({ ...bid, publicKey: new Uint8Array(32) }), { code: 'invalid-request', context: { field: '/publicKey' } })
  await t.rejects(sealBid({ ...bid, clientTime: '2026-11-24T10:00:00Z' }), { code: 'envelope-malformed', context: { field: '/payload/clientTime' } })
})

await t.test('a machine whose X25519 is broken seals nothing', async (t) => {
  const { deriveBits } = SubtleCrypto.prototype
  t.teardown(() => { SubtleCrypto.prototype.deriveBits = deriveBits })
  SubtleCrypto.prototype.deriveBits = async () => crypto.getRandomValues(new Uint8Array(32)).buffer
  await t.rejects(sealBid(bid), /a seal made on this machine opens/)
})

await t.test('every malformed member is refused by name', async (t) => {
  const malformed = 'envelope-malformed'
  const cases: Array<[string, Record<string, unknown>, string, string]> = [
    ['unknown member', { amountWon: 1 }, malformed, '/payload/amountWon'],
    ['unknown member with a slash', { 'a/b~c': 1 }, malformed, '/payload/a~1b~0c'],
    ...['tenderId', 'termsSha256', 'supplierId', 'submissionId', 'enc', 'ciphertext', 'clientTime'].flatMap((name) => [
      [`no ${name}`, { [name]: undefined }, malformed, `/payload/${name}`],
      [`${name} null`, { [name]: null }, malformed, `/payload/${name}`],
      [`${name} as a number`, { [name]: 7 }, malformed, `/payload/${name}`],
      [`${name} as a list`, { [name]: [payload[name as 'enc']] }, malformed, `/payload/${name}`],
      [`${name} empty`, { [name]: '' }, malformed, `/payload/${name}`]
    ] as Array<[string, Record<string, unknown>, string, string]>),
    ['lower-case tender', { tenderId: 'r26bk00000001' }, malformed, '/payload/tenderId'],
    ['tender with a newline', { tenderId: 'R26BK00000001\n' }, malformed, '/payload/tenderId'],
    ['upper-case digest', { termsSha256: tender.termsSha256.toUpperCase() }, malformed, '/payload/termsSha256'],
    ['business number with dashes', { supplierId: '123-45-67891' }, malformed, '/payload/supplierId'],
    ['submission id with stray bits', { submissionId: `${payload.submissionId.slice(0, -1)}B` }, malformed, '/payload/submissionId'],
    ['enc of 31 bytes', { enc: toBase64url(new Uint8Array(31)) }, malformed, '/payload/enc'],
    ['enc of 33 bytes', { enc: toBase64url(new Uint8Array(33)) }, malformed, '/payload/enc'],
    ['enc with stray bits', { enc: `${payload.enc.slice(0, -1)}J` }, malformed, '/payload/enc'],
    ['ciphertext that is not base64url', { ciphertext: `${payload.ciphertext}=` }, 'invalid-base64url', '/payload/ciphertext'],
    ['ciphertext of a tag alone', { ciphertext: toBase64url(new Uint8Array(16)) }, malformed, '/payload/ciphertext'],
    ['ciphertext without its tag', { ciphertext: toBase64url(new Uint8Array(1024)) }, malformed, '/payload/ciphertext'],
    ['ciphertext one byte short', { ciphertext: toBase64url(new Uint8Array(16 + 1023)) }, malformed, '/payload/ciphertext'],
    ['ciphertext too long', { ciphertext: toBase64url(new Uint8Array(16 + MAX_PLAINTEXT_BYTES + 1024)) }, malformed, '/payload/ciphertext'],
    ['time without a zone', { clientTime: '2026-11-24T10:00:00.000' }, malformed, '/payload/clientTime'],
    ['time in another zone', { clientTime: '2026-11-24T01:00:00.000Z' }, malformed, '/payload/clientTime'],
    ['time that does not exist', { clientTime: '2026-13-24T10:00:00.000+09:00' }, malformed, '/payload/clientTime']
  ]
  for (const [name, change, code, field] of cases) {
    const jws = await signJws(unsigned, 'bongin-bid', { ...payload, ...change })
    t.throws(() => parseEnvelope(jws), { code, context: { field } }, name)
  }
  t.same(parseEnvelope(await signJws(unsigned, 'bongin-bid', payload)).payload, payload, 'and without a fault it parses')
})

await t.test('sizes', async (t) => {
  const longest = (bytes: number): string => toBase64url(new Uint8Array(16 + bytes))
  const technical = { enc: payload.enc, ciphertext: longest(MAX_PROPOSAL_BYTES) }
  const largest = await signJws(unsigned, 'bongin-bid', { ...payload, ciphertext: longest(MAX_PLAINTEXT_BYTES), technical })
  t.ok(largest.length <= MAX_ENVELOPE_BYTES, `the longest plaintexts make an envelope of ${largest.length} bytes`)
  t.equal(parseEnvelope(largest).ciphertext.length, 16 + MAX_PLAINTEXT_BYTES)
  const longSignature = { ...unsigned, sign: async () => new Uint8Array(MAX_ENVELOPE_BYTES / 2) }
  const tooLong = await signJws(longSignature, 'bongin-bid', { ...payload, ciphertext: toBase64url(new Uint8Array(16 + MAX_PLAINTEXT_BYTES)) })
  t.throws(() => parseEnvelope(tooLong), { code: 'envelope-malformed', context: { field: '' } })
  t.throws(() => parseEnvelope(''), { code: 'envelope-malformed' })
})

await t.test('another statement is no envelope', async (t) => {
  const withdrawal = await signJws(unsigned, 'bongin-withdrawal', { ...payload, type: 'bongin-withdrawal' })
  t.throws(() => parseEnvelope(withdrawal), { code: 'envelope-malformed', context: { field: '/protected' } })
})

await t.test('changed bytes are refused or are another envelope, never an accident', async (t) => {
  const good = utf8(await signJws(unsigned, 'bongin-bid', payload))
  const change = fc.oneof(
    fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255) }).map(({ at, byte }) => good.with(at, byte)),
    fc.nat(good.length).map((length) => good.slice(0, length)),
    fc.uint8Array({ maxLength: 60 })
  )
  const digest = sha256Hex(good)
  t.doesNotThrow(() => fc.assert(fc.property(change, (bytes) => {
    try {
      const envelope = parseEnvelope(bytes)
      if (envelope.sha256 === digest) return
      // One spelling: whatever parsed is spelt by its own parts.
      const [, body = '', signature = ''] = new TextDecoder().decode(bytes).split('.')
      assert.equal(toBase64url(fromBase64url(body)), body)
      assert.equal(toBase64url(envelope.jws.signature), signature)
    } catch (error) {
      assert.ok(error instanceof BonginError, String(error))
      assert.ok(['envelope-malformed', 'invalid-base64url', 'malformed-json'].includes(error.code), error.code)
    }
  }), { seed: 96, numRuns: 400 }))
})
