/** A bid's bytes: laid out as documented, back as they were, and void with the right reason after any change. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { concat, sha256Hex, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalJson } from '../../src/crypto/canonical-json.ts'
import { decodePlaintext, encodePlaintext, MAX_PLAINTEXT_BYTES, readUnitPrices } from '../../src/crypto/plaintext.ts'
import { type BidContent, MAX_AMOUNT_WON, type VoidReason } from '../../src/domain/bid.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'

const binding = {
  tenderId: 'R26BK00000001' as TenderId,
  termsSha256: sha256Hex(utf8('terms')),
  supplierId: '1234567891' as SupplierId
}
const nonce = utf8('sixteen bytes...')
const drawn = { ...binding, drawsPrices: true }
const undrawn = { ...binding, drawsPrices: false }
const content: BidContent = { amountWon: 26_077_000, picks: [3, 11] }
const encoded = encodePlaintext({ ...binding, content, nonce })
const json = { nonce: 'c2l4dGVlbiBieXRlcy4uLg', ...binding }

/** The plaintext with other JSON, its length and padding right. */
function withJson (text: string, jsonBytes = utf8(text)): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((16 + jsonBytes.length) / 1024) * 1024)
  bytes.set(encoded.subarray(0, 12))
  new DataView(bytes.buffer).setUint32(12, jsonBytes.length)
  bytes.set(jsonBytes, 16)
  return bytes
}

function withHeader (changes: Record<number, number>): Uint8Array {
  const bytes = encoded.slice()
  for (const [at, byte] of Object.entries(changes)) bytes[Number(at)] = byte
  return bytes
}

function withAmount (amount: bigint): Uint8Array {
  const bytes = encoded.slice()
  new DataView(bytes.buffer).setBigUint64(4, amount)
  return bytes
}

await t.test('the layout', async (t) => {
  const text = canonicalJson(json)
  t.equal(encoded.length, 1024)
  t.equal(toHex(encoded.subarray(0, 12)), '0101030b' + '00000000018de748')
  t.equal(toHex(encoded.subarray(12, 16)), text.length.toString(16).padStart(8, '0'))
  t.equal(new TextDecoder().decode(encoded.subarray(16)), text.padEnd(1008, '\0'))
  t.equal(toHex(encodePlaintext({ ...binding, content: { amountWon: 1, picks: null }, nonce }).subarray(0, 12)), '010000000000000000000001')
})

await t.test('what is encoded comes back', async (t) => {
  const amount = fc.integer({ min: 1, max: MAX_AMOUNT_WON })
  const picks = fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { minLength: 2, maxLength: 2 }).map(([a = 1, b = 2]) => [a, b] as const)
  t.doesNotThrow(() => fc.assert(fc.property(amount, fc.option(picks), fc.uint8Array({ minLength: 16, maxLength: 16 }), (amountWon, picks, nonce) => {
    const bytes = encodePlaintext({ ...binding, content: { amountWon, picks }, nonce })
    assert.deepEqual(decodePlaintext(bytes, { ...binding, drawsPrices: picks !== null }), { outcome: 'open', content: { amountWon, picks } })
  }), { seed: 1024, numRuns: 200 }))
})

await t.test('unit prices: for just the lines of the notice, coming to the amount, and perhaps in more blocks', async (t) => {
  const lines = Array.from({ length: 200 }, () => ({ quantity: 13 }))
  const unitPricesCenti = lines.map((_, i) => 1_000_000 + i)
  const exact = Number(unitPricesCenti.reduce((sum, price) => sum + 13n * BigInt(price), 0n) / 100n)
  t.equal(exact, 26_002_587)
  const bytes = encodePlaintext({ ...binding, content: { ...content, amountWon: exact }, nonce, unitPricesCenti })
  t.equal(bytes.length, 2 * 1024)
  const schedule = { lines, decimals: 0 } as const
  t.same(decodePlaintext(bytes, { ...drawn, schedule }), { outcome: 'open', content: { ...content, amountWon: exact } })
  t.same(readUnitPrices(bytes), unitPricesCenti)
  t.equal(readUnitPrices(encoded), null)
  const mismatch = { outcome: 'void', reason: 'schedule-mismatch' }
  t.same(decodePlaintext(bytes, drawn), mismatch, 'superfluous')
  t.same(decodePlaintext(bytes, { ...drawn, schedule: { ...schedule, lines: lines.slice(1) } }), mismatch, 'one too many')
  t.same(decodePlaintext(bytes, { ...drawn, schedule: { ...schedule, lines: [{ quantity: 14 }, ...lines.slice(1)] } }), mismatch, 'another quantity')
  t.same(decodePlaintext(encoded, { ...drawn, schedule }), mismatch, 'missing')
  t.same(decodePlaintext(bytes, { ...drawn, schedule: { ...schedule, decimals: 2 } }), mismatch, 'a total in won where hundredths count')
  for (const change of [-1, 1]) {
    const other = encodePlaintext({ ...binding, content: { ...content, amountWon: exact + change }, nonce, unitPricesCenti })
    t.same(decodePlaintext(other, { ...drawn, schedule }), mismatch, `another amount by ${change}`)
  }
  const tooMany = Array.from({ length: 30_000 }, () => 1)
  t.throws(() => encodePlaintext({ ...binding, content, nonce, unitPricesCenti: tooMany }), { code: 'envelope-malformed', context: { field: '/unitPricesCenti' } })
})

