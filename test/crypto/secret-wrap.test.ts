/** Wrapped secrets: what was wrapped comes back, and nothing else opens. */
import fc from 'fast-check'
import t from 'tap'
import { fromBase64url, sha256, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { unwrapSecret, wrapSecret } from '../../src/crypto/secret-wrap.ts'

const kek = sha256(utf8('key-encryption key'))
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
  t.throws(() => unwrapSecret({ kek: sha256(kek), wrapped, context }), refused, 'another key')
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
    unwrapSecret({ kek: sha256(kek), wrapped, context })
    t.fail('opened with another key')
  } catch (error) {
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error))
    t.notOk(shown.includes(wrapped) || shown.includes(toHex(kek)) || shown.includes(context))
  }
})

t.throws(() => wrapSecret({ kek: kek.subarray(1), secret, context }), /invariant/, 'a short key is a bug')
