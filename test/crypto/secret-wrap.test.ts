/** Wrapped secrets: what was wrapped comes back, and nothing else opens. */
import fc from 'fast-check'
import t from 'tap'
import { fromBase64url, sha256, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { KEY_MARK_CHARS, keyIdOf, keyMark, keyRing, makeKek, unwrapSecret, wrapSecret } from '../../src/crypto/secret-wrap.ts'

const kekOf = (name: string) => makeKek(sha256(utf8(name)))
const kek = keyRing(kekOf('key-encryption key'))
const another = keyRing(kekOf('another'))
const secret = sha256(utf8('platform seed'))
const context = 'platform-seed/R26BK00000001'
const refused = { code: 'verification-failed' }

await t.test('a secret of any length comes back', async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, label) => {
    const wrapped = wrapSecret({ kek, secret: bytes, context: label })
    return toHex(unwrapSecret({ kek, wrapped, context: label })) === toHex(bytes)
  }), { seed: 5, numRuns: 100 })
  t.not(wrapSecret({ kek, secret, context }), wrapSecret({ kek, secret, context }), 'each wrapping has a nonce of its own')
})

await t.test('another key, another context or any changed byte does not open', async (t) => {
  const wrapped = wrapSecret({ kek, secret, context })
  t.throws(() => unwrapSecret({ kek: another, wrapped, context }), refused, 'another key')
  t.throws(() => unwrapSecret({ kek, wrapped, context: 'platform-seed/R26BK00000002' }), refused, 'another tender')
  const bytes = fromBase64url(wrapped)
  for (let i = 0; i < bytes.length; i++) {
    const changed = bytes.map((byte, at) => at === i ? byte ^ 0x10 : byte)
    t.throws(() => unwrapSecret({ kek, wrapped: toBase64url(changed), context }), refused, `byte ${i} changed`)
    t.throws(() => unwrapSecret({ kek, wrapped: toBase64url(bytes.subarray(0, i)), context }), refused, `cut to ${i} bytes`)
  }
  t.throws(() => unwrapSecret({ kek, wrapped: `${wrapped}A`, context }), refused, 'a character more')
  t.throws(() => unwrapSecret({ kek, wrapped: 'no base64url!', context }), refused)
  t.throws(() => unwrapSecret({ kek, wrapped: 'A'.repeat(5_000), context }), refused, 'too long')
})

await t.test('the refusal carries nothing of the secret', async (t) => {
  const wrapped = wrapSecret({ kek, secret, context })
  try {
    unwrapSecret({ kek: another, wrapped, context })
    t.fail('opened with another key')
  } catch (error) {
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error))
    t.notOk(shown.includes(wrapped) || shown.includes(toHex(kek.current.key)) || shown.includes(context))
  }
})

await t.test('old and new key side by side', async (t) => {
  const old = wrapSecret({ kek, secret, context })
  const ring = keyRing(another.current, [kek.current, kek.current, another.current])
  t.same(ring.older, [kek.current], 'each key once')
  t.same(unwrapSecret({ kek: ring, wrapped: old, context }), secret, 'an older key still unwraps')
  const wrapped = wrapSecret({ kek: ring, secret, context })
  t.same(unwrapSecret({ kek: another, wrapped, context }), secret, 'the first one wraps')
  t.throws(() => unwrapSecret({ kek, wrapped, context }), refused)
  const relabelled = keyMark(another.current) + old.slice(KEY_MARK_CHARS)
  t.throws(() => unwrapSecret({ kek: ring, wrapped: relabelled, context }), refused, 'another key\'s name on it')
})

await t.test('a wrapped value begins with the name of its key', async (t) => {
  const { id } = kek.current
  t.match(id, /^[0-9a-f]{16}$/)
  const wrapped = wrapSecret({ kek, secret, context })
  t.equal(wrapped.slice(0, KEY_MARK_CHARS), keyMark(kek.current))
  t.equal(keyIdOf(wrapped), id)
  t.equal(keyIdOf(wrapped.slice(0, KEY_MARK_CHARS)), id, 'the beginning is enough')
  for (const mark of ['', 'AQ', keyMark(kek.current).slice(1), `B${wrapped.slice(1)}`, 'no base64!!!', wrapped.replace(/^./, '*')]) t.equal(keyIdOf(mark), null, mark)
  t.not(kekOf('a').id, kekOf('b').id)
})

t.throws(() => makeKek(new Uint8Array(31)), /invariant/, 'a short key is a bug')