await t.test('a schedule that no client writes is void, whatever stands in it', async (t) => {
  const schedule = { lines: [{ quantity: 1 }], decimals: 0 } as const
  const one = { ...json, priceSchedule: { unitPricesCenti: [2_607_700_000] } }
  t.same(decodePlaintext(withJson(canonicalJson(one)), { ...drawn, schedule }), { outcome: 'open', content })
  for (const price of [0, -1, '2607700000', null, true, [2_607_700_000], {}, 1_000_000_000_000_001]) {
    const bytes = withJson(canonicalJson({ ...json, priceSchedule: { unitPricesCenti: [price] } }))
    t.same(decodePlaintext(bytes, { ...drawn, schedule }), { outcome: 'void', reason: 'schedule-mismatch' }, JSON.stringify(price))
  }
  for (const priceSchedule of ['x', null, 1, [], {}, [1], { unitPricesCenti: 1 }, { unitPricesCenti: [2_607_700_000], note: '' }]) {
    const bytes = withJson(canonicalJson({ ...json, priceSchedule }))
    t.same(decodePlaintext(bytes, { ...drawn, schedule }), { outcome: 'void', reason: 'malformed-plaintext' }, JSON.stringify(priceSchedule))
  }
})

await t.test('nothing impossible is encoded', async (t) => {
  for (const amountWon of [0, -1, 1.5, Number.NaN, MAX_AMOUNT_WON + 1]) {
    t.throws(() => encodePlaintext({ ...binding, content: { amountWon, picks: null }, nonce }), { code: 'invalid-amount' }, String(amountWon))
  }
  for (const picks of [[0, 1], [1, 16], [7, 7], [1.5, 2]] as const) {
    t.throws(() => encodePlaintext({ ...binding, content: { amountWon: 1, picks }, nonce }), { code: 'invalid-picks' }, picks.join())
  }
})

