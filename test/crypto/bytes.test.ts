/** Bytes against node's Buffer, one spelling for each value, and canonical JSON (RFC 8785) both ways. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { concat, equalBytes, fromBase64url, fromHex, randomBytes, sha256, sha256Hex, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalBytes, canonicalJson, parseCanonicalJson } from '../../src/crypto/canonical-json.ts'

const bytesOf = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength })

/** Properties assert by throwing, so that a failure can be shrunk. */
function check<T extends [unknown, ...unknown[]]> (property: fc.IProperty<T>, numRuns: number): () => void {
  return () => { fc.assert(property, { seed: 4648, numRuns }) }
}

await t.test('base64url and hex are those of Buffer, and come back', async (t) => {
  t.doesNotThrow(check(fc.property(bytesOf(100), (bytes) => {
    assert.equal(toBase64url(bytes), Buffer.from(bytes).toString('base64url'))
    assert.equal(toHex(bytes), Buffer.from(bytes).toString('hex'))
    assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes)
    assert.deepEqual(fromHex(toHex(bytes)), bytes)
  }), 300))
})

await t.test('a byte string has one base64url text', async (t) => {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', '+', '/', '=', ' ', '\n', '\u0000', 'é', '한', 'Ł']
  const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 9 }).map((characters) => characters.join(''))
  const valid = bytesOf(9).map((bytes) => Buffer.from(bytes).toString('base64url'))
  t.doesNotThrow(check(fc.property(fc.oneof(text, valid), (given) => {
    const lenient = Buffer.from(given, 'base64url')
    if (lenient.toString('base64url') === given) assert.deepEqual(fromBase64url(given), new Uint8Array(lenient))
    else assert.throws(() => fromBase64url(given), { code: 'invalid-base64url' })
  }), 1000))
})

await t.test('no character of another plane passes for one of the alphabet', async (t) => {
  const taken = Array.from({ length: 65_536 }, (_, code) => `AA${String.fromCharCode(code)}A`).filter((text) => {
    try {
      return fromBase64url(text).length === 3
    } catch {
      return false
    }
  })
  t.equal(taken.length, 64)
})

await t.test('base64url names the field of what it refuses', async (t) => {
  for (const text of ['A', 'AB', 'ABC=', 'AAB', 'AA==', 'AA A', 'AAAA\n', 'AA+A', 'AA/A', 'AAAAé', 'ŁAAA', 'AAAŁ']) {
    t.throws(() => fromBase64url(text, '/enc'), { code: 'invalid-base64url', context: { field: '/enc' } }, JSON.stringify(text))
  }
  t.throws(() => fromBase64url('='), { code: 'invalid-base64url' })
  t.equal(fromBase64url('').length, 0)
})

await t.test('hex is lower case and whole', async (t) => {
  for (const text of ['0', 'AB', '0g', '0x00', ' 00', '00\n']) {
    t.throws(() => fromHex(text, '/rootSha256'), { code: 'invalid-request', context: { field: '/rootSha256' } }, JSON.stringify(text))
  }
})

await t.test('equal bytes are equal in length and in every byte', async (t) => {
  const short = fc.uint8Array({ maxLength: 2, max: 2 })
  t.doesNotThrow(check(fc.property(short, short, (a, b) => {
    assert.equal(equalBytes(a, b), Buffer.compare(a, b) === 0)
  }), 300))
  t.notOk(equalBytes(Uint8Array.of(0x80, 1), Uint8Array.of(0, 1)))
  t.notOk(equalBytes(Uint8Array.of(1, 0), Uint8Array.of(1)))
})

await t.test('hash, joining and randomness', async (t) => {
  const joined = concat(utf8('봉인'), utf8(''), Uint8Array.of(0, 255))
  t.equal(toHex(joined), `${Buffer.from('봉인').toString('hex')}00ff`)
  const expected = createHash('sha256').update(joined).digest('hex')
  t.equal(sha256Hex(joined), expected)
  t.equal(toHex(sha256(joined)), expected)
  t.equal(randomBytes(32).length, 32)
  t.not(toHex(randomBytes(32)), toHex(randomBytes(32)))
  t.throws(() => randomBytes(65_537), RangeError)
})

await t.test('the example of RFC 8785 section 3.2', async (t) => {
  const input = '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
    '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}'
  const output = '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
  t.equal(canonicalJson(JSON.parse(input)), output)
  t.equal(canonicalJson({ b: 1, a: undefined, 한: 2 }), '{"b":1,"한":2}')
})

await t.test('canonical JSON comes back as it was', async (t) => {
  t.doesNotThrow(check(fc.property(fc.jsonValue(), (value) => {
    const bytes = canonicalBytes(value)
    assert.deepEqual(canonicalBytes(parseCanonicalJson(bytes)), bytes)
  }), 200))
})

await t.test('every other spelling is refused', async (t) => {
  const spellings: Record<string, string> = {
    space: '{ "a":1}',
    newline: '{"a":1}\n',
    order: '{"b":1,"a":2}',
    duplicate: '{"a":1,"a":1}',
    exponent: '{"a":1e0}',
    fraction: '{"a":1.0}',
    'minus zero': '-0',
    'too precise': '12345678901234567890',
    overflow: '1e400',
    escape: '"\\u0041"',
    solidus: '"\\/"',
    'upper-case escape': '"\\u000F"',
    'lone surrogate': '"\\ud800"',
    'byte order mark': '\ufeff{}',
    nothing: '',
    'not JSON': '{a:1}',
    nesting: `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  }
  for (const [name, text] of Object.entries(spellings)) {
    t.throws(() => parseCanonicalJson(utf8(text), '/payload'), { code: 'malformed-json', context: { field: '/payload' } }, name)
  }
  t.throws(() => parseCanonicalJson(Uint8Array.of(0x22, 0xc3, 0x28, 0x22)), { code: 'malformed-json' }, 'bytes that are not UTF-8')
  t.throws(() => parseCanonicalJson(Uint8Array.of(0x22, 0xc1, 0x81, 0x22)), { code: 'malformed-json' }, 'overlong UTF-8')
  t.same(Object.keys(parseCanonicalJson(utf8('{"__proto__":1}')) as object), ['__proto__'], 'only a member like any other')
})

await t.test('what JSON cannot carry is our own fault', async (t) => {
  for (const value of [undefined, Number.NaN, Infinity, '\ud800', () => 1]) t.throws(() => canonicalJson(value), { name: 'Error' })
})
