/** Passphrase files: there and back, wrong passphrases, damage, and headers that ask for something else. */
import fc from 'fast-check'
import { CompactEncrypt, compactDecrypt } from 'jose'
import t from 'tap'
import { utf8 } from '../../src/crypto/bytes.ts'
import { decryptBytes, encryptBytes, MAX_ENCRYPTED_FILE_CHARS } from '../../src/crypto/encrypted-file.ts'
import { BonginError } from '../../src/domain/errors.ts'

const passphrase = '봉인 pass-1 ✓'
const secret = utf8('{"seed":"비밀"}')
const refused = { code: 'certificate-malformed', context: { detail: /wrong passphrase or damaged file/ } }
const text = await encryptBytes(secret, passphrase)
const [header = '', ...rest] = text.split('.')

await t.test('there and back', async (t) => {
  t.same(await decryptBytes(text, passphrase), secret)
  t.same(await decryptBytes(`${text}\n`, passphrase.normalize('NFD')), secret, 'a line feed at the end, Korean as macOS types it')
  t.not(await encryptBytes(secret, passphrase), text, 'another salt and key every time')
  const { plaintext, protectedHeader } = await compactDecrypt(text, utf8(passphrase), {
    keyManagementAlgorithms: ['PBES2-HS256+A128KW'], maxPBES2Count: 600_000
  })
  t.same(plaintext, secret, 'it is a JWE')
  t.match(protectedHeader, { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 600_000 })
})

await t.test('passphrases', async (t) => {
  await t.rejects(decryptBytes(text, `${passphrase}.`), refused)
  await t.rejects(decryptBytes(text, ''), { code: 'invalid-request' })
  await t.rejects(encryptBytes(secret, ''), { code: 'invalid-request', context: { field: '/passphrase' } })
})

await t.test('another header', async (t) => {
  const parsed = JSON.parse(Buffer.from(header, 'base64url').toString()) as object
  const changed = (change: object): string => [Buffer.from(JSON.stringify({ ...parsed, ...change })).toString('base64url'), ...rest].join('.')
  await t.rejects(decryptBytes(changed({ p2c: 2 ** 31 - 1 }), passphrase), refused, 'more iterations than anyone waits for')
  await t.rejects(decryptBytes(changed({ cty: 'text' }), passphrase), refused, 'the header is under the seal, too')
  await t.rejects(decryptBytes(changed({ alg: 'dir' }), passphrase), refused)
  const direct = await new CompactEncrypt(secret).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(new Uint8Array(32).fill(65))
  await t.rejects(decryptBytes(direct, 'A'.repeat(32)), refused, 'a passphrase is never a key')
  const other = await new CompactEncrypt(secret).setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A128CBC-HS256' }).encrypt(utf8(passphrase))
  await t.rejects(decryptBytes(other, passphrase), refused, 'another cipher')
  await t.rejects(decryptBytes(' '.repeat(MAX_ENCRYPTED_FILE_CHARS + 1), passphrase), refused, 'too long')
})

await t.test('damage and random text are refused, and nothing else happens', async (t) => {
  // Everything behind the header; a flip in the header costs a derivation, one is tried above.
  const damaged = fc.tuple(fc.integer({ min: header.length + 60, max: text.length - 1 }), fc.constantFrom('A', '.', '-', 'é', ' '))
    .map(([at, char]) => text.slice(0, at) + char + text.slice(at + 1)).filter((candidate) => candidate !== text && candidate.trim() !== text)
  const isRefused = async (candidate: string): Promise<boolean> => {
    const error: unknown = await decryptBytes(candidate, passphrase).catch((caught: unknown) => caught)
    return error instanceof BonginError && error.code === 'certificate-malformed'
  }
  await fc.assert(fc.asyncProperty(damaged, isRefused), { seed: 10, numRuns: 4 })
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 200 }), isRefused), { seed: 11, numRuns: 200 })
  t.ok(await isRefused(text.slice(0, -4)), 'truncated')
})