await t.test('void, with the reason', async (t) => {
  const unpicked = withHeader({ 1: 0, 2: 0, 3: 0 })
  const malformed: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    'a header only': encoded.slice(0, 16),
    'one byte short': encoded.slice(0, -1),
    'one byte more': concat(encoded, Uint8Array.of(0)),
    'one block more': concat(encoded, new Uint8Array(1024)),
    'too long': withJson(canonicalJson({ ...json, priceSchedule: ['x'.repeat(MAX_PLAINTEXT_BYTES)] })),
    'version 0': withHeader({ 0: 0 }),
    'version 2': withHeader({ 0: 2 }),
    'unknown flag': withHeader({ 1: 3 }),
    'high flag': withHeader({ 1: 0x81 }),
    'picks without their flag': withHeader({ 1: 0 }),
    'the first pick without the flag': withHeader({ 1: 0, 3: 0 }),
    'the second pick without the flag': withHeader({ 1: 0, 2: 0 }),
    'JSON longer than the rest': withHeader({ 12: 0xff }),
    'JSON cut short': withHeader({ 15: (encoded[15] ?? 0) - 1 }),
    'JSON with padding': withHeader({ 15: (encoded[15] ?? 0) + 1 }),
    'padding at its end': withHeader({ 1023: 1 }),
    'padding at its start': withHeader({ [16 + canonicalJson(json).length]: 1 }),
    'no JSON': withJson(''),
    'a list': withJson('[]'),
    nothing: withJson('null'),
    'an unknown member': withJson(canonicalJson({ ...json, amountWon: 1 })),
    'no nonce': withJson(canonicalJson({ ...json, nonce: undefined })),
    'a short nonce': withJson(canonicalJson({ ...json, nonce: 'AAAA' })),
    'a nonce with stray bits': withJson(canonicalJson({ ...json, nonce: json.nonce.replace(/.$/, 'B') })),
    'no tender': withJson(canonicalJson({ ...json, tenderId: undefined })),
    'a number for a supplier': withJson(canonicalJson({ ...json, supplierId: 1234567891 })),
    'null for the terms': withJson(canonicalJson({ ...json, termsSha256: null })),
    'a text for a price schedule': withJson(canonicalJson({ ...json, priceSchedule: 'x' })),
    'JSON that is not canonical': withJson(`${canonicalJson(json)} `),
    'members twice': withJson(canonicalJson(json).replace('{', '{"nonce":"AAAAAAAAAAAAAAAAAAAAAA",')),
    'bytes that are not UTF-8': withJson('', Uint8Array.of(0xff))
  }
  const cases: Array<[string, Uint8Array, VoidReason, typeof drawn]> = [
    ...Object.entries(malformed).map(([name, bytes]): [string, Uint8Array, VoidReason, typeof drawn] => [name, bytes, 'malformed-plaintext', drawn]),
    ['another tender', encoded, 'mismatched-plaintext', { ...drawn, tenderId: 'R26BK00000002' as TenderId }],
    ['other terms', encoded, 'mismatched-plaintext', { ...drawn, termsSha256: sha256Hex(utf8('')) }],
    ['another supplier', encoded, 'mismatched-plaintext', { ...drawn, supplierId: '1234567908' as SupplierId }],
    ['zero', withAmount(0n), 'invalid-amount', drawn],
    ['one too many', withAmount(BigInt(MAX_AMOUNT_WON) + 1n), 'invalid-amount', drawn],
    ['above 2^53', withAmount(2n ** 53n + 1n), 'invalid-amount', drawn],
    ['the largest number', withAmount(2n ** 64n - 1n), 'invalid-amount', drawn],
    ['pick 0', withHeader({ 2: 0 }), 'invalid-picks', drawn],
    ['pick 16', withHeader({ 3: 16 }), 'invalid-picks', drawn],
    ['equal picks', withHeader({ 3: 3 }), 'invalid-picks', drawn],
    ['no picks where prices are drawn', unpicked, 'invalid-picks', drawn],
    ['picks where none are drawn', encoded, 'invalid-picks', undrawn]
  ]
  for (const [name, bytes, reason, expected] of cases) t.same(decodePlaintext(bytes, expected), { outcome: 'void', reason }, name)
  t.same(decodePlaintext(unpicked, undrawn), { outcome: 'open', content: { ...content, picks: null } })
})

await t.test('no byte of the padding is overlooked, wherever the bytes lie in their buffer', async (t) => {
  const end = 16 + canonicalJson(json).length
  for (let shift = 0; shift < 8; shift++) {
    const bytes = new Uint8Array(encoded.length + shift).subarray(shift)
    bytes.set(encoded)
    t.equal(decodePlaintext(bytes, drawn).outcome, 'open')
    const overlooked: number[] = []
    for (let at = end; at < bytes.length; at++) {
      bytes[at] = 0x80
      if (decodePlaintext(bytes, drawn).outcome === 'open') overlooked.push(at)
      bytes[at] = 0
    }
    t.same(overlooked, [])
  }
})

await t.test('no bytes throw, and a bid has one encoding', async (t) => {
  const mutation = fc.array(fc.record({ at: fc.integer({ min: 0, max: 300 }), byte: fc.nat(255) }), { maxLength: 3 })
    .map((changes) => withHeader(Object.fromEntries(changes.map(({ at, byte }) => [at, byte]))))
  const given = fc.oneof(mutation, fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 1024, maxLength: 1024 }),
    fc.json().map((text) => withJson(text)))
  t.doesNotThrow(() => fc.assert(fc.property(given, (bytes) => {
    const decoded = decodePlaintext(bytes, drawn)
    if (decoded.outcome === 'void') return
    const { nonce } = JSON.parse(new TextDecoder().decode(bytes.subarray(16)).replaceAll('\0', '')) as typeof json
    assert.deepEqual(encodePlaintext({ ...binding, content: decoded.content, nonce: new Uint8Array(Buffer.from(nonce, 'base64url')) }), bytes)
  }), { seed: 1024, numRuns: 500 }))
})
